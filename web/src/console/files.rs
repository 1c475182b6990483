//! Files in the console: dragged in, sent in pieces, looked over, published, withdrawn, made a manual.
mod act;
mod busy;
mod finish;
mod list;
mod page;
mod receive;
mod status;

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::routing::{get, patch, post};
use axum::{Extension, Router};

use crate::App;
use busy::Busy;

pub fn router() -> Router<App> {
    // A piece is streamed to the disk as it comes, whatever its length.
    let pieces = patch(receive::piece).layer(DefaultBodyLimit::disable());
    let upload = pieces.head(receive::offset).get(status::show).delete(receive::give_up);
    Router::new()
        .route("/console/files", get(list::show))
        .route("/console/files/{id}", get(page::show))
        .route("/console/files/{id}/move", post(act::advance))
        .route("/console/files/{id}/access", post(act::access))
        .route("/console/files/{id}/manual", post(act::manual))
        .route("/console/uploads", post(receive::begin))
        .route("/console/uploads/{id}", upload)
        .layer(Extension(Arc::new(Busy::default())))
}
