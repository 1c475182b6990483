//! Discord bans an address after 10,000 invalid requests (401, 403, 429) in ten minutes. Long before
//! that we stop asking.
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

const WINDOW: Duration = Duration::from_secs(600);
/// Half of what gets an address banned: another program may share it.
const MOST: u32 = 5_000;
/// A refused token does not mend itself.
const AFTER_UNAUTHORIZED: Duration = Duration::from_secs(30);

#[derive(Default)]
pub(super) struct Guard(Mutex<State>);

#[derive(Default)]
struct State {
    since: Option<Instant>,
    invalid: u32,
    /// Consecutive 401.
    unauthorized: u32,
    wait_until: Option<Instant>,
}

impl Guard {
    /// Milliseconds until the next request may go, if it must wait.
    pub fn must_wait(&self) -> Option<i64> {
        let state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let left = state.wait_until?.checked_duration_since(Instant::now())?;
        i64::try_from(left.as_millis()).ok().filter(|millis| *millis > 0)
    }

    pub fn note(&self, status: u16) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.note(status, Instant::now());
    }
}

impl State {
    fn note(&mut self, status: u16, now: Instant) {
        if status != 401 {
            self.unauthorized = 0;
        }
        if !matches!(status, 401 | 403 | 429) {
            return;
        }
        let since = self.since.filter(|since| now.duration_since(*since) < WINDOW);
        if since.is_none() {
            (self.since, self.invalid) = (Some(now), 0);
        }
        self.invalid += 1;
        if self.invalid >= MOST {
            tracing::error!(invalid = self.invalid, "too many invalid Discord requests; pausing");
            self.wait_until = Some(since.unwrap_or(now) + WINDOW);
        }
        // One may be an interaction's token; three in a row are ours.
        self.unauthorized += u32::from(status == 401);
        if self.unauthorized >= 3 {
            self.wait_until = Some(now + AFTER_UNAUTHORIZED);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_stops_long_before_a_ban_and_goes_on_after_the_window() {
        let (mut state, now) = (State::default(), Instant::now());
        (1..MOST).for_each(|_| state.note(403, now));
        assert!(state.wait_until.is_none());
        state.note(429, now);
        assert_eq!(state.wait_until, Some(now + WINDOW));
        state.note(403, now + WINDOW);
        assert_eq!(state.invalid, 1, "a new window");
    }

    #[test]
    fn a_refused_token_pauses_after_three() {
        let (mut state, now) = (State::default(), Instant::now());
        state.note(401, now);
        state.note(200, now);
        state.note(401, now);
        state.note(401, now);
        assert!(state.wait_until.is_none());
        state.note(401, now);
        assert!(state.wait_until.is_some());
    }
}
