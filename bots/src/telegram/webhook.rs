//! Webhook deliveries: 200 only after the update is stored, so that Telegram repeats what was not.
use serde_json::{Value, json};

use firstline_core::inbox::Incoming;
use firstline_core::{Error, crash, secret};

use super::{CHANNEL, Mode, Telegram, map};

/// What the route answers instead of 200.
#[derive(Debug)]
pub enum WebhookError {
    /// 401: the secret header is missing or wrong, or no webhook is configured.
    Unauthorized,
    /// 503: not stored; Telegram tries again.
    Unavailable(Error),
}

impl std::fmt::Display for WebhookError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            WebhookError::Unauthorized => f.write_str("wrong or missing secret"),
            WebhookError::Unavailable(error) => write!(f, "not stored: {error}"),
        }
    }
}

impl std::error::Error for WebhookError {}

impl Telegram {
    /// Takes one delivery. `secret_header` is `X-Telegram-Bot-Api-Secret-Token`. A body that is no
    /// update is put aside and accepted: repeating it would not mend it.
    pub async fn receive(&self, secret_header: Option<&str>, body: &[u8]) -> Result<(), WebhookError> {
        let Mode::Webhook(webhook) = &self.0.mode else { return Err(WebhookError::Unauthorized) };
        if !secret::same(secret_header.unwrap_or_default(), &webhook.secret) {
            return Err(WebhookError::Unauthorized);
        }
        // Before getMe we cannot tell whether a group speaks to us; Telegram will come again.
        if self.0.username.get().is_none() {
            return Err(WebhookError::Unavailable(Error::Unavailable("the bot is still starting".into())));
        }
        let stored = match serde_json::from_slice::<Value>(body) {
            Ok(update) => self.take_in(vec![update]).await.map(drop),
            Err(error) => self.store(vec![self.unreadable(body, &error)]).await,
        };
        stored.map_err(WebhookError::Unavailable)?;
        crash::point("before_acknowledge");
        Ok(())
    }

    fn unreadable(&self, body: &[u8], error: &serde_json::Error) -> Incoming {
        let text = String::from_utf8_lossy(body).replace('\0', " ");
        Incoming {
            address: map::nowhere(CHANNEL, &self.0.id),
            external_id: format!("sha256:{}", secret::sha256_hex(body)),
            event: json!({ "body": text }),
            aside: Some(format!("not JSON: {error}")),
            sent_by: None,
        }
    }
}
