//! What a customer does on the ticket page: write, say whether it works, rate.
use axum::Form;
use axum::extract::{Multipart, Path, Query, State};
use firstline_core::ticket::Ticket;
use serde::Deserialize;

use super::page::{Key, allowed, draw};
use crate::App;
use crate::pages::error::PageResult;
use crate::pages::{Page, to, upload};

fn back(ticket: &Ticket, key: &str, done: &str) -> axum::response::Response {
    to(&format!("/t/{}?key={key}&done={done}", ticket.number))
}

pub async fn reply(
    State(app): State<App>,
    p: Page,
    Path(number): Path<String>,
    Query(Key { key }): Query<Key>,
    parts: Multipart,
) -> PageResult {
    let ticket = allowed(&app, &number, &key).await?;
    let form = upload::read(&app, parts).await?;
    let text = form.field("text");
    if text.is_empty() && form.files.is_empty() {
        let problem = p.t("problem-empty");
        return draw(&app, p, ticket, key, &problem, "").await;
    }
    app.desk.customer_reply(ticket.number, text, &form.files, form.field("id")).await?;
    Ok(back(&ticket, &key, "sent"))
}

#[derive(Deserialize)]
pub struct Works {
    works: String,
}

pub async fn answer(
    State(app): State<App>,
    Path(number): Path<String>,
    Query(Key { key }): Query<Key>,
    Form(said): Form<Works>,
) -> PageResult {
    let ticket = allowed(&app, &number, &key).await?;
    if said.works == "yes" {
        app.desk.customer_confirms(ticket.number).await?;
        return Ok(back(&ticket, &key, "confirmed"));
    }
    app.desk.customer_reopens(ticket.number).await?;
    Ok(back(&ticket, &key, "reopened"))
}

#[derive(Deserialize)]
pub struct Stars {
    stars: i64,
}

pub async fn rate(
    State(app): State<App>,
    Path(number): Path<String>,
    Query(Key { key }): Query<Key>,
    Form(given): Form<Stars>,
) -> PageResult {
    let ticket = allowed(&app, &number, &key).await?;
    app.desk.customer_rates(ticket.number, given.stars, None).await?;
    Ok(back(&ticket, &key, "rated"))
}
