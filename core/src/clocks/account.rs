//! The sum behind a due time, day by day: what was counted, what was not, and why.
use jiff::Span;

use super::NEVER;
use super::run::Run;
use super::segment::{PauseWhy, Segment};
use crate::Time;
use crate::calendar::DayKind;
use crate::ticket::Status;

/// One line of the account. The counted seconds of all lines add up to the target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub from: Time,
    pub to: Time,
    pub counted_seconds: i64,
    pub why: Why,
}

/// Why a stretch was counted or not; names are those of the holiday or of the customer's own day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// Every minute counts.
    Elapsed,
    /// Up to a date the customer agreed to.
    Agreed,
    Open,
    OpenMakeUp(String),
    OpenOwn(String),
    /// Outside the hours of a working day.
    Closed,
    Weekend,
    Holiday(String),
    FreeOwn(String),
    /// The day of report does not count among working days.
    DayOfReport,
    Paused(Status),
    /// It was solved, until it was opened again.
    Solved,
    /// Before the last word, the confirmed plan or the new start that the clock counts from.
    Earlier,
}

impl Why {
    /// One short word or two for programs, such as `open` or `holiday: 国庆节`.
    pub fn code(&self) -> String {
        let named = |word: &str, name: &str| {
            if name.is_empty() { word.to_owned() } else { format!("{word}: {name}") }
        };
        match self {
            Why::Elapsed => "24x7".into(),
            Why::Agreed => "agreed date".into(),
            Why::Open => "open".into(),
            Why::OpenMakeUp(name) => named("open, make-up working day", name),
            Why::OpenOwn(name) => named("open, own day", name),
            Why::Closed => "closed".into(),
            Why::Weekend => "weekend".into(),
            Why::Holiday(name) => named("holiday", name),
            Why::FreeOwn(name) => named("closed, own day", name),
            Why::DayOfReport => "day of report, not counted".into(),
            Why::Paused(status) => format!("paused: {status}"),
            Why::Solved => "solved, until reopened".into(),
            Why::Earlier => "before the count began anew".into(),
        }
    }

    pub fn is_counted(&self) -> bool {
        matches!(self, Why::Elapsed | Why::Agreed | Why::Open | Why::OpenMakeUp(_) | Why::OpenOwn(_))
    }
}

/// More lines than these nobody reads; the rest is one line.
const MAX_LINES: usize = 800;

/// The account of a run: from its start to its due time.
pub fn of(run: &Run<'_>, now: Time) -> Vec<Entry> {
    let due = run.due(now);
    let mut sheet = Sheet { segment: &run.segment, lines: Vec::new() };
    if let Some((from, to)) = run.earlier {
        sheet.push(from, to, 0, Why::Earlier);
    }
    if due == NEVER {
        return sheet.finish();
    }
    let mut cursor = run.segment.start;
    for pause in run.segment.pauses.iter().copied().chain(run.open_pause_now()).filter(|p| p.from < due) {
        sheet.stretch(cursor, pause.from);
        let why = match pause.why {
            PauseWhy::Status(status) => Why::Paused(status),
            PauseWhy::Solved => Why::Solved,
        };
        sheet.push(pause.from.max(cursor), pause.to, 0, why);
        cursor = cursor.max(pause.to);
    }
    sheet.stretch(cursor, due);
    sheet.finish()
}

struct Sheet<'a> {
    segment: &'a Segment,
    /// `(from, to, counted milliseconds, why)`.
    lines: Vec<(Time, Time, i64, Why)>,
}

impl Sheet<'_> {
    fn push(&mut self, from: Time, to: Time, millis: i64, why: Why) {
        if to > from {
            self.lines.push((from, to, millis, why));
        }
    }

    /// A stretch without pauses, cut at local midnights.
    fn stretch(&mut self, from: Time, to: Time) {
        let mut cursor = from;
        while cursor < to {
            if self.lines.len() >= MAX_LINES {
                let millis = self.counted(cursor, to);
                return self.push(cursor, to, millis, if millis > 0 { Why::Elapsed } else { Why::Closed });
            }
            let mut end = self.midnight_after(cursor).min(to);
            if cursor < self.segment.count_from {
                end = end.min(self.segment.count_from);
                self.push(cursor, end, 0, Why::DayOfReport);
            } else {
                self.day(cursor, end);
            }
            cursor = end;
        }
    }

    fn counted(&self, from: Time, to: Time) -> i64 {
        let from = from.max(self.segment.count_from);
        match self.segment.on_calendar {
            true => self.segment.calendar.counted(from, to),
            false => to.since(from).max(0),
        }
    }

    fn midnight_after(&self, at: Time) -> Time {
        let zone = self.segment.calendar.zone();
        let date = zone.to_datetime(at.timestamp()).date();
        let next = date.checked_add(Span::new().days(1)).ok().and_then(|d| d.to_zoned(zone.clone()).ok());
        // A day whose midnight is skipped or repeated may not move on: then an hour does.
        let next = next.map_or(NEVER, |z| Time::from_timestamp(z.timestamp()));
        if next > at { next } else { at.plus_seconds(3600) }
    }

    /// Part of one day.
    fn day(&mut self, from: Time, to: Time) {
        if !self.segment.on_calendar {
            let why = if self.segment.agreed { Why::Agreed } else { Why::Elapsed };
            return self.push(from, to, to.since(from), why);
        }
        let calendar = self.segment.calendar.clone();
        let (kind, name) = calendar.day(calendar.date(from));
        let spans = calendar.open_spans(from, to);
        if spans.is_empty() {
            let why = match kind {
                DayKind::Holiday => Why::Holiday(name.to_owned()),
                DayKind::Own => Why::FreeOwn(name.to_owned()),
                DayKind::Weekend => Why::Weekend,
                DayKind::Weekday | DayKind::MakeUp => Why::Closed,
            };
            return self.push(from, to, 0, why);
        }
        let open = match kind {
            DayKind::MakeUp => Why::OpenMakeUp(name.to_owned()),
            DayKind::Own => Why::OpenOwn(name.to_owned()),
            _ => Why::Open,
        };
        let mut cursor = from;
        for (begin, end) in spans {
            self.push(cursor, begin, 0, Why::Closed);
            self.push(begin, end, end.since(begin), open.clone());
            cursor = end;
        }
        self.push(cursor, to, 0, Why::Closed);
    }

    /// Whole seconds whose sum is exact although each line may end within a second.
    fn finish(self) -> Vec<Entry> {
        let mut total = 0;
        let entry = |(from, to, millis, why): (Time, Time, i64, Why)| {
            let before = total / 1000;
            total += millis;
            Entry { from, to, counted_seconds: total / 1000 - before, why }
        };
        self.lines.into_iter().map(entry).collect()
    }
}
