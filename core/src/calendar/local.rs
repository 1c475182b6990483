//! From local time to instants, with the missing and the doubled hour.
use jiff::civil::{Date, DateTime};
use jiff::tz::{AmbiguousOffset, TimeZone};

use crate::Time;

/// The first instant at which a wall clock in `zone` shows `local` or later: in the missing hour the
/// instant it was skipped at, in the doubled hour the first of the two. So shifts that meet on the wall
/// clock meet in time, and none overlap.
pub fn first_instant(zone: &TimeZone, local: DateTime) -> Time {
    let ambiguous = zone.to_ambiguous_timestamp(local);
    let with = |offset: jiff::tz::Offset| offset.to_timestamp(local).ok();
    let at = match ambiguous.offset() {
        AmbiguousOffset::Unambiguous { offset } => with(offset),
        AmbiguousOffset::Fold { before, .. } => with(before),
        // Read with the later offset it lies before the change: the next change is the one that skipped it.
        AmbiguousOffset::Gap { after, .. } => {
            with(after).map(|t| zone.following(t).next().map_or(t, |change| change.timestamp()))
        }
    };
    // Beyond the calendar's range: the end of time on that side.
    let edge = if local.year() < 0 { jiff::Timestamp::MIN } else { jiff::Timestamp::MAX };
    Time::from_timestamp(at.unwrap_or(edge))
}

/// The instant of `minute` minutes after midnight of `date`; beyond 1440 on the next day.
pub fn minute_of(zone: &TimeZone, date: Date, minute: u16) -> Time {
    let (days, minute) = (i64::from(minute / super::shift::DAY_MINUTES), minute % super::shift::DAY_MINUTES);
    let date = date.saturating_add(jiff::Span::new().days(days));
    first_instant(zone, date.at((minute / 60) as i8, (minute % 60) as i8, 0, 0))
}

/// The instant that carries the same wall time `span` later, as a person means "in 3 days" or "in a
/// month": never n times 24 hours, the day clamped to the month's last. A wall time that the day does not
/// have becomes the one after the gap by as much; of a doubled one the first is meant.
pub fn same_time_after(zone: &TimeZone, at: Time, span: jiff::Span) -> Time {
    let local = zone.to_datetime(at.timestamp()).saturating_add(span);
    match zone.to_timestamp(local) {
        Ok(then) => Time::from_timestamp(then),
        Err(_) => Time::from_timestamp(jiff::Timestamp::MAX),
    }
}
