//! P3-11: the customer checks the work. Who says nothing for a set time has the ticket closed, and is told so.
use crate::desk::place::service;
use crate::desk::{Desk, Notice};
use crate::jobs::{self, Job};
use crate::ticket::service::Service;
use crate::ticket::{Actor, Number, Status};
use crate::{Result, Time};

/// So long a solved ticket waits for the customer's word.
pub const SIGN_OFF_DAYS: i64 = 7;

impl Desk {
    /// Runs a `sign_off` job and marks it done, in one transaction. `resolved_at` is the solution it
    /// belongs to: a ticket opened and solved again waits anew.
    pub async fn sign_off(&self, job: &Job, number: Number, resolved_at: Time) -> Result<()> {
        let mut on = self.on_ticket(number).await?;
        let mut entries = Vec::new();
        if on.ticket.status == Status::Resolved && on.ticket.resolved_at == Some(resolved_at) {
            entries.push(service(Service::Unanswered { days: SIGN_OFF_DAYS }));
            entries.push(on.ticket.status_entry(Status::Closed, None));
            let title = on.ticket.title.clone();
            on.tell(&Notice::ClosedUnanswered { number, title, days: SIGN_OFF_DAYS }).await?;
        }
        jobs::done(&mut on.tx, &self.clock, &job.id).await?;
        if entries.is_empty() {
            return on.commit().await.map(drop);
        }
        on.finish(&Actor::System, entries).await.map(drop)
    }
}
