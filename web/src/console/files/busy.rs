//! One sender at a time for each upload. A new one ends the old one's turn: its line broke and nobody told us yet.
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OwnedMutexGuard;
use tokio_util::sync::CancellationToken;

#[derive(Default)]
struct Line {
    turn: CancellationToken,
    lock: Arc<tokio::sync::Mutex<()>>,
}

#[derive(Default)]
pub struct Busy {
    lines: Mutex<HashMap<String, Line>>,
    finishing: Mutex<HashSet<String>>,
}

/// The right to write an upload's bytes until `ended`.
pub struct Turn {
    pub ended: CancellationToken,
    _lock: OwnedMutexGuard<()>,
}

impl Busy {
    pub async fn turn(&self, id: &str) -> Turn {
        let (ended, lock) = {
            let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
            // Lines nobody holds or waits for are forgotten.
            lines.retain(|known, line| known == id || Arc::strong_count(&line.lock) > 1);
            let line = lines.entry(id.to_owned()).or_default();
            line.turn.cancel();
            line.turn = CancellationToken::new();
            (line.turn.clone(), line.lock.clone())
        };
        Turn { ended, _lock: lock.lock_owned().await }
    }

    /// True for the first who wants to finish an upload, until `finished`.
    pub fn finish(&self, id: &str) -> bool {
        self.finishing.lock().unwrap_or_else(PoisonError::into_inner).insert(id.to_owned())
    }

    pub fn finished(&self, id: &str) {
        self.finishing.lock().unwrap_or_else(PoisonError::into_inner).remove(id);
    }
}
