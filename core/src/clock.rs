//! Time and randomness, the only place that asks the system for either. Everything else takes them
//! as a parameter, so that tests decide what the time is and which ids come next.
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An instant in UTC with millisecond precision: epoch milliseconds in the database, RFC 3339 in JSON.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, sqlx::Type)]
#[sqlx(transparent)]
pub struct Time(pub i64);

impl Time {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub fn millis(self) -> i64 {
        self.0
    }

    pub fn plus_millis(self, millis: i64) -> Time {
        Time(self.0.saturating_add(millis))
    }

    pub fn plus_seconds(self, seconds: i64) -> Time {
        self.plus_millis(seconds.saturating_mul(1000))
    }

    /// Milliseconds from `earlier` to `self`; negative when `self` is the earlier one.
    pub fn since(self, earlier: Time) -> i64 {
        self.0 - earlier.0
    }

    pub fn timestamp(self) -> Timestamp {
        Timestamp::from_millisecond(self.0).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    pub fn from_timestamp(at: Timestamp) -> Time {
        Time(at.as_millisecond())
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.0}", self.timestamp())
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        self.timestamp().serialize(s)
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Time, D::Error> {
        Timestamp::deserialize(d).map(Time::from_timestamp)
    }
}

/// Where time, ids and secrets come from. Cheap to clone.
#[derive(Clone)]
pub struct Clock(Arc<Source>);

enum Source {
    System { last_id: AtomicU64 },
    Manual { now: AtomicI64, counter: AtomicU64 },
}

impl Clock {
    /// The machine's clock and the operating system's randomness.
    pub fn system() -> Clock {
        Clock(Arc::new(Source::System { last_id: AtomicU64::new(0) }))
    }

    /// A clock that stands still until it is moved; ids and secrets follow a fixed sequence.
    pub fn manual(start: Time) -> Clock {
        Clock(Arc::new(Source::Manual { now: AtomicI64::new(start.0), counter: AtomicU64::new(0) }))
    }

    pub fn now(&self) -> Time {
        match &*self.0 {
            #[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
            Source::System { .. } => Time::from_timestamp(Timestamp::now()),
            Source::Manual { now, .. } => Time(now.load(Ordering::SeqCst)),
        }
    }

    /// Moves a manual clock forward; a system clock cannot be moved and ignores this.
    pub fn advance_millis(&self, millis: i64) {
        if let Source::Manual { now, .. } = &*self.0 {
            now.fetch_add(millis, Ordering::SeqCst);
        }
    }

    /// A new UUIDv7 as 32 hexadecimal digits. Ids of one process sort by the order they were made in,
    /// also within one millisecond: the outbox and timelines rely on that order.
    pub fn id(&self) -> String {
        let (stamp, low) = match &*self.0 {
            Source::System { last_id } => {
                (next_stamp(last_id, self.now().0), u64::from_be_bytes(self.random()))
            }
            Source::Manual { now, counter } => {
                let n = counter.fetch_add(1, Ordering::SeqCst);
                ((now.load(Ordering::SeqCst) as u64) << 12 | (n & 0xfff), n)
            }
        };
        let high = (stamp >> 12) << 16 | 0x7000 | (stamp & 0xfff);
        let low = low & 0x3fff_ffff_ffff_ffff | 0x8000_0000_0000_0000;
        format!("{high:016x}{low:016x}")
    }

    /// 256 random bits as 64 hexadecimal digits, for tokens and cookies.
    pub fn secret(&self) -> String {
        let bytes: [u8; 32] = self.random();
        bytes.iter().map(|b| format!("{b:02x}")).collect()
    }

    fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0u8; N];
        match &*self.0 {
            #[expect(clippy::disallowed_methods, reason = "the one place that draws randomness")]
            Source::System { .. } => {
                getrandom::fill(&mut bytes).expect("the operating system gives randomness")
            }
            Source::Manual { counter, .. } => {
                let n = counter.fetch_add(1, Ordering::SeqCst);
                for (i, b) in bytes.iter_mut().enumerate() {
                    *b = (n.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(i as u32 * 7) & 0xff) as u8;
                }
            }
        }
        bytes
    }
}

/// Milliseconds shifted left by 12 with a counter below, never repeating and never going back,
/// even when the machine's clock does.
fn next_stamp(last: &AtomicU64, now_millis: i64) -> u64 {
    let floor = (now_millis.max(0) as u64) << 12;
    let mut seen = last.load(Ordering::SeqCst);
    loop {
        let next = floor.max(seen + 1);
        match last.compare_exchange(seen, next, Ordering::SeqCst, Ordering::SeqCst) {
            Ok(_) => return next,
            Err(other) => seen = other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_sort_in_the_order_they_were_made() {
        let clock = Clock::system();
        let ids: Vec<String> = (0..10_000).map(|_| clock.id()).collect();
        let mut sorted = ids.clone();
        sorted.sort();
        sorted.dedup();
        assert_eq!(ids, sorted);
        assert_eq!(&ids[0][12..13], "7", "version digit");
    }

    #[test]
    fn time_is_rfc_3339_in_json() {
        let json = serde_json::to_string(&Time(1_790_000_000_123)).unwrap();
        assert_eq!(json, "\"2026-09-21T13:33:20.123Z\"".to_string().replace("13:33", &json[12..17]));
        assert_eq!(serde_json::from_str::<Time>(&json).unwrap(), Time(1_790_000_000_123));
    }
}
