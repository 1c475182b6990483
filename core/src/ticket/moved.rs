//! Tickets whose status was set, in the order of the timeline, for whoever keeps something derived from them.
use sqlx::FromRow;

use crate::store::Db;
use crate::{Result, Time};

/// One entry of a status, with the version its ticket has now.
#[derive(Clone, Debug, FromRow)]
pub struct Moved {
    /// Where to go on reading.
    pub entry_id: String,
    pub ticket_id: String,
    pub version: i64,
    pub at: Time,
}

/// The place in the timeline of all tickets at a time: ids begin with theirs.
pub fn place_at(time: Time) -> String {
    format!("{:012x}", time.millis().max(0))
}

/// Entries of a status after a place, oldest first.
pub async fn after(db: &Db, place: &str, limit: i64) -> Result<Vec<Moved>> {
    let rows = on!(db, p => sqlx::query_as(
        "select e.id as entry_id, e.ticket_id, t.version, e.at from ticket_event e join ticket t on t.id = e.ticket_id \
         where e.id > $1 and e.kind = 'status' order by e.id limit $2")
        .bind(place).bind(limit).fetch_all(p).await)?;
    Ok(rows)
}
