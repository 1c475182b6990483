//! Log-ins under way or failed, counted per address and per account: guessing gets slow before it gets
//! anywhere, and a stubborn machine does not lock out the person it pretends to be.
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use firstline_core::Time;

use crate::serve::limits::bucket;

const WINDOW_SECONDS: i64 = 15 * 60;
/// Of one address for one account.
const PER_PAIR: usize = 10;
/// Of one address for whatever accounts; many people may share it.
const PER_ADDRESS: usize = 20;
/// Of all addresses for one account: only a crowd of machines gets here.
const PER_ACCOUNT: usize = 100;
/// Above this many keys old ones are swept out.
const SWEEP_AT: usize = 10_000;

/// The attempts of the last quarter of an hour, by key.
#[derive(Default)]
pub struct Attempts(Mutex<HashMap<String, Vec<Time>>>);

impl Attempts {
    /// Counts an attempt before its password is looked at, so that many at once are not heard either.
    /// False, and not counted, when there were too many.
    pub fn begin(&self, address: Option<IpAddr>, account: &str, now: Time) -> bool {
        let mut made = self.made();
        if made.len() > SWEEP_AT {
            made.retain(|_, times| times.iter().any(|t| recent(*t, now)));
        }
        let keys = keys(address, account);
        let full = |(key, most): &(String, usize)| {
            made.get(key).is_some_and(|times| times.iter().filter(|t| recent(**t, now)).count() >= *most)
        };
        if keys.iter().any(full) {
            return false;
        }
        for (key, _) in keys {
            let times = made.entry(key).or_default();
            times.retain(|t| recent(*t, now));
            times.push(now);
        }
        true
    }

    /// The right password was given: this attempt was no guess, and the person's slips are forgotten.
    pub fn succeeded(&self, address: Option<IpAddr>, account: &str) {
        let mut made = self.made();
        made.remove(&pair_key(address, account));
        for (key, _) in keys(address, account) {
            if let Some(times) = made.get_mut(&key) {
                times.pop();
            }
        }
    }

    fn made(&self) -> MutexGuard<'_, HashMap<String, Vec<Time>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn recent(at: Time, now: Time) -> bool {
    now.since(at) < WINDOW_SECONDS * 1000
}

/// What an attempt counts for, and how many each takes. The machine itself stands for everybody behind a
/// reverse proxy that is not trusted, so it has no count of its own.
fn keys(address: Option<IpAddr>, account: &str) -> Vec<(String, usize)> {
    let mut keys =
        vec![(pair_key(address, account), PER_PAIR), (format!("as {}", name(account)), PER_ACCOUNT)];
    if let Some(ip) = address.map(bucket).filter(|ip| !ip.is_loopback()) {
        keys.push((format!("ip {ip}"), PER_ADDRESS));
    }
    keys
}

fn pair_key(address: Option<IpAddr>, account: &str) -> String {
    let from = address.map_or_else(|| "-".to_owned(), |ip| bucket(ip).to_string());
    format!("{from} as {}", name(account))
}

fn name(account: &str) -> String {
    account.trim().to_lowercase().chars().take(254).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Time = Time(1_000_000);

    fn ip(text: &str) -> Option<IpAddr> {
        Some(text.parse().unwrap())
    }

    #[test]
    fn an_account_is_closed_to_an_address_after_ten_slips_and_opens_again() {
        let attempts = Attempts::default();
        let (here, there) = (ip("127.0.0.1"), ip("192.0.2.2"));
        for i in 0..10 {
            assert!(attempts.begin(here, "A@example.com ", START), "slip {i}");
        }
        assert!(!attempts.begin(here, "a@example.com", START));
        assert!(attempts.begin(there, "a@example.com", START), "the person themselves, from elsewhere");
        assert!(attempts.begin(here, "b@example.com", START));
        assert!(attempts.begin(here, "a@example.com", START.plus_seconds(WINDOW_SECONDS)));
    }

    #[test]
    fn an_address_runs_out_whatever_accounts_it_tries_and_an_ipv6_network_is_one() {
        let attempts = Attempts::default();
        for i in 0..20 {
            let from = ip(&format!("2001:db8:1:2::{i:x}"));
            assert!(attempts.begin(from, &format!("{i}@example.com"), START), "account {i}");
        }
        assert!(!attempts.begin(ip("2001:db8:1:2:ffff::"), "new@example.com", START));
        for i in 0..50 {
            assert!(attempts.begin(ip("::1"), &format!("{i}@example.com"), START), "account {i}");
        }
    }

    #[test]
    fn a_right_password_is_no_guess() {
        let attempts = Attempts::default();
        let office = ip("192.0.2.1");
        for i in 0..50 {
            assert!(attempts.begin(office, "a@example.com", START), "log-in {i}");
            attempts.succeeded(office, "a@example.com");
        }
    }
}
