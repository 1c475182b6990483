//! Interactions are answered at once with "wait": Discord gives three seconds, the database may need
//! longer. The answer itself comes through the outbox and waits here for the deferral to be done.
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::watch;

use super::Discord;
use super::rest::RestError;

const PATIENCE: Duration = Duration::from_millis(2_500);
const EPHEMERAL: u32 = 64;

/// Where the first answer goes; travels through the store as one string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ack {
    pub application: String,
    pub token: String,
    /// Who asked: for a private message when the token has run out.
    pub user: String,
    /// Commands: the answer takes the place of "is thinking". Buttons: their message stays as it is.
    pub edits_original: bool,
}

impl Ack {
    pub fn write(&self) -> String {
        let kind = if self.edits_original { "edit" } else { "follow" };
        format!("{kind}:{}:{}:{}", self.application, self.user, self.token)
    }

    pub fn read(text: &str) -> Option<Ack> {
        let mut fields = text.splitn(4, ':');
        let edits_original = match fields.next()? {
            "edit" => true,
            "follow" => false,
            _ => return None,
        };
        let (application, user, token) =
            (fields.next()?.to_owned(), fields.next()?.to_owned(), fields.next()?.to_owned());
        Some(Ack { application, token, user, edits_original })
    }
}

/// Deferrals under way, by the interaction's token.
#[derive(Default)]
pub(super) struct Deferrals(Mutex<HashMap<String, watch::Receiver<()>>>);

impl Deferrals {
    fn map(&self) -> MutexGuard<'_, HashMap<String, watch::Receiver<()>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Marks the deferral as under way until the returned sender is dropped.
    fn begin(&self, token: &str) -> watch::Sender<()> {
        let (sender, receiver) = watch::channel(());
        self.map().insert(token.to_owned(), receiver);
        sender
    }

    /// Waits until the interaction has had its first answer; at once when none is under way.
    pub async fn finished(&self, token: &str) {
        let pending = self.map().get(token).cloned();
        if let Some(mut pending) = pending {
            // Ends when the sender is dropped.
            while pending.changed().await.is_ok() {}
        }
    }
}

/// An interaction as far as its first answer needs it.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub id: String,
    pub token: String,
    pub kind: AskedKind,
    pub in_guild: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AskedKind {
    Command,
    Button,
}

impl Discord {
    /// Begins the first answer without waiting for it.
    pub(super) fn defer(&self, asked: &Asked) {
        let (discord, asked) = (self.clone(), asked.clone());
        let done = self.0.deferrals.begin(&asked.token);
        tokio::spawn(async move {
            if let Err(error) = discord.acknowledge(&asked).await {
                tracing::warn!(%error, "an interaction was not acknowledged in time");
            }
            discord.0.deferrals.map().remove(&asked.token);
            drop(done);
        });
    }

    async fn acknowledge(&self, asked: &Asked) -> Result<(), RestError> {
        let body = match asked.kind {
            AskedKind::Button => json!({ "type": 6 }),
            AskedKind::Command if asked.in_guild => json!({ "type": 5, "data": { "flags": EPHEMERAL } }),
            AskedKind::Command => json!({ "type": 5 }),
        };
        let path = format!("/interactions/{}/{}/callback", asked.id, asked.token);
        match self.once(&path, &body).await {
            // A fault of the moment gets a second chance; if the first did arrive, this one is refused.
            Err(RestError::Unreachable(_) | RestError::Limited { .. }) => self.once(&path, &body).await,
            other => other,
        }
    }

    pub(super) async fn once(&self, path: &str, body: &Value) -> Result<(), RestError> {
        match self.0.rest.send_within(path, body, PATIENCE).await {
            Err(RestError::Refused { code: 40_060, .. }) => Ok(()), // already acknowledged
            other => other.map(drop),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ack_survives_the_store() {
        for edits_original in [true, false] {
            let ack =
                Ack { application: "1".into(), token: "aW50:x:y".into(), user: "2".into(), edits_original };
            assert_eq!(Ack::read(&ack.write()), Some(ack));
        }
        assert_eq!(Ack::read("something else"), None);
    }

    #[tokio::test]
    async fn an_answer_waits_for_the_deferral() {
        let deferrals = Deferrals::default();
        deferrals.finished("none under way").await;
        let done = deferrals.begin("t");
        let mut waiting = Box::pin(deferrals.finished("t"));
        assert!(futures_util::poll!(waiting.as_mut()).is_pending());
        drop(done);
        waiting.await;
    }
}
