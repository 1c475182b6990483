//! What a visitor sends: words and files, or a tapped button. Answered only after it is stored.
use std::time::Duration;

use axum::extract::{Multipart, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Form, Json};
use firstline_bots::event::Event;
use firstline_bots::webchat;
use firstline_core::desk::Change;
use firstline_core::files::FileOffer;
use serde::Deserialize;
use serde_json::json;

use super::visitor::Visitor;
use crate::App;
use crate::pages::error::PageResult;
use crate::pages::{Page, PageError, to, upload};

const MAX_TEXT: usize = 8000;
/// A page without scripts is shown with its answer when that comes this fast.
const ANSWER_WAIT: Duration = Duration::from_millis(1500);

/// `POST /chat/send`: the form, with files. Scripts ask for JSON and get 202; browsers a redirect.
pub async fn form(State(app): State<App>, p: Page, headers: HeaderMap, parts: Multipart) -> PageResult {
    let visitor = Visitor::known_or_new(&app, &headers);
    let form = upload::read(&app, parts).await?;
    let (id, text) = (form.field("id").to_owned(), form.field("text").to_owned());
    if text.is_empty() && form.files.is_empty() {
        return Ok(visitor.remember(&app, to("/chat#text")));
    }
    let delivery = format!("m:{id}");
    let event = message(id, text, form.files)?;
    deliver(&app, &p, &visitor, &headers, &delivery, event).await
}

#[derive(Deserialize)]
pub struct Written {
    /// Made by the page; the same id twice is one message.
    id: String,
    text: String,
}

/// `POST /chat/messages`: words only, as JSON.
pub async fn json(
    State(app): State<App>,
    p: Page,
    headers: HeaderMap,
    Json(written): Json<Written>,
) -> PageResult {
    let visitor = Visitor::known_or_new(&app, &headers);
    let event = message(written.id, written.text.trim().to_owned(), Vec::new())?;
    webchat::receive(&app.desk, &visitor.chat(), &p.t("visitor"), p.lang.tag(), event).await?;
    Ok(visitor.remember(&app, accepted()))
}

#[derive(Deserialize)]
pub struct Tapped {
    action: String,
    /// The message whose button it was.
    message: Option<String>,
    /// Made by the page; the same id twice is one tap.
    id: Option<String>,
}

/// `POST /chat/press`: a button.
pub async fn press(
    State(app): State<App>,
    p: Page,
    headers: HeaderMap,
    Form(tapped): Form<Tapped>,
) -> PageResult {
    let visitor = Visitor::known_or_new(&app, &headers);
    let event = Event::Pressed { action: tapped.action, message_id: tapped.message, ack: None };
    let delivery = tapped.id.filter(|id| id_fits(id)).unwrap_or_else(|| app.desk.clock.id());
    deliver(&app, &p, &visitor, &headers, &format!("e:{delivery}"), event).await
}

fn message(id: String, text: String, files: Vec<FileOffer>) -> Result<Event, PageError> {
    let said = !text.is_empty() || !files.is_empty();
    if !id_fits(&id) || !said || text.chars().count() > MAX_TEXT {
        return Err(PageError::BadRequest);
    }
    Ok(Event::Message { id, text, files, reply_to: None, album: None, ack: None })
}

fn id_fits(id: &str) -> bool {
    (8..=40).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

/// Stores an event under its delivery id, then answers the way the sender asked for.
async fn deliver(
    app: &App,
    p: &Page,
    visitor: &Visitor,
    headers: &HeaderMap,
    delivery: &str,
    event: Event,
) -> PageResult {
    let chat = visitor.chat();
    let mut changes = app.desk.signals.changes.subscribe();
    webchat::receive_once(&app.desk, &chat, &p.t("visitor"), p.lang.tag(), delivery, event).await?;
    let by_script = headers.get("accept").is_some_and(|a| a.as_bytes().starts_with(b"application/json"));
    if by_script {
        return Ok(visitor.remember(app, accepted()));
    }
    let answered = async {
        while let Ok(change) = changes.recv().await {
            if matches!(&change, Change::Chat { channel, chat: other } if channel == "web" && *other == chat)
            {
                break;
            }
        }
    };
    // Too slow is no fault: the page shows the answer when it is looked at next.
    let _ = tokio::time::timeout(ANSWER_WAIT, answered).await;
    Ok(visitor.remember(app, to("/chat#end")))
}

fn accepted() -> Response {
    (StatusCode::ACCEPTED, Json(json!({ "stored": true }))).into_response()
}
