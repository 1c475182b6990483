//! Configuration: flags, then `FIRSTLINE_*`, then `firstline.toml`, then defaults. Every setting has one
//! name: `telegram_token` in the file (or `token` under `[telegram]`) is `FIRSTLINE_TELEGRAM_TOKEN` outside.
mod file;
mod keys;
mod load;
mod secret;

use std::path::PathBuf;

pub use keys::{KEYS, Key};
pub use load::{Environment, Flags, Loaded, load};
pub use secret::Secret;

/// Everything an operator can set.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// `HOST:PORT`; port 0 takes any free one.
    pub listen: String,
    pub data_dir: PathBuf,
    /// `None`: SQLite at `data_dir/firstline.db`. A secret, because it may hold a password.
    pub database_url: Option<Secret>,
    /// Root of all links, without a slash at its end; `None`: the address listened on.
    pub public_url: Option<String>,
    pub search_public: bool,
    pub answers_public: bool,
    /// Requests per second and address on public endpoints; 0 is no limit.
    pub rate_limit: u32,
    /// Take the client's address from the last `X-Forwarded-For`.
    pub trust_proxy: bool,
    /// A level or a filter such as `info,firstline_bots=debug`.
    pub log_level: String,
    pub log_format: LogFormat,
    pub telegram: Telegram,
    pub discord: Discord,
    /// The vendor's minisign public key: signatures that come with files are checked against it.
    pub release_key: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    Text,
    Json,
}

/// The Telegram bot; off without a token.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Telegram {
    pub token: Option<Secret>,
    /// Root before `/bot…`; `None`: Telegram's own.
    pub api_url: Option<url::Url>,
    /// Webhook instead of polling.
    pub webhook: bool,
    /// Registered verbatim; its path is our route.
    pub webhook_url: Option<url::Url>,
    pub webhook_secret: Option<Secret>,
}

/// The Discord bot; off without a token.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Discord {
    pub token: Option<Secret>,
    /// Root before `/api/v10`; `None`: Discord's own.
    pub api_base: Option<url::Url>,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            listen: "127.0.0.1:8080".into(),
            data_dir: "./data".into(),
            database_url: None,
            public_url: None,
            search_public: true,
            answers_public: true,
            rate_limit: 50,
            trust_proxy: false,
            log_level: "info".into(),
            log_format: LogFormat::Text,
            telegram: Telegram::default(),
            discord: Discord::default(),
            release_key: None,
        }
    }
}

impl Config {
    /// Where the store is; holds a password for PostgreSQL, so never print it.
    pub fn store_url(&self) -> String {
        match &self.database_url {
            Some(url) => url.expose().to_owned(),
            None => format!("sqlite:{}", self.sqlite_path().display()),
        }
    }

    pub fn sqlite_path(&self) -> PathBuf {
        self.data_dir.join("firstline.db")
    }

    /// Whether the store is the SQLite file of the data folder or of a `sqlite:` URL.
    pub fn is_sqlite(&self) -> bool {
        self.store_url().starts_with("sqlite:")
    }

    pub fn files_dir(&self) -> PathBuf {
        self.data_dir.join("files")
    }

    pub fn index_dir(&self) -> PathBuf {
        self.data_dir.join("index")
    }

    /// What no single key can tell: settings that need each other.
    fn check(&self) -> Result<(), String> {
        if !self.telegram.webhook || self.telegram.token.is_none() {
            return Ok(());
        }
        let missing = match (&self.telegram.webhook_url, &self.telegram.webhook_secret) {
            (None, _) => "telegram_webhook_url",
            (_, None) => "telegram_webhook_secret",
            _ => return Ok(()),
        };
        Err(format!(
            "{missing} is missing: telegram_mode is webhook; set it or use telegram_mode = \"polling\""
        ))
    }
}
