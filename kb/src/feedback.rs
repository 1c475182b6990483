//! What people made of articles, as a prior of ranking: per question (its words, whatever their order) and article.
//! Safeguards: one person weighs no more than one, whatever they tap; fewer than three people say nothing; what was
//! said fades; silence is never success; and the effect on a score is bounded and reorders only what was found.
pub(crate) mod learn;

use std::collections::HashMap;

use firstline_core::Time;
use sqlx::FromRow;

use crate::events::Verdict;

/// After this time a verdict weighs half (60 days, in milliseconds).
const HALF_LIFE: f64 = 60.0 * 86_400_000.0;
/// So many people must have said something.
pub(crate) const LEAST_PEOPLE: i64 = 3;
/// As much doubt as so many people who say neither.
const DOUBT: f64 = 3.0;
/// A score changes by at most this share.
const REACH: f32 = 0.2;

/// Decayed sums for one question and article, as of `at`.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub(crate) struct Prior {
    pub query_key: String,
    pub article_id: String,
    pub pro: f64,
    pub con: f64,
    pub people: i64,
    pub at: Time,
}

impl Prior {
    /// Between -1 (rejected by everybody) and 1 (solved it for everybody).
    fn value(&self, now: Time) -> f32 {
        if self.people < LEAST_PEOPLE {
            return 0.0;
        }
        let fade = fade(now.since(self.at));
        let (pro, con) = (self.pro * fade, self.con * fade);
        ((pro - con) / (pro + con + DOUBT)) as f32
    }
}

/// What remains of a verdict's weight after a time in milliseconds.
fn fade(age: i64) -> f64 {
    0.5_f64.powf(age.max(0) as f64 / HALF_LIFE)
}

/// What a verdict says for the article (against it, when negative). No verdict is silence and says nothing.
fn weight(verdict: Verdict) -> f64 {
    match verdict {
        Verdict::Solved => 1.0,
        Verdict::StillBroken => -1.0,
        Verdict::Chosen => 0.25,
        Verdict::Next | Verdict::AskedForPerson => -0.25,
    }
}

/// The priors in force, by question.
#[derive(Clone, Debug, Default)]
pub(crate) struct Priors(HashMap<String, Vec<Prior>>);

impl Priors {
    pub fn add(&mut self, prior: Prior) {
        self.0.entry(prior.query_key.clone()).or_default().push(prior);
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether anybody said anything to a question (`Words::key`).
    pub fn knows(&self, query_key: &str) -> bool {
        self.0.contains_key(query_key)
    }

    /// What an article's score is multiplied with for a question: 1 where nothing is known.
    pub fn factor(&self, query_key: &str, article_id: &str, now: Time) -> f32 {
        let prior = self.0.get(query_key).and_then(|all| all.iter().find(|p| p.article_id == article_id));
        1.0 + REACH * prior.map_or(0.0, |p| p.value(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prior(pro: f64, con: f64, people: i64) -> Prior {
        Prior { query_key: "q".into(), article_id: "a".into(), pro, con, people, at: Time(0) }
    }

    #[test]
    fn a_prior_is_bounded_fades_and_needs_people() {
        let mut priors = Priors::default();
        priors.add(prior(1000.0, 0.0, 500));
        let factor = priors.factor("q", "a", Time(0));
        assert!((1.15..=1.2).contains(&factor), "{factor}");
        let later = priors.factor("q", "a", Time(20 * HALF_LIFE as i64));
        assert!((1.0..1.001).contains(&later), "{later}");
        assert_eq!(priors.factor("q", "other", Time(0)), 1.0);
        assert_eq!(prior(2.0, 0.0, 2).value(Time(0)), 0.0, "two people are too few");
        assert!(prior(0.0, 9.0, 9).value(Time(0)) < -0.7);
    }
}
