//! The chromedriver process: started once, ended with the test process and all browsers under it.
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use axum::http::Method;
use fantoccini::wd::WebDriverCompatibleCommand;
use serde_json::{Value, json};

use crate::harness::at_exit;

static DRIVER: OnceLock<Option<Driver>> = OnceLock::new();

#[derive(Debug)]
pub struct Driver {
    pub url: String,
    /// The browser to start where the driver does not find it by itself.
    pub browser: Option<PathBuf>,
    _process: Child,
}

impl Driver {
    pub fn shared() -> Option<&'static Self> {
        DRIVER.get_or_init(Self::start).as_ref()
    }

    fn start() -> Option<Self> {
        let program = on_path(&["chromedriver", "chromium-driver"])?;
        let browser = on_path(&["chromium", "chromium-browser", "google-chrome"])?;
        let mut process = Command::new(program)
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            // A group of its own, so that the driver and every browser it started can be ended together.
            .process_group(0)
            .spawn()
            .expect("a chromedriver that starts");
        at_exit::run(&format!("kill -TERM -{0} ; sleep 1 ; kill -KILL -{0}", process.id()));
        let mut lines = BufReader::new(process.stdout.take().expect("a piped stdout")).lines();
        // "ChromeDriver was started successfully on port 42137."
        let port = lines.by_ref().map_while(Result::ok).find_map(|line| {
            let number = line.rsplit_once(" on port ")?.1.trim_end_matches('.').to_owned();
            line.contains("successfully").then_some(number)
        });
        // Read on, or the driver blocks once the pipe is full.
        std::thread::spawn(move || lines.for_each(drop));
        let port = port.expect("chromedriver's port");
        Some(Self { url: format!("http://127.0.0.1:{port}"), browser: Some(browser), _process: process })
    }
}

fn on_path(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    names.iter().find_map(|name| folders.iter().map(|folder| folder.join(name)).find(|path| path.is_file()))
}

/// Chromium's own command for reading the console; WebDriver has none.
#[derive(Debug)]
pub struct ConsoleLog;

impl WebDriverCompatibleCommand for ConsoleLog {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/se/log", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &url::Url) -> (Method, Option<String>) {
        (Method::POST, Some(json!({"type": "browser"}).to_string()))
    }
}

/// A command of the DevTools protocol, passed on by chromedriver.
#[derive(Debug)]
pub struct DevTools {
    pub command: String,
    pub parameters: Value,
}

impl WebDriverCompatibleCommand for DevTools {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &url::Url) -> (Method, Option<String>) {
        (Method::POST, Some(json!({"cmd": self.command, "params": self.parameters}).to_string()))
    }
}
