//! How a calendar is written in a plan, and the working days counted on it.
use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Calendar, Day, DayKind, HolidaySets, Shift, local};
use crate::{Error, Result, Time};

/// `[calendars.NAME]` of a plan.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalendarSpec {
    /// The plan's time zone where absent.
    pub time_zone: Option<String>,
    /// Shifts by weekday: `mon` to `sun`. A weekday that is absent is free; between worked ones it must be written.
    pub hours: BTreeMap<String, Vec<Shift>>,
    /// The set of public holidays that are free, such as `cn`.
    pub holidays: Option<String>,
    /// What happens on the set's make-up working days.
    #[serde(default)]
    pub make_up_days: MakeUp,
    /// The customer's own days.
    #[serde(default)]
    pub days: Vec<DaySpec>,
}

/// Weekends that are worked to make up for a holiday.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum MakeUp {
    /// `"free"`: worked by others, not here.
    Word(String),
    Hours(Vec<Shift>),
}

impl Default for MakeUp {
    fn default() -> MakeUp {
        MakeUp::Word("free".into())
    }
}

/// A date with its own hours; none: free.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DaySpec {
    pub date: Date,
    #[serde(default)]
    pub hours: Vec<Shift>,
    pub why: String,
}

const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

impl CalendarSpec {
    /// Checks the calendar and makes it countable. Errors name the key below `[calendars.NAME]`.
    pub fn build(&self, name: &str, zone_name: &str, sets: &HolidaySets) -> Result<Calendar> {
        let zone_name = self.time_zone.as_deref().unwrap_or(zone_name);
        let mut calendar = Calendar::empty(name, zone_name, zone(name, zone_name)?);
        for (day, shifts) in &self.hours {
            let nth = WEEKDAYS.iter().position(|d| d == day).ok_or_else(|| {
                Error::invalid(
                    key(name, &format!("hours.{day}")),
                    format!("is none of: {}", WEEKDAYS.join(", ")),
                )
            })?;
            calendar.week[nth] = checked(name, &format!("hours.{day}"), shifts)?;
        }
        if calendar.week.iter().all(Vec::is_empty) {
            return Err(Error::invalid(key(name, "hours"), "the calendar never opens: no weekday has hours"));
        }
        self.without_gap(name, &calendar)?;
        self.take_holidays(name, &mut calendar, sets)?;
        for day in &self.days {
            let shifts = checked(name, &format!("days ({})", day.date), &day.hours)?;
            let day_row = Day { shifts, kind: DayKind::Own, name: day.why.clone() };
            if calendar.days.insert(day.date, day_row).is_some_and(|d| d.kind == DayKind::Own) {
                return Err(Error::invalid(key(name, "days"), format!("{} stands there twice", day.date)));
            }
        }
        Ok(calendar)
    }

    /// A weekday between worked ones that is not written is a slip; a free one is written as `[]`.
    fn without_gap(&self, name: &str, calendar: &Calendar) -> Result<()> {
        let worked = |nth: &usize| !calendar.week[*nth].is_empty();
        let (Some(first), Some(last)) = ((0..7).find(worked), (0..7).rfind(worked)) else { return Ok(()) };
        match WEEKDAYS[first..=last].iter().find(|day| !self.hours.contains_key(**day)) {
            None => Ok(()),
            Some(day) => Err(Error::invalid(
                key(name, &format!("hours.{day}")),
                format!("a gap: {day} is missing between worked days; write {day} = [] if it is free"),
            )),
        }
    }

    fn take_holidays(&self, name: &str, calendar: &mut Calendar, sets: &HolidaySets) -> Result<()> {
        let make_up = match &self.make_up_days {
            MakeUp::Word(word) if word == "free" => None,
            MakeUp::Word(word) => {
                let reason =
                    format!("{word:?} is neither \"free\" nor a list of hours such as [\"09:00-18:00\"]");
                return Err(Error::invalid(key(name, "make_up_days"), reason));
            }
            MakeUp::Hours(shifts) => Some(checked(name, "make_up_days", shifts)?),
        };
        let Some(set_id) = &self.holidays else { return Ok(()) };
        let set = sets.get(set_id).ok_or_else(|| {
            Error::invalid(key(name, "holidays"), format!("there is no set of holidays {set_id:?}"))
        })?;
        for (date, day) in set.days() {
            let row = match (day.off, &make_up) {
                (true, _) => Day { shifts: Vec::new(), kind: DayKind::Holiday, name: day.name.clone() },
                (false, Some(s)) => Day { shifts: s.clone(), kind: DayKind::MakeUp, name: day.name.clone() },
                (false, None) => continue,
            };
            calendar.days.insert(*date, row);
        }
        Ok(())
    }
}

fn key(name: &str, key: &str) -> String {
    format!("calendars.{name}.{key}")
}

fn zone(name: &str, zone_name: &str) -> Result<TimeZone> {
    let wrong = || {
        Error::invalid(key(name, "time_zone"), format!("{zone_name:?} is no time zone such as Asia/Shanghai"))
    };
    let zone = TimeZone::get(zone_name).map_err(|_| wrong())?;
    // A name that the system's tables resolve but cannot compute with would surprise later.
    let _ = zone.to_offset(Timestamp::UNIX_EPOCH);
    Ok(zone)
}

/// Shifts of one day must not overlap: two of them would count a minute twice.
fn checked(name: &str, what: &str, shifts: &[Shift]) -> Result<Vec<Shift>> {
    let mut sorted = shifts.to_vec();
    sorted.sort_by_key(|s| s.from);
    for pair in sorted.windows(2) {
        if pair[1].from < pair[0].to {
            return Err(Error::invalid(key(name, what), format!("{} and {} overlap", pair[0], pair[1])));
        }
    }
    Ok(sorted)
}

impl Calendar {
    /// The instant a date's work ends; `None` when nobody works then.
    pub fn close_of(&self, date: Date) -> Option<Time> {
        let last = self.shifts(date).iter().max_by_key(|s| s.to)?;
        Some(local::minute_of(&self.zone, date, last.to))
    }

    /// From when working days count after a report: the day of report itself does not.
    pub fn day_after(&self, at: Time) -> Time {
        let date = self.date(at);
        let midnight = local::minute_of(&self.zone, date, super::shift::DAY_MINUTES);
        self.close_of(date).map_or(midnight, |close| close.max(midnight))
    }

    /// The close of the `n`-th working day after the day of `at`; `None` when there are not so many.
    pub fn close_of_working_day(&self, at: Time, n: i64) -> Option<Time> {
        let mut date = self.date(at);
        let mut left = n;
        // A calendar that is open once a year still ends somewhere.
        for _ in 0..366 * i64::from(super::SEARCH_YEARS) {
            date = date.checked_add(Span::new().days(1)).ok()?;
            if let Some(close) = self.close_of(date) {
                left -= 1;
                if left <= 0 {
                    return Some(close);
                }
            }
        }
        None
    }

    /// The same local time `n` working days before; `None` when there are not so many.
    pub fn working_days_earlier(&self, at: Time, n: i64) -> Option<Time> {
        let mut date = self.date(at);
        let (mut days, mut left) = (0, n);
        while left > 0 && days < 366 * i64::from(super::SEARCH_YEARS) {
            date = date.checked_sub(Span::new().days(1)).ok()?;
            days += 1;
            left -= i64::from(!self.shifts(date).is_empty());
        }
        (left <= 0).then(|| self.days_later(at, -days))
    }

    /// The same local time `n` dates later.
    pub fn days_later(&self, at: Time, n: i64) -> Time {
        local::same_time_after(&self.zone, at, Span::new().days(n.clamp(-200_000, 200_000)))
    }

    /// The same day and time `n` months later, clamped to the month's last day.
    pub fn months_later(&self, at: Time, n: i64) -> Time {
        local::same_time_after(&self.zone, at, Span::new().months(n.clamp(-6_000, 6_000)))
    }
}
