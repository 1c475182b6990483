//! Problem documents (RFC 9457) and the one mapping from the domain's errors to HTTP.
use axum::extract::Request;
use axum::http::header::{CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use firstline_core::Error;
use serde::Serialize;
use utoipa::ToSchema;

/// Why a request was refused.
#[derive(Clone, Debug)]
pub struct Problem {
    status: StatusCode,
    detail: String,
    errors: Vec<FieldError>,
    /// Seconds after which trying again makes sense.
    retry_after: Option<u64>,
}

/// One field and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FieldError {
    #[schema(example = "severity")]
    pub field: String,
    #[schema(example = "must be 1 to 4")]
    pub reason: String,
}

/// A problem document, RFC 9457.
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// Identifies the sort of problem: `urn:firstline:problem:` and a word.
    #[schema(example = "urn:firstline:problem:invalid")]
    r#type: &'static str,
    #[schema(example = "Unprocessable Entity")]
    title: &'static str,
    #[schema(minimum = 400, maximum = 599, example = 422)]
    status: u16,
    /// What happened and what to do, in English.
    #[schema(example = "severity: must be 1 to 4")]
    detail: String,
    /// The path that was asked.
    #[schema(example = "/api/v1/tickets/FL-1024")]
    instance: String,
    /// What is wrong with which field; empty when it is not about fields.
    errors: Vec<FieldError>,
}

impl Problem {
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Problem {
        Problem { status, detail: detail.into(), errors: Vec::new(), retry_after: None }
    }

    pub fn invalid(field: impl Into<String>, reason: impl Into<String>) -> Problem {
        Error::invalid(field, reason).into()
    }

    pub fn not_found(detail: impl Into<String>) -> Problem {
        Problem::new(StatusCode::NOT_FOUND, detail)
    }

    pub fn unauthorized(detail: impl Into<String>) -> Problem {
        Problem::new(StatusCode::UNAUTHORIZED, detail)
    }

    pub fn wrong_method() -> Problem {
        Problem::new(StatusCode::METHOD_NOT_ALLOWED, "this address takes other methods; see the Allow header")
    }

    pub fn too_many(retry_after: u64) -> Problem {
        let detail =
            format!("too many requests from your address; try again in {retry_after} s or use a token");
        Problem { retry_after: Some(retry_after), ..Problem::new(StatusCode::TOO_MANY_REQUESTS, detail) }
    }

    /// Our fault; the cause is in the log under the request's id.
    pub fn internal() -> Problem {
        Problem::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "something went wrong on our side; it has been logged",
        )
    }

    pub fn with_error(mut self, field: impl Into<String>, reason: impl Into<String>) -> Problem {
        self.errors.push(FieldError { field: field.into(), reason: reason.into() });
        self
    }

    pub fn status(&self) -> StatusCode {
        self.status
    }

    fn document(&self, instance: &str) -> Document {
        Document {
            r#type: kind(self.status),
            title: self.status.canonical_reason().unwrap_or("Error"),
            status: self.status.as_u16(),
            detail: self.detail.clone(),
            instance: instance.to_owned(),
            errors: self.errors.clone(),
        }
    }

    fn body(&self, instance: &str) -> Vec<u8> {
        serde_json::to_vec(&self.document(instance)).unwrap_or_default()
    }
}

fn kind(status: StatusCode) -> &'static str {
    match status.as_u16() {
        400 => "urn:firstline:problem:malformed",
        401 => "urn:firstline:problem:unauthorized",
        403 => "urn:firstline:problem:forbidden",
        404 => "urn:firstline:problem:not-found",
        405 => "urn:firstline:problem:wrong-method",
        409 => "urn:firstline:problem:conflict",
        413 => "urn:firstline:problem:too-large",
        415 => "urn:firstline:problem:wrong-media-type",
        422 => "urn:firstline:problem:invalid",
        429 => "urn:firstline:problem:too-many-requests",
        503 => "urn:firstline:problem:unavailable",
        _ => "urn:firstline:problem:internal",
    }
}

/// The one mapping. What is our fault is logged here, once, and not shown.
impl From<Error> for Problem {
    fn from(error: Error) -> Problem {
        let text = error.to_string();
        match error {
            Error::NotFound { .. } => Problem::not_found(text),
            Error::Invalid { field, reason } => {
                Problem::new(StatusCode::UNPROCESSABLE_ENTITY, text).with_error(field, reason)
            }
            Error::Conflict(why) => Problem::new(StatusCode::CONFLICT, why),
            Error::Forbidden(_) => Problem::new(StatusCode::FORBIDDEN, text),
            Error::Unavailable(why) => {
                tracing::warn!(error = %why, "request refused: the store cannot take it now");
                let detail = "the store cannot take this now; nothing was changed, please try again";
                Problem { retry_after: Some(5), ..Problem::new(StatusCode::SERVICE_UNAVAILABLE, detail) }
            }
            Error::Files(why) => {
                tracing::warn!(error = %why, "request refused: the file store failed");
                let detail = "the file store cannot serve this now, please try again";
                Problem { retry_after: Some(5), ..Problem::new(StatusCode::SERVICE_UNAVAILABLE, detail) }
            }
            Error::Inconsistent { .. } | Error::Config(_) | Error::Database(_) => {
                tracing::error!(error = %text, "request failed");
                Problem::internal()
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = (self.status, self.body("")).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"firstline\""));
        }
        if self.status == StatusCode::PAYLOAD_TOO_LARGE {
            // The rest of the body is not read: the connection cannot carry another request.
            headers.insert(CONNECTION, HeaderValue::from_static("close"));
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// Middleware: a problem says at which path it happened, which its maker need not know.
pub async fn with_instance(request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let response = next.run(request).await;
    match response.extensions().get::<Problem>().cloned() {
        Some(problem) => {
            let (mut parts, _) = response.into_parts();
            parts.headers.remove(CONTENT_LENGTH);
            Response::from_parts(parts, problem.body(&path).into())
        }
        None => response,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mapped(error: Error) -> (u16, Response) {
        let response = Problem::from(error).into_response();
        (response.status().as_u16(), response)
    }

    #[test]
    fn every_domain_error_has_its_status() {
        assert_eq!(mapped(Error::not_found("ticket", "FL-1")).0, 404);
        assert_eq!(mapped(Error::invalid("text", "must not be empty")).0, 422);
        assert_eq!(mapped(Error::Conflict("x".into())).0, 409);
        assert_eq!(mapped(Error::Forbidden("x".into())).0, 403);
        let (status, response) = mapped(Error::Unavailable("disk full".into()));
        assert_eq!((status, response.headers()[RETRY_AFTER].to_str().unwrap()), (503, "5"));
    }

    #[test]
    fn our_own_faults_are_not_shown() {
        let problem = Problem::from(Error::Config("password in here".into()));
        assert_eq!(problem.status().as_u16(), 500);
        assert!(!String::from_utf8(problem.body("/x")).unwrap().contains("password"));
    }

    #[test]
    fn a_field_error_names_field_and_reason() {
        let text = String::from_utf8(Problem::invalid("severity", "must be 1 to 4").body("/a")).unwrap();
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(json["errors"][0], serde_json::json!({ "field": "severity", "reason": "must be 1 to 4" }));
        assert_eq!((json["status"].as_u64(), json["instance"].as_str()), (Some(422), Some("/a")));
    }

    #[test]
    fn a_refused_token_is_told_the_scheme() {
        let response = Problem::unauthorized("no token").into_response();
        assert!(response.headers().contains_key(WWW_AUTHENTICATE));
    }
}
