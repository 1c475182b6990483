//! Storing what arrived. Discord delivers once: what cannot be stored now is tried again here, and who
//! waits for an answer is told when it takes too long.
use std::time::Duration;

use serde_json::json;
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::map::Mapped;
use super::private::private_form;
use super::{CHANNEL, Discord};
use crate::event::Event;
use crate::sender::Backoff;

/// After so long without a place in the store a person who used a command is asked to try again.
const PATIENCE: Duration = Duration::from_secs(20);

pub(super) struct Arrival {
    mapped: Mapped,
    at: Instant,
}

impl Arrival {
    pub fn new(mapped: Mapped) -> Arrival {
        Arrival { mapped, at: Instant::now() }
    }
}

/// The name under which a chat's progress is kept.
pub(super) fn cursor_name(chat: &str) -> String {
    format!("dm:{chat}")
}

impl Discord {
    /// Works until the other end is closed and everything is stored.
    pub(super) async fn store_arrivals(self, mut waiting: mpsc::Receiver<Arrival>) {
        while let Some(first) = waiting.recv().await {
            let mut batch = vec![first];
            // serenity runs every event as a task of its own: let those of the same moment come in.
            tokio::task::yield_now().await;
            while let Ok(next) = waiting.try_recv() {
                batch.push(next);
            }
            batch.sort_by_key(|arrival| arrival.mapped.id);
            for arrival in batch {
                self.store(arrival).await;
            }
        }
    }

    async fn store(&self, mut arrival: Arrival) {
        self.to_private(&mut arrival.mapped).await;
        let mut backoff = Backoff::new(Duration::from_millis(100), Duration::from_secs(5));
        while let Err(error) = self.store_once(&arrival.mapped).await {
            let waits = arrival.mapped.ack.as_ref().filter(|_| arrival.at.elapsed() > PATIENCE);
            if let Some(ack) = waits {
                tracing::error!(%error, "an interaction cannot be stored; its sender is asked to try again");
                return self.apologise(ack, arrival.mapped.envelope.lang_hint.as_deref());
            }
            if backoff.is_news(&error.to_string()) {
                tracing::warn!(%error, "a Discord event cannot be stored now; trying on");
            }
            tokio::time::sleep(backoff.pause(&self.0.desk.clock)).await;
        }
    }

    async fn store_once(&self, mapped: &Mapped) -> firstline_core::Result<()> {
        let Some(bot) = self.0.identity.get().map(|identity| identity.user.clone()) else { return Ok(()) };
        let mut incoming = mapped.incoming(&bot);
        let (name, value) = (cursor_name(&mapped.chat), mapped.id.to_string());
        // Edits of old messages must not turn the cursor back.
        let moves = mapped.envelope.private && !matches!(mapped.envelope.event, Event::Edited { .. });
        let cursor = moves.then_some((CHANNEL, bot.as_str(), name.as_str(), value.as_str()));
        let stored = self.0.desk.receive(std::slice::from_ref(&incoming), cursor).await;
        let new = match stored {
            Err(error) if !error.is_transient() => {
                tracing::error!(%error, "a Discord event cannot be stored as it is; put aside");
                incoming.aside = Some(format!("cannot be stored: {error}"));
                incoming.event = json!({ "unstorable": true });
                self.0.meter.add(|m| &m.set_aside, 1);
                self.0.desk.receive(&[incoming], cursor).await?
            }
            other => other?,
        };
        self.0.meter.add(|m| &m.received, new);
        Ok(())
    }

    /// Moves what is nobody else's business out of a guild. When Discord opens no private channel the
    /// event stays where it is, and the conversation says what it says in groups.
    async fn to_private(&self, mapped: &mut Mapped) {
        if mapped.envelope.private {
            return;
        }
        let (Some(text), Some(ack)) = (private_form(&mapped.envelope.event), mapped.ack.clone()) else {
            return;
        };
        match self.private_channel(&mapped.user).await {
            Ok(channel) => {
                self.point_to_private(&ack, mapped.envelope.lang_hint.as_deref());
                mapped.chat = channel;
                mapped.envelope.private = true;
                let id = mapped.id.to_string();
                let files = Vec::new();
                mapped.envelope.event =
                    Event::Message { id, text, files, reply_to: None, album: None, ack: None };
            }
            Err(error) => tracing::warn!(%error, "no private channel could be opened"),
        }
    }
}
