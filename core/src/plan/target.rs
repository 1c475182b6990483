//! One promise of a plan: which milestone, for whom, within which time, counted how.
use std::sync::Arc;

use super::Length;
use crate::calendar::Calendar;
use crate::ticket::{Kind, Mode, Status};

text_enum! {
    /// A promised event in the life of a ticket.
    Milestone ("milestone") {
        /// A person has answered, or it was solved.
        FirstResponse = "first_response",
        /// The customer never waits longer than this without a person's word (P6-08).
        NextUpdate = "next_update",
        /// Somebody is on the way or on it (P4-09).
        Dispatch = "dispatch",
        /// A solution or a way of support is settled (P5-02, P8-01, P10-01).
        Plan = "plan",
        ContingencyPlan = "contingency_plan",
        FixPlan = "fix_plan",
        OnSite = "on_site",
        /// Spare equipment stands in (P5-04).
        Substitute = "substitute",
        Resolve = "resolve",
        /// Equipment sent in is back (P8-04).
        Return = "return",
        /// The fault analysis report lies with the customer (P5-05).
        Report = "report",
    }
}

text_enum! {
    /// How hard a case is; staff set it (P10-01).
    Difficulty ("difficulty") { Ordinary = "ordinary", Difficult = "difficult" }
}

text_enum! {
    /// The event that a conditional clock starts with.
    Trigger ("from") {
        OnSite = "on_site",
        Returned = "returned",
        RepairedOnSite = "repaired_on_site",
    }
}

text_enum! {
    /// What may stand in for the promise.
    Instead ("instead") {
        /// A plan that the customer confirmed: its date takes the place of the due time (P4-07).
        PlanConfirmed = "plan_confirmed",
        /// Spare equipment provided: the promise counts as kept then (P5-04).
        SubstituteProvided = "substitute_provided",
    }
}

/// What is known of a ticket that decides what is promised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts<'a> {
    pub kind: Kind,
    pub severity: u8,
    pub difficulty: Difficulty,
    /// Of the installation; `None`: not known.
    pub region: Option<&'a str>,
}

/// A checked promise. An absent condition fits everything.
#[derive(Clone, Debug)]
pub struct Target {
    pub milestone: Milestone,
    pub kinds: Option<Vec<Kind>>,
    pub severity: Option<Vec<u8>>,
    pub difficulty: Option<Difficulty>,
    pub regions: Option<Vec<String>>,
    pub within: Length,
    pub calendar: Arc<Calendar>,
    /// Absent: it starts with the opening.
    pub from: Option<Trigger>,
    /// True: without its event there is no such clock at all (P5-05).
    pub only_after: bool,
    pub instead: Vec<Instead>,
    /// Statuses in which it does not run.
    pub pauses: Vec<Status>,
}

impl Target {
    pub fn fits(&self, facts: &Facts<'_>) -> bool {
        self.kinds.as_ref().is_none_or(|k| k.contains(&facts.kind))
            && self.severity.as_ref().is_none_or(|s| s.contains(&facts.severity))
            && self.difficulty.is_none_or(|d| d == facts.difficulty)
            && self.regions.as_ref().is_none_or(|r| facts.region.is_some_and(|x| r.iter().any(|y| y == x)))
    }
}

impl Trigger {
    /// The handling mode that starts it.
    pub fn mode(self) -> Option<Mode> {
        (self == Trigger::OnSite).then_some(Mode::OnSite)
    }
}
