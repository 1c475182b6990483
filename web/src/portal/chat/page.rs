//! `/chat?q=`: what was said so far, and the box to write in.
use askama::Template;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use firstline_kb::Article;
use serde::Deserialize;

use super::visitor::Visitor;
use super::{Bubble, bubbles};
use crate::App;
use crate::pages::error::PageResult;
use crate::pages::{Page, html};

const FREQUENT: usize = 5;

#[derive(Deserialize)]
pub struct Asked {
    /// A question to begin with; it is put into the box, not sent.
    #[serde(default)]
    q: String,
}

#[derive(Template)]
#[template(path = "portal/chat.html")]
struct ChatPage {
    p: Page,
    q: String,
    messages: Vec<Bubble>,
    frequent: Vec<Article>,
    /// Makes a form sent twice one message.
    form_id: String,
}

pub async fn show(
    State(app): State<App>,
    p: Page,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> PageResult {
    let visitor = Visitor::known_or_new(&app, &headers);
    let messages = bubbles(&app, &visitor.chat()).await?;
    let frequent = if messages.is_empty() {
        app.library.offered(p.lang.tag(), None, FREQUENT).await?
    } else {
        Vec::new()
    };
    let form_id = app.desk.clock.id();
    let page = html(&ChatPage { p, q: asked.q, messages, frequent, form_id });
    Ok(visitor.remember(&app, page))
}
