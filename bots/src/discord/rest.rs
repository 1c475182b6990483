//! One REST call, with what Discord says when it refuses.
use std::sync::Arc;
use std::time::Duration;

use reqwest::Method;
use reqwest::header::AUTHORIZATION;
use serde_json::Value;
use url::Url;

use firstline_core::{Error, Result};

use super::guard::Guard;
use crate::sender::{explain, http_client};

const DEFAULT_ROOT: &str = "https://discord.com";
const USER_AGENT: &str = concat!("DiscordBot (firstline, ", env!("CARGO_PKG_VERSION"), ")");
const PATIENCE: Duration = Duration::from_secs(20);
const UPLOAD_PATIENCE: Duration = Duration::from_secs(120);

#[derive(Clone)]
pub(super) struct Rest {
    client: reqwest::Client,
    root: String,
    authorization: String,
    guard: Arc<Guard>,
}

/// Why a call did not do what was asked.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum RestError {
    Limited {
        millis: i64,
        global: bool,
    },
    /// Discord understood and said no; `code` is its own, 0 where it gave none.
    Refused {
        status: u16,
        code: i64,
        message: String,
    },
    /// No answer, or a fault on their side: it may or may not have happened.
    Unreachable(String),
}

impl std::fmt::Display for RestError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            RestError::Limited { millis, .. } => write!(f, "Discord asks to wait {millis} ms"),
            RestError::Refused { status, code, message } => {
                write!(f, "Discord says {status}, code {code}: {message}")
            }
            RestError::Unreachable(text) => write!(f, "Discord cannot be reached: {text}"),
        }
    }
}

impl Rest {
    pub fn new(token: &str, root: Option<&str>) -> Result<Rest> {
        let wrong = |why: String| Error::Config(format!("FIRSTLINE_DISCORD_API_BASE: {why}"));
        let root = Url::parse(root.unwrap_or(DEFAULT_ROOT)).map_err(|e| wrong(e.to_string()))?;
        if !matches!(root.scheme(), "http" | "https") {
            return Err(wrong("is not an http(s) address".into()));
        }
        let client = http_client(&root).map_err(|e| wrong(explain(e)))?;
        let root = format!("{}/api/v10", root.as_str().trim_end_matches('/'));
        let token = token.trim().trim_start_matches("Bot ");
        Ok(Rest { client, root, authorization: format!("Bot {token}"), guard: Arc::default() })
    }

    /// For files, whose addresses are not Discord's API.
    pub fn client(&self) -> &reqwest::Client {
        &self.client
    }

    pub async fn get(&self, path: &str) -> Result<Value, RestError> {
        self.finish(self.request(Method::GET, path, PATIENCE)).await
    }

    pub async fn send(&self, method: Method, path: &str, body: &Value) -> Result<Value, RestError> {
        self.finish(self.request(method, path, PATIENCE).json(body)).await
    }

    /// As `send`, given up earlier.
    pub async fn send_within(
        &self,
        path: &str,
        body: &Value,
        patience: Duration,
    ) -> Result<Value, RestError> {
        self.finish(self.request(Method::POST, path, patience).json(body)).await
    }

    pub async fn upload(&self, path: &str, form: reqwest::multipart::Form) -> Result<Value, RestError> {
        self.finish(self.request(Method::POST, path, UPLOAD_PATIENCE).multipart(form)).await
    }

    fn request(&self, method: Method, path: &str, patience: Duration) -> reqwest::RequestBuilder {
        let request = self.client.request(method, format!("{}{path}", self.root)).timeout(patience);
        request.header(AUTHORIZATION, &self.authorization).header(reqwest::header::USER_AGENT, USER_AGENT)
    }

    async fn finish(&self, request: reqwest::RequestBuilder) -> Result<Value, RestError> {
        if let Some(millis) = self.guard.must_wait() {
            return Err(RestError::Limited { millis, global: true });
        }
        let unreachable = |e| RestError::Unreachable(explain(e));
        let response = request.send().await.map_err(unreachable)?;
        let status = response.status().as_u16();
        let retry_after =
            response.headers().get("retry-after").and_then(|v| v.to_str().ok()?.parse::<f64>().ok());
        let body = response.bytes().await.map_err(unreachable)?;
        // A success that cannot be read counts as one, or it would happen twice.
        let answer: Value = serde_json::from_slice(&body).unwrap_or_default();
        self.guard.note(status);
        outcome(status, answer, retry_after)
    }
}

fn outcome(status: u16, answer: Value, retry_after: Option<f64>) -> Result<Value, RestError> {
    match status {
        200..300 => Ok(answer),
        429 => {
            let seconds = answer["retry_after"].as_f64().or(retry_after).unwrap_or(1.0).clamp(0.05, 3600.0);
            let global = answer["global"] == true;
            Err(RestError::Limited { millis: (seconds * 1000.0).ceil() as i64, global })
        }
        500.. => Err(RestError::Unreachable(format!("HTTP {status}"))),
        _ => {
            let message = answer["message"].as_str().unwrap_or("no message").chars().take(300).collect();
            Err(RestError::Refused { status, code: answer["code"].as_i64().unwrap_or(0), message })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn refusals_keep_what_the_sender_needs() {
        let limited = outcome(429, json!({ "retry_after": 0.3, "global": true }), None);
        assert_eq!(limited, Err(RestError::Limited { millis: 300, global: true }));
        let header = outcome(429, Value::Null, Some(2.0));
        assert_eq!(header, Err(RestError::Limited { millis: 2000, global: false }));
        let refused =
            outcome(403, json!({ "code": 50007, "message": "Cannot send messages to this user" }), None);
        assert!(matches!(refused, Err(RestError::Refused { status: 403, code: 50007, .. })));
        assert!(matches!(outcome(502, Value::Null, None), Err(RestError::Unreachable(_))));
    }
}
