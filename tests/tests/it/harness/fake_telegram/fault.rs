//! What a scripted fault does to a call.
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};

use super::api_error::ApiError;
use crate::harness::loopback::Line;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// 429 with this many seconds.
    RetryAfter(u64),
    /// 502 with the proxy's HTML page instead of JSON.
    BadGateway,
    /// The connection is reset before the call has any effect.
    Drop,
    /// The call takes effect, then the connection is reset instead of an answer.
    DropAfterEffect,
    /// 403, the person has blocked the bot.
    Blocked,
    /// 400, chat not found.
    ChatNotFound,
    /// Any other refusal.
    Refuse(u16, String),
    /// No answer, ever; the connection stays open.
    Stall,
}

impl Fault {
    /// The answer in place of the call's own; never returns where there is none.
    pub async fn answer(self, line: &Line) -> Response {
        match self {
            Self::RetryAfter(seconds) => ApiError::retry_after(seconds).into_response(),
            Self::BadGateway => bad_gateway(),
            Self::Blocked => ApiError::blocked().into_response(),
            Self::ChatNotFound => ApiError::bad_request("chat not found").into_response(),
            Self::Refuse(code, description) => ApiError::new(code, description).into_response(),
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
            Self::RetryAfter(_) => 429,
            Self::BadGateway => 502,
            Self::Blocked => 403,
            Self::ChatNotFound => 400,
            Self::Refuse(code, _) => *code,
            Self::Drop | Self::DropAfterEffect | Self::Stall => 0,
        }
    }
}

fn bad_gateway() -> Response {
    let page = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n";
    (StatusCode::BAD_GATEWAY, [(CONTENT_TYPE, "text/html")], page).into_response()
}
