//! A promise came due: the events decide anew whether it was broken, and a breach is recorded once.
use super::{Change, Desk};
use crate::clocks::ClockState;
use crate::plan::Milestone;
use crate::ticket::{self, Actor, Number, TimelineEntry, rows};
use crate::{Result, jobs};

impl Desk {
    /// Runs a `clock_due` job and marks it done, in one transaction. Harmless when run again.
    pub async fn clock_due(&self, job: &jobs::Job, number: Number, milestone: Milestone) -> Result<()> {
        let mut tx = self.db.begin().await?;
        if let Some(mut ticket) = rows::lock(&mut tx, number).await? {
            let plan = self.plans.get(&ticket.plan)?.clone();
            let readings =
                ticket::apply(&mut tx, &self.clock, &plan, &mut ticket, &Actor::System, Vec::new()).await?;
            let broken =
                readings.iter().find(|r| r.milestone == milestone && r.state == ClockState::Breached);
            let recorded = rows::timeline_in(&mut tx, &ticket.id).await?.iter().any(
                |row| matches!(&row.data.0, TimelineEntry::Breached { milestone: m, .. } if *m == milestone),
            );
            if let (Some(reading), false) = (broken, recorded) {
                let entry = TimelineEntry::Breached { milestone, due_at: reading.due_at };
                ticket::apply(&mut tx, &self.clock, &plan, &mut ticket, &Actor::System, vec![entry]).await?;
            }
        }
        jobs::done(&mut tx, &self.clock, &job.id).await?;
        tx.commit().await?;
        self.signals.tell(vec![Change::Ticket(number)]);
        Ok(())
    }
}
