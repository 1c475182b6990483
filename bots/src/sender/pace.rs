//! The platforms' rate limits, kept before they have to complain: token buckets per chat and per bot.
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// So many at once, then one every so often.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    pub burst: u32,
    pub every: Duration,
}

/// What a bot may do in all its chats together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    pub overall: Rate,
    /// Chats written to at the same time.
    pub concurrent: usize,
}

#[derive(Clone, Copy, Debug)]
struct Bucket {
    tokens: f64,
    at: Instant,
}

impl Bucket {
    fn full(rate: Rate, now: Instant) -> Bucket {
        Bucket { tokens: f64::from(rate.burst), at: now }
    }

    fn refill(&mut self, rate: Rate, now: Instant) {
        let gained = now.duration_since(self.at).as_secs_f64() / rate.every.as_secs_f64();
        self.tokens = (self.tokens + gained).min(f64::from(rate.burst));
        self.at = now;
    }

    /// How long until one token is there; zero when it is.
    fn wait(&self, rate: Rate) -> Duration {
        if self.tokens >= 1.0 { Duration::ZERO } else { rate.every.mul_f64(1.0 - self.tokens) }
    }
}

/// The buckets of one bot. Clocks of the machine do not matter here, only spans.
pub(super) struct Pace {
    limits: Limits,
    state: Mutex<State>,
}

struct State {
    overall: Bucket,
    chats: HashMap<String, Bucket>,
    held_until: Option<Instant>,
}

impl Pace {
    pub fn new(limits: Limits) -> Pace {
        let overall = Bucket::full(limits.overall, Instant::now());
        Pace { limits, state: Mutex::new(State { overall, chats: HashMap::new(), held_until: None }) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for this chat's turn.
    pub async fn turn(&self, chat: &str, rate: Rate) {
        loop {
            let wait = self.take(chat, rate, Instant::now());
            if wait.is_zero() {
                return;
            }
            tokio::time::sleep(wait.max(Duration::from_millis(1))).await;
        }
    }

    /// Takes a token of the chat and one of the bot, or neither and says how long to wait.
    fn take(&self, chat: &str, rate: Rate, now: Instant) -> Duration {
        let mut state = self.state();
        if let Some(until) = state.held_until.filter(|until| *until > now) {
            return until.duration_since(now);
        }
        forget_idle(&mut state.chats, now);
        let State { overall, chats, .. } = &mut *state;
        let bucket = chats.entry(chat.to_owned()).or_insert_with(|| Bucket::full(rate, now));
        bucket.refill(rate, now);
        overall.refill(self.limits.overall, now);
        let wait = bucket.wait(rate).max(overall.wait(self.limits.overall));
        if wait.is_zero() {
            bucket.tokens -= 1.0;
            overall.tokens -= 1.0;
        }
        wait
    }

    /// The platform complained about this chat: its burst is used up, and so is most of the bot's.
    pub fn limited(&self, chat: &str) {
        let mut state = self.state();
        if let Some(bucket) = state.chats.get_mut(chat) {
            bucket.tokens = bucket.tokens.min(1.0);
        }
        let one_second = 1.0 / self.limits.overall.every.as_secs_f64();
        state.overall.tokens = state.overall.tokens.min(one_second);
    }

    /// Nothing is sent to anybody for so long.
    pub fn hold_all(&self, span: Duration) {
        let until = Instant::now() + span;
        let mut state = self.state();
        state.held_until = Some(state.held_until.map_or(until, |before| before.max(until)));
    }

    /// Whether everything is held back now.
    pub fn is_held(&self) -> bool {
        self.state().held_until.is_some_and(|until| until > Instant::now())
    }
}

/// Chats nobody wrote to for a while have full buckets again: no need to remember them.
fn forget_idle(chats: &mut HashMap<String, Bucket>, now: Instant) {
    if chats.len() > 2_000 {
        chats.retain(|_, bucket| now.duration_since(bucket.at) < Duration::from_secs(60));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHAT: Rate = Rate { burst: 3, every: Duration::from_secs(1) };

    fn pace(overall: u32) -> Pace {
        let overall = Rate { burst: overall, every: Duration::from_millis(100) };
        Pace::new(Limits { overall, concurrent: 8 })
    }

    #[test]
    fn a_burst_goes_at_once_and_then_one_by_one() {
        let (pace, now) = (pace(100), Instant::now());
        assert!((0..3).all(|_| pace.take("a", CHAT, now).is_zero()));
        let wait = pace.take("a", CHAT, now);
        assert!(wait > Duration::from_millis(900) && wait <= Duration::from_secs(1), "{wait:?}");
        assert!(pace.take("b", CHAT, now).is_zero(), "another chat is free");
        assert!(pace.take("a", CHAT, now + Duration::from_millis(1001)).is_zero());
    }

    #[test]
    fn the_bot_as_a_whole_has_a_limit_too() {
        let (pace, now) = (pace(2), Instant::now());
        assert!(pace.take("a", CHAT, now).is_zero());
        assert!(pace.take("b", CHAT, now).is_zero());
        assert!(!pace.take("c", CHAT, now).is_zero());
    }

    #[test]
    fn a_global_limit_holds_everybody() {
        let pace = pace(100);
        pace.hold_all(Duration::from_secs(5));
        assert!(pace.is_held());
        assert!(pace.take("a", CHAT, Instant::now()) > Duration::from_secs(4));
    }
}
