//! Reading what the bot did, and waiting for it.
use serde_json::Value;

use super::FakeDiscord;
use super::interactions::{Ack, Interaction};
use super::seat::Seat;
use super::sent::Sent;
use super::slash::registered;
use super::state::Call;

impl FakeDiscord {
    /// Everything the bot sent to a channel, in order, edits applied.
    pub fn sent_to(&self, channel: u64) -> Vec<Sent> {
        self.shared.look().sent.iter().filter(|sent| sent.channel == channel).cloned().collect()
    }

    /// Everything the bot sent anywhere.
    pub fn sent(&self) -> Vec<Sent> {
        self.shared.look().sent.clone()
    }

    /// How many messages the bot has sent in all; cheap enough to ask after every change.
    pub fn sent_count(&self) -> usize {
        self.shared.look().sent.len()
    }

    /// Waits until the bot has sent something to this channel that fits; the newest that fits is returned.
    pub async fn await_sent(&self, channel: u64, what: &str, fits: impl Fn(&Sent) -> bool) -> Sent {
        let look = || {
            let state = self.shared.look();
            state.sent.iter().rev().find(|sent| sent.channel == channel && fits(sent)).cloned()
        };
        self.shared.signal.until(look, || format!("{what} in channel {channel}; {}", self.summary())).await
    }

    /// Waits for any condition over the fake's state, looked at again after each change.
    pub async fn await_that(&self, what: &str, holds: impl Fn(&Self) -> bool) {
        self.shared
            .signal
            .until(|| holds(self).then_some(()), || format!("{what}; {}", self.summary()))
            .await;
    }

    pub fn interaction(&self, id: u64) -> Interaction {
        self.shared.look().interactions.get(&id).cloned().expect("a known interaction")
    }

    /// Waits for the bot's first answer to an interaction.
    pub async fn await_ack(&self, id: u64) -> Ack {
        self.shared
            .signal
            .until(
                || self.interaction(id).ack,
                || format!("an answer to interaction {id}; {}", self.summary()),
            )
            .await
    }

    /// Waits for the completions of [`Seat::types_into`]: the names on offer.
    pub async fn await_choices(&self, id: u64) -> Vec<String> {
        let ack = self.await_ack(id).await;
        let choices = ack.data["choices"].as_array().cloned().unwrap_or_default();
        choices.iter().filter_map(|choice| choice["name"].as_str().map(str::to_owned)).collect()
    }

    /// Interactions without any answer. Every one deserves one.
    pub fn unanswered_interactions(&self) -> Vec<u64> {
        let state = self.shared.look();
        state
            .interactions
            .values()
            .filter(|interaction| interaction.ack.is_none())
            .map(|interaction| interaction.id)
            .collect()
    }

    /// Names of all registered commands.
    pub fn commands(&self) -> Vec<String> {
        registered(&self.shared.look())
    }

    /// A registered command as a whole.
    pub fn command(&self, name: &str) -> Option<Value> {
        self.shared.look().commands.values().flatten().find(|command| command["name"] == name).cloned()
    }

    /// Waits until a command of this name is registered.
    pub async fn await_command(&self, name: &str) {
        let there = || self.commands().iter().any(|known| known == name).then_some(());
        self.shared.signal.until(there, || format!("a command /{name}; {}", self.summary())).await;
    }

    /// Calls of a route, such as `POST channels/messages`.
    pub fn calls(&self, route: &str) -> Vec<Call> {
        self.shared.look().calls.iter().filter(|call| call.route == route).cloned().collect()
    }

    /// What in the bot's calls contradicts Discord's published description. Empty where the shared data are missing.
    pub fn violations(&self) -> Vec<String> {
        self.shared.look().violations.clone()
    }

    /// The last things that happened, for messages of failing tests.
    pub(super) fn summary(&self) -> String {
        let state = self.shared.look();
        let sent: Vec<String> = state
            .sent
            .iter()
            .rev()
            .take(8)
            .map(|sent| format!("  to {}: {}", sent.channel, sent.line()))
            .collect();
        let calls: Vec<String> =
            state.calls.iter().rev().take(12).map(|call| format!("{} {}", call.route, call.status)).collect();
        let connected = state.sessions.iter().filter(|session| session.line.is_some()).count();
        format!(
            "newest first, sent:\n{}\ncalls: {}\nsessions: {connected}",
            sent.join("\n"),
            calls.join(", ")
        )
    }
}

impl Seat {
    pub fn sent(&self) -> Vec<Sent> {
        self.fake.sent_to(self.channel)
    }

    pub async fn await_sent(&self, what: &str, fits: impl Fn(&Sent) -> bool) -> Sent {
        self.fake.await_sent(self.channel, what, fits).await
    }

    /// Waits for a message with these words in it.
    pub async fn await_text(&self, part: &str) -> Sent {
        self.await_sent(&format!("a message with {part:?}"), |sent| sent.says(part)).await
    }

    /// The next message in this channel that no `next_sent` returned before: a story is read in order.
    pub async fn next_sent(&self) -> Sent {
        let look = || {
            let mut state = self.fake.shared.look();
            let seen = state.seen.get(&self.channel).copied().unwrap_or(0);
            let next = state.sent.iter().filter(|sent| sent.channel == self.channel).nth(seen).cloned();
            if next.is_some() {
                state.seen.insert(self.channel, seen + 1);
            }
            next
        };
        let missing = || format!("another message in channel {}; {}", self.channel, self.fake.summary());
        self.fake.shared.signal.until(look, missing).await
    }

    /// The whole channel as people see it, both sides, one line a message.
    pub fn transcript(&self) -> String {
        let state = self.fake.shared.look();
        let mut lines = String::new();
        let here = self.channel.to_string();
        for (id, message) in
            state.messages.iter().filter(|(_, message)| message["channel_id"] == here.as_str())
        {
            let bot = state.sent.iter().find(|sent| sent.message_id == *id);
            let text = message["content"].as_str().unwrap_or_default();
            let line = bot.map_or_else(|| format!("> {text}"), |sent| format!("< {}", sent.line()));
            lines.push_str(&line);
            lines.push('\n');
        }
        lines
    }
}
