//! What pages and the API show of a ticket, read together.
use std::collections::HashMap;

use super::{Desk, Opened};
use crate::files::Attachment;
use crate::outbox::{self, OutboxRow};
use crate::people::{self, Person};
use crate::staff::{self, Staff};
use crate::store::Tx;
use crate::ticket::belonging::{self, Belonging};
use crate::ticket::{ClockRow, Message, MessageRevision, Number, Ticket, TimelineRow, rows};
use crate::{Error, Result};

/// A ticket with everything that hangs on it.
#[derive(Clone, Debug)]
pub struct TicketView {
    pub ticket: Ticket,
    pub person: Person,
    pub assignee: Option<Staff>,
    pub clocks: Vec<ClockRow>,
    pub messages: Vec<Message>,
    /// By message id.
    pub revisions: HashMap<String, Vec<MessageRevision>>,
    /// By message id.
    pub attachments: HashMap<String, Vec<Attachment>>,
    pub timeline: Vec<TimelineRow>,
    pub outbox: Vec<OutboxRow>,
    pub rating: Option<i64>,
    /// Customer, contract, what is covered, group.
    pub belonging: Belonging,
}

impl Desk {
    /// The view of a ticket just opened in `tx`, before it is committed: what an idempotent answer keeps.
    pub async fn opened_view(&self, tx: &mut Tx, opened: &Opened) -> Result<TicketView> {
        let ticket = opened.ticket.clone();
        let person = people::by_id_in(tx, &ticket.person_id).await?.ok_or_else(|| no_person(&ticket))?;
        let clocks = opened.clocks.iter().map(|r| ClockRow {
            ticket_id: ticket.id.clone(),
            milestone: r.milestone,
            target: r.target.to_string(),
            target_seconds: r.target_seconds,
            calendar: r.calendar.clone(),
            due_at: r.due_at,
            state: r.state,
            paused: r.paused,
            met_at: r.met_at,
            breached_at: r.breached_at,
            breached_by_seconds: r.breached_by_seconds,
            applies: r.applies,
        });
        Ok(TicketView {
            clocks: clocks.collect(),
            messages: rows::messages_in(tx, &ticket.id).await?,
            timeline: rows::timeline_in(tx, &ticket.id).await?,
            outbox: Vec::new(),
            rating: None,
            belonging: belonging::of_in(tx, &ticket.id).await?,
            person,
            assignee: None,
            revisions: HashMap::new(),
            attachments: HashMap::new(),
            ticket,
        })
    }

    pub async fn ticket(&self, number: Number) -> Result<TicketView> {
        let ticket = rows::by_number(&self.db, number)
            .await?
            .ok_or_else(|| Error::not_found("ticket", number.to_string()))?;
        let person = people::by_id(&self.db, &ticket.person_id).await?.ok_or_else(|| no_person(&ticket))?;
        let assignee = match &ticket.assignee_id {
            Some(id) => staff::by_id(&self.db, id).await?,
            None => None,
        };
        let mut revisions: HashMap<String, Vec<MessageRevision>> = HashMap::new();
        for r in rows::revisions(&self.db, &ticket.id).await? {
            revisions.entry(r.message_id.clone()).or_default().push(r);
        }
        let mut attachments: HashMap<String, Vec<Attachment>> = HashMap::new();
        for a in rows::attachments(&self.db, &ticket.id).await? {
            attachments.entry(a.message_id.clone().unwrap_or_default()).or_default().push(a);
        }
        Ok(TicketView {
            clocks: rows::clocks(&self.db, &ticket.id).await?,
            messages: rows::messages(&self.db, &ticket.id).await?,
            timeline: rows::timeline(&self.db, &ticket.id).await?,
            outbox: outbox::of_ticket(&self.db, &ticket.id).await?,
            rating: rows::rating(&self.db, &ticket.id).await?,
            belonging: belonging::of(&self.db, &ticket.id).await?,
            person,
            assignee,
            revisions,
            attachments,
            ticket,
        })
    }
}

fn no_person(ticket: &Ticket) -> Error {
    Error::Inconsistent {
        table: "ticket",
        row: ticket.number.to_string(),
        reason: "its person does not exist".into(),
    }
}
