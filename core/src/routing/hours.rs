//! The hours of a group (P6-02): spans per weekday in the group's zone, written as
//! `mon-fri 08:30-12:00,14:00-18:00; sat 09:00-12:00` or `24x7`. Public holidays close it, make-up working
//! days open it as the weekday whose hours they make up (Monday to Friday's first named day).
use jiff::civil::{Date, Time as Clock, Weekday};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::{Error, Result, Time};

/// Half-open spans of a day, in order, not touching.
type Spans = Vec<(Clock, Clock)>;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Hours {
    text: String,
    /// Monday first; `None` for 24x7.
    week: Option<[Spans; 7]>,
}

/// Whether somebody is there, and if not when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opening {
    Open,
    /// Closed until this instant; `None` when it never opens within a month.
    Closed {
        next: Option<Time>,
    },
}

/// What a calendar of public holidays says of a date: a day off, a make-up working day, or nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Special {
    Off,
    Working,
}

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
/// Longer than any holiday; beyond it nothing opens.
const LOOK_AHEAD: usize = 40;

impl Hours {
    pub fn parse(text: &str) -> Result<Hours> {
        let text = text.trim().to_lowercase();
        if text == "24x7" {
            return Ok(Hours { text, week: None });
        }
        let mut week: [Spans; 7] = Default::default();
        for part in text.split(';').map(str::trim).filter(|p| !p.is_empty()) {
            let (days, spans) = part.split_once(' ').ok_or_else(|| wrong(part))?;
            let spans = spans.split(',').map(|s| span(s.trim())).collect::<Result<Spans>>()?;
            for day in day_range(days)? {
                week[day].extend(spans.iter().copied());
            }
        }
        for (day, spans) in week.iter_mut().enumerate() {
            spans.sort();
            if spans.windows(2).any(|pair| pair[0].1 > pair[1].0) {
                return Err(Error::invalid("hours", format!("two spans of {} overlap", DAYS[day])));
            }
        }
        if week.iter().all(Vec::is_empty) {
            return Err(Error::invalid("hours", "name no span; write such as mon-fri 09:00-18:00, or 24x7"));
        }
        Ok(Hours { text, week: Some(week) })
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether these hours are on at `now`; otherwise when they are next. `special` knows the holidays.
    pub fn at(&self, now: Time, zone: &TimeZone, special: impl Fn(Date) -> Option<Special>) -> Opening {
        let Some(week) = &self.week else { return Opening::Open };
        let here = now.timestamp().to_zoned(zone.clone());
        let mut date = here.date();
        for n in 0..LOOK_AHEAD {
            for (from, to) in spans_of(week, date, &special) {
                let started = n > 0 || here.time() >= *from;
                if n == 0 && started && here.time() < *to {
                    return Opening::Open;
                }
                if n > 0 || here.time() < *from {
                    let at = date.to_datetime(*from).to_zoned(zone.clone()).ok();
                    return Opening::Closed { next: at.map(|z| Time::from_timestamp(z.timestamp())) };
                }
            }
            match date.tomorrow() {
                Ok(next) => date = next,
                Err(_) => break,
            }
        }
        Opening::Closed { next: None }
    }
}

/// The spans of a date. A make-up working day on a weekend has the hours of the week's first working day.
fn spans_of<'a>(
    week: &'a [Spans; 7],
    date: Date,
    special: &impl Fn(Date) -> Option<Special>,
) -> impl Iterator<Item = &'a (Clock, Clock)> {
    let own = &week[day_index(date.weekday())];
    let spans = match special(date) {
        Some(Special::Off) => None,
        Some(Special::Working) if own.is_empty() => week.iter().find(|spans| !spans.is_empty()),
        _ => Some(own),
    };
    spans.into_iter().flatten()
}

fn day_index(day: Weekday) -> usize {
    usize::try_from(day.to_monday_zero_offset()).unwrap_or_default()
}

fn day_range(days: &str) -> Result<Vec<usize>> {
    let index = |name: &str| DAYS.iter().position(|d| *d == name).ok_or_else(|| wrong(days));
    let mut all = Vec::new();
    for part in days.split(',') {
        match part.split_once('-') {
            Some((from, to)) => {
                let (from, to) = (index(from)?, index(to)?);
                let length = (to + 7 - from) % 7;
                all.extend((0..=length).map(|n| (from + n) % 7));
            }
            None => all.push(index(part)?),
        }
    }
    Ok(all)
}

fn span(text: &str) -> Result<(Clock, Clock)> {
    let (from, to) = text.split_once('-').ok_or_else(|| wrong(text))?;
    let time = |t: &str| format!("{t}:00").parse::<Clock>().map_err(|_| wrong(text));
    let (from, to) = (time(from)?, if to == "24:00" { Clock::MAX } else { time(to)? });
    if from < to { Ok((from, to)) } else { Err(wrong(text)) }
}

fn wrong(part: &str) -> Error {
    Error::invalid("hours", format!("{part:?} is not such as mon-fri 08:30-12:00,14:00-18:00"))
}

impl TryFrom<String> for Hours {
    type Error = Error;
    fn try_from(text: String) -> Result<Hours> {
        Hours::parse(&text)
    }
}

impl From<Hours> for String {
    fn from(hours: Hours) -> String {
        hours.text
    }
}
