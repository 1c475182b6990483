//! setWebhook, deleteWebhook, getWebhookInfo.
use serde_json::{Value, json};

use super::FakeTelegram;
use super::api_error::{ApiError, ApiResult};
use super::state::Shared;
use crate::harness::uploads::Body;

#[derive(Clone, Debug)]
pub struct Webhook {
    pub url: String,
    pub secret: Option<String>,
    pub max_connections: usize,
    pub last_error: Option<(i64, String)>,
}

pub fn set(shared: &Shared, body: &Body) -> ApiResult {
    let url = body.text("url").unwrap_or_default();
    if url.is_empty() {
        return delete(shared, body);
    }
    // The real server wants HTTPS; the fake speaks to loopback, where nobody has a certificate.
    let parsed = url::Url::parse(&url).map_err(|_| ApiError::bad_request("bad webhook: URL is invalid"))?;
    if !matches!(parsed.scheme(), "http" | "https") {
        return Err(ApiError::bad_request("bad webhook: An HTTPS URL must be provided for webhook"));
    }
    let secret = body.text("secret_token").filter(|secret| !secret.is_empty());
    if secret.as_deref().is_some_and(|secret| !is_secret(secret)) {
        return Err(ApiError::bad_request("secret token contains unallowed characters"));
    }
    let allowed = body
        .structure("allowed_updates")
        .map_err(|_| ApiError::bad_request("can't parse allowed_updates"))?;
    let connections = body.integer("max_connections").unwrap_or(40).clamp(1, 100);
    shared.change(|state| {
        state.set_allowed_updates(allowed);
        if body.flag("drop_pending_updates") {
            state.pending.clear();
        }
        let max_connections = usize::try_from(connections).unwrap_or(40);
        state.webhook = Some(Webhook { url, secret, max_connections, last_error: None });
    });
    Ok(json!(true))
}

fn is_secret(secret: &str) -> bool {
    secret.len() <= 256 && secret.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
}

pub fn delete(shared: &Shared, body: &Body) -> ApiResult {
    shared.change(|state| {
        state.webhook = None;
        if body.flag("drop_pending_updates") {
            state.pending.clear();
        }
    });
    Ok(json!(true))
}

pub fn info(shared: &Shared) -> ApiResult {
    let state = shared.look();
    let webhook = state.webhook.as_ref();
    let mut info = json!({
        "url": webhook.map_or("", |webhook| webhook.url.as_str()),
        "has_custom_certificate": false,
        "pending_update_count": state.pending.len(),
    });
    if let Some(webhook) = webhook {
        info["max_connections"] = json!(webhook.max_connections);
        if let Some((date, message)) = &webhook.last_error {
            info["last_error_date"] = json!(date);
            info["last_error_message"] = json!(message);
        }
    }
    if let Some(kinds) = &state.allowed_updates {
        info["allowed_updates"] = json!(kinds);
    }
    Ok(info)
}

impl FakeTelegram {
    /// The registered webhook address and secret.
    pub fn webhook(&self) -> Option<(String, Option<String>)> {
        let state = self.shared.look();
        state.webhook.as_ref().map(|webhook| (webhook.url.clone(), webhook.secret.clone()))
    }

    /// Waits until the bot has registered a webhook.
    pub async fn await_webhook(&self) -> (String, Option<String>) {
        self.shared.signal.until(|| self.webhook(), || "a registered webhook".to_owned()).await
    }

    /// Posts one update to the webhook so many times at once and returns the statuses (0: no answer), past all queues:
    /// the server repeating itself in parallel, or somebody who found out the address.
    pub async fn push_in_parallel(&self, update: &Value, times: usize) -> Vec<u16> {
        let (url, secret) = self.webhook().expect("a registered webhook");
        let client = super::webhook_push::client();
        let pushes = (0..times).map(|_| super::webhook_push::post(&client, &url, secret.as_deref(), update));
        futures_util::future::join_all(pushes).await.into_iter().map(|outcome| outcome.unwrap_or(0)).collect()
    }
}
