//! Sending: what every platform offers the outbox, and how a message is cut into what it takes.
//! The worker that empties the outbox is [`Sender`].
mod backoff;
pub mod commands;
pub mod layout;
mod meter;
mod pace;
mod setback;
mod worker;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use serde_json::Value;

use firstline_core::desk::NoticeFile;

use crate::message::{Button, Outgoing};

pub use backoff::{Backoff, jitter};
pub use meter::{Meter, Reading};
pub use pace::{Limits, Rate};
pub use worker::Sender;

/// One message of a platform: a part of something said, or a file.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    Text(TextPart),
    File(NoticeFile),
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct TextPart {
    /// In the platform's own notation.
    pub markup: String,
    /// The same without any, for a platform that refuses ours.
    pub plain: String,
    /// Only under the last text.
    pub rows: Vec<Vec<Button>>,
}

/// One part on its way to one chat.
#[derive(Clone, Debug)]
pub struct Shipment<'a> {
    pub chat: &'a str,
    pub part: &'a Part,
    /// The same for every attempt at this part, at most 25 characters.
    pub nonce: String,
    /// See `Event::Message::ack`.
    pub ack: Option<&'a str>,
    pub ephemeral: bool,
    /// The first part answers in place of `ack`, the others follow it.
    pub first: bool,
}

/// Why a part was not taken.
#[derive(Clone, Debug, PartialEq)]
pub enum SendError {
    /// Wait so long; `global` holds every chat of the bot back, else only this one.
    RetryAfter { millis: i64, global: bool },
    /// A fault of the moment.
    Transient(String),
    /// The reader blocked the bot or the chat is gone: nothing can arrive there.
    Blocked(String),
    /// This message will never be taken.
    Refused(String),
}

/// Why the bytes of a file did not come.
#[derive(Clone, Debug, PartialEq)]
pub enum FetchError {
    TooLarge,
    /// They will never come.
    Gone(String),
    Transient(String),
}

/// A platform that carries messages. The futures are boxed so that one worker serves them all.
pub trait Carrier: Send + Sync + 'static {
    fn channel(&self) -> &'static str;

    /// Which bot of the channel; `None` until the platform has said who we are.
    fn bot(&self) -> Option<String>;

    fn limits(&self) -> Limits;

    /// How fast one chat may be written to.
    fn rate(&self, chat: &str) -> Rate;

    /// Cuts a message into what the platform takes.
    fn parts(&self, message: &Outgoing) -> Vec<Part>;

    /// Sends one part and gives the platform's id of it.
    fn send<'a>(&'a self, shipment: &'a Shipment<'a>) -> BoxFuture<'a, Result<String, SendError>>;

    /// Copies the bytes of a file somebody sent, at most `limit` of them.
    fn fetch<'a>(&'a self, source: &'a Value, limit: u64) -> BoxFuture<'a, Result<Bytes, FetchError>>;

    fn meter(&self) -> &Meter;
}

/// A key that stays the same for every attempt at part `index` of an outbox row; at most 25 characters.
pub fn nonce(outbox_id: &str, index: usize) -> String {
    // The milliseconds and the counter of a UUIDv7, and the end of its random part.
    let middle = outbox_id.get(3..16).unwrap_or(outbox_id);
    let end = outbox_id.get(outbox_id.len().saturating_sub(8)..).unwrap_or_default();
    format!("{middle}{end}.{}", index % 1000).chars().take(25).collect()
}

/// What a platform's HTTP client says about a failure, without the address: Telegram's contains the token.
pub(crate) fn explain(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut source = std::error::Error::source(&error);
    while let Some(inner) = source {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        source = inner.source();
    }
    text
}

/// Reads an answer's body, at most `limit` bytes.
pub(crate) async fn read_bounded(mut response: reqwest::Response, limit: u64) -> Result<Bytes, FetchError> {
    if response.content_length().is_some_and(|length| length > limit) {
        return Err(FetchError::TooLarge);
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|e| FetchError::Transient(explain(e)))? {
        if (bytes.len() + chunk.len()) as u64 > limit {
            return Err(FetchError::TooLarge);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.into())
}

/// A client for a platform's API. A server on this machine is never reached through a proxy.
pub(crate) fn http_client(root: &url::Url) -> Result<reqwest::Client, reqwest::Error> {
    let local = match root.host() {
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    };
    let builder = reqwest::Client::builder()
        .connect_timeout(std::time::Duration::from_secs(5))
        .tcp_nodelay(true)
        // A redirect would carry the token to a host nobody configured.
        .redirect(reqwest::redirect::Policy::none());
    if local { builder.no_proxy().build() } else { builder.build() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nonce_is_short_and_tells_parts_and_rows_apart() {
        let clock = firstline_core::Clock::system();
        let (a, b) = (clock.id(), clock.id());
        assert_ne!(nonce(&a, 0), nonce(&b, 0));
        assert_ne!(nonce(&a, 0), nonce(&a, 1));
        assert!(nonce(&a, 999).len() <= 25);
        assert_eq!(nonce("short", 0), nonce("short", 0));
    }
}
