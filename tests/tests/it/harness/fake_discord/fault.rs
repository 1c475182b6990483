//! What a scripted fault does to a REST call.
use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::api_error::RestError;
use crate::harness::loopback::Line;

#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    /// 429 with these seconds in body and headers.
    RateLimited(f64),
    /// 502 with an empty body.
    BadGateway,
    /// The connection is reset before the call has any effect.
    Drop,
    /// The call takes effect, then the connection is reset instead of an answer.
    DropAfterEffect,
    /// 50007, the person takes no messages from the bot.
    CannotDm,
    /// Any other refusal: status, code, message.
    Refuse(u16, u32, String),
    /// No answer, ever; the connection stays open.
    Stall,
}

impl Fault {
    /// The answer in place of the call's own; never returns where there is none.
    pub async fn answer(self, line: &Line) -> Response {
        match self {
            Self::RateLimited(seconds) => rate_limited(seconds),
            Self::BadGateway => StatusCode::BAD_GATEWAY.into_response(),
            Self::CannotDm => RestError::cannot_dm().into_response(),
            Self::Refuse(status, code, message) => RestError::new(status, code, &message).into_response(),
            Self::Stall => std::future::pending().await,
            Self::Drop | Self::DropAfterEffect => {
                line.cut();
                std::future::pending().await
            }
        }
    }

    /// The status for the record of calls.
    pub fn status(&self) -> u16 {
        match self {
            Self::RateLimited(_) => 429,
            Self::BadGateway => 502,
            Self::CannotDm => 403,
            Self::Refuse(status, ..) => *status,
            Self::Drop | Self::DropAfterEffect | Self::Stall => 0,
        }
    }
}

fn rate_limited(seconds: f64) -> Response {
    let body = json!({"message": "You are being rate limited.", "retry_after": seconds, "global": false});
    let headers = [
        ("retry-after", seconds.ceil().to_string()),
        ("x-ratelimit-limit", "5".to_owned()),
        ("x-ratelimit-remaining", "0".to_owned()),
        ("x-ratelimit-reset-after", seconds.to_string()),
        ("x-ratelimit-bucket", "fake".to_owned()),
        ("x-ratelimit-scope", "user".to_owned()),
    ];
    (StatusCode::TOO_MANY_REQUESTS, headers, Json(body)).into_response()
}
