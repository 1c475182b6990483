//! What the bot says, before it is written in a platform's own way.
use firstline_core::desk::{Notice, NoticeFile};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One thing to say. A channel may need several messages for it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Outgoing {
    pub blocks: Vec<Block>,
    /// Rows of buttons under the last part.
    pub buttons: Vec<Vec<Button>>,
    pub files: Vec<NoticeFile>,
    /// Answer in place of this (see `Event::Message::ack`); ordinary message when it is too late.
    pub ack: Option<String>,
    /// Only its reader should see it where the platform can do that (guild channels).
    pub ephemeral: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    Heading(String),
    Paragraph(Vec<Span>),
    /// Items of a list; numbered from 1 when `ordered`.
    List {
        ordered: bool,
        items: Vec<Vec<Span>>,
    },
    Quote(Vec<Span>),
    Code(String),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Span {
    Text(String),
    Bold(String),
    Code(String),
    Link { text: String, url: String },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Button {
    pub label: String,
    /// `action::Action` as text, at most 64 bytes (Telegram's limit of callback data); empty with `url`.
    pub action: String,
    pub url: Option<String>,
}

/// What a row of the outbox holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Payload {
    Message {
        message: Box<Outgoing>,
    },
    /// Written by the core; rendered in the reader's language when it is sent.
    Notice(Notice),
}

impl Payload {
    pub fn message(message: Outgoing) -> Value {
        serde_json::json!({ "message": message })
    }
}

impl Outgoing {
    pub fn text(text: impl Into<String>) -> Outgoing {
        Outgoing { blocks: vec![Block::Paragraph(vec![Span::Text(text.into())])], ..Outgoing::default() }
    }
}
