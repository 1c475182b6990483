//! The clocks of a ticket with the sum behind each due time, as the page draws them.
use firstline_bots::texts::length;
use firstline_core::clocks::{self, Explained};
use firstline_core::desk::view::TicketView;
use firstline_core::plan::Plan;
use firstline_core::ticket::{self, ClockRow};
use jiff::tz::TimeZone;

use crate::pages::account::why;
use crate::pages::clock_chip::Chip;
use crate::pages::{Page, times};

/// One promise.
pub struct ClockCard {
    pub name: String,
    pub open: bool,
    pub chip: Chip,
    pub due: String,
    /// `3 working days, calendar working`.
    pub target: String,
    /// How late it was, where it was.
    pub late: Option<String>,
    pub lines: Vec<Line>,
    pub total: String,
}

/// One line of the account, in the calendar's own zone.
pub struct Line {
    pub from: String,
    pub to: String,
    pub counted: String,
    pub why: String,
    pub counts: bool,
}

pub fn cards(p: &Page, plan: &Plan, view: &TicketView) -> Vec<ClockCard> {
    let events = ticket::clock_events(&view.ticket, &view.timeline);
    let explained = clocks::explain(plan, &events, ticket::as_of(&view.timeline, p.now));
    let of =
        |row: &ClockRow| card(p, plan, row, explained.iter().find(|e| e.reading.milestone == row.milestone));
    view.clocks.iter().map(of).collect()
}

fn card(p: &Page, plan: &Plan, row: &ClockRow, explained: Option<&Explained>) -> ClockCard {
    let account = explained.map(|e| e.account.as_slice()).unwrap_or_default();
    let target = row.target.parse().map_or_else(|_| row.target.clone(), |l| length(l, p.lang.tag()));
    let values = [("length", target.into()), ("calendar", row.calendar.as_str().into())];
    let late = explained.map(|e| e.reading.breached_by_seconds).filter(|s| *s > 0);
    let zone = plan.service.zone();
    let line = |e: &clocks::Entry| Line {
        from: local(zone, e.from),
        to: local(zone, e.to),
        counted: if e.counted_seconds > 0 { hms(e.counted_seconds) } else { "–".into() },
        why: why(p.lang, &e.why),
        counts: e.counted_seconds > 0,
    };
    ClockCard {
        name: p.word("milestone", row.milestone.as_str()),
        open: row.met_at.is_none() && row.applies,
        chip: p.clock_chip(row),
        due: p.time(&row.due_at),
        target: p.lang.text_with("account-target", &values),
        late: late
            .map(|s| p.lang.text_with("account-late", &[("span", times::span(p.lang, s * 1000).into())])),
        lines: account.iter().map(line).collect(),
        total: hms(account.iter().map(|e| e.counted_seconds).sum()),
    }
}

fn local(zone: &TimeZone, at: firstline_core::Time) -> String {
    at.timestamp().to_zoned(zone.clone()).strftime("%m-%d %H:%M").to_string()
}

/// `52:20`, with seconds where there are some.
fn hms(seconds: i64) -> String {
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (h, m, 0) => format!("{h}:{m:02}"),
        (h, m, s) => format!("{h}:{m:02}:{s:02}"),
    }
}
