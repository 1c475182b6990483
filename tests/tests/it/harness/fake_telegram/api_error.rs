//! Refusals in the Bot API's form.
use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

pub type ApiResult = Result<Value, ApiError>;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError {
    pub code: u16,
    pub description: String,
    pub retry_after: Option<u64>,
}

impl ApiError {
    pub fn new(code: u16, description: impl Into<String>) -> Self {
        Self { code, description: description.into(), retry_after: None }
    }

    /// `Bad Request: …`, the form of nearly all of the server's refusals.
    pub fn bad_request(reason: impl AsRef<str>) -> Self {
        Self::new(400, format!("Bad Request: {}", reason.as_ref()))
    }

    pub fn blocked() -> Self {
        Self::new(403, "Forbidden: bot was blocked by the user")
    }

    pub fn retry_after(seconds: u64) -> Self {
        let mut error = Self::new(429, format!("Too Many Requests: retry after {seconds}"));
        error.retry_after = Some(seconds);
        error
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut answer = json!({"ok": false, "error_code": self.code, "description": self.description});
        if let Some(seconds) = self.retry_after {
            answer["parameters"] = json!({"retry_after": seconds});
        }
        let status = StatusCode::from_u16(self.code).expect("an HTTP status");
        (status, Json(answer)).into_response()
    }
}

pub fn success(result: Value) -> Response {
    Json(json!({"ok": true, "result": result})).into_response()
}
