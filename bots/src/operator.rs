//! The operator takes what arrived and answers it: one event, one step, one transaction. Conversations
//! are stepped beside each other, each in its own order, by one node at a time.
mod apologize;
mod carry_out;
mod knowledge;
mod look_up;

use std::collections::HashSet;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use firstline_core::conversation::{self, Address};
use firstline_core::desk::Turn;
use firstline_core::inbox::{self, InboxRow};
use firstline_core::plan::Plan;
use firstline_core::ticket::rows;
use firstline_core::{Desk, Error, Result, Time, plan};
use firstline_kb::Library;
use firstline_kb::catalogue::Catalogue;
use futures_util::FutureExt;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::event::{Envelope, Event};
use crate::step::{self, Context, Dialogue, Reading, TicketRef};
use crate::texts::Lang;

/// Conversations stepped at a time.
const AT_ONCE: usize = 8;
/// Other nodes' arrivals are found by looking.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// A step that lost against another one is tried again from what that one left.
const TRIES: usize = 4;

#[derive(Clone)]
pub struct Operator {
    desk: Desk,
    library: Library,
    catalogue: Catalogue,
}

impl Operator {
    pub fn new(desk: Desk, library: Library) -> Operator {
        let catalogue = Catalogue::new(desk.db.clone(), desk.clock.clone());
        Operator { desk, library, catalogue }
    }

    /// The knowledge it answers from.
    pub fn library(&self) -> &Library {
        &self.library
    }

    /// Steps what arrives until told to stop; steps begun are finished.
    pub async fn run(&self, stop: CancellationToken) {
        let mut busy: HashSet<Address> = HashSet::new();
        let mut steps: JoinSet<Address> = JoinSet::new();
        let mut look = true;
        // More is pending than what is being stepped.
        let mut more = false;
        loop {
            if look {
                more = self.begin_steps(&mut busy, &mut steps).await.unwrap_or_else(|error| {
                    tracing::warn!(%error, "the inbox cannot be read now");
                    true
                });
            }
            look = tokio::select! {
                () = stop.cancelled() => break,
                Some(done) = steps.join_next() => {
                    free(&mut busy, done);
                    more
                }
                () = self.desk.signals.inbox.notified() => true,
                () = tokio::time::sleep(LOOK_EVERY) => true,
            }
        }
        while let Some(done) = steps.join_next().await {
            free(&mut busy, done);
        }
    }

    /// Begins what may begin. True when the end of a step is a reason to look again: what arrives later
    /// tells of itself.
    async fn begin_steps(&self, busy: &mut HashSet<Address>, steps: &mut JoinSet<Address>) -> Result<bool> {
        if busy.len() >= AT_ONCE {
            return Ok(true);
        }
        let heads = inbox::heads(&self.desk.db, self.desk.clock.now(), 4 * AT_ONCE as i64).await?;
        let mut more = false;
        for head in heads {
            let address = head.event.address();
            more |= head.waiting > 1;
            if busy.len() < AT_ONCE && busy.insert(address.clone()) {
                let operator = self.clone();
                steps.spawn(async move {
                    operator.take_safely(&head.event).await;
                    address
                });
            } else {
                more = true;
            }
        }
        Ok(more)
    }

    /// Steps until nothing that is pending is due. What failed is noted and tried again later.
    pub async fn settle(&self) -> Result<()> {
        loop {
            let heads = inbox::heads(&self.desk.db, self.desk.clock.now(), 64).await?;
            if heads.is_empty() {
                return Ok(());
            }
            for head in heads {
                self.take(&head.event).await;
            }
        }
    }

    /// One event; a panic on the way is a failure of this event and of nothing else.
    async fn take_safely(&self, row: &InboxRow) {
        // Nothing of a step outlives it but the store, whose transaction a panic rolls back.
        if let Err(broken) = AssertUnwindSafe(self.take(row)).catch_unwind().await {
            let words = broken.downcast_ref::<&str>().map(|words| (*words).to_string());
            let words = words.or_else(|| broken.downcast_ref::<String>().cloned()).unwrap_or_default();
            let reason = format!("the step broke off: {words}");
            self.note(row, &Error::Inconsistent { table: "inbox", row: row.id.clone(), reason }).await;
        }
    }

    /// One event: stepped, or its failure noted.
    async fn take(&self, row: &InboxRow) {
        if let Err(error) = self.step_in_tries(row).await {
            self.note(row, &error).await;
        }
    }

    async fn note(&self, row: &InboxRow, error: &Error) {
        if let Err(error) = self.note_failure(row, error).await {
            tracing::error!(%error, event = %row.id, "a failed step could not even be noted; it is tried again");
            // The store takes nothing now: asking it again at once would only heat the room.
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    async fn step_in_tries(&self, row: &InboxRow) -> Result<()> {
        for _ in 1..TRIES {
            match self.step(row).await {
                Err(Error::Conflict(reason)) => {
                    tracing::debug!(%reason, event = %row.id, "stepped again");
                    let head = inbox::head_of(&self.desk.db, &row.address()).await?;
                    if head.is_none_or(|head| head.id != row.id) {
                        return Ok(()); // another node has done it
                    }
                }
                other => return other,
            }
        }
        self.step(row).await
    }

    async fn step(&self, row: &InboxRow) -> Result<()> {
        let envelope = readable(row)?;
        let turn = self.desk.turn(row, &envelope.name, envelope.private).await?;
        let ctx = self.context(&turn, &envelope).await?;
        let dialogue = step::recall(&turn.conversation.dialogue.0, &envelope, &ctx);
        let reading = step::read(&dialogue, &envelope, &ctx);
        let facts = self.look_up(&turn, &reading.wants, reading.lang).await?;
        let plan = self.plan(&turn, &dialogue, &reading).await?;
        let outcome = step::respond(&dialogue, &envelope, &reading, &ctx, &facts, &plan);
        self.carry_out(&turn, outcome).await
    }

    /// The plan in force where a report is taken: it decides what is asked and promised.
    async fn plan(&self, turn: &Turn, dialogue: &Dialogue, reading: &Reading) -> Result<Arc<Plan>> {
        let report = dialogue.report();
        if report.is_none() && !reading.wants.products {
            return self.desk.plans.get(plan::DEFAULT);
        }
        let product = report.and_then(|r| r.product.as_deref()).or(turn.person.product.as_deref());
        let words = report.map(|r| r.words()).unwrap_or_default();
        self.desk.plan_for(&turn.person.id, product, &words).await
    }

    async fn context(&self, turn: &Turn, envelope: &Envelope) -> Result<Context> {
        let (person, conversation) = (&turn.person, &turn.conversation);
        Ok(Context {
            now: self.desk.clock.now(),
            received_at: sent_at(turn.event.received_at, envelope),
            token: turn.event.id.chars().take(16).collect(),
            search_id: self.desk.clock.id(),
            channel: conversation.channel.clone(),
            conversation: conversation.id.clone(),
            private: envelope.private,
            site: self.desk.links.public_url.to_string(),
            chosen: person.lang.as_deref().and_then(Lang::known),
            spoken: conversation.lang.as_deref().and_then(Lang::known),
            name: person.name.clone(),
            product: person.product.clone(),
            version: person.version.clone(),
            products: self.catalogue.lately().await,
            replied: self.replied(turn, envelope).await?,
            reachable: conversation.reachable,
        })
    }

    /// The person's own ticket that the answered message is about: one of ours, or their own that is on it.
    /// In a group there is none: nothing of a ticket is shown or changed there.
    async fn replied(&self, turn: &Turn, envelope: &Envelope) -> Result<Option<TicketRef>> {
        let Event::Message { reply_to: Some(external), .. } = &envelope.event else { return Ok(None) };
        if !envelope.private {
            return Ok(None);
        }
        let at = &turn.conversation;
        let db = &self.desk.db;
        let sent = firstline_core::outbox::by_external(db, &at.channel, &at.bot, &at.chat, external).await?;
        let ticket_id = match sent {
            Some(row) => row.ticket_id,
            None => rows::ticket_of_message(db, &at.id, external).await?,
        };
        let Some(ticket_id) = ticket_id else { return Ok(None) };
        let ticket = rows::by_id(db, &ticket_id).await?;
        Ok(ticket.filter(|t| t.person_id == turn.person.id).as_ref().map(TicketRef::from))
    }

    async fn note_failure(&self, row: &InboxRow, error: &Error) -> Result<()> {
        let transient = error.is_transient() || matches!(error, Error::Conflict(_));
        let last = !transient && row.attempts + 1 >= inbox::MAX_ATTEMPTS;
        if last {
            tracing::error!(%error, event = %row.id, channel = %row.channel, chat = %row.chat,
                "an event failed for good; it is kept in the inbox as failed");
        } else {
            tracing::warn!(%error, event = %row.id, channel = %row.channel, attempts = row.attempts + 1,
                "an event could not be stepped; it is tried again");
        }
        inbox::failed(&self.desk.db, &self.desk.clock, row, &error.to_string(), transient).await?;
        if last {
            self.apologize(row).await?;
        }
        Ok(())
    }
}

/// The platform's own time, so that what waited out an outage does not look like a burst; never after the
/// arrival, should its clock be ahead of ours.
fn sent_at(arrived: Time, envelope: &Envelope) -> Time {
    envelope.sent_at.map_or(arrived, |sent| sent.min(arrived))
}

/// The event as the adapters wrote it. PostgreSQL cannot store NUL in a text, so it goes here.
fn readable(row: &InboxRow) -> Result<Envelope> {
    let mut envelope: Envelope =
        serde_json::from_value(row.event.0.clone()).map_err(|e| Error::Inconsistent {
            table: "inbox",
            row: row.id.clone(),
            reason: format!("the event is not readable: {e}"),
        })?;
    if let Event::Message { text, .. } | Event::Edited { text, .. } = &mut envelope.event
        && text.contains('\0')
    {
        *text = text.replace('\0', "");
    }
    Ok(envelope)
}

fn free(busy: &mut HashSet<Address>, done: Result<Address, tokio::task::JoinError>) {
    match done {
        Ok(address) => {
            busy.remove(&address);
        }
        // Only when the runtime shuts down: which one it was is lost, the conversation's version keeps order.
        Err(error) => {
            tracing::warn!(%error, "a step was cut off");
            busy.clear();
        }
    }
}

/// The conversation of an event, when there is one already.
async fn known_conversation(desk: &Desk, row: &InboxRow) -> Result<Option<conversation::Conversation>> {
    conversation::find(&desk.db, &row.address()).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_waited_out_an_outage_keeps_its_own_time() {
        let stored =
            json!({"event": {"type": "returned"}, "name": "王会计", "lang_hint": null, "private": true});
        let mut envelope: Envelope = serde_json::from_value(stored).unwrap();
        let arrived = Time(60_000);
        assert_eq!(sent_at(arrived, &envelope), arrived, "older rows hold no time of the platform");
        envelope.sent_at = Some(Time(5_000));
        assert_eq!(sent_at(arrived, &envelope), Time(5_000));
        envelope.sent_at = Some(Time(70_000));
        assert_eq!(sent_at(arrived, &envelope), arrived);
    }
}
