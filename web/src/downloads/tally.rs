//! Counting downloads: begun, gone on with, completed, by whom. A download is accounted for when the connection
//! has let go of its last buffer, and completed only when the connection had written that many bytes by then.
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use firstline_core::{Desk, Result, Time};
use firstline_kb::published::{Download, record};
use tokio_util::sync::CancellationToken;

/// How often what was counted is stored.
const EVERY: Duration = Duration::from_secs(1);
/// The head of our answers is longer than this: so many bytes of what a connection wrote are never content.
const HEAD: u64 = 300;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Alike {
    file_id: String,
    who: String,
    resumed: bool,
    completed: bool,
}

#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    times: i64,
    sent: i64,
}

/// What was counted and is not stored yet. Cheap to clone.
#[derive(Clone, Default)]
pub struct Tally(Arc<Mutex<HashMap<Alike, Sum>>>);

/// One answer under way; counts itself when it ends.
pub struct Account {
    pub file_id: String,
    pub who: String,
    pub resumed: bool,
    /// The answer reaches the file's last byte.
    pub reaches_end: bool,
    pub length: u64,
    /// What the connection has written in its life.
    pub written: Arc<AtomicU64>,
    pub begun_at: OnceLock<u64>,
    pub tally: Tally,
}

impl Account {
    /// The first byte is asked for.
    pub fn begin(&self) {
        self.begun_at.get_or_init(|| self.written.load(Ordering::Acquire));
    }
}

impl Drop for Account {
    fn drop(&mut self) {
        let Some(begun_at) = self.begun_at.get() else { return };
        let written = self.written.load(Ordering::Acquire) - begun_at;
        let sent = written.saturating_sub(HEAD).min(self.length);
        if sent == 0 {
            return;
        }
        let alike = Alike {
            file_id: std::mem::take(&mut self.file_id),
            who: std::mem::take(&mut self.who),
            resumed: self.resumed,
            completed: self.reaches_end && sent == self.length,
        };
        let mut tally = self.tally.0.lock().unwrap_or_else(PoisonError::into_inner);
        let sum = tally.entry(alike).or_default();
        sum.times += 1;
        sum.sent = sum.sent.saturating_add(sent as i64);
    }
}

impl Tally {
    /// Stores what is counted, every second, until told to stop and then once more.
    pub async fn run(&self, desk: Desk, stop: CancellationToken) {
        while !stop.is_cancelled() {
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(EVERY) => {}
            }
            if let Err(error) = self.store(&desk).await {
                tracing::warn!(%error, "downloads could not be counted; trying again");
            }
        }
    }

    async fn store(&self, desk: &Desk) -> Result<()> {
        let counted = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        if counted.is_empty() {
            return Ok(());
        }
        let kept = write(desk, &counted).await;
        if kept.is_err() {
            let mut tally = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            for (alike, sum) in counted {
                let now = tally.entry(alike).or_default();
                now.times += sum.times;
                now.sent = now.sent.saturating_add(sum.sent);
            }
        }
        kept
    }
}

async fn write(desk: &Desk, counted: &HashMap<Alike, Sum>) -> Result<()> {
    let at: Time = desk.clock.now();
    let mut tx = desk.db.begin().await?;
    for (alike, sum) in counted {
        let Alike { file_id, who, resumed, completed } = alike.clone();
        let download = Download { file_id, who, resumed, completed, times: sum.times, sent: sum.sent, at };
        record(&mut tx, &desk.clock, &download).await?;
    }
    tx.commit().await
}
