//! Receiving: events are durable before anything is acknowledged.
use super::Desk;
use crate::conversation::Conversation;
use crate::inbox::{self, Incoming};
use crate::{Result, conversation, crash};

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
            new += usize::from(inbox::insert(&mut tx, &self.clock, event).await?);
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
