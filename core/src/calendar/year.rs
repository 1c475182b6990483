//! The open spans of one year with running sums, so that counting needs no walk over the days.
use jiff::Span;
use jiff::civil::Date;

use super::local::minute_of;
use super::{Calendar, Shift};
use crate::Time;

/// The spans that begin in a local year, merged and in order, and how much was open before each.
#[derive(Debug, Default)]
pub struct Year {
    /// `(from, to, open milliseconds of this year before it)`.
    spans: Vec<(i64, i64, i64)>,
    total: i64,
}

impl Year {
    pub fn of(calendar: &Calendar, y: i16) -> Year {
        let Ok(first) = Date::new(y, 1, 1) else { return Year::default() };
        // A shift of the last year's evening may still run: it belongs to that year.
        let mut open_until = first.yesterday().ok().map_or(i64::MIN, |eve| last_end(calendar, eve));
        let mut year = Year::default();
        let mut date = first;
        loop {
            let mut shifts: Vec<Shift> = calendar.shifts(date).to_vec();
            shifts.sort_by_key(|s| (s.from, s.to));
            for shift in shifts {
                let from = minute_of(calendar.zone(), date, shift.from).millis().max(open_until);
                let to = minute_of(calendar.zone(), date, shift.to).millis();
                year.push(from, to);
                open_until = open_until.max(to);
            }
            match date.checked_add(Span::new().days(1)) {
                Ok(next) if next.year() == y => date = next,
                _ => return year,
            }
        }
    }

    fn push(&mut self, from: i64, to: i64) {
        if from >= to {
            return;
        }
        match self.spans.last_mut() {
            Some(last) if last.1 == from => last.1 = to,
            _ => self.spans.push((from, to, self.total)),
        }
        self.total += to - from;
    }

    pub fn total(&self) -> i64 {
        self.total
    }

    pub fn spans(&self) -> impl Iterator<Item = (Time, Time)> + '_ {
        self.spans.iter().map(|(from, to, _)| (Time(*from), Time(*to)))
    }

    /// Open milliseconds of this year before an instant.
    pub fn before(&self, at: Time) -> i64 {
        let n = self.spans.partition_point(|(from, _, _)| *from < at.millis());
        match n.checked_sub(1).and_then(|i| self.spans.get(i)) {
            Some((from, to, sum)) => sum + at.millis().min(*to) - from,
            None => 0,
        }
    }

    /// The first instant at which `open` milliseconds of this year have passed; `open` must be positive.
    pub fn instant(&self, open: i64) -> Option<Time> {
        let n = self.spans.partition_point(|(_, _, sum)| *sum < open);
        let (from, _, sum) = self.spans.get(n.checked_sub(1)?)?;
        Some(Time(from + open - sum))
    }

    /// The last instant at which no more than `open` milliseconds of this year have passed.
    pub fn instant_from(&self, open: i64) -> Option<Time> {
        let n = self.spans.partition_point(|(_, _, sum)| *sum <= open);
        let (from, _, sum) = self.spans.get(n.checked_sub(1)?)?;
        Some(Time(from + open - sum))
    }
}

fn last_end(calendar: &Calendar, date: Date) -> i64 {
    let ends = calendar.shifts(date).iter().map(|s| minute_of(calendar.zone(), date, s.to).millis());
    ends.max().unwrap_or(i64::MIN)
}
