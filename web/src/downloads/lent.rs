//! Buffers that are lent to the connection and come back: a download holds a fixed amount of memory however
//! slowly it is read, and no buffer is made twice.
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Waker;

use bytes::Bytes;

use super::tally::Account;

/// What is read from the file at a time, in bytes: small enough to stay in a core's own cache.
pub const CHUNK: usize = 256 * 1024;
/// Buffers kept for the next download.
const KEPT: usize = 32;

static POOL: Mutex<Vec<Vec<u8>>> = Mutex::new(Vec::new());

/// How many buffers a download has out, and whom to wake when one is back.
#[derive(Default)]
pub struct Lending {
    out: AtomicUsize,
    waker: Mutex<Option<Waker>>,
}

impl Lending {
    pub fn out(&self) -> usize {
        self.out.load(Ordering::Acquire)
    }

    pub fn wake_me(&self, waker: &Waker) {
        *self.waker.lock().unwrap_or_else(PoisonError::into_inner) = Some(waker.clone());
    }
}

/// A buffer of `CHUNK` bytes with old content.
pub fn buffer() -> Vec<u8> {
    let kept = POOL.lock().unwrap_or_else(PoisonError::into_inner).pop();
    kept.unwrap_or_else(|| vec![0; CHUNK])
}

pub fn give_back(buffer: Vec<u8>) {
    let mut pool = POOL.lock().unwrap_or_else(PoisonError::into_inner);
    if pool.len() < KEPT {
        pool.push(buffer);
    }
}

struct Lent {
    buffer: Vec<u8>,
    filled: usize,
    lending: Arc<Lending>,
    /// The download is accounted for when its last buffer is back.
    _account: Option<Arc<Account>>,
}

/// The first `filled` bytes as a body takes them.
pub fn lend(buffer: Vec<u8>, filled: usize, lending: &Arc<Lending>, account: Option<Arc<Account>>) -> Bytes {
    lending.out.fetch_add(1, Ordering::AcqRel);
    Bytes::from_owner(Lent { buffer, filled, lending: lending.clone(), _account: account })
}

impl AsRef<[u8]> for Lent {
    fn as_ref(&self) -> &[u8] {
        &self.buffer[..self.filled]
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        give_back(std::mem::take(&mut self.buffer));
        self.lending.out.fetch_sub(1, Ordering::AcqRel);
        let waker = self.lending.waker.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}
