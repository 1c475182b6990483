//! Ratings: one per resolution.
use super::{Desk, attention, place};
use crate::routing::Why;
use crate::store::Tx;
use crate::ticket::service::{self, AttentionWhy, Service};
use crate::ticket::{Status, Ticket, TimelineEntry, rows};
use crate::{Error, Result, groups};

/// Stores the stars for the last resolution of a locked ticket and gives the timeline's entries. A low
/// rating opens the ticket again and gives it to a manager (P10-06); stars changed after that are kept and
/// change nothing else.
pub(super) async fn rate_in(
    desk: &Desk,
    tx: &mut Tx,
    ticket: &Ticket,
    stars: i64,
    comment: Option<&str>,
) -> Result<Vec<TimelineEntry>> {
    if !(1..=5).contains(&stars) {
        return Err(Error::invalid("stars", "must be 1 to 5"));
    }
    let reopened = ticket.status.is_open() && low_rating_reopened(tx, &ticket.id).await?;
    if ticket.status.is_open() && !reopened {
        return Err(Error::Conflict(format!("{} is not solved yet", ticket.number)));
    }
    let cycle = resolution_cycle(tx, &ticket.id).await?;
    on_tx!(tx, c => sqlx::query(
        "insert into rating (ticket_id, cycle, stars, comment, at) values ($1, $2, $3, $4, $5) \
         on conflict (ticket_id, cycle) do update set stars = excluded.stars, comment = excluded.comment, at = excluded.at")
        .bind(&ticket.id).bind(cycle).bind(stars).bind(comment).bind(desk.clock.now())
        .execute(c).await.map(drop))?;
    let mut entries = vec![TimelineEntry::Rated { stars, comment: comment.map(str::to_owned), cycle }];
    if stars <= LOW && !reopened {
        entries.extend(to_manager(tx, ticket, stars).await?);
    }
    Ok(entries)
}

/// So few stars mean that the customer is not satisfied.
const LOW: i64 = 2;

async fn to_manager(tx: &mut Tx, ticket: &Ticket, stars: i64) -> Result<Vec<TimelineEntry>> {
    let mut placement = service::placement_in(tx, &ticket.id).await?;
    let raised = attention::raise(tx, ticket, &mut placement, AttentionWhy::LowRating { stars }).await?;
    let mut entries = vec![ticket.status_entry(Status::Open, Some("low rating")), raised];
    let managers = groups::managers(tx).await?;
    if let Some(manager) = managers.iter().min_by_key(|m| (m.open, &m.staff_id)) {
        let why = vec![Why::Complaint, Why::Load { open: manager.open }];
        let person = Some(manager.name.clone());
        entries.push(place::service(Service::Routed { group: None, person, why }));
        if ticket.assignee_id.as_ref() != Some(&manager.staff_id) {
            let to = Some(manager.staff_id.clone());
            entries.push(TimelineEntry::Assigned { from: ticket.assignee_id.clone(), to });
        }
    }
    Ok(entries)
}

/// Whether the ticket is open only because its last rating was low.
async fn low_rating_reopened(tx: &mut Tx, ticket_id: &str) -> Result<bool> {
    let entries = rows::timeline_in(tx, ticket_id).await?;
    let opened = entries.iter().rev().find_map(|row| match &row.data.0 {
        TimelineEntry::Status { to, note, .. } if to.is_open() => Some(note.as_deref() == Some("low rating")),
        TimelineEntry::Status { .. } => Some(false),
        _ => None,
    });
    Ok(opened.unwrap_or(false))
}

/// How often the ticket has been resolved so far; a rating belongs to one of these.
async fn resolution_cycle(tx: &mut Tx, ticket_id: &str) -> Result<i64> {
    let entries = rows::timeline_in(tx, ticket_id).await?;
    let solved = entries.iter().filter(|row| {
        matches!(&row.data.0, TimelineEntry::Status { from, to, .. } if from.is_open() && !to.is_open())
    });
    Ok(solved.count() as i64)
}
