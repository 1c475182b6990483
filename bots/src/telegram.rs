//! The Telegram adapter: teloxide's `Bot` and types with our own durable ingress. Nothing is confirmed
//! to Telegram before it is stored; teloxide's dispatcher confirms first and is not used.
mod api;
mod carry;
mod download;
mod group;
mod map;
mod polling;
mod prune;
mod render;
mod setup;
mod upload;
pub mod webhook;

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use firstline_core::{Desk, Error, Result};

use self::api::Api;
use crate::alone::alone;
use crate::message::Outgoing;
use crate::sender::{Carrier, FetchError, Limits, Meter, Part, Rate, SendError, Shipment};
use crate::step::say;

pub const CHANNEL: &str = "telegram";

/// How the bot is reached. `Debug` shows no secret.
#[derive(Clone)]
pub struct TelegramConfig {
    /// From @BotFather: `123456789:AA…`.
    pub token: String,
    /// The root before `/bot…`; `None` is Telegram's own.
    pub api_url: Option<String>,
    pub mode: Mode,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mode {
    Polling,
    Webhook(WebhookConfig),
}

#[derive(Clone, PartialEq, Eq)]
pub struct WebhookConfig {
    /// Registered with Telegram as it is.
    pub url: String,
    /// 1 to 256 characters `A-Z a-z 0-9 _ -`; comes back in a header of every delivery.
    pub secret: String,
}

impl std::fmt::Debug for TelegramConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TelegramConfig").field("api_url", &self.api_url).field("mode", &self.mode).finish()
    }
}

impl std::fmt::Debug for WebhookConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WebhookConfig").field("url", &self.url).finish()
    }
}

/// A Telegram bot. Cheap to clone.
#[derive(Clone)]
pub struct Telegram(Arc<Inner>);

struct Inner {
    desk: Desk,
    api: Api,
    mode: Mode,
    /// The bot's own id: the part of the token before the colon, which is no secret.
    id: String,
    /// Without the `@`; known after the first `getMe`.
    username: OnceLock<String>,
    meter: Meter,
}

impl Telegram {
    /// Checks the configuration; asks the network nothing.
    pub fn connect(desk: Desk, config: TelegramConfig) -> Result<Telegram> {
        let id = config.token.split_once(':').map(|(id, _)| id.to_owned());
        let id =
            id.filter(|id| !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit())).ok_or_else(|| {
                Error::Config(
                    "FIRSTLINE_TELEGRAM_TOKEN has not the form 123456789:AA… that @BotFather gives".into(),
                )
            })?;
        if let Mode::Webhook(webhook) = &config.mode {
            setup::check_webhook(webhook)?;
        }
        let api = Api::new(&config.token, config.api_url.as_deref())?;
        let username = OnceLock::new();
        Ok(Telegram(Arc::new(Inner { desk, api, mode: config.mode, id, username, meter: Meter::default() })))
    }

    /// Receives until `stop`, whatever happens to the network. Sending is the [`crate::sender::Sender`]'s work.
    pub async fn run(&self, stop: CancellationToken) {
        tokio::select! {
            () = stop.cancelled() => return,
            () = self.set_up() => {}
        }
        match &self.0.mode {
            Mode::Polling => self.poll_alone(&stop).await,
            Mode::Webhook(_) => stop.cancelled().await,
        }
    }

    /// Two pollers of one bot would throw each other out.
    async fn poll_alone(&self, stop: &CancellationToken) {
        let what = format!("telegram polling {}", self.0.id);
        alone(&self.0.desk.db, &what, stop, |turn| async move {
            tokio::select! {
                () = turn.cancelled() => {}
                () = self.poll() => {}
            }
        })
        .await;
    }

    /// Asks Telegram who we are; for `doctor`.
    pub async fn check(&self) -> Result<String, String> {
        let me = self.0.api.call("GetMe", &Value::Null, Duration::from_secs(10)).await;
        me.map(|me| format!("@{}", me["username"].as_str().unwrap_or("?")))
            .map_err(|failure| failure.to_string())
    }
}

impl Carrier for Telegram {
    fn channel(&self) -> &'static str {
        CHANNEL
    }

    fn bot(&self) -> Option<String> {
        Some(self.0.id.clone())
    }

    /// 30 messages a second in the long run, with room for a rush: Telegram counts loosely and says when
    /// it is too much.
    fn limits(&self) -> Limits {
        Limits { overall: Rate { burst: 900, every: Duration::from_micros(33_334) }, concurrent: 32 }
    }

    /// One a second in a private chat with short bursts, 20 a minute in a group.
    fn rate(&self, chat: &str) -> Rate {
        let every = if chat.starts_with('-') { Duration::from_secs(3) } else { Duration::from_secs(1) };
        Rate { burst: 20, every }
    }

    fn parts(&self, message: &Outgoing) -> Vec<Part> {
        let link =
            |payload: &str| self.0.username.get().map(|name| format!("https://t.me/{name}?start={payload}"));
        render::parts(&say::with_private_links(message, link))
    }

    fn send<'a>(&'a self, shipment: &'a Shipment<'a>) -> BoxFuture<'a, Result<String, SendError>> {
        Box::pin(self.carry(shipment))
    }

    fn fetch<'a>(&'a self, source: &'a Value, limit: u64) -> BoxFuture<'a, Result<Bytes, FetchError>> {
        Box::pin(self.download(source, limit))
    }

    fn meter(&self) -> &Meter {
        &self.0.meter
    }
}

/// The texts of a message in Telegram's own notation, in order.
pub(crate) fn markup(message: &crate::message::Outgoing) -> Vec<String> {
    let texts = render::parts(message).into_iter().filter_map(|part| match part {
        crate::sender::Part::Text(text) => Some(text.markup),
        crate::sender::Part::File(_) => None,
    });
    texts.collect()
}
