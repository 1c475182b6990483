//! One call of the Bot API. Our own, over teloxide's `Bot`: teloxide sleeps ten seconds on a 5xx and
//! fails a sent message whose answer it cannot read, which would send it again.
use std::time::Duration;

use serde_json::Value;
use teloxide::Bot;
use url::Url;

use firstline_core::{Error, Result};

use crate::sender::{explain, http_client};

const DEFAULT_ROOT: &str = "https://api.telegram.org";

/// Longest answer read into a log or a row.
const MAX_DESCRIPTION: usize = 300;

#[derive(Clone)]
pub(super) struct Api {
    bot: Bot,
}

/// Why a call did not do what was asked.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Failure {
    /// Telegram understood and said no.
    Refused { code: i64, description: String, retry_after: Option<i64>, migrate_to: Option<i64> },
    /// No answer, or none of Telegram's: it may or may not have happened.
    Unreachable(String),
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Failure::Refused { code, description, .. } => write!(f, "Telegram says {code}: {description}"),
            Failure::Unreachable(text) => write!(f, "Telegram cannot be reached: {text}"),
        }
    }
}

impl Api {
    pub fn new(token: &str, root: Option<&str>) -> Result<Api> {
        let wrong = |why: String| Error::Config(format!("FIRSTLINE_TELEGRAM_API_URL: {why}"));
        let root = Url::parse(root.unwrap_or(DEFAULT_ROOT)).map_err(|e| wrong(e.to_string()))?;
        if !matches!(root.scheme(), "http" | "https") || root.cannot_be_a_base() {
            return Err(wrong("is not an http(s) address".into()));
        }
        let client = http_client(&root).map_err(|e| wrong(explain(e)))?;
        Ok(Api { bot: Bot::with_client(token, client).set_api_url(root) })
    }

    fn address(&self, prefix: &str, path: &str) -> String {
        let root = self.bot.api_url();
        format!("{}{prefix}/bot{}/{path}", root.as_str().trim_end_matches('/'), self.bot.token())
    }

    /// Calls a method with a JSON body and gives the `result`.
    pub async fn call(&self, method: &str, body: &Value, patience: Duration) -> Result<Value, Failure> {
        let request = self.bot.client().post(self.address("", method)).timeout(patience);
        let request = if body.is_null() { request } else { request.json(body) };
        answer(request.send().await).await
    }

    /// Calls a method with an upload.
    pub async fn upload(
        &self,
        method: &str,
        form: reqwest::multipart::Form,
        patience: Duration,
    ) -> Result<Value, Failure> {
        let request = self.bot.client().post(self.address("", method)).timeout(patience).multipart(form);
        answer(request.send().await).await
    }

    /// Opens a file under the path `getFile` gave. The address holds the token and is shown nowhere.
    pub async fn open(&self, path: &str, patience: Duration) -> Result<reqwest::Response, Failure> {
        let request = self.bot.client().get(self.address("/file", path)).timeout(patience);
        let response = request.send().await.map_err(|e| Failure::Unreachable(explain(e)))?;
        if response.status().is_success() {
            return Ok(response);
        }
        let code = i64::from(response.status().as_u16());
        Err(Failure::Refused {
            code,
            description: "no such file".into(),
            retry_after: None,
            migrate_to: None,
        })
    }
}

async fn answer(sent: Result<reqwest::Response, reqwest::Error>) -> Result<Value, Failure> {
    let unreachable = |e| Failure::Unreachable(explain(e));
    let response = sent.map_err(unreachable)?;
    let status = response.status();
    let body = response.bytes().await.map_err(unreachable)?;
    let Ok(mut answer) = serde_json::from_slice::<Value>(&body) else {
        // A proxy's page; a success that cannot be read counts as one, or it would happen twice.
        return if status.is_success() {
            Ok(Value::Null)
        } else {
            Err(Failure::Unreachable(format!("HTTP {status}")))
        };
    };
    if answer["ok"] == true {
        return Ok(answer["result"].take());
    }
    let code = answer["error_code"].as_i64().unwrap_or(i64::from(status.as_u16()));
    let description: String =
        answer["description"].as_str().unwrap_or("no description").chars().take(MAX_DESCRIPTION).collect();
    if code >= 500 {
        return Err(Failure::Unreachable(format!("HTTP {code}: {description}")));
    }
    let parameters = &answer["parameters"];
    let (retry_after, migrate_to) =
        (parameters["retry_after"].as_i64(), parameters["migrate_to_chat_id"].as_i64());
    Err(Failure::Refused { code, description, retry_after, migrate_to })
}
