//! One stretch of work on a day: `08:00-12:00`, `22:00-06:00` over midnight, `00:00-24:00`.
use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// Minutes after local midnight of the day it begins on. `to` lies beyond 1440 when it ends the day after.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Shift {
    pub from: u16,
    pub to: u16,
}

pub const DAY_MINUTES: u16 = 1440;

impl Shift {
    pub const WHOLE_DAY: Shift = Shift { from: 0, to: DAY_MINUTES };
}

impl TryFrom<String> for Shift {
    type Error = Error;
    fn try_from(text: String) -> Result<Shift> {
        let wrong = || Error::invalid("hours", format!("{text:?} is not a stretch such as 08:00-12:00"));
        let (from, to) = text.split_once('-').ok_or_else(wrong)?;
        let (from, to) = (minute(from).ok_or_else(wrong)?, minute(to).ok_or_else(wrong)?);
        if from == to || from == DAY_MINUTES {
            return Err(Error::invalid(
                "hours",
                format!("{text:?} has no length; a whole day is 00:00-24:00"),
            ));
        }
        Ok(Shift { from, to: if to > from { to } else { to + DAY_MINUTES } })
    }
}

/// `00:00` to `24:00` in minutes.
fn minute(text: &str) -> Option<u16> {
    let (hour, minute) = text.trim().split_once(':')?;
    let two = |part: &str| (part.len() == 2).then(|| part.parse::<u16>().ok()).flatten();
    let minutes = two(hour)? * 60 + two(minute).filter(|m| *m < 60)?;
    (minutes <= DAY_MINUTES).then_some(minutes)
}

impl From<Shift> for String {
    fn from(shift: Shift) -> String {
        shift.to_string()
    }
}

impl std::fmt::Display for Shift {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let end = if self.to > DAY_MINUTES { self.to - DAY_MINUTES } else { self.to };
        write!(f, "{:02}:{:02}-{:02}:{:02}", self.from / 60, self.from % 60, end / 60, end % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_split_overnight_and_whole_days() {
        let shift = |text: &str| Shift::try_from(text.to_owned());
        assert_eq!(shift("08:00-12:00").unwrap(), Shift { from: 480, to: 720 });
        assert_eq!(shift("22:00-06:00").unwrap(), Shift { from: 1320, to: 1800 });
        assert_eq!(shift("00:00-24:00").unwrap(), Shift::WHOLE_DAY);
        for text in
            ["", "8-12", "08:00", "08:00-08:00", "24:00-08:00", "08:60-12:00", "08:00-25:00", "-1:00-02:00"]
        {
            assert!(shift(text).is_err(), "{text}");
        }
        assert_eq!(shift("22:00-06:00").unwrap().to_string(), "22:00-06:00");
    }
}
