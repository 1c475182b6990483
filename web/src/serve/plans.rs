//! Plans and holidays that another process changed are taken up within seconds.
use std::time::Duration;

use firstline_core::Desk;
use tokio_util::sync::CancellationToken;

const LOOK_EVERY: Duration = Duration::from_secs(3);

pub async fn follow(desk: Desk, stop: CancellationToken) {
    let mut seen = None;
    loop {
        match desk.follow_plans(seen).await {
            Ok(now) => seen = now,
            Err(error) => tracing::warn!(%error, "changes of plans cannot be read now"),
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}
