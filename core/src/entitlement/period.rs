//! When a contract stands where (P2-01): warranty from the acceptance date, then maintenance, then
//! nothing. Everything is whole days in the customer's zone; the last day still belongs to its period.
use jiff::Span;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Agreed, Coverage};
use crate::Error;

text_enum! {
    Period ("period") {
        /// Not accepted yet: installation and trial run.
        Before = "before",
        Warranty = "warranty",
        Maintenance = "maintenance",
        After = "after",
    }
}

/// A length of service: `12m`, `3y` or `lifetime`. A month is the same day of a later month, clamped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Length {
    Months(i32),
    Lifetime,
}

/// A hundred years: longer is a slip of the finger.
const MAX_MONTHS: i32 = 1200;

impl Length {
    pub fn months(n: i64) -> Result<Length, Error> {
        match i32::try_from(n) {
            Ok(n) if (0..=MAX_MONTHS).contains(&n) => Ok(Length::Months(n)),
            _ => Err(Error::invalid("length", format!("{n} months: 0 to {MAX_MONTHS} are possible"))),
        }
    }
}

impl TryFrom<String> for Length {
    type Error = Error;
    fn try_from(text: String) -> Result<Length, Error> {
        if text == "lifetime" {
            return Ok(Length::Lifetime);
        }
        let wrong =
            || Error::invalid("length", format!("{text:?} is not a length such as 12m, 3y or lifetime"));
        let (digits, factor) = match (text.strip_suffix('m'), text.strip_suffix('y')) {
            (Some(digits), _) => (digits, 1),
            (_, Some(digits)) => (digits, 12),
            _ => return Err(wrong()),
        };
        let n: i64 = digits.parse().map_err(|_| wrong())?;
        Length::months(n.saturating_mul(factor))
    }
}

impl From<Length> for String {
    fn from(length: Length) -> String {
        match length {
            Length::Months(n) => format!("{n}m"),
            Length::Lifetime => "lifetime".into(),
        }
    }
}

/// Where a contract stands on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    pub period: Period,
    /// The last day of this period; `None` where it has no end.
    pub until: Option<Date>,
}

/// P2-01: the service period is warranty plus maintenance, from the acceptance date.
pub fn standing(coverage: &Coverage, agreed: &Agreed, on: Date) -> Standing {
    let Some(accepted) = agreed.accepted_on else { return Standing { period: Period::Before, until: None } };
    if on < accepted {
        return Standing { period: Period::Before, until: accepted.yesterday().ok() };
    }
    let warranty = agreed.warranty.unwrap_or(coverage.warranty);
    let Some(warranty_end) = end(accepted, warranty) else {
        return Standing { period: Period::Warranty, until: None };
    };
    if on < warranty_end {
        return Standing { period: Period::Warranty, until: warranty_end.yesterday().ok() };
    }
    let maintenance = agreed.maintenance.unwrap_or(coverage.maintenance);
    let until = match (warranty, maintenance) {
        // Both lengths count from the acceptance date, so that two clamped months are not clamped twice.
        (Length::Months(a), Length::Months(b)) => end(accepted, Length::Months(a.saturating_add(b))),
        _ => None,
    };
    match until {
        None => Standing { period: Period::Maintenance, until: None },
        Some(end) if on < end => Standing { period: Period::Maintenance, until: end.yesterday().ok() },
        Some(_) => Standing { period: Period::After, until: None },
    }
}

/// The first day that is no longer in it; `None`: never, or beyond the calendar.
fn end(from: Date, length: Length) -> Option<Date> {
    match length {
        Length::Lifetime => None,
        Length::Months(n) => from.checked_add(Span::new().months(n)).ok(),
    }
}

/// One year of a contract, for quotas: `[from, to)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContractYear {
    pub from: Date,
    pub to: Date,
}

/// The contract year a day lies in: from one anniversary of the acceptance to the next. Without an
/// acceptance date, and before it, the calendar year.
pub fn contract_year(accepted_on: Option<Date>, on: Date) -> Option<ContractYear> {
    let Some(accepted) = accepted_on.filter(|accepted| *accepted <= on) else {
        let from = Date::new(on.year(), 1, 1).ok()?;
        return Some(ContractYear { from, to: from.checked_add(Span::new().years(1)).ok()? });
    };
    let at = |n: i32| accepted.checked_add(Span::new().years(n)).ok();
    let mut n = i32::from(on.year() - accepted.year());
    if at(n)? > on {
        n -= 1;
    }
    Some(ContractYear { from: at(n)?, to: at(n + 1)? })
}
