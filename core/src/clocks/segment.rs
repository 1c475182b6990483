//! One stretch of counting towards one due time, with the pauses in it.
use std::sync::Arc;

use super::{Breach, NEVER};
use crate::Time;
use crate::calendar::Calendar;
use crate::plan::{Length, Unit};
use crate::ticket::Status;

/// Why nothing was counted in a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PauseWhy {
    Status(Status),
    /// It counted as solved between two openings.
    Solved,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pause {
    pub from: Time,
    pub to: Time,
    pub why: PauseWhy,
}

#[derive(Clone, Debug)]
pub struct Segment {
    pub start: Time,
    /// From where it is counted: with working days the day of report is over first.
    pub count_from: Time,
    /// Milliseconds to count; `None`: the calendar never opens that long.
    pub need: Option<i64>,
    /// Counted while open; otherwise every elapsed millisecond counts.
    pub on_calendar: bool,
    pub calendar: Arc<Calendar>,
    pub pauses: Vec<Pause>,
    /// The due time was agreed, not counted.
    pub agreed: bool,
}

impl Segment {
    /// A promised length from `start`.
    pub fn of_length(length: Length, calendar: &Arc<Calendar>, start: Time) -> Segment {
        let elapsed_to = |due: Time| Some(due.since(start));
        let mut count_from = start;
        let need = match length.unit {
            Unit::Minutes | Unit::Hours => Some(length.seconds() * 1000),
            Unit::Days => elapsed_to(calendar.days_later(start, length.count)),
            Unit::Weeks => elapsed_to(calendar.days_later(start, length.count * 7)),
            Unit::Months => elapsed_to(calendar.months_later(start, length.count)),
            Unit::WorkingDays => {
                count_from = calendar.day_after(start);
                let close = calendar.close_of_working_day(start, length.count);
                close.map(|close| calendar.counted(count_from, close))
            }
        };
        let on_calendar =
            matches!(length.unit, Unit::Minutes | Unit::Hours | Unit::WorkingDays) && !calendar.is_always();
        Segment {
            start,
            count_from,
            need,
            on_calendar,
            calendar: calendar.clone(),
            pauses: Vec::new(),
            agreed: false,
        }
    }

    /// Up to an agreed instant.
    pub fn until(due: Time, calendar: &Arc<Calendar>, start: Time) -> Segment {
        Segment {
            start,
            count_from: start,
            need: Some(due.since(start)),
            on_calendar: false,
            calendar: calendar.clone(),
            pauses: Vec::new(),
            agreed: true,
        }
    }

    fn counted(&self, from: Time, to: Time) -> i64 {
        let from = from.max(self.count_from);
        if self.on_calendar { self.calendar.counted(from, to) } else { to.since(from).max(0) }
    }

    fn advance(&self, from: Time, millis: i64) -> Time {
        let from = from.max(self.count_from);
        match self.on_calendar {
            true => self.calendar.advance(from, millis).unwrap_or(NEVER),
            false => from.plus_millis(millis),
        }
    }

    /// The first instant at which the count is full. `open` is a pause that has not ended yet: it ends now.
    pub fn due(&self, open: Option<Pause>) -> Time {
        let Some(mut need) = self.need else { return NEVER };
        if need <= 0 {
            return self.start.plus_millis(need);
        }
        let mut cursor = self.start;
        for pause in self.pauses.iter().chain(open.as_ref()) {
            let before = self.counted(cursor, pause.from);
            // A pause that began when the count was full came too late to move it.
            if before >= need {
                break;
            }
            need -= before;
            cursor = cursor.max(pause.to);
        }
        self.advance(cursor, need)
    }

    /// What is counted up to `now`.
    pub fn used(&self, now: Time, open: Option<Pause>) -> i64 {
        let mut used = 0;
        let mut cursor = self.start;
        for pause in self.pauses.iter().chain(open.as_ref()).filter(|p| p.from < now) {
            used += self.counted(cursor, pause.from);
            cursor = cursor.max(pause.to);
        }
        used + self.counted(cursor, now)
    }

    pub fn remaining(&self, now: Time, open: Option<Pause>) -> i64 {
        self.need.map_or(i64::MAX, |need| need - self.used(now, open)).max(0)
    }

    /// The breach when the promise is kept, or looked at, at `end`: the time passed since, without pauses.
    pub fn breach(&self, end: Time, open: Option<Pause>) -> Option<Breach> {
        let due_at = self.due(open);
        if end <= due_at {
            return None;
        }
        let paused: i64 = self.pauses.iter().chain(open.as_ref()).map(|p| overlap(p, due_at, end)).sum();
        Some(Breach { due_at, seconds: (end.since(due_at) - paused) / 1000 })
    }
}

fn overlap(pause: &Pause, from: Time, to: Time) -> i64 {
    pause.to.min(to).since(pause.from.max(from)).max(0)
}
