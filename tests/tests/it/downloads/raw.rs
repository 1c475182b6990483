//! One request as bytes, one answer taken apart.
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::api_server::TestServer;

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    head: String,
    pub body: Vec<u8>,
}

impl Answer {
    /// The value of a header that is there once.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut all = self.head.lines().skip(1).filter_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        });
        let first = all.next();
        assert!(all.next().is_none(), "{name} twice: {}", self.head);
        first
    }

    /// The head without what differs from second to second and request to request.
    pub fn lasting_head(&self) -> Vec<&str> {
        let passing = ["date:", "x-request-id:"];
        let mut lines: Vec<&str> =
            self.head.lines().filter(|l| !passing.iter().any(|p| l.to_lowercase().starts_with(p))).collect();
        lines.sort_unstable();
        lines
    }
}

/// Sends these bytes and reads until the server closes.
pub async fn exchange(s: &TestServer, request: &str) -> Answer {
    let mut line = TcpStream::connect(s.running.addr).await.expect("a connection");
    line.write_all(request.as_bytes()).await.expect("a server that reads");
    let mut bytes = Vec::new();
    line.read_to_end(&mut bytes).await.expect("an answer");
    let end = bytes.windows(4).position(|w| w == b"\r\n\r\n").expect("a head");
    let head = String::from_utf8(bytes[..end].to_vec()).expect("a head in ASCII");
    let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).expect("a status");
    Answer { status, head, body: bytes[end + 4..].to_vec() }
}

/// A request with these header lines and a proper `Host`.
pub async fn ask(s: &TestServer, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
    let lines: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    exchange(
        s,
        &format!("{method} {path} HTTP/1.1\r\nHost: help.example\r\nConnection: close\r\n{lines}\r\n"),
    )
    .await
}
