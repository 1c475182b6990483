//! Words of our lists in the reader's language, for selects and tables.
use firstline_bots::texts::{cause_word, day, entitlement_lines};
use firstline_core::entitlement::{Cause, Entitlement, Standing};
use jiff::civil::Date;

use crate::pages::Page;

/// Value and label of one choice.
pub struct Choice {
    pub value: String,
    pub label: String,
    pub chosen: bool,
}

pub fn choices<T: AsRef<str>>(
    values: impl IntoIterator<Item = T>,
    chosen: &[&str],
    label: impl Fn(&str) -> String,
) -> Vec<Choice> {
    let one = |value: T| {
        let value = value.as_ref();
        Choice { label: label(value), chosen: chosen.contains(&value), value: value.to_owned() }
    };
    values.into_iter().map(one).collect()
}

pub fn causes(p: &Page, chosen: &[&str]) -> Vec<Choice> {
    choices(Cause::ALL.iter().map(|c| c.as_str()), chosen, |value| cause_word(value, p.lang.tag()))
}

/// `in warranty until 30 Sep 2027`.
pub fn standing(p: &Page, standing: Option<&Standing>) -> String {
    let Some(standing) = standing else { return p.t("standing-none") };
    let period = p.word("period", standing.period.as_str());
    match standing.until {
        Some(until) => {
            let args = [("period", period.into()), ("date", date(p, until).into())];
            p.lang.text_with("standing-until", &args)
        }
        None => period,
    }
}

pub fn date(p: &Page, date: Date) -> String {
    day(date, p.lang.tag())
}

pub fn entitled(p: &Page, e: &Entitlement) -> Vec<String> {
    entitlement_lines(e, p.lang.tag())
}

/// Minutes as person-days with one decimal.
pub fn person_days(minutes: i64) -> String {
    format!("{:.1}", minutes as f64 / 480.0)
}
