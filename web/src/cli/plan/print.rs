//! The answer for people: one table a promise, with the sum behind its due time.
use firstline_bots::texts::length;
use firstline_core::Time;
use firstline_core::clocks::{self, ClockState, Explained};

use super::case::Case;
use crate::pages::account::why;
use crate::pages::times;
use crate::texts::Lang;

pub fn lines(case: &Case, explained: &[Explained], lang: Lang) -> Vec<String> {
    let mut lines = head(case, lang);
    if explained.is_empty() {
        lines.push(lang.text("account-none"));
    }
    for one in explained {
        lines.extend(milestone(case, one, lang));
    }
    lines
}

fn head(case: &Case, lang: Lang) -> Vec<String> {
    let facts = clocks::facts(&case.events);
    let kind = facts.map(|f| lang.known(&format!("kind-{}", f.kind)).unwrap_or_else(|| f.kind.to_string()));
    let values = [
        ("plan", case.plan.base_id().into()),
        ("title", case.plan.title(lang.tag()).into()),
        ("severity", facts.map_or(0, |f| f.severity).into()),
        ("kind", kind.unwrap_or_default().into()),
    ];
    let opened = lang.text_with("explain-opened", &[("when", when(case, case.opened_at).into())]);
    let mut lines = vec![lang.text_with("explain-head", &values), opened];
    if let Some(base) = &case.plan.base {
        let keys = base.overridden().join(", ");
        let values = [("contract", base.contract.as_str().into()), ("keys", keys.into())];
        lines.push(lang.text_with("explain-contract", &values));
    }
    lines
}

fn milestone(case: &Case, one: &Explained, lang: Lang) -> Vec<String> {
    let r = &one.reading;
    let name = lang.text(&format!("milestone-{}", r.milestone));
    let state = lang.text(&format!("clock-state-{}", r.state));
    let target = [("length", length(r.target, lang.tag()).into()), ("calendar", r.calendar.as_str().into())];
    let span = |seconds: i64| times::span(lang, seconds * 1000);
    let mut facts = vec![lang.text_with("account-due", &[("when", when(case, r.due_at).into())])];
    if let Some(met) = r.met_at {
        facts.push(lang.text_with("account-met", &[("when", when(case, met).into())]));
    } else if r.state != ClockState::Breached {
        facts.push(lang.text_with("account-left", &[("span", span(r.remaining_seconds).into())]));
    }
    if r.breached_at.is_some() {
        facts.push(lang.text_with("account-late", &[("span", span(r.breached_by_seconds).into())]));
    }
    let mut lines = vec![
        String::new(),
        format!("{name}: {state}"),
        format!("  {}", lang.text_with("account-target", &target)),
        format!("  {}", facts.join(" · ")),
    ];
    let mut total = 0;
    for line in &one.account {
        total += line.counted_seconds;
        let (from, to) = (when(case, line.from), when(case, line.to));
        lines.push(format!("    {from}  {to}  {:>10}  {}", hms(line.counted_seconds), why(lang, &line.why)));
    }
    lines.push(format!("    {}: {}", lang.text("account-total"), hms(total)));
    lines
}

/// In the plan's zone, with the weekday.
fn when(case: &Case, at: Time) -> String {
    at.timestamp().to_zoned(case.plan.service.zone().clone()).strftime("%Y-%m-%d %a %H:%M").to_string()
}

/// `52:20:00`.
fn hms(seconds: i64) -> String {
    format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}
