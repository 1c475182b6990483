//! The body of a download whose bytes lie in a remote store: they pass through as they come, never held.
use std::collections::VecDeque;
use std::sync::Arc;

use axum::body::Body;
use bytes::Bytes;
use firstline_core::Result;
use firstline_core::files::Remote;
use futures_util::stream::{self, BoxStream, StreamExt};
use object_store::path::Path;

use super::body::Piece;
use super::tally::Account;

struct Rest {
    store: Remote,
    place: Path,
    pieces: VecDeque<Piece>,
    part: Option<BoxStream<'static, Result<Bytes>>>,
    /// Accounted for when the connection lets go of the body.
    account: Option<Arc<Account>>,
}

pub fn body(store: Remote, place: Path, pieces: VecDeque<Piece>, account: Option<Account>) -> Body {
    let rest = Rest { store, place, pieces, part: None, account: account.map(Arc::new) };
    Body::from_stream(stream::try_unfold(rest, next))
}

async fn next(mut rest: Rest) -> Result<Option<(Bytes, Rest)>> {
    if let Some(account) = &rest.account {
        account.begin();
    }
    loop {
        if let Some(part) = &mut rest.part {
            if let Some(chunk) = part.next().await {
                return Ok(Some((chunk?, rest)));
            }
            rest.part = None;
        }
        match rest.pieces.pop_front() {
            None => return Ok(None),
            Some(Piece::Text(text)) => return Ok(Some((text, rest))),
            Some(Piece::File { at, len }) => {
                rest.part = Some(rest.store.stream(&rest.place, at..at + len).await?);
            }
        }
    }
}
