//! What a customer is owed, in plain words: the answer, the clause it rests on, and how long it holds.
use firstline_core::entitlement::{Answer, Basis, Entitlement, Payer, Period};
use jiff::civil::Date;

use super::{Lang, t, tt};

/// Two to five short sentences: the answer first, then why.
pub fn entitlement_lines(e: &Entitlement, lang: impl Into<Lang>) -> Vec<String> {
    let lang = lang.into();
    let mut lines = vec![head(e, lang)];
    match e.clause.get(lang.tag()) {
        Some(clause) => lines.push(t(lang, "entitled-clause", &[("clause", clause.as_str().into())])),
        None => lines.extend(own_clause(e, lang)),
    }
    if e.answer != Answer::Suspended {
        lines.extend(until(e, lang));
    }
    if let (Basis::Rule { .. }, false) = (&e.basis, e.cause_known) {
        lines.push(t(lang, "entitled-assumed", &[("cause", cause_word(e.cause.as_str(), lang).into())]));
    }
    if e.advice && matches!(e.answer, Answer::NotCovered | Answer::Suspended) {
        lines.push(tt(lang, "entitled-advice"));
    }
    if e.travel == Some(Payer::Customer) && e.answer != Answer::NotCovered {
        lines.push(tt(lang, "entitled-travel"));
    }
    lines
}

fn head(e: &Entitlement, lang: Lang) -> String {
    tt(lang, &format!("entitled-{}", e.answer.as_str().replace('_', "-")))
}

/// What is said where the plan has no words of its own.
fn own_clause(e: &Entitlement, lang: Lang) -> Option<String> {
    match &e.basis {
        Basis::NoContract => Some(tt(lang, "entitled-no-contract")),
        Basis::OtherProduct { product } => {
            Some(t(lang, "entitled-other-product", &[("product", product.as_str().into())]))
        }
        _ => None,
    }
}

fn until(e: &Entitlement, lang: Lang) -> Option<String> {
    let key = match e.period? {
        Period::Warranty => "entitled-until-warranty",
        Period::Maintenance => "entitled-until-maintenance",
        Period::Before | Period::After => return None,
    };
    Some(t(lang, key, &[("date", day(e.until?, lang).into())]))
}

/// A cause in words.
pub fn cause_word(cause: &str, lang: impl Into<Lang>) -> String {
    tt(lang, &format!("cause-{}", cause.replace('_', "-")))
}

/// `2027年9月30日` or `30 Sep 2027`.
pub fn day(date: Date, lang: impl Into<Lang>) -> String {
    let format = if lang.into() == Lang::En { "%-d %b %Y" } else { "%Y年%-m月%-d日" };
    date.strftime(format).to_string()
}

/// An amount with its currency: `5,000.00 CNY`.
pub fn money(cents: i64, currency: &str) -> String {
    let whole = (cents / 100).to_string();
    let mut grouped = String::new();
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{grouped}.{:02} {currency}", cents % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_grouped_by_thousands() {
        assert_eq!(money(500_000, "CNY"), "5,000.00 CNY");
        assert_eq!(money(5, "CNY"), "0.05 CNY");
        assert_eq!(money(123_456_789, "EUR"), "1,234,567.89 EUR");
    }
}
