//! Shares with their confidence intervals.
use std::collections::BTreeMap;

use serde::Serialize;

use super::ask::Asked;

/// A share between 0 and 1 and its 95 % confidence interval (Wilson's, which stays honest for few cases and
/// near 0 and 1; for means of values between 0 and 1 it is a little too wide, never too narrow).
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Share {
    pub value: f64,
    pub low: f64,
    pub high: f64,
}

impl Share {
    /// `sum` of values between 0 and 1 over `n` cases.
    pub fn of(sum: f64, n: usize) -> Share {
        const Z: f64 = 1.96;
        if n == 0 {
            return Share { value: 0.0, low: 0.0, high: 1.0 };
        }
        let n = n as f64;
        let p = (sum / n).clamp(0.0, 1.0);
        let scale = 1.0 + Z * Z / n;
        let middle = (p + Z * Z / (2.0 * n)) / scale;
        let half = Z / scale * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
        Share { value: p, low: (middle - half).max(0.0), high: (middle + half).min(1.0) }
    }
}

impl std::fmt::Display for Share {
    /// In percent: `81.0 [76.2-85.0]`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.1} [{:.1}-{:.1}]", self.value * 100.0, self.low * 100.0, self.high * 100.0)
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Figures {
    pub cases: usize,
    /// The first hit is right.
    pub hit1: Share,
    /// Of the right articles, those among the first one, five, ten.
    pub recall1: Share,
    pub recall5: Share,
    pub recall10: Share,
    /// Mean of one over the place of the first right hit among ten.
    pub mrr10: Share,
}

impl Figures {
    pub fn of<'a>(asked: impl Iterator<Item = &'a Asked> + Clone) -> Figures {
        let n = asked.clone().count();
        let share = |value: &dyn Fn(&Asked) -> f64| Share::of(asked.clone().map(value).sum(), n);
        Figures {
            cases: n,
            hit1: share(&|a| f64::from(u8::from(a.place() == Some(0)))),
            recall1: share(&|a| a.recall(1)),
            recall5: share(&|a| a.recall(5)),
            recall10: share(&|a| a.recall(10)),
            mrr10: share(&|a| a.place().map_or(0.0, |place| 1.0 / (place + 1) as f64)),
        }
    }
}

impl std::fmt::Display for Figures {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "n {} hit@1 {} recall@5 {} MRR@10 {}", self.cases, self.hit1, self.recall5, self.mrr10)
    }
}

/// The figures of every tag, in order of name.
pub fn by_tag(asked: &[Asked]) -> BTreeMap<String, Figures> {
    let mut tagged: BTreeMap<String, Vec<&Asked>> = BTreeMap::new();
    for one in asked {
        for tag in &one.tags {
            tagged.entry(tag.clone()).or_default().push(one);
        }
    }
    tagged.into_iter().map(|(tag, of)| (tag, Figures::of(of.into_iter()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_wilsons() {
        let share = Share::of(8.0, 10);
        assert!((share.low - 0.490).abs() < 0.001 && (share.high - 0.943).abs() < 0.001, "{share}");
        let all = Share::of(20.0, 20);
        assert!(all.high > 0.999 && (all.low - 0.839).abs() < 0.001, "{all}");
        assert_eq!(Share::of(0.0, 0), Share { value: 0.0, low: 0.0, high: 1.0 });
    }
}
