//! The customers' pages: home, search, articles, chat, tickets by their link.
mod article;
mod catalogue;
pub mod chat;
mod downloads;
mod home;
mod join;
mod manual;
mod search;
mod ticket;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};

use crate::App;
use crate::downloads::routes as file_routes;
use crate::pages::{assets_router, download, guard, not_found, upload};
use crate::serve::limits;

/// The portal with the assets of all pages and the answer to paths nobody knows.
pub fn router(app: &App) -> Router<App> {
    let reply = post(ticket::act::reply).layer(DefaultBodyLimit::max(upload::MAX_BODY));
    let pages = Router::new()
        .route("/", get(home::show))
        .route("/kb/{id}", get(article::show))
        .route("/kb/files/{id}/{name}", get(crate::console::kb::serve_file))
        .route("/chat", get(chat::page::show))
        .route("/t/{number}", get(ticket::page::show))
        .route("/t/{number}/events", get(ticket::page::events))
        .route("/t/{number}/reply", reply)
        .route("/t/{number}/answer", post(ticket::act::answer))
        .route("/t/{number}/rate", post(ticket::act::rate))
        .route("/t/{number}/quote", post(ticket::act::decide))
        .route("/join/{id}", get(join::show).post(join::confirm))
        .route("/files/{id}/{name}", get(download::serve))
        .merge(file_routes())
        .route("/downloads", get(downloads::show))
        .route("/manuals/{id}", get(manual::show))
        .merge(by_anybody(app))
        .layer(DefaultBodyLimit::max(upload::SMALL_BODY))
        .fallback(not_found);
    guard::guarded(pages, app).merge(assets_router())
}

/// What costs something and needs no link: as often as the limit of addresses allows.
fn by_anybody(app: &App) -> Router<App> {
    let send = post(chat::send::form).layer(DefaultBodyLimit::max(upload::MAX_BODY));
    Router::new()
        .route("/search", get(search::show))
        .route("/products", get(catalogue::product::list))
        .route("/products/{product}", get(catalogue::product::show))
        .route("/products/{product}/upgrade", get(catalogue::upgrade::of_product))
        .route("/products/{product}/{version}", get(catalogue::release::show))
        .route("/upgrade", get(catalogue::upgrade::show))
        .route("/kb/{id}/verdict", post(article::verdict))
        .route("/kb/{id}/reason", post(article::reason))
        .route("/chat/send", send)
        .route("/chat/messages", post(chat::send::json))
        .route("/chat/press", post(chat::send::press))
        .route("/chat/events", get(chat::events::stream))
        .route_layer(from_fn_with_state(app.clone(), limits::visits))
}
