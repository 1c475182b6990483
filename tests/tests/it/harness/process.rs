//! The built `firstline` binary as a real process: started, watched, killed, started again on the same data.
mod binary;
mod output;

use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};

use tokio::io::AsyncWriteExt;
use tokio::process::{Child, Command};

pub use self::binary::binary;
pub use self::output::Output;
use super::ports;
use super::signal::{ask_until, patience};

/// How to start it; kept, so that a restart is the same again.
#[derive(Clone, Debug, Default)]
pub struct Recipe {
    arguments: Vec<String>,
    environment: Vec<(String, String)>,
    port: Option<u16>,
}

impl Recipe {
    /// `firstline` with these arguments and a nearly empty environment: nothing of the developer's own reaches it.
    pub fn command(arguments: &[&str]) -> Self {
        Self { arguments: arguments.iter().map(|word| (*word).to_owned()).collect(), ..Self::default() }
    }

    /// `firstline serve --listen 127.0.0.1:PORT --data DIR` on a free port.
    pub fn serve(data: &Path) -> Self {
        let port = ports::free_port();
        let listen = format!("127.0.0.1:{port}");
        let mut recipe =
            Self::command(&["serve", "--listen", &listen, "--data", &data.display().to_string()]);
        recipe.port = Some(port);
        recipe
    }

    pub fn arg(mut self, argument: impl Into<String>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    /// Sets a variable; the last value given for a name holds.
    pub fn env(mut self, name: &str, value: impl Into<String>) -> Self {
        self.environment.retain(|(known, _)| known != name);
        self.environment.push((name.to_owned(), value.into()));
        self
    }

    /// The address it will serve on, known before it starts: a webhook's for instance.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port.expect("a recipe made by Recipe::serve"))
    }

    fn prepare(&self) -> Command {
        let mut command = Command::new(binary());
        command.args(&self.arguments).env_clear();
        // What programs need to work at all, and what coverage and debugging tools pass on.
        for name in ["PATH", "HOME", "TMPDIR", "TZ", "RUST_BACKTRACE", "LLVM_PROFILE_FILE"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        command.env("LANG", "C.UTF-8").envs(self.environment.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        command
    }

    /// Starts it and returns at once.
    pub fn start(&self) -> Process {
        let mut child = self.prepare().spawn().expect("a firstline process");
        let output = Output::of(&mut child);
        Process { child, output, recipe: self.clone() }
    }

    /// Starts it and waits until it is ready to serve.
    pub async fn start_ready(&self) -> Process {
        let mut process = self.start();
        process.ready().await;
        process
    }

    /// Runs it to its end with this text on stdin.
    pub async fn run(&self, stdin: &str) -> Finished {
        let mut process = self.start();
        if let Some(mut pipe) = process.child.stdin.take() {
            // A command that does not read its stdin closes it early; that is its right.
            let _ = pipe.write_all(stdin.as_bytes()).await;
        }
        let status = process.exit().await;
        process.output.closed().await;
        Finished { status, stdout: process.output.stdout(), stderr: process.output.stderr() }
    }
}

/// What a command left behind.
#[derive(Clone, Debug)]
pub struct Finished {
    pub status: ExitStatus,
    pub stdout: String,
    pub stderr: String,
}

impl Finished {
    /// The output of a command that must have succeeded.
    pub fn success(self) -> String {
        assert!(self.status.success(), "{}\nstdout:\n{}\nstderr:\n{}", self.status, self.stdout, self.stderr);
        self.stdout
    }

    /// The complaint of a command that must have failed.
    pub fn failure(self) -> String {
        assert!(!self.status.success(), "it succeeded\nstdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self.stderr
    }
}

/// A running process; dropped, it is killed.
pub struct Process {
    child: Child,
    pub output: Output,
    recipe: Recipe,
}

impl Process {
    pub fn url(&self) -> String {
        self.recipe.url()
    }

    pub fn recipe(&self) -> &Recipe {
        &self.recipe
    }

    pub fn id(&self) -> u32 {
        self.child.id().expect("a running process")
    }

    /// Waits until `GET /readyz` answers 200. Panics with its output when it ends before or never gets there.
    pub async fn ready(&mut self) {
        let url = format!("{}/readyz", self.url());
        let client = reqwest::Client::builder().no_proxy().build().expect("an HTTP client");
        let output = self.output.clone();
        let child = std::sync::Mutex::new(&mut self.child);
        let ask = || async {
            let ended = child.lock().expect("the child").try_wait().expect("a status");
            assert!(
                ended.is_none(),
                "firstline ended before it was ready: {ended:?}\n{}",
                output.everything()
            );
            let answer = client.get(&url).send().await.ok()?;
            (answer.status() == 200).then_some(())
        };
        ask_until(ask, || format!("200 from {url}; it said:\n{}", output.everything())).await;
    }

    /// Waits for a line of stdout or stderr that contains this.
    pub async fn line(&self, part: &str) -> String {
        self.output.line(|line| line.contains(part), part).await
    }

    /// Writes a line to its stdin, for `firstline chat`.
    pub async fn types(&mut self, line: &str) {
        let pipe = self.child.stdin.as_mut().expect("an open stdin");
        pipe.write_all(format!("{line}\n").as_bytes()).await.expect("a process that reads");
        pipe.flush().await.expect("a process that reads");
    }

    /// Closes its stdin.
    pub fn stops_typing(&mut self) {
        self.child.stdin = None;
    }

    /// SIGKILL, and waits until it is gone.
    pub async fn kill9(&mut self) {
        self.child.kill().await.expect("a killed process");
    }

    /// SIGTERM; the exit status once it is gone.
    pub async fn sigterm(&mut self) -> ExitStatus {
        self.signal("TERM").await;
        self.exit().await
    }

    /// Sends a signal by name (`STOP`, `CONT`, `HUP`).
    pub async fn signal(&self, name: &str) {
        let sent = Command::new("sh").args(["-c", &format!("kill -{name} {}", self.id())]).status().await;
        assert!(sent.is_ok_and(|status| status.success()), "signal {name} to a process that is gone");
    }

    /// Waits for its end.
    pub async fn exit(&mut self) -> ExitStatus {
        match tokio::time::timeout(patience(), self.child.wait()).await {
            Ok(status) => status.expect("an exit status"),
            Err(_) => panic!("it does not end; it said:\n{}", self.output.everything()),
        }
    }

    /// The same again on the same data and port; kills this one first if it still runs.
    pub async fn restart(mut self) -> Self {
        if self.child.try_wait().expect("a status").is_none() {
            self.kill9().await;
        }
        self.recipe.start_ready().await
    }

    /// Peak and present resident memory in kilobytes, from the system's account of the process.
    pub fn memory_kilobytes(&self) -> (u64, u64) {
        let status = std::fs::read_to_string(PathBuf::from(format!("/proc/{}/status", self.id())));
        let status = status.expect("the process's account");
        let read = |name: &str| {
            let line = status.lines().find(|line| line.starts_with(name))?;
            line.split_whitespace().nth(1)?.parse().ok()
        };
        (read("VmHWM:").unwrap_or(0), read("VmRSS:").unwrap_or(0))
    }
}
