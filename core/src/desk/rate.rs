//! Ratings: one per resolution.
use super::Desk;
use crate::store::Tx;
use crate::ticket::{Ticket, TimelineEntry, rows};
use crate::{Error, Result};

/// Stores the stars for the last resolution of a locked ticket and gives the timeline's entry.
pub(super) async fn rate_in(
    desk: &Desk,
    tx: &mut Tx,
    ticket: &Ticket,
    stars: i64,
    comment: Option<&str>,
) -> Result<TimelineEntry> {
    if !(1..=5).contains(&stars) {
        return Err(Error::invalid("stars", "must be 1 to 5"));
    }
    if ticket.status.is_open() {
        return Err(Error::Conflict(format!("{} is not solved yet", ticket.number)));
    }
    let cycle = resolution_cycle(tx, &ticket.id).await?;
    on_tx!(tx, c => sqlx::query(
        "insert into rating (ticket_id, cycle, stars, comment, at) values ($1, $2, $3, $4, $5) \
         on conflict (ticket_id, cycle) do update set stars = excluded.stars, comment = excluded.comment, at = excluded.at")
        .bind(&ticket.id).bind(cycle).bind(stars).bind(comment).bind(desk.clock.now())
        .execute(c).await.map(drop))?;
    Ok(TimelineEntry::Rated { stars, comment: comment.map(str::to_owned), cycle })
}

/// How often the ticket has been resolved so far; a rating belongs to one of these.
async fn resolution_cycle(tx: &mut Tx, ticket_id: &str) -> Result<i64> {
    let entries = rows::timeline_in(tx, ticket_id).await?;
    let solved = entries.iter().filter(|row| {
        matches!(&row.data.0, TimelineEntry::Status { from, to, .. } if from.is_open() && !to.is_open())
    });
    Ok(solved.count() as i64)
}
