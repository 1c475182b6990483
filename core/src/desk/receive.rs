//! Receiving: events are durable before anything is acknowledged.
use super::{Desk, Turn};
use crate::inbox::{self, InboxRow, Incoming};
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

    /// What the step of an event starts from: its conversation, made on first contact, and its person.
    pub async fn turn(&self, event: &InboxRow, name: &str, private: bool) -> Result<Turn> {
        let address = event.address();
        let known = match conversation::with_person(&self.db, &address).await? {
            Some(known) => known,
            None => {
                let mut tx = self.db.begin().await?;
                conversation::ensure(&mut tx, &self.clock, &address, name, private).await?;
                tx.commit().await?;
                let made = conversation::with_person(&self.db, &address).await?;
                made.ok_or_else(|| Error::Conflict(format!("the chat {} changed meanwhile", address.chat)))?
            }
        };
        let (conversation, person) = known;
        Ok(Turn { event: event.clone(), conversation, person })
    }
}
