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
use crate::sender::FetchError;

/// The platform had so many chances; below the jobs' own limit, so that the attachment's state tells.
const LAST_ATTEMPT: i64 = 10;

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
            return self.finish(job, None).await; // settled before, or gone
        };
        let carrier = self.carriers.get(fetch.channel.as_str());
        let Some(carrier) = carrier.filter(|c| c.bot().is_some_and(|bot| bot == fetch.bot)) else {
            return Err(Error::Unavailable(format!("the bot of {} is not connected", fetch.channel)));
        };
        match carrier.fetch(&attachment.source.0, MAX_BYTES).await {
            Ok(bytes) => {
                let size = bytes.len() as i64;
                let sha256 = self.desk.files.put(bytes).await?;
                self.settle(job, &attachment, AttachmentState::Stored, Some((&sha256, size)), None).await
            }
            Err(FetchError::TooLarge) => {
                self.settle(job, &attachment, AttachmentState::TooLarge, None, Some(&fetch)).await
            }
            Err(FetchError::Gone(why)) => self.give_up(job, &attachment, &why).await,
            Err(FetchError::Transient(why)) if job.attempts >= LAST_ATTEMPT => {
                self.give_up(job, &attachment, &why).await
            }
            Err(FetchError::Transient(why)) => Err(Error::Unavailable(why)),
        }
    }

    async fn give_up(&self, job: &Job, attachment: &Attachment, why: &str) -> Result<()> {
        tracing::error!(attachment_id = attachment.id, reason = why, "a file cannot be fetched");
        self.settle(job, attachment, AttachmentState::Failed, None, None).await
    }

    /// Records the end of it; `tell` says where to send word that the file was too large.
    async fn settle(
        &self,
        job: &Job,
        attachment: &Attachment,
        state: AttachmentState,
        stored: Option<(&str, i64)>,
        tell: Option<&Fetch>,
    ) -> Result<()> {
        let mut tx = self.desk.db.begin().await?;
        files::settle(&mut tx, &attachment.id, state, stored).await?;
        if let Some(to) = tell {
            self.tell_too_large(&mut tx, to, attachment).await?;
        }
        self.finish(job, Some(tx)).await
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

    async fn finish(&self, job: &Job, tx: Option<Tx>) -> Result<()> {
        let mut tx = match tx {
            Some(tx) => tx,
            None => self.desk.db.begin().await?,
        };
        jobs::done(&mut tx, &self.desk.clock, &job.id).await?;
        tx.commit().await?;
        // Wakes senders, and pages that show the file.
        self.desk.committed(&[]);
        Ok(())
    }
}
