//! Waiting for a condition: woken by the change itself, bounded by patience, never by sleeping.
use std::time::Duration;

use tokio::sync::watch;

/// How long a test waits for something that ought to happen at once. Generous: two busy cores must not make it fail.
/// `FIRSTLINE_TEST_PATIENCE` (seconds) changes it.
pub fn patience() -> Duration {
    let seconds = std::env::var("FIRSTLINE_TEST_PATIENCE").ok().and_then(|text| text.parse().ok());
    Duration::from_secs(seconds.unwrap_or(30))
}

/// Rung at every change of some shared state; waiters look at the state again.
#[derive(Debug)]
pub struct Signal(watch::Sender<u64>);

impl Default for Signal {
    fn default() -> Self {
        Self(watch::Sender::new(0))
    }
}

impl Signal {
    pub fn ring(&self) {
        self.0.send_modify(|count| *count = count.wrapping_add(1));
    }

    /// For loops of a fake's own that wait for changes.
    pub fn listen(&self) -> watch::Receiver<u64> {
        self.0.subscribe()
    }

    /// Waits until `look` finds something. Panics with `missing` when patience ends.
    pub async fn until<T>(&self, look: impl FnMut() -> Option<T>, missing: impl FnOnce() -> String) -> T {
        match self.within(patience(), look).await {
            Some(found) => found,
            None => panic!("not within {:?}: {}", patience(), missing()),
        }
    }

    /// Waits until `look` finds something, at most `bound`.
    pub async fn within<T>(&self, bound: Duration, mut look: impl FnMut() -> Option<T>) -> Option<T> {
        // Subscribed before the first look, so a change in between is not lost.
        let mut changes = self.0.subscribe();
        tokio::time::timeout(bound, async {
            loop {
                if let Some(found) = look() {
                    return found;
                }
                if changes.changed().await.is_err() {
                    std::future::pending::<()>().await;
                }
            }
        })
        .await
        .ok()
    }
}

/// For a condition outside this process that cannot ring (a port that opens, a page that renders): asks again and again.
pub async fn ask_until<T, F>(mut ask: impl FnMut() -> F, missing: impl FnOnce() -> String) -> T
where
    F: Future<Output = Option<T>>,
{
    let mut ticks = tokio::time::interval(Duration::from_millis(10));
    let asking = async {
        loop {
            ticks.tick().await;
            if let Some(found) = ask().await {
                return found;
            }
        }
    };
    match tokio::time::timeout(patience(), asking).await {
        Ok(found) => found,
        Err(_) => panic!("not within {:?}: {}", patience(), missing()),
    }
}
