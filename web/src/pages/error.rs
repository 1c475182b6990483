//! What a reader sees when something is not as they hoped: 403, 404, 429, 500, 503, in their language.
//! Handlers return `PageError`; the layer in `guard` draws it, because only there the reader is known.
use askama::Template;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use firstline_core::Error;

use super::page::{Page, html_with};
use crate::api::problem::Problem;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageError {
    BadRequest,
    Forbidden,
    NotFound,
    /// Somebody else was first.
    Conflict,
    TooLarge,
    TooMany,
    Broken,
    /// Trying again later helps.
    Unavailable,
}

pub type PageResult<T = Response> = Result<T, PageError>;

impl PageError {
    pub fn status(self) -> StatusCode {
        match self {
            PageError::BadRequest => StatusCode::BAD_REQUEST,
            PageError::Forbidden => StatusCode::FORBIDDEN,
            PageError::NotFound => StatusCode::NOT_FOUND,
            PageError::Conflict => StatusCode::CONFLICT,
            PageError::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            PageError::TooMany => StatusCode::TOO_MANY_REQUESTS,
            PageError::Broken => StatusCode::INTERNAL_SERVER_ERROR,
            PageError::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

impl From<Error> for PageError {
    fn from(error: Error) -> PageError {
        match error {
            Error::NotFound { .. } => PageError::NotFound,
            Error::Invalid { .. } => PageError::BadRequest,
            Error::Conflict(_) => PageError::Conflict,
            Error::Forbidden(_) => PageError::Forbidden,
            Error::Unavailable(_) | Error::Files(_) => {
                tracing::warn!(%error, "a page had to be refused");
                PageError::Unavailable
            }
            _ => {
                tracing::error!(%error, "a page failed");
                PageError::Broken
            }
        }
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

#[derive(Template)]
#[template(path = "errors/error.html")]
struct ErrorPage<'a> {
    p: &'a Page,
    code: u16,
    title: String,
    text: String,
    /// The console has its own way home.
    home: &'static str,
}

/// Draws an error for its reader.
pub fn draw(page: &Page, error: PageError) -> Response {
    let code = error.status().as_u16();
    let shown = ErrorPage {
        p: page,
        code,
        title: page.word("error-title", &code.to_string()),
        text: page.word("error-text", &code.to_string()),
        home: if page.path.starts_with("/console") { "/console" } else { "/" },
    };
    let mut response = html_with(error.status(), &shown);
    if matches!(error, PageError::Unavailable | PageError::TooMany) {
        response
            .headers_mut()
            .insert(axum::http::header::RETRY_AFTER, axum::http::HeaderValue::from_static("5"));
    }
    response
}

/// The handler for paths nobody knows: a page for people, a problem document for programs.
pub async fn not_found(uri: Uri) -> Response {
    if uri.path().starts_with("/api/") {
        return Problem::not_found("there is nothing at this path").into_response();
    }
    PageError::NotFound.into_response()
}
