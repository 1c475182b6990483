//! The web chat: events of a page come in, rows of the outbox go out as safe HTML. The row itself is the
//! delivery; the page reads its mail after the last id it has.
mod html;

use firstline_core::conversation::{self, Address};
use firstline_core::files;
use firstline_core::outbox::{self, OutboxRow};
use firstline_core::ticket::{Author, Message};
use firstline_core::{Desk, Error, Result, Time};
use serde::{Deserialize, Serialize};

use crate::event::{Envelope, Event};
use crate::message::{Outgoing, Payload};
use crate::notice;
use crate::texts::Lang;

pub use html::{blocks_html, escape, text_html};

pub const CHANNEL: &str = "web";
/// There is one bot on this channel.
pub const BOT: &str = "-";
const HISTORY: i64 = 200;

/// Who wrote a message, as a page shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WebAuthor {
    Customer,
    Bot,
    Staff,
}

/// A message for the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WebMessage {
    /// Sorts in the order of the conversation.
    pub id: String,
    /// The id the page made for a message of its visitor.
    pub sent_id: Option<String>,
    pub author: WebAuthor,
    /// Safe to insert as it is; empty when there are only files.
    pub html: String,
    pub buttons: Vec<WebButton>,
    pub files: Vec<WebFile>,
    pub at: Time,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WebButton {
    pub label: String,
    /// Sent back as `Event::Pressed`; empty with `url`.
    pub action: String,
    pub url: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WebFile {
    pub attachment_id: String,
    pub name: String,
    pub mime: String,
    pub size: i64,
    /// Proves that its holder may download it (`Links::attachment_key`).
    pub key: String,
}

/// Where a chat of the page lives. `chat` is an opaque id that only its owner knows.
pub fn address(chat: &str) -> Address {
    Address { channel: CHANNEL.into(), bot: BOT.into(), chat: chat.into(), external_user: chat.into() }
}

/// Stores an event of the page; after it returns it may be acknowledged. A message that is sent again
/// under its id changes nothing. False when it was stored before.
pub async fn receive(desk: &Desk, chat: &str, name: &str, lang: &str, event: Event) -> Result<bool> {
    let delivery = match &event {
        Event::Message { id, .. } => format!("m:{id}"),
        _ => format!("e:{}", desk.clock.id()),
    };
    receive_once(desk, chat, name, lang, &delivery, event).await
}

/// As `receive`, under a delivery id of the page's own making, so that a repeated tap is one, too.
pub async fn receive_once(
    desk: &Desk,
    chat: &str,
    name: &str,
    lang: &str,
    delivery: &str,
    event: Event,
) -> Result<bool> {
    if chat.is_empty() || chat.len() > 64 {
        return Err(Error::invalid("chat", "must have 1 to 64 bytes"));
    }
    let envelope = Envelope {
        event,
        name: name.to_string(),
        lang_hint: Some(lang.to_string()),
        private: true,
        sent_at: None,
    };
    let incoming = envelope.incoming(address(chat), format!("{chat}:{delivery}"));
    Ok(desk.receive(&[incoming], None).await? == 1)
}

/// An outbox row for the page; `None` when it is nothing to show.
pub fn render(desk: &Desk, row: &OutboxRow, lang: impl Into<Lang>) -> Option<WebMessage> {
    let payload: Payload = serde_json::from_value(row.payload.0.clone())
        .inspect_err(|error| tracing::error!(%error, row = %row.id, "an outbox row is not readable"))
        .ok()?;
    let (author, out) = match payload {
        Payload::Message { message } => (WebAuthor::Bot, *message),
        Payload::Notice(n) => {
            let staff = matches!(n, firstline_core::desk::Notice::StaffReply { .. });
            let author = if staff { WebAuthor::Staff } else { WebAuthor::Bot };
            (author, notice::render(&n, lang, &desk.links, desk.clock.now()))
        }
    };
    Some(message(desk, row, author, out))
}

fn message(desk: &Desk, row: &OutboxRow, author: WebAuthor, out: Outgoing) -> WebMessage {
    let buttons = out.buttons.into_iter().flatten();
    let buttons = buttons.filter(|b| b.url.as_deref().is_none_or(|url| !url.starts_with("private:")));
    let files = out.files.into_iter().map(|f| WebFile {
        key: desk.links.attachment_key(&f.attachment_id),
        attachment_id: f.attachment_id,
        name: f.name,
        mime: f.mime,
        size: f.size,
    });
    WebMessage {
        id: row.id.clone(),
        sent_id: None,
        author,
        html: blocks_html(&out.blocks),
        buttons: buttons.map(|b| WebButton { label: b.label, action: b.action, url: b.url }).collect(),
        files: files.collect(),
        at: row.created_at,
    }
}

/// What was said to a chat after `after_id` (empty: from the beginning), oldest first.
pub async fn after(desk: &Desk, chat: &str, after_id: &str) -> Result<Vec<WebMessage>> {
    let lang = spoken(desk, chat).await?;
    let rows = outbox::after(&desk.db, CHANNEL, BOT, chat, after_id, HISTORY).await?;
    Ok(rows.iter().filter_map(|row| render(desk, row, lang)).collect())
}

/// Both sides of a chat, oldest first; what a page shows after a reload.
pub async fn history(desk: &Desk, chat: &str) -> Result<Vec<WebMessage>> {
    let Some(conversation) = conversation::find(&desk.db, &address(chat)).await? else {
        return Ok(Vec::new());
    };
    let said = conversation::transcript(&desk.db, &conversation.id, None, HISTORY).await?;
    let oldest = said.first().filter(|_| said.len() as i64 == HISTORY).map(|m| m.id.clone());
    let mut messages = Vec::new();
    let mut from = oldest.unwrap_or_default();
    loop {
        let rows = outbox::after(&desk.db, CHANNEL, BOT, chat, &from, HISTORY).await?;
        let Some(last) = rows.last() else { break };
        from = last.id.clone();
        messages.extend(rows.iter().filter_map(|row| render(desk, row, conversation.lang.as_deref())));
    }
    for m in said.into_iter().filter(|m| m.author == Author::Customer) {
        messages.push(from_customer(desk, m).await?);
    }
    messages.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(messages)
}

async fn from_customer(desk: &Desk, m: Message) -> Result<WebMessage> {
    // A tap has no id of its own and never files.
    let files = if m.external_id.is_some() { files_of(desk, &m.id).await? } else { Vec::new() };
    Ok(WebMessage {
        id: m.id,
        sent_id: m.external_id,
        author: WebAuthor::Customer,
        html: if m.text.is_empty() { String::new() } else { text_html(&m.text) },
        buttons: Vec::new(),
        files,
        at: m.created_at,
    })
}

async fn files_of(desk: &Desk, message_id: &str) -> Result<Vec<WebFile>> {
    let mut shown = Vec::new();
    for id in files::ids_of_message(&desk.db, message_id).await? {
        let Some(file) = files::by_id(&desk.db, &id).await? else { continue };
        shown.push(WebFile {
            key: desk.links.attachment_key(&id),
            attachment_id: id,
            name: file.name,
            mime: file.mime,
            size: file.size,
        });
    }
    Ok(shown)
}

async fn spoken(desk: &Desk, chat: &str) -> Result<Lang> {
    let conversation = conversation::find(&desk.db, &address(chat)).await?;
    Ok(Lang::from(conversation.and_then(|c| c.lang).as_deref()))
}
