//! Reading what the bot did, and waiting for it.
use super::FakeTelegram;
use super::chat::Chat;
use super::receipts::Call;
use super::sent::Sent;

impl FakeTelegram {
    /// Everything the bot sent to a chat, in order, edits applied.
    pub fn sent_to(&self, chat: i64) -> Vec<Sent> {
        self.shared.look().sent.iter().filter(|sent| sent.chat == chat).cloned().collect()
    }

    /// Everything the bot sent to anybody.
    pub fn sent(&self) -> Vec<Sent> {
        self.shared.look().sent.clone()
    }

    /// How many messages the bot has sent in all; cheap enough to ask after every change.
    pub fn sent_count(&self) -> usize {
        self.shared.look().sent.len()
    }

    /// Waits until the bot has sent something to this chat that fits; the newest that fits is returned.
    pub async fn await_sent(&self, chat: i64, what: &str, fits: impl Fn(&Sent) -> bool) -> Sent {
        let look = || {
            let state = self.shared.look();
            state.sent.iter().rev().find(|sent| sent.chat == chat && fits(sent)).cloned()
        };
        self.shared.signal.until(look, || format!("{what} in chat {chat}; {}", self.summary())).await
    }

    /// Waits for any condition over the fake's state, looked at again after each change.
    pub async fn await_that(&self, what: &str, holds: impl Fn(&Self) -> bool) {
        self.shared
            .signal
            .until(|| holds(self).then_some(()), || format!("{what}; {}", self.summary()))
            .await;
    }

    /// Calls of a method, in any spelling of it.
    pub fn calls(&self, method: &str) -> Vec<Call> {
        let method = method.to_lowercase();
        self.shared.look().calls.iter().filter(|call| call.method == method).cloned().collect()
    }

    pub fn call_count(&self, method: &str) -> usize {
        let method = method.to_lowercase();
        self.shared.look().calls.iter().filter(|call| call.method == method).count()
    }

    /// How many polls waited at the same time at most.
    pub fn most_polls_at_once(&self) -> usize {
        self.shared.look().most_waiting_polls
    }

    /// What in the bot's calls is not in the Bot API's description: unknown methods and parameters, wrong types.
    /// Empty where the shared data are missing.
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
            .map(|sent| format!("  to {}: {}", sent.chat, sent.line()))
            .collect();
        let calls: Vec<String> = state
            .calls
            .iter()
            .rev()
            .take(12)
            .map(|call| format!("{} {}", call.method, call.status))
            .collect();
        let pending = state.pending.len();
        format!(
            "newest first, sent:\n{}\ncalls: {}\nunconfirmed updates: {pending}",
            sent.join("\n"),
            calls.join(", ")
        )
    }
}

impl Chat {
    pub fn sent(&self) -> Vec<Sent> {
        self.fake.sent_to(self.id())
    }

    pub async fn await_sent(&self, what: &str, fits: impl Fn(&Sent) -> bool) -> Sent {
        self.fake.await_sent(self.id(), what, fits).await
    }

    /// Waits for a message with this text in it.
    pub async fn await_text(&self, part: &str) -> Sent {
        self.await_sent(&format!("a message with {part:?}"), |sent| sent.says(part)).await
    }

    /// The next message in this chat that no `next_sent` returned before: a story is read in order.
    pub async fn next_sent(&self) -> Sent {
        let look = || {
            let mut state = self.fake.shared.look();
            let seen = state.seen.get(&self.id()).copied().unwrap_or(0);
            let next = state.sent.iter().filter(|sent| sent.chat == self.id()).nth(seen).cloned();
            if next.is_some() {
                state.seen.insert(self.id(), seen + 1);
            }
            next
        };
        let missing = || format!("another message in chat {}; {}", self.id(), self.fake.summary());
        self.fake.shared.signal.until(look, missing).await
    }

    /// The whole chat as people see it, both sides, one line a message.
    pub fn transcript(&self) -> String {
        let state = self.fake.shared.look();
        let mut lines = String::new();
        for ((chat, id), message) in &state.messages {
            if *chat != self.id() {
                continue;
            }
            let bot = state.sent.iter().find(|sent| (sent.chat, sent.message_id) == (*chat, *id));
            let text =
                message["text"].as_str().or_else(|| message["caption"].as_str()).unwrap_or("[no text]");
            let line = bot.map_or_else(|| format!("> {text}"), |sent| format!("< {}", sent.line()));
            lines.push_str(&line);
            lines.push('\n');
        }
        lines
    }
}
