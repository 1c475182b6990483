//! When the steps of a plan's chain are due: calendar arithmetic around a due time, kept as jobs.
use serde::{Deserialize, Serialize};

use super::{Number, Ticket};
use crate::clocks::ClockReading;
use crate::jobs;
use crate::plan::{Escalation, Length, Moment, Plan, Target, Unit};
use crate::store::Tx;
use crate::{Clock, Result, Time};

/// Data of an `escalate` job.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Step {
    pub ticket: Number,
    /// Which of the plan's steps, from 0.
    pub step: usize,
    pub due_at: Time,
    /// The how-manieth time, from 1.
    pub n: i64,
}

impl Escalation {
    /// When the step is due for a promise. `None`: its time lies before the opening, nobody is told.
    pub fn at(&self, target: &Target, opened: Time, due: Time) -> Option<Time> {
        match self.moment {
            Moment::Opening => Some(opened),
            // Reaching the due time exactly still keeps the promise.
            Moment::Due => Some(due.plus_millis(1)),
            Moment::After(length) => Some(crate::clocks::later(length, &target.calendar, due)),
            Moment::Before(length) => before(length, target, due).filter(|at| *at > opened),
        }
    }

    pub fn concerns(&self, ticket: &Ticket) -> bool {
        self.severity.as_ref().is_none_or(|s| s.iter().any(|l| i64::from(*l) == ticket.severity))
            && self.kinds.as_ref().is_none_or(|k| k.contains(&ticket.kind))
    }
}

fn before(length: Length, target: &Target, due: Time) -> Option<Time> {
    let calendar = &target.calendar;
    match length.unit {
        Unit::Minutes | Unit::Hours => calendar.retreat(due, length.seconds() * 1000),
        Unit::Days => Some(calendar.days_later(due, -length.count)),
        Unit::Weeks => Some(calendar.days_later(due, -7 * length.count)),
        Unit::Months => Some(calendar.months_later(due, -length.count)),
        Unit::WorkingDays => calendar.working_days_earlier(due, length.count),
    }
}

/// Enqueues what is still to be told. The key makes each step of each due time a job of its own, once.
pub(super) async fn schedule(
    tx: &mut Tx,
    clock: &Clock,
    plan: &Plan,
    ticket: &Ticket,
    readings: &[ClockReading],
) -> Result<()> {
    if plan.escalation.is_empty() || !ticket.status.is_open() {
        return Ok(());
    }
    let now = clock.now();
    for (nth, step) in plan.escalation.iter().enumerate().filter(|(_, s)| s.concerns(ticket)) {
        let running = readings.iter().find(|r| r.milestone == step.milestone && r.is_running());
        let Some(reading) = running else { continue };
        let facts = crate::plan::Facts {
            kind: ticket.kind,
            severity: ticket.severity as u8,
            difficulty: ticket.difficulty,
            region: ticket.region.as_deref(),
        };
        let Some(target) = plan.target(step.milestone, &facts, ticket.created_at) else { continue };
        let Some(at) = step.at(target, ticket.created_at, reading.due_at) else { continue };
        // An opening is told once, whatever becomes of its due time.
        let due_at = if step.moment == Moment::Opening { ticket.created_at } else { reading.due_at };
        let data = Step { ticket: ticket.number, step: nth, due_at, n: 1 };
        enqueue(tx, clock, ticket, &data, at.max(now)).await?;
    }
    Ok(())
}

/// Enqueues one telling.
pub async fn enqueue(tx: &mut Tx, clock: &Clock, ticket: &Ticket, step: &Step, at: Time) -> Result<()> {
    let key = format!("{}:{}:{}:{}", ticket.id, step.step, step.due_at.millis(), step.n);
    let data =
        serde_json::json!({ "ticket": step.ticket, "step": step.step, "due_at": step.due_at, "n": step.n });
    jobs::enqueue(tx, clock, jobs::ESCALATE, &key, &data, at).await
}
