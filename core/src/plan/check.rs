//! `plan check`: every fault with its key and reason, and warnings for what is allowed but odd.
use std::collections::{BTreeMap, BTreeSet};

use super::{Difficulty, Facts, Milestone, Plan, Recipient, Target, build};
use crate::Time;
use crate::calendar::{ALWAYS, HolidaySets};
use crate::severity::Scheme;
use crate::ticket::Kind;

/// One fault: the key as written in the file, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub key: String,
    pub reason: String,
}

impl Fault {
    pub fn new(key: impl Into<String>, reason: impl Into<String>) -> Fault {
        Fault { key: key.into(), reason: reason.into() }
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.key, self.reason)
    }
}

/// What a check found. `plan` is there when the file could be read at all.
#[derive(Debug, Default)]
pub struct Checked {
    pub plan: Option<Plan>,
    pub faults: Vec<Fault>,
    pub warnings: Vec<Fault>,
}

/// Reads a plan and looks for every fault in it.
pub fn check(text: &str, sets: &HolidaySets) -> Checked {
    let mut found = Checked::default();
    let Some(plan) = build::build(text, sets, &mut found) else { return found };
    titles(&plan.title, "title", &mut found.faults);
    conditions("targets", &plan.targets, &plan, &mut found);
    // What is said of the targets together is only true when every one of them could be read.
    let complete = !found.faults.iter().any(|f| f.key.starts_with("targets"));
    if complete {
        unreachable("targets", &plan.targets, &plan, &mut found.faults);
        levels(&plan, &mut found.faults);
    }
    for (nth, period) in plan.special_periods.iter().enumerate() {
        let key = format!("special_periods[{}]", nth + 1);
        conditions(&format!("{key}.targets"), &period.targets, &plan, &mut found);
        unreachable(&format!("{key}.targets"), &period.targets, &plan, &mut found.faults);
        titles(&period.name, &format!("{key}.name"), &mut found.faults);
        if period.to < period.from {
            found
                .faults
                .push(Fault::new(format!("{key}.to"), format!("{} lies before {}", period.to, period.from)));
        }
    }
    escalation(&plan, complete, &mut found);
    if complete {
        unused_calendars(&plan, &mut found.warnings);
    }
    found.plan = Some(plan);
    found
}

/// Holiday sets that a plan uses and that do not know this year or the next.
pub fn missing_holidays(text: &str, sets: &HolidaySets, now: Time) -> Vec<Fault> {
    let Ok(table) = text.parse::<toml::Table>() else { return Vec::new() };
    let Some(calendars) = table.get("calendars").and_then(|c| c.as_table()) else { return Vec::new() };
    let today = jiff::tz::TimeZone::UTC.to_datetime(now.timestamp()).date();
    let mut warnings = Vec::new();
    for (name, calendar) in calendars {
        let Some(id) = calendar.get("holidays").and_then(|h| h.as_str()) else { continue };
        for year in sets.get(id).map(|set| set.missing(today)).unwrap_or_default() {
            let reason = format!(
                "the holidays {id:?} of {year} are not known: its weekdays count as worked until they are imported"
            );
            warnings.push(Fault::new(format!("calendars.{name}.holidays"), reason));
        }
    }
    warnings
}

fn titles(title: &BTreeMap<String, String>, key: &str, faults: &mut Vec<Fault>) {
    for lang in ["zh-CN", "en"] {
        if !title.contains_key(lang) {
            faults.push(Fault::new(format!("{key}.{lang}"), "is missing"));
        }
    }
}

/// Every combination of facts a plan can meet.
fn combinations(plan: &Plan, mut each: impl FnMut(Facts<'_>)) {
    let regions = plan.regions.iter().map(|r| Some(r.as_str())).chain([None]);
    for region in regions {
        for &difficulty in Difficulty::ALL {
            for &kind in Kind::ALL {
                for severity in plan.levels() {
                    each(Facts { kind, severity, difficulty, region });
                }
            }
        }
    }
}

/// The places of targets that no case reaches, from 0.
pub(super) fn out_of_reach(targets: &[Target], plan: &Plan) -> Vec<usize> {
    let mut used = vec![false; targets.len()];
    combinations(plan, |facts| {
        for &milestone in Milestone::ALL {
            if let Some(nth) = targets.iter().position(|t| t.milestone == milestone && t.fits(&facts)) {
                used[nth] = true;
            }
        }
    });
    used.iter().enumerate().filter(|(_, used)| !**used).map(|(nth, _)| nth).collect()
}

fn unreachable(key: &str, targets: &[Target], plan: &Plan, faults: &mut Vec<Fault>) {
    for nth in out_of_reach(targets, plan) {
        faults.push(Fault::new(
            format!("{key}[{}]", nth + 1),
            "can never be reached: earlier targets fit first, or its levels, kinds or regions do not exist",
        ));
    }
}

/// A level that no target names, and a milestone promised for some levels of a case but not for others.
fn levels(plan: &Plan, faults: &mut Vec<Fault>) {
    let mut promised: BTreeSet<u8> = BTreeSet::new();
    let mut gaps: BTreeMap<(Milestone, u8), Kind> = BTreeMap::new();
    for &milestone in Milestone::ALL {
        let mut cases: BTreeMap<(Kind, Difficulty, Option<String>), BTreeSet<u8>> = BTreeMap::new();
        combinations(plan, |facts| {
            if plan.targets.iter().any(|t| t.milestone == milestone && t.fits(&facts)) {
                promised.insert(facts.severity);
                let case = (facts.kind, facts.difficulty, facts.region.map(str::to_owned));
                cases.entry(case).or_default().insert(facts.severity);
            }
        });
        for ((kind, _, _), levels) in cases {
            for level in plan.levels().into_iter().filter(|l| !levels.contains(l)) {
                gaps.entry((milestone, level)).or_insert(kind);
            }
        }
    }
    for level in plan.levels().into_iter().filter(|l| !promised.contains(l)) {
        faults.push(Fault::new("targets", format!("severity {level} has no target at all")));
    }
    for ((milestone, level), kind) in gaps.into_iter().filter(|((_, level), _)| promised.contains(level)) {
        let reason =
            format!("severity {level} has no target for {milestone} (kind {kind}), other levels have");
        faults.push(Fault::new("targets", reason));
    }
}

/// Regions that the plan does not have would never fit. So would levels, but a contract's own scheme with
/// fewer levels (P6-29) is no fault of the targets.
fn conditions(key: &str, targets: &[Target], plan: &Plan, found: &mut Checked) {
    let levels = plan.levels();
    for (nth, target) in targets.iter().enumerate() {
        let key = format!("{key}[{}]", nth + 1);
        for level in target.severity.iter().flatten().filter(|l| !levels.contains(l)) {
            let reason = format!("there is no level {level}: the scheme has {levels:?}");
            found.warnings.push(Fault::new(format!("{key}.severity"), reason));
        }
        for region in target.regions.iter().flatten().filter(|r| !plan.regions.contains(r)) {
            let reason = format!("{region:?} is not among the plan's regions: {:?}", plan.regions);
            found.faults.push(Fault::new(format!("{key}.regions"), reason));
        }
    }
}

fn escalation(plan: &Plan, complete: bool, found: &mut Checked) {
    for (nth, step) in plan.escalation.iter().enumerate() {
        let key = format!("escalation[{}]", nth + 1);
        if complete && !plan.targets.iter().any(|t| t.milestone == step.milestone) {
            let reason = format!("the plan promises no {}", step.milestone);
            found.faults.push(Fault::new(format!("{key}.milestone"), reason));
        }
        for recipient in &step.to {
            if let Recipient::Group(name) = recipient
                && !plan.groups.contains(name)
            {
                let reason = format!("group {name:?} is not among the plan's groups: {:?}", plan.groups);
                found.faults.push(Fault::new(format!("{key}.to"), reason));
            }
        }
        let unknown = step.severity.iter().flatten().find(|l| !plan.levels().contains(l));
        if let Some(level) = unknown {
            found.faults.push(Fault::new(format!("{key}.severity"), format!("there is no level {level}")));
        }
    }
}

fn unused_calendars(plan: &Plan, warnings: &mut Vec<Fault>) {
    let targets = plan.targets.iter().chain(plan.special_periods.iter().flat_map(|p| &p.targets));
    let used: BTreeSet<&str> = targets.map(|t| t.calendar.name.as_str()).collect();
    let spare =
        |name: &&String| **name != ALWAYS && **name != plan.service.name && !used.contains(name.as_str());
    for name in plan.calendars.keys().filter(spare) {
        warnings.push(Fault::new(format!("calendars.{name}"), "no target counts on it"));
    }
}

/// The scheme's own faults, as faults of the plan.
pub(super) fn scheme(scheme: &Scheme, faults: &mut Vec<Fault>) {
    if let Err(crate::Error::Invalid { field, reason }) = scheme.check() {
        faults.push(Fault::new(field, reason));
    }
}
