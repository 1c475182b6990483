//! Receiving from a bot is done by one process at a time: of several on one database, the others wait
//! until that one is gone.
use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use firstline_core::store::{Db, Exclusive};
use tokio_util::sync::CancellationToken;

/// How often a waiting process asks, and a working one makes sure that it is still the one.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// Runs `work` while nobody else does `what`, again and again until `stop`. The token given to `work`
/// is cancelled when the right is lost.
pub(crate) async fn alone<F>(
    db: &Db,
    what: &str,
    stop: &CancellationToken,
    work: impl Fn(CancellationToken) -> F,
) where
    F: Future<Output = ()>,
{
    let mut waiting = false;
    while !stop.is_cancelled() {
        match db.try_exclusive(what).await {
            Ok(Some(right)) => {
                waiting = false;
                with_right(right, what, stop.child_token(), &work).await;
            }
            Ok(None) if !waiting => {
                waiting = true;
                tracing::info!(what, "another process does this; standing by");
            }
            Ok(None) => {}
            Err(error) => tracing::warn!(what, %error, "cannot ask whether another process does this"),
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}

async fn with_right<F>(
    mut right: Exclusive,
    what: &str,
    turn: CancellationToken,
    work: impl Fn(CancellationToken) -> F,
) where
    F: Future<Output = ()>,
{
    let mut working = pin!(work(turn.clone()));
    let lost = tokio::select! {
        () = &mut working => false,
        () = until_lost(&mut right) => true,
    };
    if lost {
        tracing::warn!(what, "the database session that held this right is gone; another process may go on");
        turn.cancel();
        working.await;
    }
    right.give_back().await;
}

async fn until_lost(right: &mut Exclusive) {
    while right.holds().await {
        tokio::time::sleep(LOOK_EVERY).await;
    }
}
