//! Holidays from an iCalendar file (RFC 5545): whole-day events, at most repeated every year. A summary
//! with 班 is a make-up working day, as Chinese calendar feeds write it. Everything has a limit.
use jiff::Span;
use jiff::civil::Date;

use super::csv::no_contradiction;
use super::holidays::{HolidayDay, Holidays};
use crate::{Error, Result};

/// Larger files are refused unread.
pub const MAX_BYTES: usize = 2_000_000;
pub const MAX_EVENTS: usize = 5_000;
/// Days of one event, and years one repeats for.
const MAX_DAYS: i64 = 60;
const MAX_YEARS: i64 = 20;

#[derive(Default)]
struct Event {
    line: usize,
    start: Option<Date>,
    end: Option<Date>,
    summary: String,
    timed: bool,
    cancelled: bool,
    yearly: Option<Yearly>,
}

#[derive(Clone, Copy)]
struct Yearly {
    count: i64,
    until: Option<Date>,
}

/// Reads the file. Events with a time of day are no holidays and are left out.
pub fn read(bytes: &[u8]) -> Result<Holidays> {
    if bytes.len() > MAX_BYTES {
        return Err(Error::invalid(
            "file",
            format!("has {} bytes, at most {MAX_BYTES} are taken", bytes.len()),
        ));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| Error::invalid("file", "is not UTF-8"))?;
    let mut days = Vec::new();
    let mut event: Option<Event> = None;
    let mut events = 0;
    let mut begun = false;
    for (line, content) in unfolded(text) {
        let (name, params, value) = property(&content);
        match (name.as_str(), value.trim().to_ascii_uppercase().as_str(), &mut event) {
            ("BEGIN", "VCALENDAR", _) => begun = true,
            ("BEGIN", "VEVENT", _) => {
                events += 1;
                if events > MAX_EVENTS {
                    return Err(Error::invalid("file", format!("has more than {MAX_EVENTS} events")));
                }
                event = Some(Event { line, ..Event::default() });
            }
            ("END", "VEVENT", Some(_)) => {
                if let Some(done) = event.take() {
                    done.put_into(&mut days)?;
                }
            }
            (_, _, Some(open)) => open.take(line, &name, &params, value)?,
            _ => {}
        }
    }
    if !begun {
        return Err(Error::invalid("file", "is no iCalendar file: BEGIN:VCALENDAR is missing"));
    }
    no_contradiction(&mut days)?;
    Ok(Holidays::of_days(days))
}

impl Event {
    fn take(&mut self, line: usize, name: &str, params: &str, value: &str) -> Result<()> {
        match name {
            "DTSTART" => {
                self.start = Some(date(line, value)?);
                self.timed =
                    value.contains('T') && !value.contains("T000000") && !params.contains("VALUE=DATE");
            }
            "DTEND" => self.end = Some(date(line, value)?),
            "SUMMARY" => self.summary = value.replace("\\,", ",").chars().take(100).collect(),
            "STATUS" => self.cancelled = value.trim().eq_ignore_ascii_case("cancelled"),
            "RRULE" => self.yearly = Some(yearly(line, value)?),
            "RDATE" => return Err(at(line, "RDATE is not read: give each date an event of its own")),
            _ => {}
        }
        Ok(())
    }

    fn put_into(self, days: &mut Vec<(Date, HolidayDay)>) -> Result<()> {
        let start = self.start.ok_or_else(|| at(self.line, "the event has no DTSTART"))?;
        if self.timed || self.cancelled {
            return Ok(());
        }
        // DTEND is the first day no longer in it; without one the event is one day long.
        let length = match self.end {
            Some(end) => start.until(end).map_or(0, |s| i64::from(s.get_days())).max(1),
            None => 1,
        };
        if length > MAX_DAYS {
            return Err(at(
                self.line,
                format!("the event lasts {length} days, at most {MAX_DAYS} are taken"),
            ));
        }
        let day = HolidayDay { off: !self.summary.contains('班'), name: self.summary };
        let repeat = self.yearly.unwrap_or(Yearly { count: 1, until: None });
        for year in 0..repeat.count.clamp(1, MAX_YEARS) {
            let Ok(first) = start.checked_add(Span::new().years(year)) else { break };
            // 29 February is no date of a common year, and is not moved.
            if first.day() != start.day() {
                continue;
            }
            if repeat.until.is_some_and(|until| first > until) {
                break;
            }
            for n in 0..length {
                if let Ok(date) = first.checked_add(Span::new().days(n)) {
                    days.push((date, day.clone()));
                }
            }
        }
        Ok(())
    }
}

fn at(line: usize, reason: impl Into<String>) -> Error {
    Error::invalid(format!("line {line}"), reason)
}

fn date(line: usize, value: &str) -> Result<Date> {
    let digits: String = value.trim().chars().take_while(char::is_ascii_digit).collect();
    let number = |range: std::ops::Range<usize>| digits.get(range).and_then(|d| d.parse::<i16>().ok());
    let parts = (digits.len() == 8).then(|| Some((number(0..4)?, number(4..6)?, number(6..8)?))).flatten();
    let parsed = parts.and_then(|(y, m, d)| Date::new(y, m as i8, d as i8).ok());
    parsed.ok_or_else(|| {
        at(line, format!("{:?} is no date such as 20261001", value.chars().take(40).collect::<String>()))
    })
}

/// Only what a holiday needs. Anything that could make an event without end of days is refused.
fn yearly(line: usize, rule: &str) -> Result<Yearly> {
    let mut yearly = Yearly { count: MAX_YEARS, until: None };
    for part in rule.trim().split(';').filter(|p| !p.is_empty()) {
        match part.split_once('=').map(|(k, v)| (k.to_ascii_uppercase(), v)) {
            Some((k, v)) if k == "FREQ" && !v.eq_ignore_ascii_case("yearly") => {
                return Err(at(
                    line,
                    format!("recurrence {v:?} is not read: a holiday repeats YEARLY at most"),
                ));
            }
            Some((k, v)) if k == "INTERVAL" && v != "1" => {
                return Err(at(line, "only INTERVAL=1 is read"));
            }
            Some((k, v)) if k == "COUNT" => {
                yearly.count = v.parse().map_err(|_| at(line, format!("COUNT={v:?} is no number")))?;
            }
            Some((k, v)) if k == "UNTIL" => yearly.until = Some(date(line, v)?),
            Some((k, _)) if matches!(k.as_str(), "FREQ" | "INTERVAL" | "WKST" | "BYMONTH" | "BYMONTHDAY") => {
            }
            _ => return Err(at(line, format!("recurrence part {part:?} is not read"))),
        }
    }
    Ok(yearly)
}

/// Content lines with their numbers; a line that begins with a blank continues the one before.
fn unfolded(text: &str) -> Vec<(usize, String)> {
    let mut lines: Vec<(usize, String)> = Vec::new();
    for (nth, line) in text.lines().enumerate() {
        match (line.strip_prefix([' ', '\t']), lines.last_mut()) {
            (Some(rest), Some((_, open))) => open.push_str(rest),
            _ => lines.push((nth + 1, line.to_owned())),
        }
    }
    lines
}

/// `NAME;PARAMS:VALUE`.
fn property(line: &str) -> (String, String, &str) {
    let (head, value) = line.split_once(':').unwrap_or((line, ""));
    let (name, params) = head.split_once(';').unwrap_or((head, ""));
    (name.trim().to_ascii_uppercase(), params.to_ascii_uppercase(), value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(events: &str) -> String {
        format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}END:VCALENDAR\r\n")
    }

    fn event(lines: &str) -> String {
        file(&format!("BEGIN:VEVENT\r\n{lines}END:VEVENT\r\n"))
    }

    #[test]
    fn reads_whole_days_make_up_days_and_yearly_ones() {
        let text = file(concat!(
            "BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261001\r\nDTEND;VALUE=DATE:20261008\r\nSUMMARY:国庆\r\n 节 休\r\nEND:VEVENT\r\n",
            "BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261010\r\nSUMMARY:国庆节 班\r\nEND:VEVENT\r\n",
            "BEGIN:VEVENT\r\nDTSTART:20260704T090000Z\r\nSUMMARY:meeting\r\nEND:VEVENT\r\n",
            "BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20241225\r\nRRULE:FREQ=YEARLY;COUNT=3\r\nSUMMARY:Christmas\r\nEND:VEVENT\r\n",
        ));
        let set = read(text.as_bytes()).unwrap();
        let day =
            |text: &str| set.days().get(&text.parse::<Date>().unwrap()).map(|d| (d.name.as_str(), d.off));
        assert_eq!(day("2026-10-07"), Some(("国庆节 休", true)));
        assert_eq!((day("2026-10-08"), day("2026-10-10")), (None, Some(("国庆节 班", false))));
        assert_eq!(
            (day("2026-07-04"), day("2026-12-25"), day("2027-12-25")),
            (None, Some(("Christmas", true)), None)
        );
    }

    #[test]
    fn a_hostile_file_is_refused_within_its_limits() {
        let refused = |text: &str| read(text.as_bytes()).unwrap_err().to_string();
        assert!(refused(&"x".repeat(50_000_000)).contains("at most 2000000"));
        for freq in ["SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY"] {
            let text = event(&format!("DTSTART;VALUE=DATE:20260101\r\nRRULE:FREQ={freq}\r\n"));
            assert!(refused(&text).contains(&format!("line 5: recurrence \"{freq}\"")), "{}", refused(&text));
        }
        let many = "BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20260101\r\nEND:VEVENT\r\n".repeat(MAX_EVENTS + 1);
        assert!(refused(&file(&many)).contains("more than 5000 events"));
        assert!(
            refused(&event("DTSTART;VALUE=DATE:20260101\r\nDTEND;VALUE=DATE:20990101\r\n"))
                .contains("at most 60")
        );
        assert!(refused(&event("DTSTART;VALUE=DATE:20261301\r\n")).contains("line 4"));
        assert!(refused("hello").contains("BEGIN:VCALENDAR"));
        let forever = event("DTSTART;VALUE=DATE:20240229\r\nRRULE:FREQ=YEARLY\r\nSUMMARY:leap\r\n");
        assert_eq!(read(forever.as_bytes()).unwrap().days().len(), 5, "only years with a 29 February");
    }
}
