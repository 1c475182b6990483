//! The customers' pages: home, search, articles, chat, tickets by their link.
mod article;
pub mod chat;
mod home;
mod search;
mod ticket;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use crate::App;
use crate::pages::{assets_router, download, guard, not_found, upload};

/// The portal with the assets of all pages and the answer to paths nobody knows.
pub fn router() -> Router<App> {
    let pages = Router::new()
        .route("/", get(home::show))
        .route("/search", get(search::show))
        .route("/kb/{id}", get(article::show))
        .route("/kb/{id}/verdict", post(article::verdict))
        .route("/chat", get(chat::page::show))
        .route("/chat/send", post(chat::send::form))
        .route("/chat/messages", post(chat::send::json))
        .route("/chat/press", post(chat::send::press))
        .route("/chat/events", get(chat::events::stream))
        .route("/t/{number}", get(ticket::page::show))
        .route("/t/{number}/events", get(ticket::page::events))
        .route("/t/{number}/reply", post(ticket::act::reply))
        .route("/t/{number}/answer", post(ticket::act::answer))
        .route("/t/{number}/rate", post(ticket::act::rate))
        .route("/files/{id}/{name}", get(download::serve))
        .layer(DefaultBodyLimit::max(upload::MAX_BODY))
        .fallback(not_found);
    guard::guarded(pages).merge(assets_router())
}
