//! getUpdates: the long poll with its offset, and the quarrel of two pollers.
use std::time::Duration;

use serde_json::{Value, json};

use super::FakeTelegram;
use super::api_error::{ApiError, ApiResult};
use super::state::{Shared, State};
use crate::harness::uploads::Body;

const TERMINATED: &str =
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running";
const WEBHOOK_ACTIVE: &str = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first";

pub async fn get_updates(shared: &Shared, body: &Body) -> ApiResult {
    let allowed = body
        .structure("allowed_updates")
        .map_err(|_| ApiError::bad_request("can't parse allowed_updates"))?;
    let limit = body.integer("limit").filter(|limit| (1..=100).contains(limit)).unwrap_or(100);
    let limit = usize::try_from(limit).unwrap_or(100);
    let seconds = u64::try_from(body.integer("timeout").unwrap_or(0).clamp(0, 50)).unwrap_or(0);
    let offset = body.integer("offset").unwrap_or(0);
    // Ringing wakes an older poll, which then finds that it is no longer the newest.
    let poll = shared.change(|state| {
        state.poll += 1;
        state.set_allowed_updates(allowed);
        confirm_below(state, offset);
        state.poll
    });
    let _waiting = Waiting::begin(shared);
    let look = || -> Option<ApiResult> {
        let mut state = shared.look();
        if state.webhook.is_some() {
            return Some(Err(ApiError::new(409, WEBHOOK_ACTIVE)));
        }
        if state.poll != poll {
            return Some(Err(ApiError::new(409, TERMINATED)));
        }
        let batch = take_batch(&mut state, limit);
        (!batch.is_empty()).then_some(Ok(Value::Array(batch)))
    };
    let answer = shared.signal.within(Duration::from_secs(seconds), look).await;
    answer.unwrap_or_else(|| Ok(json!([])))
}

/// Counts a poll while it waits; a client that goes away takes its poll with it.
struct Waiting<'a>(&'a Shared);

impl<'a> Waiting<'a> {
    fn begin(shared: &'a Shared) -> Self {
        shared.change(|state| {
            state.waiting_polls += 1;
            state.most_waiting_polls = state.most_waiting_polls.max(state.waiting_polls);
        });
        Self(shared)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.change(|state| state.waiting_polls -= 1);
    }
}

impl FakeTelegram {
    /// Whether a bot polls at this moment.
    pub fn is_polled(&self) -> bool {
        self.shared.look().waiting_polls > 0
    }

    /// Waits until a bot polls.
    pub async fn await_polled(&self) {
        self.await_that("a polling bot", Self::is_polled).await;
    }
}

/// Forgets updates below the offset; a negative one keeps only so many from the end.
fn confirm_below(state: &mut State, offset: i64) {
    let offset = if offset < 0 {
        let keep = usize::try_from(offset.unsigned_abs()).unwrap_or(usize::MAX);
        let first = state.pending.len().saturating_sub(keep);
        state.pending.get(first).map_or(0, |pending| pending.id)
    } else {
        offset
    };
    let below: Vec<i64> = state.pending.iter().map(|pending| pending.id).filter(|id| *id < offset).collect();
    below.iter().for_each(|id| state.confirm(*id));
    state.pending.retain(|pending| pending.id >= offset || pending.copies > 0);
}

/// The next batch, extra copies included.
fn take_batch(state: &mut State, limit: usize) -> Vec<Value> {
    let mut batch = Vec::new();
    let mut ids = Vec::new();
    for pending in &mut state.pending {
        let room = limit - batch.len();
        let count = pending.copies.max(1).min(room);
        pending.copies = pending.copies.saturating_sub(count);
        for _ in 0..count {
            batch.push(pending.json.clone());
            ids.push(pending.id);
        }
        if batch.len() == limit {
            break;
        }
    }
    state.stamp(&ids);
    batch
}
