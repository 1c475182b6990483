//! The body of a download: pieces of a file and text between them. What lies in the system's cache is read on
//! the spot, everything else on a thread that may wait.
use std::collections::VecDeque;
use std::fs::File;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::task::JoinHandle;

use super::lent::{self, Lending};
use super::tally::Account;

/// Buffers a connection may have at once: one on its way out, one being filled.
const OUT: usize = 2;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    Text(Bytes),
    File { at: u64, len: u64 },
}

pub struct FileBody {
    file: Arc<File>,
    pieces: VecDeque<Piece>,
    left: u64,
    lending: Arc<Lending>,
    reading: Option<JoinHandle<(io::Result<usize>, Vec<u8>)>>,
    account: Option<Arc<Account>>,
}

impl FileBody {
    /// `length` is that of all pieces together.
    pub fn new(file: File, pieces: VecDeque<Piece>, length: u64, account: Option<Account>) -> FileBody {
        FileBody {
            file: Arc::new(file),
            pieces,
            left: length,
            lending: Arc::default(),
            reading: None,
            account: account.map(Arc::new),
        }
    }

    /// `read` bytes of the piece in front are in `buffer`: they become a frame.
    fn frame(&mut self, read: io::Result<usize>, buffer: Vec<u8>) -> io::Result<Frame<Bytes>> {
        let read = match read {
            // Somebody shortened the file behind our back: the connection must break, not pad.
            Ok(0) => Err(io::Error::from(io::ErrorKind::UnexpectedEof)),
            other => other,
        }?;
        let used_up = match self.pieces.front_mut() {
            Some(Piece::File { at, len }) => {
                *at += read as u64;
                *len -= read as u64;
                *len == 0
            }
            _ => false,
        };
        if used_up {
            self.pieces.pop_front();
        }
        self.left -= read as u64;
        Ok(Frame::data(lent::lend(buffer, read, &self.lending, self.account.clone())))
    }

    fn text(&mut self, text: Bytes) -> Frame<Bytes> {
        self.pieces.pop_front();
        self.left -= text.len() as u64;
        Frame::data(text)
    }
}

impl Body for FileBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let this = &mut *self;
        if let Some(account) = &this.account {
            account.begin();
        }
        if let Some(reading) = &mut this.reading {
            let done = std::task::ready!(Pin::new(reading).poll(cx));
            this.reading = None;
            return Poll::Ready(Some(match done {
                Ok((read, buffer)) => this.frame(read, buffer),
                Err(e) => Err(io::Error::other(e)),
            }));
        }
        let (at, len) = match this.pieces.front() {
            None => return Poll::Ready(None),
            Some(Piece::Text(text)) => {
                let text = text.clone();
                return Poll::Ready(Some(Ok(this.text(text))));
            }
            Some(Piece::File { at, len }) => (*at, *len),
        };
        if this.lending.out() >= OUT {
            this.lending.wake_me(cx.waker());
            // One may have come back between the question and the request to be woken.
            if this.lending.out() >= OUT {
                return Poll::Pending;
            }
        }
        let mut buffer = lent::buffer();
        let want = len.min(lent::CHUNK as u64) as usize;
        if let Some(read) = cached(&this.file, &mut buffer[..want], at) {
            return Poll::Ready(Some(this.frame(read, buffer)));
        }
        let file = this.file.clone();
        this.reading =
            Some(tokio::task::spawn_blocking(move || (waiting(&file, &mut buffer[..want], at), buffer)));
        self.poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

/// What the system has in memory of these bytes; `None` when it would have to fetch them first.
#[cfg(target_os = "linux")]
fn cached(file: &File, into: &mut [u8], at: u64) -> Option<io::Result<usize>> {
    use rustix::io::{ReadWriteFlags, preadv2};
    let mut slices = [io::IoSliceMut::new(into)];
    // An error here, whatever it is, is met again and told by the read that may wait.
    preadv2(file, &mut slices, at, ReadWriteFlags::NOWAIT).ok().filter(|read| *read > 0).map(Ok)
}

#[cfg(not(target_os = "linux"))]
fn cached(_file: &File, _into: &mut [u8], _at: u64) -> Option<io::Result<usize>> {
    None
}

#[cfg(unix)]
fn waiting(file: &File, into: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, into, at)
}

#[cfg(windows)]
fn waiting(file: &File, into: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, into, at)
}
