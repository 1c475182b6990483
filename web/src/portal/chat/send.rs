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
use firstline_core::secret::sha256_hex;
use serde::Deserialize;
use serde_json::json;

use super::visitor::Visitor;
use crate::App;
use crate::pages::error::PageResult;
use crate::pages::upload::{self, id_fits};
use crate::pages::{Page, PageError, to};

const MAX_TEXT: usize = 8000;
/// The longest action a button of ours has, with room.
const MAX_ACTION: usize = 256;
const MAX_MESSAGE_ID: usize = 64;
/// A page without scripts is shown with its answer when that comes this fast.
const ANSWER_WAIT: Duration = Duration::from_millis(1500);

/// `POST /chat/send`: the form, with files. Scripts ask for JSON and get 202; browsers a redirect.
pub async fn form(State(app): State<App>, p: Page, headers: HeaderMap, parts: Multipart) -> PageResult {
    let visitor = Visitor::known_or_new(&app, &headers);
    let mut form = upload::read(parts).await?;
    if form.says_nothing() {
        return Ok(visitor.remember(&app, to("/chat#text")));
    }
    let (id, text) = (form.id()?.to_owned(), form.field("text").to_owned());
    fits(&text)?;
    let files = form.store(&app).await?;
    let delivery = delivery(&id, &text, &files);
    deliver(&app, &p, &visitor, &headers, &delivery, message(id, text, files)).await
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
    let text = written.text.trim().to_owned();
    if !id_fits(&written.id) || text.is_empty() {
        return Err(PageError::BadRequest);
    }
    fits(&text)?;
    let (chat, name) = (visitor.chat(), p.t("visitor"));
    let delivery = delivery(&written.id, &text, &[]);
    let event = message(written.id, text, Vec::new());
    webchat::receive_once(&app.desk, &chat, &name, p.lang.tag(), &delivery, event).await?;
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

impl Tapped {
    fn fits(&self) -> bool {
        self.action.len() <= MAX_ACTION
            && self.message.as_ref().is_none_or(|id| id.len() <= MAX_MESSAGE_ID)
            && self.id.as_ref().is_none_or(|id| id_fits(id))
    }
}

/// `POST /chat/press`: a button.
pub async fn press(
    State(app): State<App>,
    p: Page,
    headers: HeaderMap,
    Form(tapped): Form<Tapped>,
) -> PageResult {
    if !tapped.fits() {
        return Err(PageError::BadRequest);
    }
    let visitor = Visitor::known_or_new(&app, &headers);
    let event = Event::Pressed { action: tapped.action, message_id: tapped.message, ack: None };
    let delivery = tapped.id.unwrap_or_else(|| app.desk.clock.id());
    deliver(&app, &p, &visitor, &headers, &format!("e:{delivery}"), event).await
}

fn fits(text: &str) -> Result<(), PageError> {
    if text.chars().count() <= MAX_TEXT { Ok(()) } else { Err(PageError::BadRequest) }
}

fn message(id: String, text: String, files: Vec<FileOffer>) -> Event {
    Event::Message { id, text, files, reply_to: None, album: None, ack: None }
}

/// The same form sent twice is one delivery; other words from a page the browser took back are another.
fn delivery(id: &str, text: &str, files: &[FileOffer]) -> String {
    let hashes = files.iter().filter_map(|f| f.sha256.as_deref());
    let said: Vec<&str> = std::iter::once(text).chain(hashes).collect();
    format!("m:{id}:{}", &sha256_hex(said.join("\n").as_bytes())[..16])
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_words_from_a_page_the_browser_took_back_are_another_message() {
        let id = "0123456789abcdef";
        assert_eq!(delivery(id, "it hangs", &[]), delivery(id, "it hangs", &[]));
        assert_ne!(delivery(id, "it hangs", &[]), delivery(id, "it works", &[]));
    }

    #[test]
    fn a_tap_that_no_button_of_ours_makes_is_refused() {
        let tap = |action: String, message: &str| Tapped { action, message: Some(message.into()), id: None };
        assert!(tap("r:".into(), "0123").fits());
        assert!(!tap("x".repeat(257), "0123").fits());
        assert!(!tap("r:".into(), &"x".repeat(65)).fits());
    }
}
