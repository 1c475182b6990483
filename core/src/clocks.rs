//! Clocks: a pure function from a ticket's events and its plan to what is promised when. Nothing here
//! reads the time or a database; the same events always give the same due times.
mod account;
mod event;
mod meet;
mod run;
mod segment;
#[cfg(test)]
mod slow;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use account::{Entry, Why};
pub use event::{ClockEvent, What};

use crate::Time;
use crate::calendar::Calendar;
use crate::plan::{Difficulty, Facts, Length, Milestone, Plan, Target};
use crate::ticket::Kind;
use run::Run;

text_enum! {
    ClockState ("state") { Running = "running", Paused = "paused", Met = "met", Breached = "breached" }
}

/// A due time of a calendar that never opens again.
pub const NEVER: Time = Time(253_370_764_800_000);

/// One broken promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Breach {
    /// When it was due; with the milestone it names the breach.
    pub due_at: Time,
    /// How much later it was kept, or how late it is now; pauses do not count.
    pub seconds: i64,
}

/// One promise and how it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockReading {
    pub milestone: Milestone,
    pub target: Length,
    /// The nominal length, for display.
    pub target_seconds: i64,
    pub calendar: String,
    /// When it is due; while paused, when it would be due if the pause ended now.
    pub due_at: Time,
    /// `Breached` for ever once a promise of this milestone was broken, even when a new due time runs.
    pub state: ClockState,
    pub paused: bool,
    pub met_at: Option<Time>,
    /// The instant the promise was first broken, for ever on record.
    pub breached_at: Option<Time>,
    /// Of the longest breach; 0 without one.
    pub breached_by_seconds: i64,
    /// What is left to count until the due time; when met, what was left then.
    pub remaining_seconds: i64,
    pub breaches: Vec<Breach>,
    /// False for a promise that no longer applies (another kind, another level) but was broken.
    pub applies: bool,
}

impl ClockReading {
    /// Still to be kept, and time is running.
    pub fn is_running(&self) -> bool {
        self.applies && self.met_at.is_none() && !self.paused
    }
}

/// A reading with the sum behind its due time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explained {
    pub reading: ClockReading,
    pub account: Vec<Entry>,
}

/// Replays `events` under `plan` up to `now`, for every milestone the plan promises, in the order of
/// `Milestone::ALL`. Changed facts recompute from the same events (P6-05); pauses belong to the ticket.
pub fn replay(plan: &Plan, events: &[ClockEvent], now: Time) -> Vec<ClockReading> {
    let events = upto(events, now);
    let read = |m: &Milestone| course(plan, *m, events, now).map(|c| c.reading(*m, now));
    Milestone::ALL.iter().filter_map(read).collect()
}

/// As `replay`, with the day-by-day account of each due time.
pub fn explain(plan: &Plan, events: &[ClockEvent], now: Time) -> Vec<Explained> {
    let events = upto(events, now);
    let one = |m: &Milestone| {
        let course = course(plan, *m, events, now)?;
        let account = course.explained(now).map(|(run, end)| account::of(run, end)).unwrap_or_default();
        Some(Explained { reading: course.reading(*m, now), account })
    };
    Milestone::ALL.iter().filter_map(one).collect()
}

/// What is known after these events. `None` before the opening.
pub fn facts(events: &[ClockEvent]) -> Option<Facts<'_>> {
    let mut facts: Option<Facts<'_>> = None;
    for event in events {
        match (&event.what, &mut facts) {
            (What::Opened { kind, severity, difficulty, region, .. }, None) => {
                let region = region.as_deref();
                facts = Some(Facts { kind: *kind, severity: *severity, difficulty: *difficulty, region });
            }
            (What::Severity(level), Some(f)) => f.severity = *level,
            (What::Kind(kind), Some(f)) => f.kind = *kind,
            (What::Difficulty(difficulty), Some(f)) => f.difficulty = *difficulty,
            (What::Region(region), Some(f)) => f.region = region.as_deref(),
            _ => {}
        }
    }
    facts
}

/// Events after `now` have not happened yet.
fn upto(events: &[ClockEvent], now: Time) -> &[ClockEvent] {
    let n = events.iter().position(|e| e.at > now).unwrap_or(events.len());
    &events[..n]
}

/// How a milestone went: the run under what is known now, and what was broken under what was known before.
struct Course<'a> {
    run: Option<Run<'a>>,
    /// The first run that was broken and then no longer applied, and when that was.
    broken: Option<(Run<'a>, Time)>,
    breaches: Vec<Breach>,
    /// The last target that applied.
    target: &'a Target,
}

fn course<'a>(plan: &'a Plan, m: Milestone, events: &[ClockEvent], now: Time) -> Option<Course<'a>> {
    let opened = events.iter().find(|e| matches!(e.what, What::Opened { .. }))?.at;
    let target_of = |events: &[ClockEvent]| facts(events).and_then(|f| plan.target(m, &f, opened));
    let current = target_of(events);
    let mut breaches: Vec<Breach> = Vec::new();
    let mut last: Option<&Target> = None;
    let mut broken = None;
    for (nth, event) in events.iter().enumerate().skip(1).filter(|(_, e)| e.what.changes_facts()) {
        let before = target_of(&events[..nth]);
        let after = target_of(&events[..=nth]);
        if let Some(target) = before.filter(|t| !after.is_some_and(|a| std::ptr::eq(*t, a))) {
            last = Some(target);
            if let Some(run) = Run::of(plan, target, &events[..nth], event.at) {
                let found = run.breaches(event.at);
                if broken.is_none() && !found.is_empty() {
                    broken = Some((run, event.at));
                }
                merge(&mut breaches, found);
            }
        }
    }
    let run = current.and_then(|target| Run::of(plan, target, events, now));
    if let Some(run) = &run {
        merge(&mut breaches, run.breaches(now));
    }
    if run.is_none() && breaches.is_empty() {
        return None;
    }
    Some(Course { run, broken, breaches, target: current.or(last)? })
}

/// The same due time seen again is the same breach, with its newer length.
fn merge(all: &mut Vec<Breach>, found: Vec<Breach>) {
    for breach in found {
        match all.iter_mut().find(|b| b.due_at == breach.due_at) {
            Some(known) => known.seconds = breach.seconds,
            None => all.push(breach),
        }
    }
}

impl Course<'_> {
    /// The run whose due time the reading shows, and as of when.
    fn explained(&self, now: Time) -> Option<(&Run<'_>, Time)> {
        match (&self.run, &self.broken) {
            (Some(run), _) => Some((run, now)),
            (None, Some((run, end))) => Some((run, *end)),
            (None, None) => None,
        }
    }

    fn reading(self, milestone: Milestone, now: Time) -> ClockReading {
        let first_breach = self.breaches.iter().map(|b| b.due_at).min();
        let (due_at, met_at, paused, remaining) = match &self.run {
            Some(run) => (run.due(now), run.met_at(), run.is_paused(), run.remaining(now)),
            None => (first_breach.unwrap_or(now), None, false, 0),
        };
        let state = match (first_breach, met_at, paused) {
            (Some(_), _, _) => ClockState::Breached,
            (None, Some(_), _) => ClockState::Met,
            (None, None, true) => ClockState::Paused,
            (None, None, false) => ClockState::Running,
        };
        ClockReading {
            milestone,
            target: self.target.within,
            target_seconds: self.target.within.seconds(),
            calendar: self.target.calendar.name.clone(),
            due_at,
            state,
            paused,
            met_at,
            breached_at: first_breach,
            breached_by_seconds: self.breaches.iter().map(|b| b.seconds).max().unwrap_or(0),
            remaining_seconds: remaining / 1000,
            breaches: self.breaches,
            applies: self.run.is_some(),
        }
    }
}

/// A ticket opened just now: what would be promised.
pub fn at_opening(plan: &Plan, kind: Kind, severity: u8, now: Time) -> Vec<ClockReading> {
    let what = What::opened(kind, severity, Difficulty::Ordinary, None);
    replay(plan, &[ClockEvent { at: now, what }], now)
}

/// A length after an instant, as a promise of that length would be due.
pub fn later(length: Length, calendar: &Arc<Calendar>, from: Time) -> Time {
    segment::Segment::of_length(length, calendar, from).due(None)
}
