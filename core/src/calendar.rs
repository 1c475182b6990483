//! Calendars: when somebody works, in which time zone, on which days not, and on which days although it
//! is a weekend. Everything that counts working time asks here; the sums come from `calendar/year.rs`.
pub mod csv;
pub mod holidays;
pub mod ics;
mod local;
mod shift;
mod spec;
mod year;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;

use crate::Time;
pub use holidays::{HolidaySets, Holidays};
pub use shift::Shift;
pub use spec::{CalendarSpec, DaySpec, MakeUp};
use year::Year;

/// The name of the calendar that is always open.
pub const ALWAYS: &str = "24x7";

/// Years whose sums are kept once they were needed; others are counted anew each time.
const FIRST_YEAR: i16 = 2000;
const KEPT_YEARS: usize = 100;

/// How far ahead an instant is searched before a calendar counts as never open again.
const SEARCH_YEARS: i16 = 60;

/// A checked calendar, ready to count with. Share it: its sums are kept inside.
#[derive(Debug)]
pub struct Calendar {
    pub name: String,
    zone: TimeZone,
    zone_name: String,
    always: bool,
    /// Monday first.
    week: [Vec<Shift>; 7],
    days: BTreeMap<Date, Day>,
    years: Vec<OnceLock<Year>>,
}

/// A date that differs from its weekday.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day {
    pub shifts: Vec<Shift>,
    pub kind: DayKind,
    pub name: String,
}

text_enum! {
    /// Why a date is as it is.
    DayKind ("day") {
        Weekday = "weekday",
        Weekend = "weekend",
        Holiday = "holiday",
        MakeUp = "make_up_day",
        /// The customer's own day, off or with its own hours.
        Own = "own_day",
    }
}

impl Calendar {
    /// Open every minute of every day; `zone` says what a day is.
    pub fn always(zone_name: &str, zone: TimeZone) -> Calendar {
        let mut calendar = Calendar::empty(ALWAYS, zone_name, zone);
        calendar.always = true;
        calendar.week = std::array::from_fn(|_| vec![Shift::WHOLE_DAY]);
        calendar
    }

    fn empty(name: &str, zone_name: &str, zone: TimeZone) -> Calendar {
        Calendar {
            name: name.to_owned(),
            zone,
            zone_name: zone_name.to_owned(),
            always: false,
            week: Default::default(),
            days: BTreeMap::new(),
            years: std::iter::repeat_with(OnceLock::new).take(KEPT_YEARS).collect(),
        }
    }

    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// Such as `Asia/Shanghai`.
    pub fn zone_name(&self) -> &str {
        &self.zone_name
    }

    pub fn is_always(&self) -> bool {
        self.always
    }

    /// The local date of an instant.
    pub fn date(&self, at: Time) -> Date {
        self.zone.to_datetime(at.timestamp()).date()
    }

    /// The shifts that begin on a date.
    pub fn shifts(&self, date: Date) -> &[Shift] {
        match self.days.get(&date) {
            Some(day) => &day.shifts,
            None => &self.week[date.weekday().to_monday_zero_offset() as usize],
        }
    }

    /// Why a date is as it is, with the name of the holiday or the reason given.
    pub fn day(&self, date: Date) -> (DayKind, &str) {
        match self.days.get(&date) {
            Some(day) => (day.kind, &day.name),
            None if matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday) => (DayKind::Weekend, ""),
            None => (DayKind::Weekday, ""),
        }
    }

    /// Milliseconds of working time in `[from, to)`.
    pub fn counted(&self, from: Time, to: Time) -> i64 {
        if to <= from {
            return 0;
        }
        if self.always {
            return to.since(from);
        }
        let (first, last) = (utc_year(from) - 1, utc_year(to) + 1);
        (first..=last).map(|y| self.with_year(y, |year| year.before(to) - year.before(from))).sum()
    }

    /// The first instant at which `millis` of working time have passed since `from`: at 12:00, not at
    /// 14:00, when the count is full as the morning ends. `None` when the calendar does not open that long.
    pub fn advance(&self, from: Time, millis: i64) -> Option<Time> {
        if millis <= 0 {
            return Some(from);
        }
        if self.always {
            return Some(from.plus_millis(millis));
        }
        let first = utc_year(from) - 1;
        let mut need = millis;
        for y in first..first.saturating_add(SEARCH_YEARS) {
            let found = self.with_year(y, |year| {
                let used = year.before(from);
                let here = year.total() - used;
                if here >= need { Ok(year.instant(used + need)) } else { Err(here) }
            });
            match found {
                Ok(at) => return at,
                Err(here) => need -= here,
            }
        }
        None
    }

    /// The last instant at which `millis` of working time are still to come before `to`: notices before a
    /// due time are calendar arithmetic, too. `None` when it was never open that long before.
    pub fn retreat(&self, to: Time, millis: i64) -> Option<Time> {
        if self.always {
            return Some(to.plus_millis(-millis));
        }
        let last = utc_year(to) + 1;
        let mut need = millis;
        for y in (last.saturating_sub(SEARCH_YEARS)..=last).rev() {
            let found = self.with_year(y, |year| {
                let here = year.before(to);
                if here >= need { Ok(year.instant_from(here - need)) } else { Err(here) }
            });
            match found {
                Ok(at) => return at,
                Err(here) => need -= here,
            }
        }
        None
    }

    pub fn is_open(&self, at: Time) -> bool {
        self.counted(at, at.plus_millis(1)) > 0
    }

    /// When it is open next: `at` itself when it is open then.
    pub fn next_opening(&self, at: Time) -> Option<Time> {
        self.advance(at, 1).map(|t| t.plus_millis(-1))
    }

    /// The open spans within `[from, to)`, in order, without overlaps.
    pub fn open_spans(&self, from: Time, to: Time) -> Vec<(Time, Time)> {
        if self.always {
            return vec![(from, to)];
        }
        let years = utc_year(from) - 1..=utc_year(to) + 1;
        let clipped = |(a, b): (Time, Time)| (a.max(from), b.min(to));
        let mut spans = Vec::new();
        for y in years {
            self.with_year(y, |year| spans.extend(year.spans().map(clipped).filter(|(a, b)| a < b)));
        }
        spans
    }

    fn with_year<T>(&self, y: i16, read: impl FnOnce(&Year) -> T) -> T {
        match usize::try_from(y - FIRST_YEAR).ok().and_then(|i| self.years.get(i)) {
            Some(kept) => read(kept.get_or_init(|| Year::of(self, y))),
            None => read(&Year::of(self, y)),
        }
    }
}

fn utc_year(at: Time) -> i16 {
    TimeZone::UTC.to_datetime(at.timestamp()).year()
}
