//! A bug in one handler, or one that never ends, is one failed request, in the form its reader expects.
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use firstline_core::Error;
use futures_util::FutureExt;

use crate::App;
use crate::api::problem::Problem;
use crate::pages::page::Page;
use crate::pages::{PageError, error};

/// Until the first byte of an answer; endless streams begin at once.
const TIME_LIMIT: Duration = Duration::from_secs(60);
/// With files: a slow line may take its time as long as it brings something (`pages::upload` looks to that).
const UPLOAD_LIMIT: Duration = Duration::from_secs(2 * 3600);

/// Middleware: a panic becomes a 500 (the panic hook logs it), a request without an answer a 503.
pub async fn survive(State(app): State<App>, request: Request, next: Next) -> Response {
    let page = Page::of(request.uri(), request.headers(), app.desk.clock.now());
    let limit = if brings_files(request.headers()) { UPLOAD_LIMIT } else { TIME_LIMIT };
    let handled = AssertUnwindSafe(next.run(request)).catch_unwind();
    match tokio::time::timeout(limit, handled).await {
        Ok(Ok(response)) => response,
        Ok(Err(_panic)) => tell(&page, Problem::internal(), PageError::Broken),
        Err(_) => {
            let late = Error::Unavailable(format!("no answer within {} s", limit.as_secs()));
            tell(&page, late.into(), PageError::Unavailable)
        }
    }
}

fn brings_files(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"multipart/form-data"))
}

/// Programs get a problem, people a page.
fn tell(page: &Page, problem: Problem, drawn: PageError) -> Response {
    if page.path.starts_with("/api/") { problem.into_response() } else { error::draw(page, drawn) }
}
