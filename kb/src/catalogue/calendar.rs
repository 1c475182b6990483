//! The release calendar: what came out in each quarter of a year and what is planned. A quarter without a
//! release breaks the promise of at least one upgrade a quarter.
use firstline_core::Time;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::model::{Release, State};

#[derive(Clone, Debug, PartialEq)]
pub struct Quarter {
    /// 1 to 4.
    pub number: i8,
    pub first: Date,
    pub last: Date,
    /// Published in it, earliest first; withdrawn ones do not count.
    pub released: Vec<Entry>,
    /// Scheduled within it.
    pub planned: Vec<Entry>,
    pub promise: Promise,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub version: String,
    pub on: Date,
    pub security: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Promise {
    Kept,
    /// The quarter is over and nothing came out.
    Missed,
    /// It is not over yet.
    Open,
}

/// The four quarters of a year, as of a day.
pub fn calendar(releases: &[Release], year: i16, today: Date) -> Vec<Quarter> {
    (1..=4).filter_map(|number| quarter(releases, year, number, today)).collect()
}

fn quarter(releases: &[Release], year: i16, number: i8, today: Date) -> Option<Quarter> {
    let first = Date::new(year, number * 3 - 2, 1).ok()?;
    let last = Date::new(year, number * 3, 1).ok()?.last_of_month();
    let within = |day: &Date| (first..=last).contains(day);
    let entry = |release: &Release, on: Date| Entry {
        version: release.draft.version.to_string(),
        on,
        security: release.draft.security,
    };
    let collect = |of: &dyn Fn(&Release) -> Option<Date>| -> Vec<Entry> {
        let mut found: Vec<Entry> =
            releases.iter().filter_map(|r| of(r).filter(within).map(|on| entry(r, on))).collect();
        found.sort_by(|a, b| a.on.cmp(&b.on).then_with(|| a.version.cmp(&b.version)));
        found
    };
    let released =
        collect(&|r| (r.state == State::Published && r.draft.only.is_none()).then(|| day_of(r)).flatten());
    let planned = collect(&|r| r.publish_at.map(day));
    let promise = match (released.is_empty(), last < today) {
        (false, _) => Promise::Kept,
        (true, true) => Promise::Missed,
        (true, false) => Promise::Open,
    };
    Some(Quarter { number, first, last, released, planned, promise })
}

/// The day a release came out: as it says itself, else when it was published here.
fn day_of(release: &Release) -> Option<Date> {
    release.draft.date.or(release.published_at.map(day))
}

fn day(at: Time) -> Date {
    at.timestamp().to_zoned(TimeZone::get("Asia/Shanghai").unwrap_or(TimeZone::UTC)).date()
}
