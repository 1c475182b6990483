//! Editing a plan by form: lengths, calendars and hours change in the text, comments and order stay. The result
//! is checked like every other plan; what the form cannot reach is edited as text.
use std::collections::BTreeMap;

use super::Plan;
use crate::calendar::ALWAYS;
use crate::{Error, Result};

pub const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// What a form sends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edits {
    /// By place in the file, from 0: length and calendar.
    pub targets: BTreeMap<usize, (String, String)>,
    /// By calendar and weekday: `08:00-12:00, 14:00-18:00`; empty: free.
    pub hours: BTreeMap<(String, String), String>,
}

/// The hours of a calendar by weekday as they stand in the file.
pub fn hours_of(plan: &Plan) -> Vec<(String, Vec<(&'static str, String)>)> {
    let table: toml::Table = plan.source.parse().unwrap_or_default();
    let Some(calendars) = table.get("calendars").and_then(|c| c.as_table()) else { return Vec::new() };
    let of = |calendar: &toml::Value, day: &str| {
        let spans = calendar.get("hours").and_then(|h| h.get(day)).and_then(|d| d.as_array());
        let spans = spans.into_iter().flatten().filter_map(|s| s.as_str());
        spans.collect::<Vec<_>>().join(", ")
    };
    let week = |c: &toml::Value| WEEKDAYS.iter().map(|day| (*day, of(c, day))).collect();
    calendars.iter().map(|(name, calendar)| (name.clone(), week(calendar))).collect()
}

/// The text with the edits in it.
pub fn edited(source: &str, edits: &Edits) -> Result<String> {
    let mut lines: Vec<String> = source.lines().map(str::to_owned).collect();
    for (nth, (within, calendar)) in &edits.targets {
        let block = nth_block(&lines, "[[targets]]", *nth).ok_or_else(|| by_text("targets"))?;
        set(&mut lines, block, "within", Some(within))?;
        let block = nth_block(&lines, "[[targets]]", *nth).ok_or_else(|| by_text("targets"))?;
        set(&mut lines, block, "calendar", Some(calendar).filter(|c| c.as_str() != ALWAYS))?;
    }
    let mut calendars: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for ((calendar, day), spans) in &edits.hours {
        let known = WEEKDAYS.contains(&day.as_str());
        known.then_some(()).ok_or_else(|| Error::invalid("hours", format!("{day:?} is no weekday")))?;
        let spans: Vec<String> = spans
            .split([',', '，', ';'])
            .map(str::trim)
            .filter(|s| !s.is_empty())
            .map(|s| quoted("hours", s))
            .collect::<Result<_>>()?;
        // A free day is written as one: a day left out between worked ones counts as a slip.
        calendars.entry(calendar).or_default().push(format!("{day} = [{}]", spans.join(", ")));
    }
    for (name, mut days) in calendars {
        days.sort_by_key(|d| WEEKDAYS.iter().position(|w| d.starts_with(w)));
        let head = format!("[calendars.{name}]");
        let (from, to) = nth_block(&lines, &head, 0).ok_or_else(|| by_text(&head))?;
        let at =
            (from..to).find(|i| key_of(&lines[*i]) == Some("hours") && lines[*i].trim_end().ends_with('}'));
        let at = at.ok_or_else(|| by_text(&format!("calendars.{name}.hours")))?;
        lines[at] = format!("hours = {{ {} }}", days.join(", "));
    }
    Ok(lines.join("\n") + "\n")
}

fn by_text(key: &str) -> Error {
    Error::invalid("source", format!("{key} is written in another way than the form knows; edit it as text"))
}

fn quoted(field: &str, text: &str) -> Result<String> {
    if text.contains(['"', '\\', '\n', '\r']) || text.chars().any(char::is_control) {
        return Err(Error::invalid(field, format!("{text:?} has signs that do not belong there")));
    }
    Ok(format!("\"{text}\""))
}

/// The lines after the `nth` header until the next one.
fn nth_block(lines: &[String], header: &str, nth: usize) -> Option<(usize, usize)> {
    let at = lines.iter().enumerate().filter(|(_, l)| l.trim() == header).nth(nth)?.0;
    let end = lines.iter().skip(at + 1).position(|l| l.trim_start().starts_with('['));
    Some((at + 1, end.map_or(lines.len(), |n| at + 1 + n)))
}

fn key_of(line: &str) -> Option<&str> {
    line.split_once('=').map(|(key, _)| key.trim())
}

/// Sets, adds or removes a key of a block whose values are short texts.
fn set(lines: &mut Vec<String>, (from, to): (usize, usize), key: &str, value: Option<&String>) -> Result<()> {
    let at = (from..to).find(|i| key_of(&lines[*i]) == Some(key));
    match (at, value) {
        (Some(at), Some(value)) => lines[at] = format!("{key} = {}", quoted(key, value.trim())?),
        (Some(at), None) => drop(lines.remove(at)),
        (None, Some(value)) => {
            let last = (from..to).rev().find(|i| key_of(&lines[*i]).is_some() && !lines[*i].starts_with('#'));
            lines.insert(last.map_or(from, |i| i + 1), format!("{key} = {}", quoted(key, value.trim())?));
        }
        (None, None) => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{Milestone, Plans};

    #[test]
    fn a_form_changes_lengths_calendars_and_hours_and_keeps_the_comments() {
        let p7 = Plans::built_in().get("P3").unwrap();
        let mut edits = Edits::default();
        edits.targets.insert(0, ("48h".into(), "hospital".into()));
        edits.hours.insert(("hospital".into(), "sat".into()), "09:00-12:00".into());
        for (day, spans) in &hours_of(&p7)[0].1 {
            edits.hours.entry(("hospital".into(), (*day).into())).or_insert(spans.clone());
        }
        let text = edited(&p7.source, &edits).unwrap();
        let plan = Plan::parse("form", &text, &crate::calendar::HolidaySets::built_in()).unwrap();
        let first = plan.targets.iter().find(|t| t.milestone == Milestone::FirstResponse).unwrap();
        assert_eq!((first.within.to_string().as_str(), first.calendar.name.as_str()), ("48h", "hospital"));
        assert!(
            text.contains("# - The 72 hours elapse") && text.contains("sat = [\"09:00-12:00\"]"),
            "{text}"
        );
        edits.targets.insert(0, ("72h".into(), ALWAYS.into()));
        let back = edited(&text, &edits).unwrap();
        assert!(!back.contains("calendar = "), "{back}");
        edits.targets.insert(9, ("1h".into(), ALWAYS.into()));
        assert!(edited(&text, &edits).is_err());
        let hostile = Edits {
            targets: BTreeMap::from([(0, ("1h\"\nid = \"x".into(), ALWAYS.into()))]),
            ..Edits::default()
        };
        assert!(edited(&text, &hostile).is_err());
    }
}
