//! The web chat. A visitor is whoever holds the cookie; the chat's id is its hash, so that the store
//! holds nothing that opens a conversation.
pub mod events;
pub mod page;
pub mod send;
pub mod visitor;

use askama::Template;
use firstline_bots::webchat::{self, WebAuthor, WebButton, WebFile, WebMessage};
use firstline_core::Time;

use crate::App;
use crate::pages::error::PageResult;
use crate::pages::said::{Shown, size};
use crate::pages::{Page, download};

/// A message as the page and the live stream draw it.
pub struct Bubble {
    id: String,
    /// The id the page made for it; `None` for what the other side said, and for taps.
    sent: Option<String>,
    /// `customer`, `bot` or `staff`; also the CSS class.
    author: &'static str,
    html: String,
    files: Vec<Shown>,
    buttons: Vec<WebButton>,
    at: Time,
}

#[derive(Template)]
#[template(path = "portal/say_one.html")]
struct SayOne<'a> {
    p: &'a Page,
    m: &'a Bubble,
}

async fn bubbles(app: &App, chat: &str) -> PageResult<Vec<Bubble>> {
    Ok(webchat::history(&app.desk, chat).await?.into_iter().map(Bubble::from).collect())
}

impl From<WebMessage> for Bubble {
    fn from(m: WebMessage) -> Bubble {
        Bubble {
            id: m.id,
            sent: m.sent_id,
            author: match m.author {
                WebAuthor::Customer => "customer",
                WebAuthor::Bot => "bot",
                WebAuthor::Staff => "staff",
            },
            html: m.html,
            files: m.files.into_iter().map(file).collect(),
            buttons: m.buttons,
            at: m.at,
        }
    }
}

fn file(f: WebFile) -> Shown {
    Shown {
        path: Some(download::path_of(&f.attachment_id, &f.name, &f.key)),
        image: download::is_shown(&f.mime),
        size: size(f.size),
        name: f.name,
        state: String::new(),
    }
}

fn draw(p: &Page, m: &Bubble) -> String {
    SayOne { p, m }.render().unwrap_or_default()
}
