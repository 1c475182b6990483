//! P3-06: an individual change has an estimate and a price that the customer accepts or declines before
//! any work on it.
use serde::Serialize;
use sqlx::FromRow;

use crate::customers::text_of;
use crate::desk::place::service;
use crate::desk::{Desk, Notice};
use crate::store::Db;
use crate::ticket::service::Service;
use crate::ticket::{Actor, Number};
use crate::{Error, Result, Time};

#[derive(Clone, Debug, FromRow, Serialize)]
pub struct QuoteRow {
    pub id: String,
    pub days: i64,
    pub cents: i64,
    pub currency: String,
    pub note: String,
    /// `offered`, `accepted`, `declined` or `replaced`.
    pub state: String,
    pub offered_at: Time,
    pub decided_by: Option<String>,
    pub decided_at: Option<Time>,
}

impl Desk {
    /// Offers an estimate in working days and a price; an earlier open one is replaced. Gives its id.
    pub async fn offer_quote(
        &self,
        number: Number,
        actor: &Actor,
        (days, cents, currency): (i64, i64, &str),
        note: &str,
    ) -> Result<String> {
        let note = text_of("note", note, 2000)?;
        if !(1..=1000).contains(&days) {
            return Err(Error::invalid("days", "must be 1 to 1000"));
        }
        if !(0..=100_000_000_000).contains(&cents) {
            return Err(Error::invalid("cents", "must be 0 to 100000000000"));
        }
        let currency = currency.trim().to_ascii_uppercase();
        if currency.len() != 3 || !currency.bytes().all(|b| b.is_ascii_uppercase()) {
            return Err(Error::invalid("currency", format!("{currency:?} is no code such as CNY")));
        }
        let mut job = self.on_ticket(number).await?;
        let (clock, ticket_id) = (&self.clock, job.ticket.id.clone());
        on_tx!(&mut job.tx, c => sqlx::query("update quote set state = 'replaced', decided_at = $2 where ticket_id = $1 and state = 'offered'")
            .bind(&ticket_id).bind(clock.now()).execute(c).await.map(drop))?;
        let id = clock.id();
        on_tx!(&mut job.tx, c => sqlx::query(
            "insert into quote (id, ticket_id, days, cents, currency, note, state, offered_by, offered_at) values ($1, $2, $3, $4, $5, $6, 'offered', $7, $8)")
            .bind(&id).bind(&ticket_id).bind(days).bind(cents).bind(&currency).bind(&note).bind(actor.id()).bind(clock.now())
            .execute(c).await.map(drop))?;
        let title = job.ticket.title.clone();
        let link = self.links.ticket(number, &ticket_id);
        let (told, words) = (currency.clone(), note.clone());
        job.tell(&Notice::Quote { number, title, days, cents, currency: told, note: words, link }).await?;
        job.finish(actor, vec![service(Service::Quoted { days, cents, currency, note })]).await?;
        Ok(id)
    }

    /// The customer's decision on the open quote of their ticket; `Conflict` when there is none.
    pub async fn decide_quote(&self, number: Number, quote_id: &str, accepted: bool) -> Result<()> {
        let mut job = self.on_ticket(number).await?;
        let person = crate::people::by_id_in(&mut job.tx, &job.ticket.person_id).await?;
        let by = person.map(|p| p.name).unwrap_or_default();
        let state = if accepted { "accepted" } else { "declined" };
        let changed = on_tx!(&mut job.tx, c => sqlx::query(
            "update quote set state = $3, decided_by = $4, decided_at = $5 where id = $1 and ticket_id = $2 and state = 'offered'")
            .bind(quote_id).bind(&job.ticket.id).bind(state).bind(&by).bind(self.clock.now())
            .execute(c).await.map(|done| done.rows_affected()))?;
        if changed == 0 {
            return Err(Error::Conflict("this estimate was decided or replaced already".into()));
        }
        let actor = Actor::Customer(job.ticket.person_id.clone());
        job.finish(&actor, vec![service(Service::QuoteDecided { accepted, by })]).await.map(drop)
    }
}

/// The estimates of a ticket, newest first.
pub async fn of_ticket(db: &Db, ticket_id: &str) -> Result<Vec<QuoteRow>> {
    Ok(on!(db, p => sqlx::query_as(
        "select id, days, cents, currency, note, state, offered_at, decided_by, decided_at from quote where ticket_id = $1 order by offered_at desc, id desc")
        .bind(ticket_id).fetch_all(p).await)?)
}
