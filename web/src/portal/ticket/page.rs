//! `/t/{number}?key=…`: how the ticket stands, what was promised, what was said.
use std::collections::HashMap;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::IntoResponse;
use firstline_bots::texts::{entitlement_lines, money, severity_reason};
use firstline_core::desk::service::QuoteRow;
use firstline_core::desk::service::quote;
use firstline_core::desk::view::TicketView;
use firstline_core::staff;
use firstline_core::ticket::{Number, Ticket};
use serde::Deserialize;

use crate::App;
use crate::downloads::guest;
use crate::pages::error::PageResult;
use crate::pages::said::{Eyes, Item};
use crate::pages::{Page, PageError, html, live};

#[derive(Deserialize)]
pub struct Key {
    #[serde(default)]
    pub key: String,
}

#[derive(Template)]
#[template(path = "portal/ticket.html")]
struct TicketPage {
    p: Page,
    t: Ticket,
    view: TicketView,
    items: Vec<Item>,
    reason: String,
    /// What it costs, in sentences.
    entitled: Vec<String>,
    /// The estimate to decide on.
    quote: Option<QuoteRow>,
    key: String,
    form_id: String,
    /// What is wrong with the reply just sent, and its words.
    problem: String,
    draft: String,
}

impl TicketPage {
    fn offer(&self, quote: &QuoteRow) -> String {
        let price = money(quote.cents, &quote.currency);
        let args = [("days", quote.days.into()), ("price", price.into())];
        self.p.lang.text_with("ticket-quote-text", &args)
    }
}

/// The ticket behind the link. A number that is none, an unknown one and a wrong key look the same.
pub async fn allowed(app: &App, number: &str, key: &str) -> Result<Ticket, PageError> {
    let number: Number = number.parse().map_err(|_| PageError::NotFound)?;
    Ok(app.desk.ticket_by_link(number, key).await?)
}

pub async fn show(
    State(app): State<App>,
    p: Page,
    Path(number): Path<String>,
    Query(Key { key }): Query<Key>,
) -> PageResult {
    let ticket = allowed(&app, &number, &key).await?;
    let person = ticket.person_id.clone();
    let page = draw(&app, p, ticket, key, "", "").await?;
    // Their own link says who they are: files for customers open in this browser from now on.
    Ok(guest::remember(&app, &person, page))
}

/// The page, also with a reply that could not be taken.
pub async fn draw(app: &App, mut p: Page, t: Ticket, key: String, problem: &str, draft: &str) -> PageResult {
    // Drawn in answer to a form, its links still lead to the page.
    p.path = format!("/t/{}", t.number);
    p.query = vec![("key".to_owned(), key.clone())];
    let view = app.desk.ticket(t.number).await?;
    let staff: HashMap<String, String> =
        staff::all(&app.desk.db).await?.into_iter().map(|s| (s.id, s.name)).collect();
    let items = Eyes { page: &p, links: &app.desk.links, staff: &staff, inside: false }.timeline(&view);
    let reason = severity_reason(&t.assessment(), p.lang.tag());
    let entitled = match &view.belonging.entitlement {
        Some(e) => entitlement_lines(e, p.lang.tag()),
        None => Vec::new(),
    };
    let quotes = quote::of_ticket(&app.desk.db, &t.id).await?;
    let quote = quotes.into_iter().find(|q| q.state == "offered");
    let form_id = app.desk.clock.id();
    let (problem, draft) = (problem.to_owned(), draft.to_owned());
    Ok(html(&TicketPage { p, t, view, items, reason, entitled, quote, key, form_id, problem, draft }))
}

pub async fn events(
    State(app): State<App>,
    Path(number): Path<String>,
    Query(Key { key }): Query<Key>,
) -> PageResult {
    let ticket = allowed(&app, &number, &key).await?;
    Ok(live::ticket_changes(&app, Some(ticket.number)).into_response())
}
