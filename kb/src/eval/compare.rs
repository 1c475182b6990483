//! A run beside a saved one: which questions got better, which worse, and whether that may be chance.
use std::collections::HashMap;

use serde::Serialize;

use super::ask::Asked;

/// A question whose first right hit stands elsewhere now. Places count from 1; `None`: not among ten.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    pub id: String,
    pub query: String,
    pub was: Option<usize>,
    pub is: Option<usize>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Comparison {
    pub better: Vec<Change>,
    pub worse: Vec<Change>,
    /// Questions the saved run does not know.
    pub unknown: usize,
    /// How likely such a difference is when nothing changed for the better or the worse (sign test, two-sided).
    pub chance: f64,
}

impl Comparison {
    /// More got worse than better, and hardly by chance.
    pub fn is_worse(&self) -> bool {
        self.worse.len() > self.better.len() && self.chance < 0.05
    }
}

/// Compares with a saved run, question by question.
pub fn compare(asked: &[Asked], saved: &HashMap<String, Vec<String>>) -> Comparison {
    let mut found = Comparison::default();
    for one in asked {
        let Some(before) = saved.get(&one.id) else {
            found.unknown += 1;
            continue;
        };
        let was = before.iter().take(10).position(|id| one.relevant.contains(id)).map(|place| place + 1);
        let is = one.place().map(|place| place + 1);
        let change = || Change { id: one.id.clone(), query: one.query.clone(), was, is };
        match rank(is).cmp(&rank(was)) {
            std::cmp::Ordering::Less => found.better.push(change()),
            std::cmp::Ordering::Greater => found.worse.push(change()),
            std::cmp::Ordering::Equal => {}
        }
    }
    found.chance = sign_test(found.better.len(), found.worse.len());
    found
}

fn rank(place: Option<usize>) -> usize {
    place.unwrap_or(usize::MAX)
}

/// Two-sided: the probability of a split at least as uneven when both sides are equally likely.
fn sign_test(a: usize, b: usize) -> f64 {
    let n = a + b;
    let few = a.min(b);
    // ln of the binomial coefficients, one from the other; sums stay exact enough for thousands.
    let mut ln_choose = 0.0_f64;
    let mut sum = 0.0_f64;
    for k in 0..=few {
        if k > 0 {
            ln_choose += ((n - k + 1) as f64 / k as f64).ln();
        }
        sum += (ln_choose - n as f64 * std::f64::consts::LN_2).exp();
    }
    (2.0 * sum).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::Called;

    fn asked(id: &str, ranked: &[&str]) -> Asked {
        Asked {
            id: id.into(),
            query: id.into(),
            tags: vec![],
            relevant: vec!["right".into()],
            ranked: ranked.iter().map(ToString::to_string).collect(),
            scores: vec![],
            called: Called::Choices,
            offered_right: false,
        }
    }

    #[test]
    fn names_what_moved() {
        let saved = HashMap::from([
            ("up".to_string(), vec!["x".to_string(), "right".into()]),
            ("lost".to_string(), vec!["right".to_string()]),
            ("same".to_string(), vec!["right".to_string()]),
        ]);
        let now =
            [asked("up", &["right"]), asked("lost", &["x"]), asked("same", &["right"]), asked("new", &[])];
        let found = compare(&now, &saved);
        assert_eq!((found.better.len(), found.worse.len(), found.unknown), (1, 1, 1));
        assert_eq!((found.worse[0].was, found.worse[0].is), (Some(1), None));
        assert!(!found.is_worse());
    }

    #[test]
    fn chance_is_the_sign_test() {
        assert!((sign_test(0, 6) - 0.03125).abs() < 1e-9);
        assert!((sign_test(5, 5) - 1.0).abs() < 1e-9);
        assert!(sign_test(100, 1000) < 1e-9);
        assert!((sign_test(0, 0) - 1.0).abs() < 1e-9);
    }
}
