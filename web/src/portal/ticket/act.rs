//! What a customer does on the ticket page: write, say whether it works, rate.
use axum::Form;
use axum::extract::{Multipart, Path, Query, State};
use firstline_core::ticket::Ticket;
use serde::Deserialize;

use super::page::{Key, allowed, draw};
use crate::App;
use crate::pages::error::PageResult;
use crate::pages::{Page, PageError, to, upload};

/// As long as the field on the page.
const MAX_TEXT: usize = 20_000;

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
    let mut form = upload::read(parts).await?;
    if form.says_nothing() {
        let problem = p.t("problem-empty");
        return draw(&app, p, ticket, key, &problem, "").await;
    }
    let (id, text) = (form.id()?.to_owned(), form.field("text").to_owned());
    if text.chars().count() > MAX_TEXT {
        return Err(PageError::BadRequest);
    }
    let files = form.store(&app).await?;
    app.desk.customer_reply(ticket.number, &text, &files, &id).await?;
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

#[derive(Deserialize)]
pub struct Decision {
    quote: String,
    accept: String,
}

/// The customer's decision on an estimate.
pub async fn decide(
    State(app): State<App>,
    Path(number): Path<String>,
    Query(Key { key }): Query<Key>,
    Form(said): Form<Decision>,
) -> PageResult {
    let ticket = allowed(&app, &number, &key).await?;
    app.desk.decide_quote(ticket.number, &said.quote, said.accept == "yes").await?;
    Ok(back(&ticket, &key, "decided"))
}
