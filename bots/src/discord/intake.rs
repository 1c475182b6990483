//! Storing what arrived. Discord delivers once: what cannot be stored now is tried again here, and who
//! waits for an answer is told when it takes too long.
use std::time::Duration;

use serde_json::json;
use tokio::sync::mpsc;
use tokio::time::Instant;

use firstline_core::inbox;

use super::map::Mapped;
use super::private::private_form;
use super::{CHANNEL, Discord};
use crate::event::Event;
use crate::sender::Backoff;

/// After so long without a place in the store a person who used a command is asked to try again.
const PATIENCE: Duration = Duration::from_secs(20);

pub(super) enum Arrival {
    Heard(Box<Heard>),
    /// All that a chat missed is among the arrivals before this one.
    CaughtUp {
        round: u64,
        chat: String,
    },
}

pub(super) struct Heard {
    mapped: Mapped,
    at: Instant,
    /// Read back after an absence, oldest first: nothing before it is missing.
    read_back: bool,
}

impl Arrival {
    pub fn live(mapped: Mapped) -> Arrival {
        Arrival::Heard(Box::new(Heard { mapped, at: Instant::now(), read_back: false }))
    }

    pub fn read_back(mapped: Mapped) -> Arrival {
        Arrival::Heard(Box::new(Heard { mapped, at: Instant::now(), read_back: true }))
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
            self.store_batch(batch).await;
        }
    }

    async fn store_batch(&self, batch: Vec<Arrival>) {
        let (mut events, mut caught_up) = (Vec::new(), Vec::new());
        for arrival in batch {
            match arrival {
                Arrival::Heard(heard) => events.push(*heard),
                Arrival::CaughtUp { round, chat } => caught_up.push((round, chat)),
            }
        }
        events.sort_by_key(|heard| heard.mapped.id);
        for heard in events {
            self.store(heard).await;
        }
        for (round, chat) in caught_up {
            self.0.behind.caught_up(round, &chat);
        }
    }

    async fn store(&self, mut arrival: Heard) {
        self.to_private(&mut arrival.mapped).await;
        let mut backoff = Backoff::new(Duration::from_millis(100), Duration::from_secs(5));
        while let Err(error) = self.store_once(&arrival).await {
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

    async fn store_once(&self, heard: &Heard) -> firstline_core::Result<()> {
        let mapped = &heard.mapped;
        let Some(bot) = self.0.identity.get().map(|identity| identity.user.clone()) else { return Ok(()) };
        let mut incoming = mapped.incoming(&bot);
        let (name, value) = (cursor_name(&mapped.chat), mapped.id.to_string());
        let moves = self.moves_cursor(heard, &bot, &name).await?;
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

    /// Whether the chat is read up to here: not by an edit, never backwards, and while something before it
    /// may be missing only by what was read back.
    async fn moves_cursor(&self, heard: &Heard, bot: &str, name: &str) -> firstline_core::Result<bool> {
        let envelope = &heard.mapped.envelope;
        if !envelope.private || matches!(envelope.event, Event::Edited { .. }) {
            return Ok(false);
        }
        let known = inbox::cursor(&self.0.desk.db, CHANNEL, bot, name).await?;
        let Some(known) = known.and_then(|value| value.parse::<u64>().ok()) else { return Ok(true) };
        let held = !heard.read_back && self.0.behind.holds(&heard.mapped.chat);
        Ok(!held && heard.mapped.id > known)
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
