//! Wrong passwords, counted per address and per account: guessing gets slow before it gets anywhere,
//! and one stubborn machine does not lock out the person it pretends to be for long.
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use firstline_core::Time;

const WINDOW_SECONDS: i64 = 15 * 60;
const PER_ADDRESS: usize = 20;
const PER_ACCOUNT: usize = 10;
/// Above this many keys old ones are swept out.
const SWEEP_AT: usize = 10_000;

/// The failures of the last quarter of an hour, by key.
#[derive(Default)]
pub struct Attempts(Mutex<HashMap<String, Vec<Time>>>);

impl Attempts {
    /// True when this address or account has failed too often to be heard now.
    pub fn too_many(&self, address: &str, account: &str, now: Time) -> bool {
        let failed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = |key: String| {
            failed.get(&key).map_or(0, |times| times.iter().filter(|t| recent(**t, now)).count())
        };
        count(address_key(address)) >= PER_ADDRESS || count(account_key(account)) >= PER_ACCOUNT
    }

    pub fn failed(&self, address: &str, account: &str, now: Time) {
        let mut failed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if failed.len() > SWEEP_AT {
            failed.retain(|_, times| times.iter().any(|t| recent(*t, now)));
        }
        for key in [address_key(address), account_key(account)] {
            let times = failed.entry(key).or_default();
            times.retain(|t| recent(*t, now));
            times.push(now);
        }
    }

    /// The right password was given: the account's slips are forgotten.
    pub fn succeeded(&self, account: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&account_key(account));
    }
}

fn recent(at: Time, now: Time) -> bool {
    now.since(at) < WINDOW_SECONDS * 1000
}

fn address_key(address: &str) -> String {
    format!("ip {address}")
}

fn account_key(account: &str) -> String {
    format!("as {}", account.trim().to_lowercase().chars().take(254).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_closed_after_ten_slips_and_opens_again() {
        let attempts = Attempts::default();
        let start = Time(1_000_000);
        for i in 0..10 {
            assert!(!attempts.too_many("10.0.0.1", "a@example.com", start), "slip {i}");
            attempts.failed("10.0.0.1", "A@example.com ", start);
        }
        assert!(attempts.too_many("10.0.0.2", "a@example.com", start));
        assert!(!attempts.too_many("10.0.0.1", "b@example.com", start));
        assert!(!attempts.too_many("10.0.0.1", "a@example.com", start.plus_seconds(WINDOW_SECONDS)));
        attempts.succeeded("a@example.com");
        assert!(!attempts.too_many("10.0.0.2", "a@example.com", start));
    }
}
