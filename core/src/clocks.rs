//! Clocks: a pure function from a ticket's events and its plan to what is promised when. Nothing here
//! reads the time or a database; the same events always give the same due times.
use serde::{Deserialize, Serialize};

use crate::Time;
use crate::plan::{Milestone, Plan};
use crate::ticket::Status;

text_enum! {
    ClockState ("state") { Running = "running", Paused = "paused", Met = "met", Breached = "breached" }
}

/// What happened to a ticket, as far as clocks care. In the order it happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockEvent {
    pub at: Time,
    pub what: What,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    Opened {
        severity: u8,
    },
    /// A person of the staff wrote to the customer.
    StaffMessage,
    Status(Status),
    Severity(u8),
}

/// One promise and how it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockReading {
    pub milestone: Milestone,
    pub target_seconds: i64,
    /// When it is due; while paused, when it would be due if the pause ended now.
    pub due_at: Time,
    pub state: ClockState,
    pub met_at: Option<Time>,
    /// The instant the promise was broken, for ever on record.
    pub breached_at: Option<Time>,
}

/// Replays `events` under `plan` up to `now`, for every milestone the plan promises.
/// A changed severity recomputes the due time from the opening (P6-05); pauses belong to the ticket.
pub fn replay(plan: &Plan, events: &[ClockEvent], now: Time) -> Vec<ClockReading> {
    Milestone::ALL.iter().filter_map(|&milestone| read(plan, milestone, events, now)).collect()
}

fn read(plan: &Plan, milestone: Milestone, events: &[ClockEvent], now: Time) -> Option<ClockReading> {
    let opened = events.iter().find(|e| matches!(e.what, What::Opened { .. }))?.at;
    let severity = events.iter().filter_map(|e| severity_of(e.what)).next_back()?;
    let target_seconds = plan.target(milestone, severity)?.within.seconds;
    let ledger = Ledger::walk(plan, milestone, opened, events, now);
    let due_at = ledger.due(opened, target_seconds);
    let breached_at = match ledger.met_at {
        Some(met) => (met > due_at).then_some(due_at),
        // An open pause that began in time has moved `due_at` beyond `now`.
        None => (now > due_at).then_some(due_at),
    };
    let state = match (breached_at, ledger.met_at, ledger.paused) {
        (Some(_), _, _) => ClockState::Breached,
        (None, Some(_), _) => ClockState::Met,
        (None, None, true) => ClockState::Paused,
        (None, None, false) => ClockState::Running,
    };
    Some(ClockReading { milestone, target_seconds, due_at, state, met_at: ledger.met_at, breached_at })
}

fn severity_of(what: What) -> Option<u8> {
    match what {
        What::Opened { severity } | What::Severity(severity) => Some(severity),
        _ => None,
    }
}

/// The spans that did not count, and when the milestone was reached.
struct Ledger {
    /// `(from, to)`; an open pause ends at `now`.
    pauses: Vec<(Time, Time)>,
    paused: bool,
    met_at: Option<Time>,
}

impl Ledger {
    fn walk(plan: &Plan, milestone: Milestone, opened: Time, events: &[ClockEvent], now: Time) -> Ledger {
        let mut ledger = Ledger { pauses: Vec::new(), paused: false, met_at: None };
        let mut pause_from: Option<Time> = None;
        for event in events.iter().filter(|e| e.at >= opened) {
            match (milestone, event.what) {
                // Once it is solved or withdrawn nobody waits for a first answer any more.
                (
                    Milestone::FirstResponse,
                    What::StaffMessage | What::Status(Status::Resolved | Status::Closed),
                ) => {
                    ledger.met_at.get_or_insert(event.at);
                }
                (Milestone::FirstResponse, _) => {}
                (Milestone::Resolve, What::Status(status)) => {
                    if let Some(from) = pause_from.take() {
                        ledger.pauses.push((from, event.at));
                    }
                    let solved = matches!(status, Status::Resolved | Status::Closed);
                    if solved {
                        ledger.met_at.get_or_insert(event.at);
                    } else if let Some(met) = ledger.met_at.take() {
                        // Reopened: the time it lay solved does not count (it continues without the gap).
                        ledger.pauses.push((met, event.at));
                    }
                    if plan.pauses.statuses.contains(&status) {
                        pause_from = Some(event.at);
                    }
                }
                (Milestone::Resolve, _) => {}
            }
        }
        if let Some(from) = pause_from {
            ledger.paused = ledger.met_at.is_none();
            ledger.pauses.push((from, now.max(from)));
        }
        ledger
    }

    /// The instant at which `target_seconds` of counted time are over.
    fn due(&self, opened: Time, target_seconds: i64) -> Time {
        let mut due = opened.plus_seconds(target_seconds);
        for &(from, to) in &self.pauses {
            // A pause that began after the due time came too late to move it.
            if from < due {
                due = due.plus_millis(to.since(from));
            }
        }
        due
    }
}
