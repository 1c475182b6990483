//! A promised length of time as a plan writes it, and what each unit means.
use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// What a length is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Unit {
    /// Elapsed on a calendar that is always open, else counted while open. Due at the first instant the
    /// count is full.
    Minutes,
    Hours,
    /// The same local time so many dates later; never n times 24 hours.
    Days,
    Weeks,
    /// The same day of a later month, clamped to its last.
    Months,
    /// The day of report is not counted; due at the close of the n-th, make-up days included where the
    /// calendar works them.
    WorkingDays,
}

/// `10min`, `2h`, `3d`, `1w`, `1mo` or `5wd`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Length {
    pub count: i64,
    pub unit: Unit,
}

/// Longer promises are slips of the finger.
const MAX_COUNT: i64 = 10_000;

impl Length {
    pub fn minutes(count: i64) -> Length {
        Length { count, unit: Unit::Minutes }
    }

    pub fn hours(count: i64) -> Length {
        Length { count, unit: Unit::Hours }
    }

    /// Its nominal seconds, to show and to compare: a working day counts as a day, a month as 30.
    pub fn seconds(self) -> i64 {
        self.count
            * match self.unit {
                Unit::Minutes => 60,
                Unit::Hours => 3600,
                Unit::Days | Unit::WorkingDays => 86_400,
                Unit::Weeks => 7 * 86_400,
                Unit::Months => 30 * 86_400,
            }
    }
}

impl Unit {
    pub fn as_str(self) -> &'static str {
        match self {
            Unit::Minutes => "min",
            Unit::Hours => "h",
            Unit::Days => "d",
            Unit::Weeks => "w",
            Unit::Months => "mo",
            Unit::WorkingDays => "wd",
        }
    }
}

impl std::str::FromStr for Length {
    type Err = Error;
    fn from_str(text: &str) -> Result<Length> {
        let wrong = |reason: &str| Error::invalid("length", format!("{text:?} {reason}"));
        let split = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let unit = match text[split..].trim() {
            "min" => Unit::Minutes,
            "h" => Unit::Hours,
            "d" => Unit::Days,
            "w" => Unit::Weeks,
            "mo" => Unit::Months,
            "wd" => Unit::WorkingDays,
            _ => return Err(wrong("is not a length such as 10min, 2h, 3d, 1w, 1mo or 5wd")),
        };
        match text[..split].parse() {
            Ok(count) if (1..=MAX_COUNT).contains(&count) => Ok(Length { count, unit }),
            _ => Err(wrong("must count from 1 to 10000")),
        }
    }
}

impl TryFrom<String> for Length {
    type Error = Error;
    fn try_from(text: String) -> Result<Length> {
        text.parse()
    }
}

impl From<Length> for String {
    fn from(length: Length) -> String {
        length.to_string()
    }
}

impl std::fmt::Display for Length {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{}", self.count, self.unit.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_unit_and_refuses_the_rest() {
        for text in ["10min", "2h", "3d", "1w", "1mo", "5wd"] {
            assert_eq!(text.parse::<Length>().unwrap().to_string(), text);
        }
        for text in ["", "h", "0h", "-1h", "2 fortnights", "2H", "99999d", "1.5h"] {
            assert!(text.parse::<Length>().is_err(), "{text}");
        }
    }
}
