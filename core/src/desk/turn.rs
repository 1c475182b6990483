//! One turn of a conversation: everything one event causes, in one transaction.
use serde_json::{Value, json};

use super::message::{NewMessage, insert_message};
use super::open::open_ticket;
use super::rate::rate_in;
use super::{Change, Desk, Notice, attention};
use crate::conversation::{self, Conversation};
use crate::files::{self, AttachmentState, FileOffer};
use crate::inbox::{self, InboxRow};
use crate::jobs;
use crate::outbox::{self, Outgoing};
use crate::people::{self, Person, Profile};
use crate::store::Tx;
use crate::ticket::service::{AttentionWhy, placement_in};
use crate::ticket::{self, Actor, Author, NewTicket, Number, Status, Ticket, TimelineEntry, rows};
use crate::{Error, Result, Time, crash};

/// What a step starts from.
#[derive(Clone, Debug)]
pub struct Turn {
    pub event: InboxRow,
    pub conversation: Conversation,
    pub person: Person,
}

/// A ticket just opened, with its promises and the customer's link.
#[derive(Clone, Debug)]
pub struct Opened {
    pub ticket: Ticket,
    pub clocks: Vec<crate::clocks::ClockReading>,
    /// Outside the plan's hours: when somebody is there next.
    pub next_opening: Option<Time>,
    /// Who is on duty and hears of it now; empty within the hours, or when it can wait.
    pub on_duty: Vec<String>,
    pub link: String,
    /// What the customer is owed; `None` where their organisation is not known.
    pub entitlement: Option<crate::entitlement::Entitlement>,
}

/// The open transaction of a turn. Dropped without `finish`, nothing happened.
pub struct TurnTx {
    desk: Desk,
    tx: Tx,
    conversation: Conversation,
    event_id: String,
    changes: Vec<Change>,
    reachable: bool,
    /// A job was enqueued that is due now.
    jobs: bool,
}

impl Desk {
    /// Begins the transaction of a turn.
    pub async fn begin_turn(&self, turn: &Turn) -> Result<TurnTx> {
        Ok(TurnTx {
            desk: self.clone(),
            tx: self.db.begin().await?,
            conversation: turn.conversation.clone(),
            event_id: turn.event.id.clone(),
            changes: Vec::new(),
            reachable: true,
            jobs: false,
        })
    }
}

impl TurnTx {
    /// For rows that belong to another room but must commit with the turn.
    pub fn tx(&mut self) -> &mut Tx {
        &mut self.tx
    }

    pub fn now(&self) -> Time {
        self.desk.clock.now()
    }

    /// Writes what the customer said into the transcript, with their files. Gives the message id.
    pub async fn heard(
        &mut self,
        text: &str,
        external_id: Option<&str>,
        files: &[FileOffer],
    ) -> Result<String> {
        let actor = Actor::Customer(self.conversation.person_id.clone());
        let message = NewMessage {
            conversation_id: Some(&self.conversation.id),
            ticket_id: None,
            actor: &actor,
            author: Author::Customer,
            text,
            internal: false,
            external_id,
        };
        let id = insert_message(&mut self.tx, &self.desk.clock, &message).await?;
        for offer in files {
            self.attach(&id, offer).await?;
        }
        Ok(id)
    }

    async fn attach(&mut self, message_id: &str, offer: &FileOffer) -> Result<()> {
        let attachment = files::insert(&mut self.tx, &self.desk.clock, message_id, offer).await?;
        match attachment.state {
            AttachmentState::Waiting => self.fetch_later(&attachment.id).await,
            // Known from the announcement: its bytes will never come, so its sender must hear it now.
            AttachmentState::TooLarge => self.tell_too_large(attachment.name).await,
            AttachmentState::Stored | AttachmentState::Failed => Ok(()),
        }
    }

    async fn fetch_later(&mut self, attachment_id: &str) -> Result<()> {
        let data = json!({
            "attachment": attachment_id, "channel": self.conversation.channel, "bot": self.conversation.bot,
            "chat": self.conversation.chat, "conversation": self.conversation.id,
        });
        let clock = &self.desk.clock;
        self.jobs = true;
        jobs::enqueue(&mut self.tx, clock, jobs::FETCH_FILE, attachment_id, &data, clock.now()).await
    }

    async fn tell_too_large(&mut self, name: String) -> Result<()> {
        let notice = Notice::FileTooLarge { number: None, name };
        let payload = serde_json::to_value(&notice).map_err(|e| Error::invalid("notice", e.to_string()))?;
        self.signal(&payload).await
    }

    /// Adds a late sibling of an album to the message it belongs to.
    pub async fn add_files(&mut self, message_external_id: &str, files: &[FileOffer]) -> Result<bool> {
        let Some((id, _, _)) = self.find_message(message_external_id).await? else { return Ok(false) };
        for offer in files {
            self.attach(&id, offer).await?;
        }
        Ok(true)
    }

    /// Writes what the bot says into the transcript (`text`, plain) and queues `payload` for this chat.
    /// With a ticket, a reply to this message belongs to that ticket.
    pub async fn say(&mut self, text: &str, payload: &Value, ticket_id: Option<&str>) -> Result<String> {
        let message = NewMessage {
            conversation_id: Some(&self.conversation.id),
            ticket_id: None,
            actor: &Actor::System,
            author: Author::Bot,
            text,
            internal: false,
            external_id: None,
        };
        let message_id = insert_message(&mut self.tx, &self.desk.clock, &message).await?;
        let out = Outgoing {
            channel: &self.conversation.channel,
            bot: &self.conversation.bot,
            chat: &self.conversation.chat,
            conversation_id: Some(&self.conversation.id),
            ticket_id,
            message_id: Some(&message_id),
            payload,
        };
        let id = outbox::queue(&mut self.tx, &self.desk.clock, &out).await?;
        self.changed_chat();
        Ok(id)
    }

    /// Queues something that is no message: an acknowledged button, a retracted keyboard.
    pub async fn signal(&mut self, payload: &Value) -> Result<()> {
        let out = Outgoing {
            channel: &self.conversation.channel,
            bot: &self.conversation.bot,
            chat: &self.conversation.chat,
            conversation_id: Some(&self.conversation.id),
            ticket_id: None,
            message_id: None,
            payload,
        };
        outbox::queue(&mut self.tx, &self.desk.clock, &out).await?;
        self.changed_chat();
        Ok(())
    }

    fn changed_chat(&mut self) {
        let (channel, chat) = (self.conversation.channel.clone(), self.conversation.chat.clone());
        self.changes.push(Change::Chat { channel, chat });
    }

    /// Opens a ticket holding `text`, with the files of the transcript messages in `with_messages`
    /// (their ids), which move onto the ticket. When one of these says exactly `text` it is the ticket's
    /// message itself: there is no copy, and a later edit of it shows on the ticket.
    pub async fn open_ticket(
        &mut self,
        new: &NewTicket,
        text: &str,
        with_messages: &[String],
    ) -> Result<Opened> {
        let actor = Actor::Customer(new.person_id.clone());
        let copy = if self.any_says(with_messages, text).await? { None } else { Some(text) };
        let opened = open_ticket(&self.desk, &mut self.tx, new, copy, &actor).await?;
        for id in with_messages {
            self.move_to_ticket(id, &opened.ticket.id).await?;
        }
        self.changes.push(Change::Ticket(opened.ticket.number));
        Ok(opened)
    }

    async fn any_says(&mut self, message_ids: &[String], text: &str) -> Result<bool> {
        for id in message_ids {
            let free: Option<String> = on_tx!(&mut self.tx, c => sqlx::query_scalar(
                "select text from message where id = $1 and conversation_id = $2 and ticket_id is null")
                .bind(id).bind(&self.conversation.id).fetch_optional(c).await)?;
            if free.as_deref() == Some(text) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// False when the message lies on a ticket already.
    async fn move_to_ticket(&mut self, message_id: &str, ticket_id: &str) -> Result<bool> {
        let moved = on_tx!(&mut self.tx, c => sqlx::query(
            "update message set ticket_id = $2 where id = $1 and conversation_id = $3 and ticket_id is null")
            .bind(message_id).bind(ticket_id).bind(&self.conversation.id).execute(c).await.map(|done| done.rows_affected()))?;
        Ok(moved == 1)
    }

    /// Puts a transcript message onto one of this person's tickets. A resolved or closed ticket reopens,
    /// one that waited, for the customer or for a third party, goes on. A message that lies on a ticket stays there; that ticket is given.
    pub async fn add_to_ticket(&mut self, number: Number, message_id: &str) -> Result<Ticket> {
        let mut ticket = self.own_ticket(number).await?;
        if !self.move_to_ticket(message_id, &ticket.id).await? {
            return self.ticket_with(message_id).await;
        }
        let mut entries = vec![TimelineEntry::Message {
            message_id: message_id.to_string(),
            author: Author::Customer,
            internal: false,
        }];
        if ticket.status.is_waiting() || !ticket.status.is_open() {
            entries.push(ticket.status_entry(Status::Open, Some("customer wrote")));
        }
        entries.extend(attention::repeated(&mut self.tx, &ticket).await?);
        self.apply(&mut ticket, entries).await?;
        Ok(ticket)
    }

    /// Puts a transcript message onto one of this person's tickets and leaves its status: thanks for a
    /// solved one do not reopen it.
    pub async fn note_on_ticket(&mut self, number: Number, message_id: &str) -> Result<Ticket> {
        let mut ticket = self.own_ticket(number).await?;
        if !self.move_to_ticket(message_id, &ticket.id).await? {
            return self.ticket_with(message_id).await;
        }
        let message_id = message_id.to_string();
        let entry = TimelineEntry::Message { message_id, author: Author::Customer, internal: false };
        self.apply(&mut ticket, vec![entry]).await?;
        Ok(ticket)
    }

    async fn ticket_with(&mut self, message_id: &str) -> Result<Ticket> {
        let found = on_tx!(&mut self.tx, c => sqlx::query_as(
            "select t.* from ticket t join message m on m.ticket_id = t.id where m.id = $1 and m.conversation_id = $2")
            .bind(message_id).bind(&self.conversation.id).fetch_optional(c).await)?;
        found.ok_or_else(|| Error::not_found("message", message_id))
    }

    /// The customer disagrees with the level: their words go onto the ticket, and somebody is to look at it.
    pub async fn contest(&mut self, number: Number, message_id: &str, words: &str) -> Result<Ticket> {
        let mut ticket = self.own_ticket(number).await?;
        let mut entries = Vec::new();
        if self.move_to_ticket(message_id, &ticket.id).await? {
            let message_id = message_id.to_string();
            entries.push(TimelineEntry::Message { message_id, author: Author::Customer, internal: false });
        }
        if ticket.status.is_waiting() {
            entries.push(ticket.status_entry(Status::Open, None));
        }
        entries.push(TimelineEntry::Contested { words: words.to_string() });
        if ticket.status.is_open() {
            let mut placement = placement_in(&mut self.tx, &ticket.id).await?;
            let why = AttentionWhy::Contested;
            entries.push(attention::raise(&mut self.tx, &ticket, &mut placement, why).await?);
        }
        self.apply(&mut ticket, entries).await?;
        Ok(ticket)
    }

    /// The customer says that it still does not work.
    pub async fn reopen(&mut self, number: Number) -> Result<Ticket> {
        let mut ticket = self.own_ticket(number).await?;
        if !ticket.status.is_open() {
            let entry = ticket.status_entry(Status::Open, Some("reopened by the customer"));
            self.apply(&mut ticket, vec![entry]).await?;
        }
        Ok(ticket)
    }

    /// The customer says that it works: the ticket is closed.
    pub async fn confirm_solved(&mut self, number: Number) -> Result<Ticket> {
        let mut ticket = self.own_ticket(number).await?;
        if ticket.status != Status::Closed {
            let entry = ticket.status_entry(Status::Closed, Some("confirmed by the customer"));
            self.apply(&mut ticket, vec![entry]).await?;
        }
        Ok(ticket)
    }

    /// One rating per resolution; a second answer to the same question replaces the stars.
    pub async fn rate(&mut self, number: Number, stars: i64, comment: Option<&str>) -> Result<Ticket> {
        let mut ticket = self.own_ticket(number).await?;
        let entries = rate_in(&self.desk, &mut self.tx, &ticket, stars, comment).await?;
        self.apply(&mut ticket, entries).await?;
        Ok(ticket)
    }

    /// Records a new wording of an earlier message; the old one stays as a revision. False when the
    /// message is not known or its words are the same.
    pub async fn edit(&mut self, external_id: &str, text: &str) -> Result<bool> {
        let Some((id, old, ticket_id)) = self.find_message(external_id).await? else { return Ok(false) };
        if old == text {
            return Ok(false);
        }
        let now = self.desk.clock.now();
        let revision: i64 = on_tx!(&mut self.tx, c => sqlx::query_scalar(
            "insert into message_revision (message_id, n, text, at) \
             select id, (select count(*) from message_revision r where r.message_id = $1) + 1, text, coalesce(edited_at, created_at) \
             from message where id = $1 returning n").bind(&id).fetch_one(c).await)?;
        on_tx!(&mut self.tx, c => sqlx::query("update message set text = $2, edited_at = $3 where id = $1")
            .bind(&id).bind(text).bind(now).execute(c).await.map(drop))?;
        if let Some(number) = self.number_of(ticket_id.as_deref()).await? {
            let mut ticket = self.own_ticket(number).await?;
            self.apply(&mut ticket, vec![TimelineEntry::Edited { message_id: id, revision }]).await?;
        }
        Ok(true)
    }

    async fn find_message(&mut self, external_id: &str) -> Result<Option<(String, String, Option<String>)>> {
        let found = on_tx!(&mut self.tx, c => sqlx::query_as(
            "select id, text, ticket_id from message where conversation_id = $1 and external_id = $2 order by id desc limit 1")
            .bind(&self.conversation.id).bind(external_id).fetch_optional(c).await)?;
        Ok(found)
    }

    async fn number_of(&mut self, ticket_id: Option<&str>) -> Result<Option<Number>> {
        let Some(id) = ticket_id else { return Ok(None) };
        let number = on_tx!(&mut self.tx, c => sqlx::query_scalar("select number from ticket where id = $1")
            .bind(id).fetch_optional(c).await)?;
        Ok(number)
    }

    /// A ticket of this conversation's person, locked. Another's is `NotFound`, as a missing one is.
    async fn own_ticket(&mut self, number: Number) -> Result<Ticket> {
        rows::lock(&mut self.tx, number)
            .await?
            .filter(|t| t.person_id == self.conversation.person_id)
            .ok_or_else(|| Error::not_found("ticket", number.to_string()))
    }

    async fn apply(&mut self, ticket: &mut Ticket, entries: Vec<TimelineEntry>) -> Result<()> {
        let plan = self.desk.plan_in(&mut self.tx, ticket).await?;
        let actor = Actor::Customer(self.conversation.person_id.clone());
        ticket::apply(&mut self.tx, &self.desk.clock, &plan, ticket, &actor, entries).await?;
        self.changes.push(Change::Ticket(ticket.number));
        Ok(())
    }

    pub async fn remember(&mut self, profile: &Profile) -> Result<()> {
        people::remember(&mut self.tx, &self.conversation.person_id, profile).await
    }

    /// The user blocked or left the bot: what is queued for them ends as `blocked`.
    pub async fn unreachable(&mut self, why: &str) -> Result<()> {
        let c = &self.conversation;
        outbox::block_chat(&mut self.tx, &c.channel, &c.bot, &c.chat, why).await?;
        conversation::set_reachable(&mut self.tx, &c.channel, &c.bot, &c.chat, false).await?;
        self.reachable = false;
        Ok(())
    }

    /// The user is back: what happened on their tickets meanwhile is sent after all.
    pub async fn reachable_again(&mut self) -> Result<()> {
        let c = &self.conversation;
        outbox::requeue_blocked(&mut self.tx, &self.desk.clock, &c.channel, &c.bot, &c.chat).await?;
        self.reachable = true;
        Ok(())
    }

    /// Saves the dialogue, marks the event done and commits. `Conflict` when another step was faster:
    /// then nothing happened here.
    pub async fn finish(mut self, dialogue: &Value, lang: Option<&str>) -> Result<()> {
        if !inbox::done(&mut self.tx, &self.desk.clock, &self.event_id).await? {
            return Err(Error::Conflict(format!("event {} was stepped meanwhile", self.event_id)));
        }
        conversation::save(
            &mut self.tx,
            &self.desk.clock,
            &self.conversation,
            dialogue,
            lang,
            self.reachable,
        )
        .await?;
        self.tx.commit().await?;
        crash::point("after_turn_commit");
        if self.jobs {
            self.desk.signals.jobs.notify_one();
        }
        self.desk.signals.tell(self.changes);
        Ok(())
    }
}
