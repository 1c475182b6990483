//! Who solved a ticket: the first person who had it, or somebody later. For the figures of the first line (P6-07).
use std::collections::HashMap;

use sqlx::types::Json;

use super::{Status, TimelineEntry};
use crate::store::Db;
use crate::{Result, Time};

/// A ticket's outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// When the ticket was opened.
    pub at: Time,
    /// `None` while nobody solved it; false when more than one person had it, or it had to be opened again.
    pub solved_by_first: Option<bool>,
}

/// The outcomes of the tickets opened from `from` until before `until`.
pub async fn outcomes(db: &Db, from: Time, until: Time) -> Result<Vec<Outcome>> {
    let tickets: Vec<(String, String, Time)> = on!(db, p => sqlx::query_as(
        "select id, status, created_at from ticket where created_at >= $1 and created_at < $2")
        .bind(from).bind(until).fetch_all(p).await)?;
    let entries: Vec<(String, Json<TimelineEntry>)> = on!(db, p => sqlx::query_as(
        "select e.ticket_id, e.data from ticket_event e join ticket t on t.id = e.ticket_id \
         where t.created_at >= $1 and t.created_at < $2 order by e.ticket_id, e.seq")
        .bind(from).bind(until).fetch_all(p).await)?;
    let mut hands: HashMap<String, Hands> = HashMap::new();
    for (ticket, entry) in entries {
        hands.entry(ticket).or_default().take(&entry.0);
    }
    Ok(tickets
        .into_iter()
        .map(|(id, status, at)| {
            let solved = matches!(status.parse(), Ok(Status::Resolved | Status::Closed));
            let one = hands.get(&id).is_none_or(|h| h.people.len() <= 1 && h.reopened == 0);
            Outcome { at, solved_by_first: solved.then_some(one) }
        })
        .collect())
}

/// Through whose hands a ticket went.
#[derive(Default)]
struct Hands {
    people: Vec<String>,
    reopened: usize,
}

impl Hands {
    fn take(&mut self, entry: &TimelineEntry) {
        match entry {
            TimelineEntry::Assigned { to: Some(to), .. } if !self.people.contains(to) => {
                self.people.push(to.clone())
            }
            TimelineEntry::Status { from: Status::Resolved | Status::Closed, to, .. } if to.is_open() => {
                self.reopened += 1;
            }
            _ => {}
        }
    }
}

/// The conversations tickets were opened from, and when.
pub async fn opened(db: &Db, from: Time, until: Time) -> Result<Vec<(String, Time)>> {
    let rows = on!(db, p => sqlx::query_as(
        "select conversation_id, created_at from ticket where conversation_id is not null and created_at >= $1 and created_at < $2")
        .bind(from).bind(until).fetch_all(p).await)?;
    Ok(rows)
}
