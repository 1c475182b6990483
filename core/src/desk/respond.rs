//! What staff and programs do to tickets: open one for somebody, answer, note, set status and
//! severity, assign. Customers hear of it in their chat.
use super::message::{NewMessage, insert_message};
use super::notify::notify;
use super::open::open_ticket;
use super::{Change, Desk, Notice, NoticeFile, Opened};
use crate::clocks::ClockReading;
use crate::plan::Milestone;
use crate::severity::{Assessment, Reason, Situation};
use crate::store::Tx;
use crate::ticket::{self, Actor, Kind, NewTicket, Number, Packet, Status, Ticket, TimelineEntry, rows};
use crate::{Error, Result, files, people, staff};

/// A request that did not come through a chat.
#[derive(Clone, Debug)]
pub struct NewRequest {
    pub title: String,
    pub text: String,
    pub kind: Kind,
    pub product: Option<String>,
    pub version: Option<String>,
    pub situation: Situation,
    pub customer_name: String,
    pub customer_email: String,
}

/// What to change on a ticket; `None` leaves it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Patch {
    pub status: Option<Status>,
    pub severity: Option<u8>,
    /// Required with `severity`; kept with a status, too.
    pub reason: Option<String>,
    /// `Some(None)` takes the ticket from whoever has it.
    pub assignee: Option<Option<String>>,
}

/// An answer to the customer or an internal note.
#[derive(Clone, Debug, Default)]
pub struct Reply {
    pub text: String,
    pub internal: bool,
    /// Set together with the answer, such as `waiting_for_customer`.
    pub status: Option<Status>,
    pub files: Vec<files::FileOffer>,
}

/// The longest text taken in one message.
pub(super) const MAX_TEXT: usize = 20_000;

impl Desk {
    /// Opens a ticket in `tx` for a person known by e-mail address.
    /// The customer is the author of the report, whichever program passed it on.
    pub async fn open_request(&self, tx: &mut Tx, new: &NewRequest) -> Result<Opened> {
        required("title", &new.title, 200)?;
        required("text", &new.text, MAX_TEXT)?;
        let person = people::of_email(tx, &self.clock, &new.customer_email, &new.customer_name).await?;
        let ticket = NewTicket {
            kind: new.kind,
            title: new.title.clone(),
            product: new.product.clone(),
            product_version: new.version.clone(),
            situation: new.situation,
            channel: "api".into(),
            conversation_id: None,
            person_id: person.id.clone(),
            packet: Packet::default(),
        };
        open_ticket(self, tx, &ticket, Some(&new.text), &Actor::Customer(person.id)).await
    }

    /// Tells the process that a transaction with these tickets committed.
    pub fn committed(&self, numbers: &[Number]) {
        self.signals.tell(numbers.iter().map(|&n| Change::Ticket(n)).collect());
    }

    /// Tells the process what `reply_in` changed, after the commit.
    pub fn tell(&self, changes: Vec<Change>) {
        self.signals.tell(changes);
    }

    /// Writes an answer (sent into the customer's chat) or an internal note. The first answer makes a
    /// new ticket open and assigns it to its writer. Gives the message id.
    pub async fn reply(&self, number: Number, actor: &Actor, reply: &Reply) -> Result<String> {
        let mut tx = self.db.begin().await?;
        let (id, changes) = self.reply_in(&mut tx, number, actor, reply).await?;
        tx.commit().await?;
        self.signals.tell(changes);
        Ok(id)
    }

    /// As `reply`, inside a transaction of the caller, who tells the changes after its commit.
    pub async fn reply_in(
        &self,
        tx: &mut Tx,
        number: Number,
        actor: &Actor,
        reply: &Reply,
    ) -> Result<(String, Vec<Change>)> {
        required("text", &reply.text, MAX_TEXT)?;
        let mut ticket = locked(tx, number).await?;
        let author = actor.author();
        let message = NewMessage {
            conversation_id: ticket.conversation_id.as_deref().filter(|_| !reply.internal),
            ticket_id: Some(&ticket.id),
            actor,
            author,
            text: &reply.text,
            internal: reply.internal,
            external_id: None,
        };
        let message_id = insert_message(tx, &self.clock, &message).await?;
        let mut sent_files = Vec::new();
        for offer in &reply.files {
            let a = files::insert(tx, &self.clock, &message_id, offer).await?;
            if let Some(sha256) = a.sha256 {
                sent_files.push(NoticeFile {
                    attachment_id: a.id,
                    name: a.name,
                    mime: a.mime,
                    sha256,
                    size: a.size,
                });
            }
        }
        let mut entries =
            vec![TimelineEntry::Message { message_id: message_id.clone(), author, internal: reply.internal }];
        if !reply.internal {
            if let (None, Actor::Staff(id)) = (&ticket.assignee_id, actor) {
                entries.push(TimelineEntry::Assigned { from: None, to: Some(id.clone()) });
            }
            let next = reply.status.or((ticket.status == Status::New).then_some(Status::Open));
            if let Some(next) = next.filter(|s| *s != ticket.status) {
                entries.push(ticket.status_entry(next, None));
            }
        }
        self.apply(tx, &mut ticket, actor, entries).await?;
        let mut changes = vec![Change::Ticket(number)];
        if !reply.internal {
            let notice = Notice::StaffReply {
                number,
                title: ticket.title.clone(),
                text: reply.text.clone(),
                staff: name_of(tx, actor).await?,
                files: sent_files,
            };
            changes.extend(notify(self, tx, &ticket, Some(&message_id), &notice).await?);
            if reply.status == Some(Status::Resolved) {
                changes.extend(self.tell_status(tx, &ticket, None).await?);
            }
        }
        Ok((message_id, changes))
    }

    /// Changes status, severity or assignee.
    pub async fn patch(&self, number: Number, actor: &Actor, patch: &Patch) -> Result<Ticket> {
        let mut tx = self.db.begin().await?;
        let mut ticket = locked(&mut tx, number).await?;
        let levels = self.plan_in(&mut tx, &ticket).await?.levels();
        let entries = patch_entries(&mut tx, &ticket, &levels, patch).await?;
        let readings = self.apply(&mut tx, &mut ticket, actor, entries.clone()).await?;
        let mut changes = vec![Change::Ticket(number)];
        for entry in &entries {
            changes.extend(self.tell_entry(&mut tx, &ticket, entry, &readings).await?);
        }
        tx.commit().await?;
        self.signals.tell(changes);
        Ok(ticket)
    }

    async fn tell_entry(
        &self,
        tx: &mut Tx,
        ticket: &Ticket,
        entry: &TimelineEntry,
        readings: &[ClockReading],
    ) -> Result<Option<Change>> {
        match entry {
            TimelineEntry::Status { to, note, .. } if *to != Status::Open => {
                self.tell_status(tx, ticket, note.clone()).await
            }
            TimelineEntry::Severity { to, .. } => {
                let resolve =
                    readings.iter().find(|r| r.milestone == Milestone::Resolve && r.met_at.is_none());
                let notice = Notice::Severity {
                    number: ticket.number,
                    title: ticket.title.clone(),
                    severity: to.clone(),
                    resolve_due: resolve.map(|r| r.due_at),
                };
                notify(self, tx, ticket, None, &notice).await
            }
            _ => Ok(None),
        }
    }

    async fn tell_status(
        &self,
        tx: &mut Tx,
        ticket: &Ticket,
        note: Option<String>,
    ) -> Result<Option<Change>> {
        let notice = Notice::Status {
            number: ticket.number,
            title: ticket.title.clone(),
            status: ticket.status,
            note,
        };
        notify(self, tx, ticket, None, &notice).await
    }

    async fn apply(
        &self,
        tx: &mut Tx,
        ticket: &mut Ticket,
        actor: &Actor,
        entries: Vec<TimelineEntry>,
    ) -> Result<Vec<ClockReading>> {
        let plan = self.plan_in(tx, ticket).await?;
        ticket::apply(tx, &self.clock, &plan, ticket, actor, entries).await
    }
}

async fn locked(tx: &mut Tx, number: Number) -> Result<Ticket> {
    rows::lock(tx, number).await?.ok_or_else(|| Error::not_found("ticket", number.to_string()))
}

pub(super) fn required(field: &str, text: &str, max: usize) -> Result<()> {
    if text.contains('\0') {
        return Err(Error::invalid(field, "must not contain U+0000"));
    }
    match text.trim().chars().count() {
        0 => Err(Error::invalid(field, "must not be empty")),
        n if n > max => Err(Error::invalid(field, format!("has {n} characters, at most {max} are taken"))),
        _ => Ok(()),
    }
}

/// What a patch changes, read in the same transaction: a second connection could wait for this one.
async fn patch_entries(
    tx: &mut Tx,
    ticket: &Ticket,
    levels: &[u8],
    patch: &Patch,
) -> Result<Vec<TimelineEntry>> {
    let mut entries = Vec::new();
    if let Some(level) = patch.severity.filter(|l| i64::from(*l) != ticket.severity) {
        if !levels.contains(&level) {
            return Err(Error::invalid("severity", format!("must be 1 to {}", levels.len())));
        }
        let note = patch.reason.clone().filter(|r| !r.trim().is_empty());
        let note = note.ok_or_else(|| Error::invalid("reason", "is required to change the severity"))?;
        let to = Assessment { level, reason: Reason::Staff { note } };
        entries.push(TimelineEntry::Severity { from: ticket.severity as u8, to });
    }
    if let Some(assignee) = patch.assignee.clone().filter(|a| *a != ticket.assignee_id) {
        if let Some(id) = &assignee {
            staff::by_id_in(tx, id)
                .await?
                .ok_or_else(|| Error::invalid("assignee", "is nobody of the staff"))?;
        }
        entries.push(TimelineEntry::Assigned { from: ticket.assignee_id.clone(), to: assignee });
    }
    if let Some(status) = patch.status.filter(|s| *s != ticket.status) {
        if status == Status::New {
            return Err(Error::invalid("status", "a ticket cannot become new again"));
        }
        entries.push(ticket.status_entry(status, patch.reason.as_deref()));
    }
    Ok(entries)
}

async fn name_of(tx: &mut Tx, actor: &Actor) -> Result<Option<String>> {
    match actor {
        Actor::Staff(id) => Ok(staff::by_id_in(tx, id).await?.map(|s| s.name)),
        _ => Ok(None),
    }
}
