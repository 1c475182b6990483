//! The one place where the harness reads the wall clock: the platforms it plays have clocks of their own.
use std::time::{SystemTime, UNIX_EPOCH};

#[expect(clippy::disallowed_methods, reason = "the fakes play the outside world, whose clock is real")]
pub fn unix_millis() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock after 1970");
    i64::try_from(since.as_millis()).expect("a clock before the year 292 million")
}

pub fn unix_seconds() -> i64 {
    unix_millis() / 1000
}
