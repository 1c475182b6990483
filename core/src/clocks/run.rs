//! One walk over a ticket's events for one promise.
use std::ops::ControlFlow;

use super::meet::{Effect, effect, plan_number};
use super::segment::{Pause, PauseWhy, Segment};
use super::{Breach, ClockEvent, What};
use crate::Time;
use crate::plan::{Milestone, Plan, Reopening, Target};
use crate::ticket::Status;

/// How a promise went under one target.
pub struct Run<'a> {
    pub target: &'a Target,
    pub segment: Segment,
    /// What kept it, and whether opening the ticket again takes that back.
    met: Option<(Time, bool)>,
    /// The pause it is in: since when and why.
    paused: Option<(Time, Status)>,
    status: Status,
    plans: usize,
    past: Vec<Breach>,
    /// Before the running segment: `(from, to)`.
    pub earlier: Option<(Time, Time)>,
    now: Time,
}

impl<'a> Run<'a> {
    /// `None` when the clock does not run: before the opening, or before the event it starts with.
    pub fn of(plan: &Plan, target: &'a Target, events: &[ClockEvent], now: Time) -> Option<Run<'a>> {
        let start = start_of(target, events)?;
        let segment = Segment::of_length(target.within, &target.calendar, start);
        let mut run = Run {
            target,
            segment,
            met: None,
            paused: None,
            status: Status::New,
            plans: 0,
            past: Vec::new(),
            earlier: None,
            now,
        };
        for event in events {
            if run.take(plan, event, start).is_break() {
                break;
            }
        }
        Some(run)
    }

    /// Breaks when nothing later can matter.
    fn take(&mut self, plan: &Plan, event: &ClockEvent, start: Time) -> ControlFlow<()> {
        let first_response = self.target.milestone == Milestone::FirstResponse;
        let was = self.status;
        if let What::Status(status) = event.what {
            self.status = status;
        }
        if !was.is_open() && self.status.is_open() {
            self.reopen(plan, event.at);
        }
        if !first_response {
            self.pause(event, start);
        }
        // What happened before a conditional clock started does not keep its promise.
        if self.met.is_none() && event.at >= start {
            self.meet(event);
        }
        match first_response && self.met.is_some() {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    }

    fn meet(&mut self, event: &ClockEvent) {
        match effect(self.target, &event.what) {
            Effect::None => {}
            Effect::Met => self.met = Some((event.at, false)),
            Effect::Solved => self.met = Some((event.at, true)),
            Effect::PlanGiven => {
                self.plans += 1;
                if self.plans >= plan_number(self.target.milestone) {
                    self.met = Some((event.at, false));
                }
            }
            Effect::Word => {
                let next = Segment::of_length(self.target.within, &self.target.calendar, event.at);
                self.begin(next);
            }
            Effect::Replaced(due) => {
                let next = Segment::until(due, &self.target.calendar, event.at);
                self.begin(next);
            }
        }
        if self.met.is_some()
            && let Some(pause) = self.open_pause(event.at)
        {
            self.segment.pauses.push(pause);
            self.paused = None;
        }
    }

    /// Ends the running segment, keeping its breach, and begins another.
    fn begin(&mut self, next: Segment) {
        let at = next.start;
        self.past.extend(self.segment.breach(at, self.open_pause(at)));
        if let Some((since, _)) = &mut self.paused {
            *since = (*since).max(at);
        }
        self.earlier = Some((self.earlier.map_or(self.segment.start, |(from, _)| from), at));
        self.segment = next;
    }

    fn pause(&mut self, event: &ClockEvent, start: Time) {
        let (resumes, next) = match &event.what {
            What::Status(status) => (true, Some(*status).filter(|s| self.target.pauses.contains(s))),
            // Any word of the customer ends a wait, for them and for others.
            What::CustomerMessage | What::PlanConfirmed(_) => (self.status.is_waiting(), None),
            _ => (false, None),
        };
        if !resumes {
            return;
        }
        if let Some((from, why)) = self.paused.take()
            && event.at > from
        {
            self.segment.pauses.push(Pause { from, to: event.at, why: PauseWhy::Status(why) });
        }
        if !matches!(event.what, What::Status(_)) {
            self.status = Status::Open;
        }
        if let Some(status) = next.filter(|_| self.met.is_none()) {
            self.paused = Some((event.at.max(start), status));
        }
    }

    fn reopen(&mut self, plan: &Plan, at: Time) {
        let Some((met, true)) = self.met else { return };
        let again = self.target.milestone == Milestone::NextUpdate || plan.reopening == Reopening::Restarts;
        self.met = None;
        match again {
            true => {
                self.past.extend(self.segment.breach(met, None));
                self.earlier = Some((self.earlier.map_or(self.segment.start, |(from, _)| from), at));
                self.segment = Segment::of_length(self.target.within, &self.target.calendar, at);
            }
            // It continues without the gap.
            false => self.segment.pauses.push(Pause { from: met, to: at, why: PauseWhy::Solved }),
        }
    }

    /// The pause it is in, ended at `at`.
    fn open_pause(&self, at: Time) -> Option<Pause> {
        let (from, why) = self.paused?;
        Some(Pause { from, to: at.max(from), why: PauseWhy::Status(why) })
    }

    pub fn open_pause_now(&self) -> Option<Pause> {
        self.open_pause(self.now)
    }

    pub fn due(&self, now: Time) -> Time {
        self.segment.due(self.open_pause(now))
    }

    pub fn met_at(&self) -> Option<Time> {
        self.met.map(|(at, _)| at)
    }

    /// In a pause that moves the due time: one that began before it.
    pub fn is_paused(&self) -> bool {
        self.met.is_none() && self.paused.is_some_and(|(from, _)| from < self.due(self.now))
    }

    pub fn remaining(&self, now: Time) -> i64 {
        let at = self.met_at().unwrap_or(now);
        self.segment.remaining(at, self.open_pause(at))
    }

    pub fn breaches(&self, now: Time) -> Vec<Breach> {
        let end = self.met_at().unwrap_or(now);
        self.past.iter().copied().chain(self.segment.breach(end, self.open_pause(end))).collect()
    }
}

/// When the clock starts: with its event, or with the opening.
fn start_of(target: &Target, events: &[ClockEvent]) -> Option<Time> {
    let opening = events.iter().find(|e| matches!(e.what, What::Opened { .. }))?;
    let Some(trigger) = target.from else { return Some(opening.at) };
    if let Some(event) = events.iter().find(|e| e.what.triggers(trigger)) {
        return Some(event.at);
    }
    // Without its event it counts from the opening, unless the ticket says that the event is still to come.
    let waits = target.only_after || matches!(opening.what, What::Opened { mode: Some(_), .. });
    (!waits).then_some(opening.at)
}
