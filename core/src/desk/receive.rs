//! Receiving: events are durable before anything is acknowledged.
use super::Desk;
use crate::conversation::Conversation;
use crate::inbox::{self, Incoming};
use crate::store::Tx;
use crate::{Error, Result, conversation, crash};

impl Desk {
    /// Stores events that arrived together, and how far the channel was read (`(name, value)`), in one
    /// transaction. Gives how many were new; the others had been stored before. After it returns the
    /// caller may acknowledge.
    pub async fn receive(
        &self,
        events: &[Incoming],
        cursor: Option<(&str, &str, &str, &str)>,
    ) -> Result<usize> {
        let mut tx = self.db.begin().await?;
        let mut new = 0;
        for event in events {
            if inbox::insert(&mut tx, &self.clock, event).await? {
                new += 1;
                self.begin_conversation(&mut tx, event).await?;
            }
        }
        if let Some((channel, bot, name, value)) = cursor {
            inbox::set_cursor(&mut tx, channel, bot, name, value).await?;
        }
        tx.commit().await?;
        crash::point("after_inbox_commit");
        if new > 0 {
            self.signals.inbox.notify_one();
        }
        Ok(new)
    }

    /// On first contact the conversation begins with the event: one commit less before the answer.
    async fn begin_conversation(&self, tx: &mut Tx, event: &Incoming) -> Result<()> {
        let Some(by) = &event.sent_by else { return Ok(()) };
        match conversation::ensure(tx, &self.clock, &event.address, &by.name, by.private).await {
            // Another node began it in the same instant: the step will find it.
            Ok(_) | Err(Error::Conflict(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// The conversation an event belongs to, made on first contact.
    pub async fn conversation(
        &self,
        event: &inbox::InboxRow,
        name: &str,
        private: bool,
    ) -> Result<Conversation> {
        if let Some(found) = conversation::find(&self.db, &event.address()).await? {
            return Ok(found);
        }
        let mut tx = self.db.begin().await?;
        let made = conversation::ensure(&mut tx, &self.clock, &event.address(), name, private).await?;
        tx.commit().await?;
        Ok(made)
    }
}
