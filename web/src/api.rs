//! The REST API under `/api/v1` and its OpenAPI document. Handlers parse, call one use case, and answer;
//! every refusal is a problem document (RFC 9457).
mod access;
mod answers;
mod articles;
mod catalogue;
mod contracts;
mod customers;
mod doc;
mod extract;
mod idempotent;
mod installations;
mod outcomes;
mod page;
pub mod problem;
mod schemas;
mod search;
mod suggest;
mod tickets;

use axum::Router;
use axum::extract::{DefaultBodyLimit, OriginalUri};
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;

use crate::App;
use problem::Problem;

/// The largest request body: a long article fits, a file does not belong here.
const MAX_BODY: usize = 1024 * 1024;

/// Everything under `/api`.
pub fn router() -> Router<App> {
    let (v1, _) = doc::v1().split_for_parts();
    Router::new()
        .merge(v1)
        .route("/api/openapi.json", get(document))
        .route("/api/{*rest}", axum::routing::any(unknown))
        .method_not_allowed_fallback(wrong_method)
        .layer(DefaultBodyLimit::max(MAX_BODY))
}

/// The OpenAPI document as JSON.
pub fn openapi() -> serde_json::Value {
    doc::document()
}

async fn document() -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json")], doc::bytes())
}

async fn unknown(OriginalUri(uri): OriginalUri) -> Problem {
    Problem::not_found(format!("there is nothing at {}; see /api/openapi.json", uri.path()))
}

async fn wrong_method() -> Problem {
    Problem::wrong_method()
}
