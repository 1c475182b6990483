//! Copying one attachment's bytes from its platform into our store.
use serde::Deserialize;
use serde_json::json;

use firstline_core::desk::Notice;
use firstline_core::files::{self, Attachment, AttachmentState, MAX_BYTES};
use firstline_core::jobs::{self, Job};
use firstline_core::outbox::{self, Outgoing};
use firstline_core::store::Tx;
use firstline_core::{Error, Result};

use super::Inner;
use crate::sender::{Carrier, FetchError};

/// A file that could not be copied for so long is given up; Discord's addresses end after a day, too.
const GIVE_UP_MILLIS: i64 = 24 * 3600 * 1000;
/// Without its bot nothing was tried, and the bot may come back after a longer pause.
const GIVE_UP_UNCONNECTED_MILLIS: i64 = 7 * GIVE_UP_MILLIS;
/// How soon to look again whether the bot is connected.
const UNCONNECTED_PAUSE_MILLIS: i64 = 30_000;
/// The longest pause between two attempts.
const LONGEST_MILLIS: i64 = 600_000;

/// How long to wait after so many attempts: 2 s, 4 s, 8 s … 10 min.
pub(super) fn delay_millis(attempts: i64) -> i64 {
    (1000_i64 << attempts.clamp(0, 20)).min(LONGEST_MILLIS)
}

/// Data of a `fetch_file` job.
#[derive(Deserialize)]
struct Fetch {
    attachment: String,
    channel: String,
    bot: String,
    chat: String,
    conversation: String,
}

impl Inner {
    pub(super) async fn fetch_file(&self, job: &Job) -> Result<()> {
        let fetch: Fetch = serde_json::from_value(job.data.0.clone())
            .map_err(|e| Error::invalid("job", format!("data of a file to fetch: {e}")))?;
        let found = files::by_id(&self.desk.db, &fetch.attachment).await?;
        let Some(attachment) = found.filter(|a| a.state == AttachmentState::Waiting) else {
            return self.forget(job).await; // settled before, or gone
        };
        let age = self.desk.clock.now().since(attachment.created_at);
        let carrier = self.carriers.get(fetch.channel.as_str());
        let Some(carrier) = carrier.filter(|c| c.bot().is_some_and(|bot| bot == fetch.bot)) else {
            let why = format!("the bot of {} is not connected", fetch.channel);
            return if age > GIVE_UP_UNCONNECTED_MILLIS {
                self.give_up(job, &attachment, &why).await
            } else {
                self.later(job, &why, UNCONNECTED_PAUSE_MILLIS).await
            };
        };
        match self.copy(carrier.as_ref(), &attachment).await {
            Ok((sha256, size)) => {
                self.settle(job, &attachment, AttachmentState::Stored, Some((&sha256, size)), None).await
            }
            Err(FetchError::TooLarge) => {
                self.settle(job, &attachment, AttachmentState::TooLarge, None, Some(&fetch)).await
            }
            Err(FetchError::Gone(why)) => self.give_up(job, &attachment, &why).await,
            Err(FetchError::Transient(why)) if age > GIVE_UP_MILLIS => {
                self.give_up(job, &attachment, &why).await
            }
            Err(FetchError::Transient(why)) => self.later(job, &why, delay_millis(job.attempts)).await,
        }
    }

    /// Fetches and keeps the bytes; gives their address and how many they are.
    async fn copy(
        &self,
        carrier: &dyn Carrier,
        attachment: &Attachment,
    ) -> Result<(String, i64), FetchError> {
        let bytes = carrier.fetch(&attachment.source.0, MAX_BYTES).await?;
        let size = bytes.len() as i64;
        let kept = self.desk.files.put(bytes).await;
        kept.map(|sha256| (sha256, size)).map_err(|error| FetchError::Transient(error.to_string()))
    }

    async fn later(&self, job: &Job, why: &str, after_millis: i64) -> Result<()> {
        tracing::info!(job_id = job.id, attempts = job.attempts, reason = why, "a file is fetched later");
        jobs::retry(&self.desk.db, &self.desk.clock, job, why, Some(after_millis)).await
    }

    async fn give_up(&self, job: &Job, attachment: &Attachment, why: &str) -> Result<()> {
        tracing::warn!(attachment_id = attachment.id, reason = why, "a file cannot be fetched");
        self.settle(job, attachment, AttachmentState::Failed, None, None).await
    }

    /// Records the end of it, unless another worker did; `tell` says where to send word that the file
    /// was too large.
    async fn settle(
        &self,
        job: &Job,
        attachment: &Attachment,
        state: AttachmentState,
        stored: Option<(&str, i64)>,
        tell: Option<&Fetch>,
    ) -> Result<()> {
        let mut tx = self.desk.db.begin().await?;
        if !jobs::done(&mut tx, &self.desk.clock, &job.id).await? {
            return tx.rollback().await;
        }
        files::settle(&mut tx, &attachment.id, state, stored).await?;
        if let Some(to) = tell {
            self.tell_too_large(&mut tx, to, attachment).await?;
        }
        tx.commit().await?;
        // Wakes senders, and pages that show the file.
        self.desk.committed(&[]);
        Ok(())
    }

    /// There is nothing to do for this job any more.
    async fn forget(&self, job: &Job) -> Result<()> {
        let mut tx = self.desk.db.begin().await?;
        jobs::done(&mut tx, &self.desk.clock, &job.id).await?;
        tx.commit().await
    }

    async fn tell_too_large(&self, tx: &mut Tx, to: &Fetch, attachment: &Attachment) -> Result<()> {
        let payload = json!(Notice::FileTooLarge { number: None, name: attachment.name.clone() });
        let out = Outgoing {
            channel: &to.channel,
            bot: &to.bot,
            chat: &to.chat,
            conversation_id: Some(&to.conversation),
            ticket_id: None,
            message_id: None,
            payload: &payload,
        };
        outbox::queue(tx, &self.desk.clock, &out).await.map(drop)
    }
}
