//! Who the bot is: asked until Discord answers.
use std::sync::atomic::Ordering;
use std::time::Duration;

use serde_json::Value;

use super::Discord;
use super::rest::RestError;
use crate::sender::Backoff;

#[derive(Clone, Debug)]
pub(super) struct Identity {
    /// The bot user's id; what `bot` is in the store.
    pub user: String,
    pub application: String,
}

impl Discord {
    /// Returns once we know who we are and the commands are listed.
    pub(super) async fn introduce(&self) {
        let mut backoff = Backoff::new(Duration::from_millis(500), Duration::from_secs(60));
        loop {
            match self.ask_identity().await {
                Ok(identity) => {
                    tracing::info!(bot = identity.user, "Discord is connected");
                    self.0.meter.connected.store(true, Ordering::Relaxed);
                    let _ = self.0.identity.set(identity);
                    // What waited in the outbox for a bot may go now.
                    self.0.desk.signals.outbox.notify_waiters();
                    return self.list_commands().await;
                }
                Err(error) => {
                    if backoff.is_news(&error.to_string()) {
                        tracing::warn!(%error, "the Discord bot cannot start yet; trying on");
                    }
                    tokio::time::sleep(backoff.pause(&self.0.desk.clock)).await;
                }
            }
        }
    }

    async fn ask_identity(&self) -> Result<Identity, RestError> {
        let id = |value: &Value| value["id"].as_str().map(str::to_owned);
        let user = id(&self.0.rest.get("/users/@me").await?);
        let application = id(&self.0.rest.get("/applications/@me").await?);
        match (user, application) {
            (Some(user), Some(application)) => Ok(Identity { user, application }),
            _ => Err(RestError::Unreachable("the answer holds no id".into())),
        }
    }
}
