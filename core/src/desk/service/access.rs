//! P3-12: which member of staff looked at which ticket is on record, once an hour.
use crate::desk::Desk;
use crate::store::Db;
use crate::ticket::Ticket;
use crate::{Result, Time};

const HOUR_MILLIS: i64 = 3_600_000;

impl Desk {
    /// Records that a member of staff opened a ticket's page. A page read again within the hour writes nothing.
    pub async fn saw(&self, ticket: &Ticket, staff_id: &str) -> Result<()> {
        let now = self.clock.now();
        let hour = now.millis() / HOUR_MILLIS;
        let known: Option<i64> = on!(&self.db, p => sqlx::query_scalar(
            "select hour from ticket_access where ticket_id = $1 and staff_id = $2 and hour = $3")
            .bind(&ticket.id).bind(staff_id).bind(hour).fetch_optional(p).await)?;
        if known.is_some() {
            return Ok(());
        }
        let mut tx = self.db.begin().await?;
        on_tx!(&mut tx, c => sqlx::query(
            "insert into ticket_access (ticket_id, staff_id, hour, at) values ($1, $2, $3, $4) on conflict (ticket_id, staff_id, hour) do nothing")
            .bind(&ticket.id).bind(staff_id).bind(hour).bind(now).execute(c).await.map(drop))?;
        tx.commit().await
    }
}

/// Who looked at a ticket and when, the newest first: `(name, at)`.
pub async fn of_ticket(db: &Db, ticket_id: &str, limit: i64) -> Result<Vec<(String, Time)>> {
    Ok(on!(db, p => sqlx::query_as(
        "select s.name, a.at from ticket_access a join staff s on s.id = a.staff_id where a.ticket_id = $1 order by a.at desc, s.id limit $2")
        .bind(ticket_id).bind(limit).fetch_all(p).await)?)
}
