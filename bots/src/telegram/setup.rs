//! What the bot tells Telegram when it starts: who it is, how it wants its updates, its command menu.
use std::sync::atomic::Ordering;
use std::time::Duration;

use serde_json::{Value, json};

use firstline_core::{Error, Result};

use super::{Mode, Telegram, WebhookConfig};
use crate::sender::Backoff;
use crate::sender::commands::{COMMANDS, Command};

const PATIENCE: Duration = Duration::from_secs(10);

/// The kinds we can read. Named explicitly: the server remembers what an earlier program asked for.
pub(super) const ALLOWED_UPDATES: [&str; 4] =
    ["message", "edited_message", "callback_query", "my_chat_member"];

pub(super) fn check_webhook(webhook: &WebhookConfig) -> Result<()> {
    let wrong = |key: &str, why: &str| Err(Error::Config(format!("{key} {why}")));
    if url::Url::parse(&webhook.url).is_err() {
        return wrong("FIRSTLINE_TELEGRAM_WEBHOOK_URL", "is not an address");
    }
    let fine = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
    if !(1..=256).contains(&webhook.secret.len()) || !webhook.secret.bytes().all(fine) {
        return wrong("FIRSTLINE_TELEGRAM_WEBHOOK_SECRET", "must be 1 to 256 of A-Z a-z 0-9 _ -");
    }
    Ok(())
}

impl Telegram {
    /// Returns once Telegram knows us and how to reach us.
    pub(super) async fn set_up(&self) {
        let me = self.insist("GetMe", Value::Null).await;
        let username = me["username"].as_str().unwrap_or_default().to_owned();
        tracing::info!(bot = username, mode = self.mode_name(), "Telegram is connected");
        let _ = self.0.username.set(username);
        match &self.0.mode {
            Mode::Polling => self.insist("DeleteWebhook", json!({ "drop_pending_updates": false })).await,
            Mode::Webhook(webhook) => self.insist("SetWebhook", webhook_body(webhook)).await,
        };
        self.list_commands().await;
    }

    fn mode_name(&self) -> &'static str {
        match self.0.mode {
            Mode::Polling => "polling",
            Mode::Webhook(_) => "webhook",
        }
    }

    /// Calls until it succeeds; says once what is wrong.
    async fn insist(&self, method: &str, body: Value) -> Value {
        let mut backoff = Backoff::new(Duration::from_millis(500), Duration::from_secs(30));
        loop {
            match self.0.api.call(method, &body, PATIENCE).await {
                Ok(result) => {
                    self.0.meter.connected.store(true, Ordering::Relaxed);
                    return result;
                }
                Err(failure) => {
                    self.0.meter.connected.store(false, Ordering::Relaxed);
                    if backoff.is_news(&failure.to_string()) {
                        tracing::warn!(method, %failure, "the Telegram bot cannot start yet; trying on");
                    }
                    tokio::time::sleep(backoff.pause(&self.0.desk.clock)).await;
                }
            }
        }
    }

    /// A bot without a menu still works: a refusal is only logged.
    async fn list_commands(&self) {
        let english: fn(&Command) -> &str = |c| c.en;
        let chinese: fn(&Command) -> &str = |c| c.zh_cn;
        // The menu without a language is for everybody else.
        for (language, words) in [("", english), ("en", english), ("zh", chinese)] {
            let commands: Vec<Value> =
                COMMANDS.iter().map(|c| json!({ "command": c.name, "description": words(c) })).collect();
            let mut body = json!({ "commands": commands });
            if !language.is_empty() {
                body["language_code"] = json!(language);
            }
            if let Err(failure) = self.0.api.call("SetMyCommands", &body, PATIENCE).await {
                tracing::warn!(language, %failure, "the command menu was not set");
            }
        }
    }
}

fn webhook_body(webhook: &WebhookConfig) -> Value {
    json!({
        "url": webhook.url,
        "secret_token": webhook.secret,
        "allowed_updates": ALLOWED_UPDATES,
        "drop_pending_updates": false,
    })
}
