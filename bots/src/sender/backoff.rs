//! Growing pauses after failures, with jitter so that nobody returns in step.
use std::time::Duration;

use firstline_core::Clock;

/// The longest pause between two attempts at the same thing.
const LONGEST_MILLIS: i64 = 300_000;

/// A part of `base` up to a quarter, drawn from the clock's ids.
pub fn jitter(clock: &Clock, base: i64) -> i64 {
    let id = clock.id();
    let drawn = id.get(id.len().saturating_sub(4)..).and_then(|hex| i64::from_str_radix(hex, 16).ok());
    base / 4 * drawn.unwrap_or(0) / 0xffff
}

/// How long to wait before the next attempt after `attempts` failed ones: 1 s, 2 s, 4 s … 5 min.
pub(super) fn delay_millis(clock: &Clock, attempts: i64) -> i64 {
    let base = (1000_i64 << attempts.clamp(0, 20)).min(LONGEST_MILLIS);
    base + jitter(clock, base)
}

/// Pauses of a loop that lost its far side, and whether this is news worth a line in the log.
#[derive(Debug)]
pub struct Backoff {
    first_millis: i64,
    longest_millis: i64,
    failures: u32,
    last: String,
}

impl Backoff {
    pub fn new(first: Duration, longest: Duration) -> Backoff {
        let millis = |d: Duration| i64::try_from(d.as_millis()).unwrap_or(LONGEST_MILLIS);
        Backoff {
            first_millis: millis(first),
            longest_millis: millis(longest),
            failures: 0,
            last: String::new(),
        }
    }

    /// The pause after one more failure.
    pub fn pause(&mut self, clock: &Clock) -> Duration {
        let base = (self.first_millis << self.failures.min(16)).min(self.longest_millis);
        self.failures += 1;
        Duration::from_millis((base + jitter(clock, base)).unsigned_abs())
    }

    /// True when this trouble is another than the last one: it is logged once, not at every attempt.
    pub fn is_news(&mut self, trouble: &str) -> bool {
        let news = self.last != trouble;
        self.last = trouble.to_owned();
        news
    }

    /// All is well again; true when it was not.
    pub fn recovered(&mut self) -> bool {
        self.failures = 0;
        !std::mem::take(&mut self.last).is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_a_bound() {
        let clock = Clock::system();
        let mut backoff = Backoff::new(Duration::from_millis(500), Duration::from_secs(30));
        let pauses: Vec<Duration> = (0..10).map(|_| backoff.pause(&clock)).collect();
        assert!(pauses[0] >= Duration::from_millis(500) && pauses[0] <= Duration::from_millis(625));
        assert!(pauses[9] >= Duration::from_secs(30) && pauses[9] <= Duration::from_millis(37_500));
        assert!(delay_millis(&clock, 40) <= LONGEST_MILLIS * 5 / 4);
    }

    #[test]
    fn a_trouble_is_news_once() {
        let mut backoff = Backoff::new(Duration::from_millis(1), Duration::from_millis(2));
        assert!(!backoff.recovered());
        assert!(backoff.is_news("refused"));
        assert!(!backoff.is_news("refused"));
        assert!(backoff.recovered());
        assert!(backoff.is_news("refused"));
    }
}
