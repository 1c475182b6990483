//! A bug in one handler, or one that never ends, is one failed request, in the form its reader expects.
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use firstline_core::Error;
use futures_util::FutureExt;

use crate::App;
use crate::api::problem::Problem;
use crate::pages::page::Page;
use crate::pages::{PageError, error};

/// Until the first byte of an answer; a photo over a slow line fits, endless streams begin at once.
const TIME_LIMIT: Duration = Duration::from_secs(60);

/// Middleware: a panic becomes a 500 (the panic hook logs it), a request without an answer a 503.
pub async fn survive(State(app): State<App>, request: Request, next: Next) -> Response {
    let page = Page::of(request.uri(), request.headers(), app.desk.clock.now());
    let handled = AssertUnwindSafe(next.run(request)).catch_unwind();
    match tokio::time::timeout(TIME_LIMIT, handled).await {
        Ok(Ok(response)) => response,
        Ok(Err(_panic)) => tell(&page, Problem::internal(), PageError::Broken),
        Err(_) => {
            let late = Error::Unavailable(format!("no answer within {} s", TIME_LIMIT.as_secs()));
            tell(&page, late.into(), PageError::Unavailable)
        }
    }
}

/// Programs get a problem, people a page.
fn tell(page: &Page, problem: Problem, drawn: PageError) -> Response {
    if page.path.starts_with("/api/") { problem.into_response() } else { error::draw(page, drawn) }
}
