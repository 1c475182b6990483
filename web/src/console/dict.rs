//! `/console/dict`: what staff teach the search. Curators, managers and administrators only.
mod codes;
mod effect;
mod entry;
mod form;
mod list;
mod settings;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::response::Response;
use axum::routing::{get, post};

use crate::App;
use crate::console::seat::Seat;
use crate::pages::to;

/// Long lists of words come in one form.
const BODY: usize = 1024 * 1024;

pub fn router() -> Router<App> {
    Router::new()
        .route("/console/dict", get(start))
        .route("/console/dict/codes", get(codes::list))
        .route("/console/dict/codes.csv", get(codes::export))
        .route("/console/dict/codes/new", get(codes::fresh).post(codes::save))
        .route("/console/dict/codes/{id}", get(codes::show).post(codes::save_known))
        .route("/console/dict/settings", get(settings::show).post(settings::save))
        .route("/console/dict/of/{kind}", get(list::show))
        .route("/console/dict/of/{kind}/new", get(entry::fresh).post(entry::add))
        .route("/console/dict/entry/{id}", get(entry::show).post(entry::change))
        .route("/console/dict/entry/{id}/remove", post(entry::remove))
        .layer(DefaultBodyLimit::max(BODY))
}

async fn start(_: Seat) -> Response {
    to("/console/dict/codes")
}

/// The pages of the dictionary, in the order of their tabs: `(name, path)`.
fn tabs() -> Vec<(&'static str, String)> {
    let kinds = firstline_kb::dictionary::entry::KINDS.map(|kind| (kind, format!("/console/dict/of/{kind}")));
    let mut tabs = vec![("codes", "/console/dict/codes".to_owned())];
    tabs.extend(kinds);
    tabs.push(("settings", "/console/dict/settings".to_owned()));
    tabs
}
