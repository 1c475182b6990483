//! Service plans: data that says which severity scheme applies, what is promised within which time,
//! counted on which calendar, what pauses a clock, and who is told before and after a due time.
//! Loading checks everything and names the key at fault.
mod build;
pub mod check;
pub mod edit;
mod escalation;
mod file;
mod length;
pub mod overrides;
mod shipped;
mod target;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

pub use check::{Checked, Fault};
pub use escalation::{Escalation, Moment, Recipient};
pub use length::{Length, Unit};
pub use overrides::Base;
pub use shipped::{DEFAULT, Plans};
pub use target::{Difficulty, Facts, Instead, Milestone, Target, Trigger};

use crate::calendar::{Calendar, HolidaySets};
use crate::severity::{Course, Scheme};
use crate::{Error, Result, Time};

/// A checked plan. Share it by `Arc`: its calendars keep their sums.
#[derive(Clone, Debug)]
pub struct Plan {
    pub id: String,
    pub version: u32,
    /// By language tag: `zh-CN`, `en`.
    pub title: BTreeMap<String, String>,
    pub severity: Scheme,
    /// Promises in the order of the file; the first that fits decides.
    pub targets: Vec<Target>,
    pub reopening: Reopening,
    /// When somebody is there to answer; said to customers out of hours.
    pub service: Arc<Calendar>,
    pub calendars: BTreeMap<String, Arc<Calendar>>,
    pub regions: Vec<String>,
    pub groups: Vec<String>,
    pub escalation: Vec<Escalation>,
    pub special_periods: Vec<SpecialPeriod>,
    /// How causes are handled (P6-27).
    pub courses: Vec<Course>,
    /// `[coverage]` as it stands in the file: what is free and what is not.
    pub coverage: Option<toml::Value>,
    /// Of a contract's own plan: what it was made from.
    pub base: Option<Base>,
    /// The file's own text, for people to read and edit.
    pub source: Arc<str>,
}

text_enum! {
    /// What the clocks do when a solved ticket opens again.
    Reopening ("reopening") { Continues = "continues", Restarts = "restarts" }
}

/// Tighter promises for tickets opened in a stretch of days, and the people who are ready then (P6-33).
#[derive(Clone, Debug)]
pub struct SpecialPeriod {
    pub name: BTreeMap<String, String>,
    /// Both inclusive, in the service calendar's zone.
    pub from: Date,
    pub to: Date,
    pub people: Vec<String>,
    pub targets: Vec<Target>,
}

impl Plan {
    /// Reads and checks a plan; the error names `file` and every fault.
    pub fn parse(file: &str, text: &str, sets: &HolidaySets) -> Result<Plan> {
        let checked = check::check(text, sets);
        match checked.plan {
            Some(plan) if checked.faults.is_empty() => Ok(plan),
            _ => {
                let faults: Vec<String> = checked.faults.iter().map(|f| format!("{file}: {f}")).collect();
                Err(Error::Config(faults.join("\n")))
            }
        }
    }

    /// What is promised for a milestone to a ticket opened at `opened`.
    pub fn target(&self, milestone: Milestone, facts: &Facts<'_>, opened: Time) -> Option<&Target> {
        let of =
            |targets: &'_ [Target]| targets.iter().position(|t| t.milestone == milestone && t.fits(facts));
        if let Some(period) = self.special_period(opened)
            && let Some(nth) = of(&period.targets)
        {
            return period.targets.get(nth);
        }
        of(&self.targets).and_then(|nth| self.targets.get(nth))
    }

    /// The special period an instant lies in.
    pub fn special_period(&self, at: Time) -> Option<&SpecialPeriod> {
        if self.special_periods.is_empty() {
            return None;
        }
        let date = self.service.date(at);
        self.special_periods.iter().find(|p| p.from <= date && date <= p.to)
    }

    /// The levels of its scheme, worst first.
    pub fn levels(&self) -> Vec<u8> {
        self.severity.level_numbers()
    }

    /// The calendar a milestone is counted on, for the pace of reminders.
    pub fn calendar_of(&self, milestone: Milestone) -> Arc<Calendar> {
        let target = self.targets.iter().find(|t| t.milestone == milestone);
        target.map_or_else(|| self.service.clone(), |t| t.calendar.clone())
    }

    /// The id as people know it: a contract's own plan goes by the id of the plan it was made from.
    pub fn base_id(&self) -> &str {
        overrides::base_id(&self.id)
    }

    pub fn title(&self, lang: &str) -> &str {
        self.title.get(lang).or_else(|| self.title.values().next()).map_or(&self.id, |t| t)
    }
}

#[cfg(test)]
mod tests;
