//! Counters of one bot, for `/metrics` and `doctor`.
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Counted since the process started.
#[derive(Debug, Default)]
pub struct Meter {
    /// True while the platform answers.
    pub(crate) connected: AtomicBool,
    pub(crate) received: AtomicU64,
    pub(crate) set_aside: AtomicU64,
    pub(crate) sent: AtomicU64,
    pub(crate) retried: AtomicU64,
    pub(crate) limited: AtomicU64,
    pub(crate) blocked: AtomicU64,
    pub(crate) refused: AtomicU64,
}

/// The counters at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    pub connected: bool,
    /// Events taken in, without repeats.
    pub received: u64,
    pub set_aside: u64,
    /// Messages of the platform that went out; a long text counts several.
    pub sent: u64,
    pub retried: u64,
    /// Answers "too many requests".
    pub limited: u64,
    pub blocked: u64,
    pub refused: u64,
}

impl Meter {
    pub fn read(&self) -> Reading {
        let get = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Reading {
            connected: self.connected.load(Ordering::Relaxed),
            received: get(&self.received),
            set_aside: get(&self.set_aside),
            sent: get(&self.sent),
            retried: get(&self.retried),
            limited: get(&self.limited),
            blocked: get(&self.blocked),
            refused: get(&self.refused),
        }
    }

    pub(crate) fn add(&self, counter: impl Fn(&Meter) -> &AtomicU64, by: usize) {
        counter(self).fetch_add(by as u64, Ordering::Relaxed);
    }
}
