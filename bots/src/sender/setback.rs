//! What becomes of a message that was not taken: tried again later, ended as blocked, or failed.
use std::time::Duration;

use firstline_core::outbox::{self, OutboxRow, OutboxState};
use firstline_core::{Desk, Result, conversation};

use super::backoff::delay_millis;
use super::pace::Pace;
use super::{Meter, SendError};

/// A message that a platform could not take for so long and so often is given up, visibly. The age alone
/// says little: it may have waited for a process that was not running.
const GIVE_UP_MILLIS: i64 = 3 * 24 * 3600 * 1000;
const GIVE_UP_ATTEMPTS: i64 = 20;

pub(super) struct Setback<'a> {
    pub desk: &'a Desk,
    pub pace: &'a Pace,
    pub meter: &'a Meter,
    pub row: &'a OutboxRow,
}

impl Setback<'_> {
    /// Records the outcome. True when the next message of the chat may be tried at once.
    pub async fn record(&self, error: &SendError) -> Result<bool> {
        match error {
            SendError::RetryAfter { millis, global } => self.limited(*millis, *global).await,
            SendError::Transient(text) if self.is_hopeless() => {
                self.refused(&format!("given up after three days: {text}")).await
            }
            SendError::Transient(text) => {
                self.again(text, delay_millis(&self.desk.clock, self.row.attempts)).await
            }
            SendError::Blocked(text) => self.blocked(text).await,
            SendError::Refused(text) => self.refused(text).await,
        }
    }

    fn is_hopeless(&self) -> bool {
        let age = self.desk.clock.now().since(self.row.created_at);
        age > GIVE_UP_MILLIS && self.row.attempts >= GIVE_UP_ATTEMPTS
    }

    async fn limited(&self, millis: i64, global: bool) -> Result<bool> {
        self.meter.add(|m| &m.limited, 1);
        self.pace.limited(&self.row.chat);
        if global {
            self.pace.hold_all(Duration::from_millis(millis.unsigned_abs()));
        }
        self.again(&format!("the platform asks to wait {millis} ms"), millis.max(1)).await
    }

    async fn again(&self, text: &str, millis: i64) -> Result<bool> {
        let now = self.desk.clock.now();
        self.meter.add(|m| &m.retried, 1);
        let mut tx = self.desk.db.begin().await?;
        outbox::not_sent(&mut tx, &self.row.id, OutboxState::Queued, text, now.plus_millis(millis)).await?;
        tx.commit().await?;
        Ok(false)
    }

    async fn blocked(&self, text: &str) -> Result<bool> {
        let row = self.row;
        self.meter.add(|m| &m.blocked, 1);
        tracing::info!(channel = row.channel, chat = row.chat, reason = text, "the chat cannot be reached");
        let mut tx = self.desk.db.begin().await?;
        outbox::block_chat(&mut tx, &row.channel, &row.bot, &row.chat, text).await?;
        conversation::set_reachable(&mut tx, &row.channel, &row.bot, &row.chat, false).await?;
        tx.commit().await?;
        Ok(true)
    }

    async fn refused(&self, text: &str) -> Result<bool> {
        let row = self.row;
        self.meter.add(|m| &m.refused, 1);
        tracing::error!(
            channel = row.channel,
            outbox_id = row.id,
            reason = text,
            "the platform refuses a message"
        );
        let mut tx = self.desk.db.begin().await?;
        outbox::not_sent(&mut tx, &row.id, OutboxState::Failed, text, self.desk.clock.now()).await?;
        tx.commit().await?;
        Ok(true)
    }
}
