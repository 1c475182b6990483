//! `GET /api/v1/tickets` and `GET /api/v1/tickets/{number}`.
use axum::Json;
use axum::extract::State;
use firstline_core::Time;
use firstline_core::ticket::{Number, Ticket, rows};
use futures_util::stream::{self, StreamExt, TryStreamExt};

use super::{TicketOut, number};
use crate::App;
use crate::api::access::Caller;
use crate::api::doc::Refusals;
use crate::api::extract::{AnswerLang, Params, Segment};
use crate::api::page::{Page, PageParams, wrong_cursor};
use crate::api::problem::Problem;

/// How many tickets of a page are read at a time: as many as SQLite has readers.
const READERS: usize = 4;

/// List tickets, newest first
#[utoipa::path(get, path = "/tickets", tag = "tickets", operation_id = "listTickets",
    params(PageParams), security(("token" = [])),
    responses((status = 200, description = "One page", body = Page<TicketOut>), Refusals))]
pub async fn list_tickets(
    State(app): State<App>,
    _caller: Caller,
    AnswerLang(lang): AnswerLang,
    Params(page): Params<PageParams>,
) -> Result<Json<Page<TicketOut>>, Problem> {
    let limit = page.limit()?;
    let before = page.cursor.as_deref().map(read_cursor).transpose()?;
    let mut tickets = rows::page(&app.desk.db, before, limit + 1).await?;
    let more = tickets.len() as i64 > limit;
    tickets.truncate(limit as usize);
    let next_cursor = tickets.last().filter(|_| more).map(cursor);
    let items = stream::iter(tickets).map(|ticket| read(&app, ticket.number, lang)).buffered(READERS);
    Ok(Json(Page { items: items.try_collect().await?, next_cursor }))
}

/// Read a ticket
#[utoipa::path(get, path = "/tickets/{number}", tag = "tickets", operation_id = "readTicket",
    params(("number" = String, Path, description = "The ticket's number", example = "FL-1024")),
    security(("token" = [])),
    responses((status = 200, description = "The ticket with its clocks and messages", body = TicketOut), Refusals))]
pub async fn read_ticket(
    State(app): State<App>,
    _caller: Caller,
    AnswerLang(lang): AnswerLang,
    Segment(text): Segment,
) -> Result<Json<TicketOut>, Problem> {
    read(&app, number(&text)?, lang).await.map(Json)
}

pub async fn read(app: &App, number: Number, lang: &str) -> Result<TicketOut, Problem> {
    let view = app.desk.ticket(number).await?;
    Ok(TicketOut::new(&app.desk.links, &view, lang, app.desk.clock.now()))
}

/// Epoch milliseconds and number of the last ticket of a page.
fn cursor(ticket: &Ticket) -> String {
    format!("{}-{}", ticket.created_at.millis(), ticket.number.0)
}

fn read_cursor(text: &str) -> Result<(Time, Number), Problem> {
    let (at, number) = text.split_once('-').ok_or_else(wrong_cursor)?;
    let read = |digits: &str| digits.parse::<i64>().ok().filter(|n| *n >= 0).ok_or_else(wrong_cursor);
    Ok((Time(read(at)?), Number(read(number)?)))
}
