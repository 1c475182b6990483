//! What a process writes, line by line, while it writes it.
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::Child;

use crate::harness::signal::Signal;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum From {
    Stdout,
    Stderr,
}

#[derive(Debug, Default)]
struct Lines {
    lines: Vec<(From, String)>,
    /// Of the two streams, how many have ended.
    ended: usize,
}

#[derive(Clone, Debug, Default)]
pub struct Output {
    lines: Arc<Mutex<Lines>>,
    signal: Arc<Signal>,
}

impl Output {
    pub fn of(child: &mut Child) -> Self {
        let output = Self::default();
        output.follow(child.stdout.take().expect("a piped stdout"), From::Stdout);
        output.follow(child.stderr.take().expect("a piped stderr"), From::Stderr);
        output
    }

    fn follow(&self, stream: impl AsyncRead + Unpin + Send + 'static, from: From) {
        let output = self.clone();
        tokio::spawn(async move {
            let mut reader = BufReader::new(stream);
            let mut bytes = Vec::new();
            // Bytes, not lines of text: a broken character must not end the reading.
            while reader.read_until(b'\n', &mut bytes).await.is_ok_and(|count| count > 0) {
                let line = String::from_utf8_lossy(&bytes).trim_end_matches('\n').to_owned();
                bytes.clear();
                output.lines.lock().expect("lines").lines.push((from, line));
                output.signal.ring();
            }
            output.lines.lock().expect("lines").ended += 1;
            output.signal.ring();
        });
    }

    pub fn stdout(&self) -> String {
        self.joined(|from| from == From::Stdout)
    }

    pub fn stderr(&self) -> String {
        self.joined(|from| from == From::Stderr)
    }

    /// Both, in the order they were read.
    pub fn everything(&self) -> String {
        self.joined(|_| true)
    }

    fn joined(&self, wanted: impl Fn(From) -> bool) -> String {
        let lines = self.lines.lock().expect("lines");
        let chosen: Vec<&str> =
            lines.lines.iter().filter(|(from, _)| wanted(*from)).map(|(_, line)| line.as_str()).collect();
        chosen.join("\n")
    }

    /// Waits for a line that fits; panics with everything it said when patience or the process ends.
    pub async fn line(&self, fits: impl Fn(&str) -> bool, what: &str) -> String {
        let look = || {
            let lines = self.lines.lock().expect("lines");
            let found = lines.lines.iter().find(|(_, line)| fits(line)).map(|(_, line)| line.clone());
            // Nothing more will come once both streams have ended.
            if found.is_none() && lines.ended == 2 { Some(None) } else { found.map(Some) }
        };
        let missing = || format!("a line with {what:?}; it said:\n{}", self.everything());
        let found = self.signal.until(look, missing).await;
        found.unwrap_or_else(|| {
            panic!("it ended without a line with {what:?}; it said:\n{}", self.everything())
        })
    }

    /// Waits until both streams have ended.
    pub async fn closed(&self) {
        let ended = || (self.lines.lock().expect("lines").ended == 2).then_some(());
        self.signal.until(ended, || "the end of its output".to_owned()).await;
    }
}
