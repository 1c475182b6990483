//! The table of settings: one row per key, with what it accepts and how it is set. The file, the
//! environment and the messages about both are made from it.
use std::str::FromStr;

use url::Url;

use super::{Config, LogFormat, Secret};

/// One setting.
pub struct Key {
    /// In `firstline.toml`; upper-case behind `FIRSTLINE_` in the environment.
    pub name: &'static str,
    /// What is accepted, to be read after "expected".
    pub accepts: &'static str,
    set: fn(&mut Config, &str) -> Option<()>,
}

impl Key {
    pub fn find(name: &str) -> Option<&'static Key> {
        KEYS.iter().find(|key| key.name == name)
    }

    pub fn env(&self) -> String {
        format!("FIRSTLINE_{}", self.name.to_uppercase())
    }

    /// Sets the value or says what is accepted. The value itself is not repeated: it may be a secret.
    pub fn set(&self, config: &mut Config, value: &str) -> Result<(), String> {
        (self.set)(config, value.trim()).ok_or_else(|| format!("wrong value; expected {}", self.accepts))
    }
}

pub const KEYS: &[Key] = &[
    Key {
        name: "listen",
        accepts: "HOST:PORT such as 127.0.0.1:8080 (port 0: any free one)",
        set: |c, v| {
            let (host, port) = v.rsplit_once(':')?;
            port.parse::<u16>().ok()?;
            c.listen = if host.is_empty() { format!("0.0.0.0:{port}") } else { v.to_owned() };
            Some(())
        },
    },
    Key { name: "data_dir", accepts: "a folder", set: |c, v| filled(v).map(|v| c.data_dir = v.into()) },
    Key {
        name: "database_url",
        accepts: "sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME",
        set: |c, v| {
            let scheme = v.split_once(':')?.0;
            matches!(scheme, "sqlite" | "postgres" | "postgresql")
                .then(|| c.database_url = Some(Secret::new(v)))
        },
    },
    Key {
        name: "public_url",
        accepts: "the address users open, such as https://help.example.com",
        set: |c, v| {
            web_url(v)?;
            c.public_url = Some(v.trim_end_matches('/').to_owned());
            Some(())
        },
    },
    Key { name: "search_public", accepts: YES_NO, set: |c, v| yes_no(v).map(|b| c.search_public = b) },
    Key { name: "answers_public", accepts: YES_NO, set: |c, v| yes_no(v).map(|b| c.answers_public = b) },
    Key {
        name: "rate_limit",
        accepts: "requests per second and address, a whole number; 0 is no limit",
        set: |c, v| number(v).map(|n| c.rate_limit = n),
    },
    Key { name: "trust_proxy", accepts: YES_NO, set: |c, v| yes_no(v).map(|b| c.trust_proxy = b) },
    Key {
        name: "log_level",
        accepts: "error, warn, info, debug, trace or a filter such as info,firstline_bots=debug",
        set: |c, v| {
            tracing_subscriber::EnvFilter::try_new(filled(v)?).ok()?;
            c.log_level = v.to_owned();
            Some(())
        },
    },
    Key {
        name: "log_format",
        accepts: "text or json",
        set: |c, v| {
            c.log_format = match v {
                "text" => LogFormat::Text,
                "json" => LogFormat::Json,
                _ => return None,
            };
            Some(())
        },
    },
    Key {
        name: "telegram_token",
        accepts: "the token @BotFather gave, such as 123456:ABC…",
        set: |c, v| secret(v).map(|s| c.telegram.token = Some(s)),
    },
    Key {
        name: "telegram_api_url",
        accepts: "the http(s) root before /bot…, such as https://api.telegram.org",
        set: |c, v| web_url(v).map(|u| c.telegram.api_url = Some(u)),
    },
    Key {
        name: "telegram_mode",
        accepts: "polling or webhook",
        set: |c, v| {
            c.telegram.webhook = match v {
                "polling" => false,
                "webhook" => true,
                _ => return None,
            };
            Some(())
        },
    },
    Key {
        name: "telegram_webhook_url",
        accepts: "the https address Telegram calls, with a path of its own such as https://help.example.com/telegram",
        set: |c, v| {
            let url = web_url(v)?;
            // Its path becomes a route; the root is the portal's.
            (url.path().len() > 1).then(|| c.telegram.webhook_url = Some(url))
        },
    },
    Key {
        name: "telegram_webhook_secret",
        accepts: "1 to 256 letters, digits, - or _",
        set: |c, v| {
            let fine =
                v.len() <= 256 && v.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
            secret(v).filter(|_| fine).map(|s| c.telegram.webhook_secret = Some(s))
        },
    },
    Key {
        name: "discord_token",
        accepts: "the bot token of the Discord developer portal",
        set: |c, v| secret(v).map(|s| c.discord.token = Some(s)),
    },
    Key {
        name: "discord_api_base",
        accepts: "the http(s) root before /api/v10, such as https://discord.com",
        set: |c, v| web_url(v).map(|u| c.discord.api_base = Some(u)),
    },
    Key {
        name: "release_key",
        accepts: "the second line of release.pub, a minisign public key",
        set: |c, v| {
            firstline_kb::genuine::minisign::public_key(v)?;
            c.release_key = Some(v.to_owned());
            Some(())
        },
    },
];

const YES_NO: &str = "true or false";

fn yes_no(text: &str) -> Option<bool> {
    match text {
        "true" | "1" | "yes" => Some(true),
        "false" | "0" | "no" => Some(false),
        _ => None,
    }
}

fn number<T: FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}

fn filled(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

fn secret(text: &str) -> Option<Secret> {
    filled(text).filter(|t| !t.contains(char::is_whitespace)).map(Secret::new)
}

fn web_url(text: &str) -> Option<Url> {
    Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}
