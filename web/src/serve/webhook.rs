//! The route Telegram calls, at the path of `FIRSTLINE_TELEGRAM_WEBHOOK_URL`.
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use firstline_bots::telegram::webhook::WebhookError;

use crate::App;

const SECRET: &str = "x-telegram-bot-api-secret-token";
/// An update holds words and ids, no files.
const MAX_UPDATE: usize = 1024 * 1024;

/// No route unless the bot is on and takes webhooks.
pub fn router(app: &App) -> Router<App> {
    let telegram = &app.config.telegram;
    match (&app.telegram, telegram.webhook, &telegram.webhook_url) {
        (Some(_), true, Some(url)) => {
            Router::new().route(url.path(), post(receive)).layer(DefaultBodyLimit::max(MAX_UPDATE))
        }
        _ => Router::new(),
    }
}

/// 200 only once the update is stored; anything else and Telegram sends it again.
async fn receive(State(app): State<App>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let Some(telegram) = &app.telegram else { return StatusCode::NOT_FOUND };
    let secret = headers.get(SECRET).and_then(|v| v.to_str().ok());
    match telegram.receive(secret, &body).await {
        Ok(()) => StatusCode::OK,
        Err(WebhookError::Unauthorized) => StatusCode::UNAUTHORIZED,
        Err(error @ WebhookError::Unavailable(_)) => {
            tracing::warn!(%error, "a Telegram update was refused; Telegram sends it again");
            StatusCode::SERVICE_UNAVAILABLE
        }
    }
}
