//! Frequent questions (猜你想问) by product and season.
use std::collections::HashMap;

use firstline_core::Time;
use jiff::tz::{Offset, TimeZone};

/// An article to offer.
#[derive(Clone, Debug)]
pub(crate) struct Frequent {
    /// Language → the id of the article in it.
    pub readings: HashMap<String, String>,
    /// As `product_key` writes it; empty: for everybody.
    pub product: String,
    /// `MM-DD`, or empty: all year.
    pub from: String,
    pub until: String,
}

impl Frequent {
    /// Whether it is the season for it. Seasons turn at midnight in China, where they come from (tax returns, year end).
    fn in_season(&self, today: &str) -> bool {
        let (from, until) = (self.from.as_str(), self.until.as_str());
        match (from.is_empty(), from <= until) {
            (true, _) => true,
            (false, true) => (from..=until).contains(&today),
            (false, false) => today >= from || today <= until,
        }
    }
}

/// The day of the year in China, `MM-DD`.
fn day_of(now: Time) -> String {
    let china = TimeZone::fixed(Offset::constant(8));
    now.timestamp().to_zoned(china).strftime("%m-%d").to_string()
}

/// Ids of the articles to offer now to somebody who reads `lang` and uses `product`: what is for the product and
/// the season first, then what is for either, then what is for everybody all year.
pub(crate) fn offered(all: &[Frequent], lang: &str, product: Option<&str>, now: Time) -> Vec<String> {
    let today = day_of(now);
    let product = product.unwrap_or_default();
    let mut found: Vec<(usize, &String)> = all
        .iter()
        .filter(|f| f.in_season(&today) && (f.product.is_empty() || f.product == product))
        .filter_map(|f| {
            let special = usize::from(!f.product.is_empty()) + usize::from(!f.from.is_empty());
            Some((2 - special, f.readings.get(lang)?))
        })
        .collect();
    found.sort_by_key(|(order, _)| *order);
    let mut ids: Vec<String> = Vec::new();
    for (_, id) in found {
        if !ids.contains(id) {
            ids.push(id.clone());
        }
    }
    ids
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frequent(id: &str, product: &str, from: &str, until: &str) -> Frequent {
        let readings = HashMap::from([("zh-CN".to_string(), id.to_string())]);
        Frequent { readings, product: product.into(), from: from.into(), until: until.into() }
    }

    #[test]
    fn the_season_and_the_product_come_first() {
        let all = [
            frequent("always", "", "", ""),
            frequent("stock", "stock", "", ""),
            frequent("tax", "", "03-01", "06-30"),
            frequent("year-end", "stock", "12-20", "01-10"),
        ];
        let at = |day: &str| Time::from_timestamp(format!("{day}T20:00:00Z").parse().unwrap());
        let ids = |product: Option<&str>, day: &str| offered(&all, "zh-CN", product, at(day));
        assert_eq!(ids(None, "2026-04-15"), ["tax", "always"]);
        assert_eq!(ids(Some("stock"), "2026-12-31"), ["year-end", "stock", "always"]);
        assert_eq!(ids(Some("stock"), "2026-01-10"), ["stock", "always"], "it is the 11th in China by then");
        assert_eq!(offered(&all, "en", None, at("2026-04-15")), Vec::<String>::new());
    }
}
