//! Cleaning up when the test process ends, however it ends.
//!
//! Rust runs no destructor for statics, and none at all for a killed process. So a small shell waits on a pipe that only
//! this process holds open: when the process is gone the pipe closes, and the shell runs what it was told before.
use std::io::Write;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::{LazyLock, Mutex};

static JANITOR: LazyLock<Mutex<Child>> = LazyLock::new(|| {
    let shell = Command::new("sh")
        .args(["-c", "todo=$(cat); eval \"$todo\""])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        // Own group: Ctrl-C in the terminal must not take the janitor down with the tests.
        .process_group(0)
        .spawn()
        .expect("a shell");
    Mutex::new(shell)
});

/// One shell command line to run after this process has ended.
pub fn run(command_line: &str) {
    let mut shell = JANITOR.lock().expect("the janitor");
    let pipe = shell.stdin.as_mut().expect("a piped stdin");
    writeln!(pipe, "{command_line}").expect("the janitor's pipe");
    pipe.flush().expect("the janitor's pipe");
}
