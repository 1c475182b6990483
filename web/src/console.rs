//! The staff's pages: log in, the queue, one ticket, what did not arrive.
mod attempts;
mod dict;
mod files;
pub mod kb;
mod leave;
pub mod login;
mod plans;
mod queue;
mod releases;
pub mod seat;
mod service;
mod ticket;
mod trouble;
mod why;

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use axum::{Extension, Router};

use crate::App;
use crate::pages::{guard, upload};

/// Anybody may send to the log-in.
const LOGIN_BODY: usize = 16 * 1024;
/// Notes and steps in two languages.
const RELEASE_BODY: usize = 4 * 1024 * 1024;

/// A plan as a form sends it, every byte percent-encoded.
const PLAN_BODY: usize = 2 * 1024 * 1024;

pub fn router(app: &App) -> Router<App> {
    let log_in = post(login::enter).layer(DefaultBodyLimit::max(LOGIN_BODY));
    let release_body = DefaultBodyLimit::max(RELEASE_BODY);
    let answer = post(ticket::answer::send).layer(DefaultBodyLimit::max(upload::MAX_BODY));
    let plan = post(plans::edit).layer(DefaultBodyLimit::max(PLAN_BODY));
    let holidays = post(plans::holidays::import).layer(DefaultBodyLimit::max(plans::holidays::MAX_BODY));
    let pages = Router::new()
        .route("/console", get(queue::show))
        .route("/console/events", get(queue::events))
        .route("/console/login", get(login::show).merge(log_in))
        .route("/console/logout", post(leave::log_out))
        .route("/console/lang", post(leave::set_lang))
        .route("/console/releases", get(releases::list::show))
        .route(
            "/console/releases/new",
            get(releases::page::new).post(releases::act::create).layer(release_body),
        )
        .route(
            "/console/releases/{id}",
            get(releases::page::show).post(releases::act::save).layer(release_body),
        )
        .route("/console/releases/{id}/move", post(releases::act::advance))
        .route("/console/releases/{id}/withdraw", post(releases::act::withdraw))
        .route("/console/releases/{id}/audience", post(releases::act::audience))
        .route("/console/trouble", get(trouble::show))
        .route("/console/search", get(why::show))
        .route("/console/tickets/{number}", get(ticket::page::show))
        .route("/console/tickets/{number}/events", get(ticket::page::events))
        .route("/console/tickets/{number}/answer", answer)
        .route("/console/tickets/{number}/severity", post(ticket::change::severity))
        .route("/console/tickets/{number}/assign", post(ticket::change::assign))
        .route("/console/tickets/{number}/status", post(ticket::change::status))
        .route("/console/tickets/{number}/happened", post(ticket::happened::record))
        .route("/console/plans", get(plans::list))
        .route("/console/plans/holidays", get(plans::holidays::show).merge(holidays))
        .route("/console/plans/{id}", get(plans::show).merge(plan))
        .route("/console/plans/{id}/form", post(plans::fill_in))
        .route("/console/plans/{id}/running", get(plans::running::show).post(plans::running::apply))
        .route("/console/contracts/{id}/plan", get(plans::of_contract))
        .merge(service::routes())
        .layer(DefaultBodyLimit::max(upload::SMALL_BODY))
        .merge(dict::router())
        .merge(files::router())
        .merge(kb::router())
        .layer(Extension(Arc::new(login::Door::default())));
    guard::guarded(pages, app)
}
