//! Public holidays and make-up working days by year, as data: sets that ship and sets that were imported.
use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// One date of a set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HolidayDay {
    pub name: String,
    /// False: a weekend that is worked to make up for a holiday.
    pub off: bool,
}

/// The holidays of a country or a customer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holidays {
    days: BTreeMap<Date, HolidayDay>,
}

/// How a set is written in `plans/holidays/*.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    holidays: Vec<Entry>,
}

/// `off` is a date or `FIRST..LAST`, both inclusive.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: String,
    off: String,
    #[serde(default)]
    make_up: Vec<Date>,
}

impl Holidays {
    /// Reads a set in our own form; `file` is named in errors.
    pub fn parse(file: &str, text: &str) -> Result<Holidays> {
        let wrong = |reason: String| Error::Config(format!("{file}: {reason}"));
        let read: File = toml::from_str(text).map_err(|e| wrong(e.to_string()))?;
        let mut set = Holidays::default();
        for entry in read.holidays {
            let (first, last) = entry.off.split_once("..").unwrap_or((&entry.off, &entry.off));
            let date =
                |text: &str| text.trim().parse::<Date>().map_err(|e| wrong(format!("off: {text:?}: {e}")));
            let (first, last) = (date(first)?, date(last)?);
            if last < first || first.until(last).map_or(true, |s| s.get_days() > 60) {
                return Err(wrong(format!("off: {:?} is not a stretch of at most 60 days", entry.off)));
            }
            for day in first.series(jiff::Span::new().days(1)).take_while(|d| *d <= last) {
                set.put(file, day, &entry.name, true)?;
            }
            for day in entry.make_up {
                set.put(file, day, &entry.name, false)?;
            }
        }
        Ok(set)
    }

    fn put(&mut self, file: &str, date: Date, name: &str, off: bool) -> Result<()> {
        match self.days.insert(date, HolidayDay { name: name.to_owned(), off }) {
            Some(before) if before.off != off => {
                Err(Error::Config(format!("{file}: {date} is both free and worked")))
            }
            _ => Ok(()),
        }
    }

    pub fn of_days(days: impl IntoIterator<Item = (Date, HolidayDay)>) -> Holidays {
        Holidays { days: days.into_iter().collect() }
    }

    pub fn days(&self) -> &BTreeMap<Date, HolidayDay> {
        &self.days
    }

    /// Adds another set; a date of `other` replaces ours.
    pub fn merge(&mut self, other: &Holidays) {
        self.days.extend(other.days.iter().map(|(d, day)| (*d, day.clone())));
    }

    /// True when the set knows a free day of that year.
    pub fn knows(&self, year: i16) -> bool {
        self.days.iter().any(|(date, day)| date.year() == year && day.off)
    }

    /// This year and the next are needed; those missing. China announces a year in the autumn before.
    pub fn missing(&self, today: Date) -> Vec<i16> {
        [today.year(), today.year() + 1].into_iter().filter(|year| !self.knows(*year)).collect()
    }
}

/// Sets by id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HolidaySets(BTreeMap<String, Holidays>);

impl HolidaySets {
    /// The sets that ship: `cn`, China 2024 to 2026.
    pub fn built_in() -> HolidaySets {
        let cn = Holidays::parse("plans/holidays/cn.toml", include_str!("../../plans/holidays/cn.toml"))
            .expect("a test parses the built-in holidays");
        HolidaySets(BTreeMap::from([("cn".to_owned(), cn)]))
    }

    pub fn get(&self, id: &str) -> Option<&Holidays> {
        self.0.get(id)
    }

    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Adds the days of an imported set to those known under the id.
    pub fn add(&mut self, id: &str, set: &Holidays) {
        self.0.entry(id.to_owned()).or_default().merge(set);
    }
}
