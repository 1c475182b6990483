//! A plan as a form: the length and calendar of each promise, the hours of each calendar.
use firstline_core::plan::Plan;
use firstline_core::plan::edit::{Edits, hours_of};

use crate::console::service::fields::Fields;
use crate::pages::Page;

/// One promise that can be edited.
pub struct TargetField {
    pub nth: usize,
    /// `First response · fault · L1, L2`.
    pub what: String,
    pub within: String,
    pub calendar: String,
}

/// One calendar: `(weekday, spans)`.
pub struct HoursField {
    pub calendar: String,
    pub days: Vec<(&'static str, String, String)>,
}

pub fn targets(p: &Page, plan: &Plan) -> Vec<TargetField> {
    let comma = p.t("plan-comma");
    let one = |(nth, t): (usize, &firstline_core::plan::Target)| {
        let mut what = vec![p.word("milestone", t.milestone.as_str())];
        if let Some(kinds) = &t.kinds {
            what.push(kinds.iter().map(|k| p.word("kind", k.as_str())).collect::<Vec<_>>().join(&comma));
        }
        if let Some(levels) = &t.severity {
            what.push(
                levels
                    .iter()
                    .map(|l| p.tn("severity-short", &i64::from(*l)))
                    .collect::<Vec<_>>()
                    .join(&comma),
            );
        }
        if let Some(difficulty) = t.difficulty {
            what.push(p.word("difficulty", difficulty.as_str()));
        }
        if let Some(regions) = &t.regions {
            what.push(regions.join(&comma));
        }
        let (within, calendar) = (t.within.to_string(), t.calendar.name.clone());
        TargetField { nth, what: what.join(" · "), within, calendar }
    };
    plan.targets.iter().enumerate().map(one).collect()
}

pub fn hours(p: &Page, plan: &Plan) -> Vec<HoursField> {
    let days = |week: Vec<(&'static str, String)>| {
        week.into_iter().map(|(day, spans)| (day, p.word("weekday", day), spans)).collect()
    };
    hours_of(plan).into_iter().map(|(calendar, week)| HoursField { calendar, days: days(week) }).collect()
}

/// What was sent and is not as it was: untouched lines keep their comments.
pub fn edits(form: &Fields, plan: &Plan) -> Edits {
    let mut edits = Edits::default();
    for (nth, target) in plan.targets.iter().enumerate() {
        let (within, calendar) = (form.get(&format!("within-{nth}")), form.get(&format!("calendar-{nth}")));
        let same = within == target.within.to_string() && calendar == target.calendar.name;
        if !within.is_empty() && !same {
            edits.targets.insert(nth, (within, calendar));
        }
    }
    for (calendar, week) in hours_of(plan) {
        let name = |day: &str| format!("hours-{calendar}-{day}");
        let sent = week.iter().filter(|(day, _)| form.has(&name(day)));
        let sent: Vec<_> = sent.map(|(day, spans)| (*day, spans, form.get(&name(day)))).collect();
        // The week stands in one line, so all of it is written.
        if sent.iter().any(|(_, spans, typed)| *spans != typed) {
            for (day, _, typed) in sent {
                edits.hours.insert((calendar.clone(), day.to_owned()), typed);
            }
        }
    }
    edits
}
