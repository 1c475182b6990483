//! The staff's pages: log in, the queue, one ticket, what did not arrive.
mod attempts;
mod leave;
mod login;
mod queue;
pub mod seat;
mod ticket;
mod trouble;

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use axum::{Extension, Router};

use crate::App;
use crate::pages::{guard, upload};

pub fn router() -> Router<App> {
    let pages = Router::new()
        .route("/console", get(queue::show))
        .route("/console/events", get(queue::events))
        .route("/console/login", get(login::show).post(login::enter))
        .route("/console/logout", post(leave::log_out))
        .route("/console/lang", post(leave::set_lang))
        .route("/console/trouble", get(trouble::show))
        .route("/console/tickets/{number}", get(ticket::page::show))
        .route("/console/tickets/{number}/events", get(ticket::page::events))
        .route("/console/tickets/{number}/answer", post(ticket::answer::send))
        .route("/console/tickets/{number}/severity", post(ticket::change::severity))
        .route("/console/tickets/{number}/assign", post(ticket::change::assign))
        .route("/console/tickets/{number}/status", post(ticket::change::status))
        .layer(DefaultBodyLimit::max(upload::MAX_BODY))
        .layer(Extension(Arc::new(attempts::Attempts::default())));
    guard::guarded(pages)
}
