//! Reading and writing ticket rows. `NotFound` is `Ok(None)` here and becomes an error at the caller.
use super::{ClockRow, Message, MessageRevision, Number, Ticket, TimelineRow};
use crate::files::Attachment;
use crate::store::{Db, Tx};
use crate::{Result, Time};

pub async fn by_number(db: &Db, number: Number) -> Result<Option<Ticket>> {
    let row = on!(db, p => sqlx::query_as("select * from ticket where number = $1").bind(number).fetch_optional(p).await)?;
    Ok(row)
}

pub async fn by_id(db: &Db, id: &str) -> Result<Option<Ticket>> {
    let row =
        on!(db, p => sqlx::query_as("select * from ticket where id = $1").bind(id).fetch_optional(p).await)?;
    Ok(row)
}

/// Reads a ticket and holds its row until the transaction ends: the no-op update takes the row lock
/// on PostgreSQL, where a plain read would let two writers work from the same version.
pub async fn lock(tx: &mut Tx, number: Number) -> Result<Option<Ticket>> {
    let row = on_tx!(tx, c => sqlx::query_as("update ticket set version = version where number = $1 returning *")
        .bind(number).fetch_optional(c).await)?;
    Ok(row)
}

/// The next ticket number. Rolled back with the transaction on both engines, and never repeated.
pub async fn next_number(tx: &mut Tx) -> Result<Number> {
    let n: i64 = on_tx!(tx, c => sqlx::query_scalar(
        "update sequence set value = value + 1 where name = 'ticket' returning value").fetch_one(c).await)?;
    Ok(Number(n))
}

/// A person's tickets, newest first.
pub async fn of_person(db: &Db, person_id: &str, limit: i64) -> Result<Vec<Ticket>> {
    let rows = on!(db, p => sqlx::query_as(
        "select * from ticket where person_id = $1 order by created_at desc, number desc limit $2")
        .bind(person_id).bind(limit).fetch_all(p).await)?;
    Ok(rows)
}

pub async fn timeline(db: &Db, ticket_id: &str) -> Result<Vec<TimelineRow>> {
    let rows = on!(db, p => sqlx::query_as("select * from ticket_event where ticket_id = $1 order by seq")
        .bind(ticket_id).fetch_all(p).await)?;
    Ok(rows)
}

pub async fn timeline_in(tx: &mut Tx, ticket_id: &str) -> Result<Vec<TimelineRow>> {
    let rows = on_tx!(tx, c => sqlx::query_as("select * from ticket_event where ticket_id = $1 order by seq")
        .bind(ticket_id).fetch_all(c).await)?;
    Ok(rows)
}

pub async fn clocks(db: &Db, ticket_id: &str) -> Result<Vec<ClockRow>> {
    let rows = on!(db, p => sqlx::query_as("select * from clock where ticket_id = $1 order by due_at, milestone")
        .bind(ticket_id).fetch_all(p).await)?;
    Ok(rows)
}

pub async fn messages(db: &Db, ticket_id: &str) -> Result<Vec<Message>> {
    let rows = on!(db, p => sqlx::query_as("select * from message where ticket_id = $1 order by id")
        .bind(ticket_id).fetch_all(p).await)?;
    Ok(rows)
}

/// As `messages`, inside a transaction that wrote them.
pub async fn messages_in(tx: &mut Tx, ticket_id: &str) -> Result<Vec<Message>> {
    let rows = on_tx!(tx, c => sqlx::query_as("select * from message where ticket_id = $1 order by id")
        .bind(ticket_id).fetch_all(c).await)?;
    Ok(rows)
}

pub async fn revisions(db: &Db, ticket_id: &str) -> Result<Vec<MessageRevision>> {
    let rows = on!(db, p => sqlx::query_as(
        "select r.* from message_revision r join message m on m.id = r.message_id \
         where m.ticket_id = $1 order by r.message_id, r.n")
        .bind(ticket_id).fetch_all(p).await)?;
    Ok(rows)
}

pub async fn attachments(db: &Db, ticket_id: &str) -> Result<Vec<Attachment>> {
    let rows = on!(db, p => sqlx::query_as(
        "select a.* from attachment a join message m on m.id = a.message_id where m.ticket_id = $1 order by a.id")
        .bind(ticket_id).fetch_all(p).await)?;
    Ok(rows)
}

/// The ticket (its id) that a message of a conversation lies on, by the platform's message id.
pub async fn ticket_of_message(db: &Db, conversation_id: &str, external_id: &str) -> Result<Option<String>> {
    let found: Option<Option<String>> = on!(db, p => sqlx::query_scalar(
        "select ticket_id from message where conversation_id = $1 and external_id = $2 order by id desc limit 1")
        .bind(conversation_id).bind(external_id).fetch_optional(p).await)?;
    Ok(found.flatten())
}

/// The stars of the newest rating.
pub async fn rating(db: &Db, ticket_id: &str) -> Result<Option<i64>> {
    let stars = on!(db, p => sqlx::query_scalar(
        "select stars from rating where ticket_id = $1 order by cycle desc limit 1")
        .bind(ticket_id).fetch_optional(p).await)?;
    Ok(stars)
}

/// Tickets after `(created_at, number)` in the order they were opened, newest first.
pub async fn page(db: &Db, before: Option<(Time, Number)>, limit: i64) -> Result<Vec<Ticket>> {
    let (at, number) = before.unwrap_or((Time(i64::MAX), Number(i64::MAX)));
    let rows = on!(db, p => sqlx::query_as(
        "select * from ticket where created_at < $1 or (created_at = $1 and number < $2) \
         order by created_at desc, number desc limit $3")
        .bind(at).bind(number).bind(limit).fetch_all(p).await)?;
    Ok(rows)
}
