//! `/healthz`: the process lives. `/readyz`: store and index serve, whether or not a bot is connected.
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;

use crate::App;

/// A store that takes longer than this to say yes does not serve.
const PATIENCE: Duration = Duration::from_secs(2);

#[derive(Serialize)]
pub struct Readiness {
    ready: bool,
    store: &'static str,
    index: &'static str,
}

pub async fn alive() -> &'static str {
    "ok\n"
}

pub async fn ready(State(app): State<App>) -> (StatusCode, Json<Readiness>) {
    let store = matches!(tokio::time::timeout(PATIENCE, app.desk.db.ping()).await, Ok(Ok(())));
    let index = app.library.ready();
    let ready = store && index;
    let word = |good| if good { "ok" } else { "not serving" };
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Readiness { ready, store: word(store), index: word(index) }))
}
