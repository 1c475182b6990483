//! Refusals in Discord's form.
use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// A value answers 200, `Null` answers 204.
pub type RestResult = Result<Value, RestError>;

#[derive(Clone, Debug, PartialEq)]
pub struct RestError {
    pub status: u16,
    pub code: u32,
    pub message: String,
    /// The tree of an invalid form.
    pub errors: Option<Value>,
}

impl RestError {
    pub fn new(status: u16, code: u32, message: &str) -> Self {
        Self { status, code, message: message.to_owned(), errors: None }
    }

    pub fn unauthorized() -> Self {
        Self::new(401, 0, "401: Unauthorized")
    }

    pub fn not_found() -> Self {
        Self::new(404, 0, "404: Not Found")
    }

    pub fn unknown_channel() -> Self {
        Self::new(404, 10_003, "Unknown Channel")
    }

    pub fn unknown_message() -> Self {
        Self::new(404, 10_008, "Unknown Message")
    }

    pub fn unknown_interaction() -> Self {
        Self::new(404, 10_062, "Unknown interaction")
    }

    pub fn already_acknowledged() -> Self {
        Self::new(400, 40_060, "Interaction has already been acknowledged.")
    }

    pub fn cannot_dm() -> Self {
        Self::new(403, 50_007, "Cannot send messages to this user")
    }

    /// `Invalid Form Body` with the place of the fault, such as `components.0.components.1.label`.
    pub fn invalid_form(path: &str, code: &str, message: &str) -> Self {
        let leaf = json!({"_errors": [{"code": code, "message": message}]});
        let errors = path.rsplit('.').fold(leaf, |inner, name| json!({name: inner}));
        Self { errors: Some(errors), ..Self::new(400, 50_035, "Invalid Form Body") }
    }

    pub fn too_long(path: &str, most: usize) -> Self {
        Self::invalid_form(path, "BASE_TYPE_MAX_LENGTH", &format!("Must be {most} or fewer in length."))
    }

    pub fn bad_length(path: &str, least: usize, most: usize) -> Self {
        let message = format!("Must be between {least} and {most} in length.");
        Self::invalid_form(path, "BASE_TYPE_BAD_LENGTH", &message)
    }

    pub fn required(path: &str) -> Self {
        Self::invalid_form(path, "BASE_TYPE_REQUIRED", "This field is required")
    }
}

impl IntoResponse for RestError {
    fn into_response(self) -> Response {
        let mut body = json!({"message": self.message, "code": self.code});
        if let Some(errors) = self.errors {
            body["errors"] = errors;
        }
        let status = StatusCode::from_u16(self.status).expect("an HTTP status");
        (status, Json(body)).into_response()
    }
}
