//! `/join/{contact}?key=…`: a contact's own link says that the chats of this browser are theirs.
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use firstline_bots::webchat;
use firstline_core::customers::Contact;

use super::chat::visitor::Visitor;
use super::ticket::page::Key;
use crate::App;
use crate::pages::error::PageResult;
use crate::pages::{Page, html, to};

#[derive(Template)]
#[template(path = "portal/join.html")]
struct JoinPage {
    p: Page,
    id: String,
    key: String,
    text: String,
}

pub async fn show(
    State(app): State<App>,
    p: Page,
    Path(id): Path<String>,
    Query(Key { key }): Query<Key>,
) -> PageResult {
    let contact = app.desk.contact_by_link(&id, &key).await?;
    let text = question(&app, &p, &contact).await?;
    Ok(html(&JoinPage { p, id, key, text }))
}

async fn question(app: &App, p: &Page, contact: &Contact) -> PageResult<String> {
    let customer = app.desk.customer(&contact.customer_id).await?;
    let args = [("name", contact.name.as_str().into()), ("customer", customer.name.as_str().into())];
    Ok(p.lang.text_with("join-text", &args))
}

pub async fn confirm(
    State(app): State<App>,
    headers: HeaderMap,
    Path(id): Path<String>,
    Query(Key { key }): Query<Key>,
) -> PageResult {
    let contact = app.desk.contact_by_link(&id, &key).await?;
    let visitor = Visitor::known_or_new(&app, &headers);
    app.desk.join(&contact, webchat::CHANNEL, webchat::BOT, &visitor.chat()).await?;
    Ok(visitor.remember(&app, to("/chat?done=joined")))
}
