//! What a customer does on the ticket's own page, outside of a chat: write, say that it works or that
//! it is still broken, rate. The caller has proved that they may (the ticket's signed link).
use super::message::{NewMessage, insert_message};
use super::rate::rate_in;
use super::respond::{MAX_TEXT, required};
use super::{Change, Desk, attention};
use crate::files::{self, FileOffer};
use crate::store::Tx;
use crate::ticket::{self, Actor, Author, Number, Status, Ticket, TimelineEntry, rows};
use crate::{Error, Result};

impl Desk {
    /// The ticket behind a signed link. A wrong key and an unknown number are told alike.
    pub async fn ticket_by_link(&self, number: Number, key: &str) -> Result<Ticket> {
        rows::by_number(&self.db, number)
            .await?
            .filter(|t| crate::secret::same(&self.links.ticket_key(&t.id), key))
            .ok_or_else(|| Error::not_found("ticket", number.to_string()))
    }

    /// Adds the customer's words and files. A resolved or closed ticket reopens, one that waited goes on.
    /// `form_id` is made by the page: the same form sent twice adds one message, while other words from a
    /// page taken back by the browser are a new one.
    pub async fn customer_reply(
        &self,
        number: Number,
        text: &str,
        files: &[FileOffer],
        form_id: &str,
    ) -> Result<()> {
        if !text.trim().is_empty() || files.is_empty() {
            required("text", text, MAX_TEXT)?;
        }
        let (mut tx, mut ticket, actor) = self.as_customer(number).await?;
        let external_id = form_key(form_id, text, files);
        if known(&mut tx, &ticket.id, &external_id).await? {
            return Ok(());
        }
        let message = NewMessage {
            conversation_id: None,
            ticket_id: Some(&ticket.id),
            actor: &actor,
            author: Author::Customer,
            text,
            internal: false,
            external_id: Some(&external_id),
        };
        let message_id = insert_message(&mut tx, &self.clock, &message).await?;
        for offer in files {
            files::insert(&mut tx, &self.clock, &message_id, offer).await?;
        }
        let mut entries =
            vec![TimelineEntry::Message { message_id, author: Author::Customer, internal: false }];
        if ticket.status.is_waiting() || !ticket.status.is_open() {
            entries.push(ticket.status_entry(Status::Open, Some("customer wrote")));
        }
        entries.extend(attention::repeated(&mut tx, &ticket).await?);
        self.save(tx, &mut ticket, &actor, entries).await
    }

    /// "It works": closes. Repeating it changes nothing.
    pub async fn customer_confirms(&self, number: Number) -> Result<()> {
        self.customer_sets(number, Status::Closed, "confirmed by the customer").await
    }

    /// "Still broken": opens again. Repeating it changes nothing.
    pub async fn customer_reopens(&self, number: Number) -> Result<()> {
        self.customer_sets(number, Status::Open, "reopened by the customer").await
    }

    async fn customer_sets(&self, number: Number, status: Status, note: &str) -> Result<()> {
        let (tx, mut ticket, actor) = self.as_customer(number).await?;
        let changes = match status {
            Status::Open => !ticket.status.is_open(),
            other => ticket.status != other,
        };
        if !changes {
            return tx.rollback().await;
        }
        let entry = ticket.status_entry(status, Some(note));
        self.save(tx, &mut ticket, &actor, vec![entry]).await
    }

    /// 1 to 5 stars for the last resolution.
    pub async fn customer_rates(&self, number: Number, stars: i64, comment: Option<&str>) -> Result<()> {
        let (mut tx, mut ticket, actor) = self.as_customer(number).await?;
        let entries = rate_in(self, &mut tx, &ticket, stars, comment).await?;
        self.save(tx, &mut ticket, &actor, entries).await
    }

    async fn as_customer(&self, number: Number) -> Result<(Tx, Ticket, Actor)> {
        let mut tx = self.db.begin().await?;
        let ticket = rows::lock(&mut tx, number)
            .await?
            .ok_or_else(|| Error::not_found("ticket", number.to_string()))?;
        let actor = Actor::Customer(ticket.person_id.clone());
        Ok((tx, ticket, actor))
    }

    async fn save(
        &self,
        mut tx: Tx,
        ticket: &mut Ticket,
        actor: &Actor,
        entries: Vec<TimelineEntry>,
    ) -> Result<()> {
        let plan = self.plan_in(&mut tx, ticket).await?;
        ticket::apply(&mut tx, &self.clock, &plan, ticket, actor, entries).await?;
        tx.commit().await?;
        self.signals.tell(vec![Change::Ticket(ticket.number)]);
        Ok(())
    }
}

async fn known(tx: &mut Tx, ticket_id: &str, external_id: &str) -> Result<bool> {
    let found: Option<String> = on_tx!(tx, c => sqlx::query_scalar(
        "select id from message where ticket_id = $1 and external_id = $2 limit 1")
        .bind(ticket_id).bind(external_id).fetch_optional(c).await)?;
    Ok(found.is_some())
}

fn form_key(form_id: &str, text: &str, files: &[FileOffer]) -> String {
    let hashes = files.iter().filter_map(|f| f.sha256.as_deref());
    let said: Vec<&str> = std::iter::once(text).chain(hashes).collect();
    let digest = crate::secret::sha256_hex(said.join("\n").as_bytes());
    format!("form:{}:{}", form_id.replace('\0', ""), &digest[..16])
}
