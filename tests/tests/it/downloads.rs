//! Downloads over real sockets with requests written by hand: what RFC 9110 asks, and who may have what.
mod access;
mod conditions;
mod cut_and_resume;
mod hosts;
mod ranges;
mod raw;

use firstline_kb::published::{self, FileAccess, FileState, HostedFile, NewFile};

use crate::api_server::TestServer;

/// A hundred bytes that tell where they stand.
fn hundred() -> Vec<u8> {
    (0..100u8).collect()
}

/// Puts a file on the server.
async fn host(s: &TestServer, name: &str, bytes: &[u8], access: FileAccess) -> HostedFile {
    let desk = &s.running.app.desk;
    let stored = desk.files.take(&desk.clock, bytes, u64::MAX).await.expect("stored bytes");
    let new = NewFile { name: name.into(), access, state: FileState::Published, by: "cli".into() };
    published::add(&desk.db, &desk.clock, &stored, &new).await.expect("a hosted file")
}
