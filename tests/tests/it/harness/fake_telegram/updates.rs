//! Updates on their way to the bot: queued until confirmed, as the server keeps them.
use std::time::Instant;

use serde_json::{Value, json};

use super::FakeTelegram;
use super::receipts::Receipt;
use super::state::State;

/// Kinds a bot only gets when it names them.
const ON_REQUEST: [&str; 3] = ["chat_member", "message_reaction", "message_reaction_count"];

pub struct Pending {
    pub id: i64,
    pub json: Value,
    /// Updates of one chat or user go to a webhook one after the other; other queues pass by.
    pub queue: i64,
    /// Copies still to hand out whatever the offset says: a test plays a server that repeats itself. Normally none.
    pub copies: usize,
    /// Its push to the webhook is under way.
    pub in_flight: bool,
    /// Not pushed again before this.
    pub not_before: Option<Instant>,
    pub failures: u32,
}

impl State {
    /// Queues an update and returns its id; `None` when the bot has not asked for this kind.
    pub fn queue_update(&mut self, kind: &str, payload: Value, queue: i64) -> Option<i64> {
        let wanted = match &self.allowed_updates {
            None => !ON_REQUEST.contains(&kind),
            Some(kinds) => kinds.iter().any(|wanted| wanted == kind),
        };
        if !wanted {
            return None;
        }
        let id = self.next_id() + 700_000_000;
        self.queue_json(id, json!({"update_id": id, kind: payload}), queue);
        Some(id)
    }

    pub fn queue_json(&mut self, id: i64, json: Value, queue: i64) {
        self.receipts.entry(id).or_insert_with(Receipt::new);
        let pending = Pending { id, json, queue, copies: 0, in_flight: false, not_before: None, failures: 0 };
        self.pending.push_back(pending);
    }

    /// Stamps updates as handed out now.
    pub fn stamp(&mut self, ids: &[i64]) {
        let now = Instant::now();
        for id in ids {
            if let Some(receipt) = self.receipts.get_mut(id) {
                receipt.handed_out.push(now);
            }
        }
    }

    pub fn confirm(&mut self, id: i64) {
        let now = Instant::now();
        if let Some(receipt) = self.receipts.get_mut(&id) {
            receipt.confirmed.get_or_insert(now);
        }
    }

    /// What `allowed_updates` means: absent keeps the setting, empty is the default again.
    pub fn set_allowed_updates(&mut self, given: Option<Value>) {
        let Some(kinds) = given.as_ref().and_then(Value::as_array) else { return };
        let kinds: Vec<String> = kinds.iter().filter_map(|kind| kind.as_str().map(str::to_owned)).collect();
        self.allowed_updates = (!kinds.is_empty()).then_some(kinds);
    }
}

impl FakeTelegram {
    /// Injects an update of any kind and shape, such as one teloxide does not know. Returns its id.
    pub fn raw_update(&self, kind: &str, payload: Value) -> i64 {
        self.shared.change(|state| {
            let id = state.next_id() + 700_000_000;
            state.queue_json(id, json!({"update_id": id, kind: payload}), 0);
            id
        })
    }

    /// Injects this very JSON as the next update; it need not even be an object with an id.
    pub fn broken_update(&self, json: Value) {
        self.shared.change(|state| {
            let id = state.next_id() + 700_000_000;
            state.queue_json(id, json, 0);
        });
    }

    /// Hands out a pending update this many times in all, the same `update_id` each time.
    pub fn repeat(&self, update_id: i64, times: usize) {
        self.shared.change(|state| {
            let pending = state.pending.iter_mut().find(|pending| pending.id == update_id);
            pending.expect("a pending update").copies = times;
        });
    }

    /// Hands out an update again though it was confirmed, as the server does after a crash of its own.
    pub fn replay(&self, update_id: i64, json: Value, times: usize) {
        self.shared.change(|state| {
            state.queue_json(update_id, json, 0);
            if let Some(pending) = state.pending.back_mut() {
                pending.copies = times;
            }
        });
    }

    pub fn receipt(&self, update_id: i64) -> Receipt {
        self.shared.look().receipts.get(&update_id).cloned().expect("an injected update")
    }

    /// Waits until the bot has said that it has this update.
    pub async fn await_confirmed(&self, update_id: i64) -> Receipt {
        let confirmed = || Some(self.receipt(update_id)).filter(|receipt| receipt.confirmed.is_some());
        self.shared
            .signal
            .until(confirmed, || format!("update {update_id} confirmed; {}", self.summary()))
            .await
    }

    /// Ids of updates the bot has not confirmed.
    pub fn unconfirmed(&self) -> Vec<i64> {
        self.shared.look().pending.iter().map(|pending| pending.id).collect()
    }
}
