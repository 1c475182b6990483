//! A promise came due: the events decide anew whether it was broken, and a breach is recorded once.
use super::{Change, Desk};
use crate::plan::Milestone;
use crate::ticket::{self, Actor, Number, rows};
use crate::{Result, jobs};

impl Desk {
    /// Runs a `clock_due` job and marks it done, in one transaction. Harmless when run again. Every clock of
    /// the ticket is looked at; `milestone` only names the one that caused the job.
    pub async fn clock_due(&self, job: &jobs::Job, number: Number, milestone: Milestone) -> Result<()> {
        tracing::debug!(%number, %milestone, "a promise comes due");
        let mut tx = self.db.begin().await?;
        if let Some(mut ticket) = rows::lock(&mut tx, number).await? {
            let plan = self.plan_in(&mut tx, &ticket).await?;
            ticket::apply(&mut tx, &self.clock, &plan, &mut ticket, &Actor::System, Vec::new()).await?;
        }
        jobs::done(&mut tx, &self.clock, &job.id).await?;
        tx.commit().await?;
        self.signals.tell(vec![Change::Ticket(number)]);
        Ok(())
    }
}
