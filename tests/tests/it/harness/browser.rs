//! A real Chromium, driven over WebDriver: one driver for the test binary, one fresh browser for each test.
mod driver;

use std::ops::Deref;
use std::path::{Path, PathBuf};

use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::{Semaphore, SemaphorePermit};

use self::driver::Driver;
use super::at_exit;
use super::not_run::not_run;

/// Browsers at a time: each takes a core and 200 MB.
static SEATS: Semaphore = Semaphore::const_new(2);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    Phone,
    Desktop,
}

impl Window {
    pub fn size(self) -> (u32, u32) {
        match self {
            Self::Phone => (390, 844),
            Self::Desktop => (1440, 900),
        }
    }
}

/// An open browser with an empty profile; dereferences to fantoccini's client. Call [`Browser::close`] at the end.
pub struct Browser {
    client: Client,
    profile: TempDir,
    _seat: SemaphorePermit<'static>,
}

impl Deref for Browser {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

impl Browser {
    /// `None` where Chromium or its driver is missing: the test is then reported as not run (under CI it fails) and the
    /// caller returns. `language` is what the browser asks pages for, such as `zh-CN`.
    pub async fn open(window: Window, language: &str) -> Option<Self> {
        let seat = SEATS.acquire().await.expect("a seat");
        let driver =
            tokio::task::spawn_blocking(Driver::shared).await.expect("the driver starts or is missing");
        let Some(driver) = driver else {
            let remedy =
                "Install the packages chromium and chromium-driver (bash tests/run does it as root).";
            not_run("Chromium with its driver", remedy);
            return None;
        };
        let profile =
            tempfile::Builder::new().prefix("firstline-browser-").tempdir().expect("a profile folder");
        // A browser that is killed writes into its profile to the last.
        at_exit::run(&format!("rm -rf '{}'", profile.path().display()));
        let capabilities = capabilities(window, language, profile.path(), driver.browser.as_deref());
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(capabilities.as_object().cloned().unwrap_or_default());
        let client = builder.connect(&driver.url).await.expect("a browser session");
        let browser = Self { client, profile, _seat: seat };
        browser.resize(window).await;
        Some(browser)
    }

    /// Makes the page area exactly this large; on a phone also as such: touch, and no page wider than it says.
    pub async fn resize(&self, window: Window) {
        let (width, height) = window.size();
        let phone = window == Window::Phone;
        let scale = if phone { 2 } else { 1 };
        let metrics = json!({"width": width, "height": height, "deviceScaleFactor": scale, "mobile": phone});
        self.devtools("Emulation.setDeviceMetricsOverride", metrics).await;
        self.devtools("Emulation.setTouchEmulationEnabled", json!({"enabled": phone})).await;
    }

    /// Shows pages as to people who prefer a dark screen.
    pub async fn prefer_dark(&self, dark: bool) {
        let value = if dark { "dark" } else { "light" };
        let features = json!({"features": [{"name": "prefers-color-scheme", "value": value}]});
        self.devtools("Emulation.setEmulatedMedia", features).await;
    }

    /// Any command of Chromium's DevTools protocol.
    pub async fn devtools(&self, command: &str, parameters: Value) -> Value {
        let call = driver::DevTools { command: command.to_owned(), parameters };
        self.client.issue_cmd(call).await.unwrap_or_else(|error| panic!("{command}: {error}"))
    }

    /// Saves what the window shows to `target/screenshots/NAME.png` and returns the path.
    pub async fn screenshot(&self, name: &str) -> PathBuf {
        let png = self.client.screenshot().await.expect("a screenshot");
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/screenshots");
        std::fs::create_dir_all(&folder).expect("a folder for screenshots");
        let path = folder.join(format!("{name}.png"));
        std::fs::write(&path, png).expect("a written screenshot");
        path
    }

    /// What pages complained about since the last call: script errors, refused content, failed requests.
    pub async fn console(&self) -> Vec<String> {
        let log = self.client.issue_cmd(driver::ConsoleLog).await.expect("the browser's console");
        let entries = log.as_array().cloned().unwrap_or_default();
        entries.iter().map(|entry| format!("{} {}", entry["level"], entry["message"])).collect()
    }

    pub async fn close(self) {
        self.client.close().await.expect("a closed browser");
        drop(self.profile);
    }
}

fn capabilities(window: Window, language: &str, profile: &Path, browser: Option<&Path>) -> Value {
    let (width, height) = window.size();
    let mut options = json!({
        "args": [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-quic",
            "--no-first-run",
            "--no-default-browser-check",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--hide-scrollbars",
            // Names other than the loopback ones do not resolve: a page that reaches for the internet shows it.
            "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost",
            format!("--lang={language}"),
            format!("--window-size={width},{height}"),
            format!("--user-data-dir={}", profile.display()),
        ],
        "prefs": {"intl.accept_languages": language},
    });
    if let Some(browser) = browser {
        options["binary"] = json!(browser);
    }
    json!({"goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}})
}
