//! `/console/trouble`: what arrived but could not be understood, and what could not be delivered.
use askama::Template;
use axum::extract::State;
use firstline_core::inbox::{self, InboxRow};
use firstline_core::outbox::{self, OutboxRow};
use firstline_core::ticket::{Number, rows};

use super::seat::{Console, Seat};
use crate::App;
use crate::pages::error::PageResult;
use crate::pages::said::{Delivery, delivery_of_row};
use crate::pages::{Page, html};

const ROWS: i64 = 100;
/// Enough of an event to see what it is.
const EXCERPT: usize = 400;

struct Undelivered {
    row: OutboxRow,
    delivery: Delivery,
    ticket: Option<Number>,
}

struct Strange {
    row: InboxRow,
    excerpt: String,
}

#[derive(Template)]
#[template(path = "console/trouble.html")]
struct TroublePage {
    p: Page,
    seat: Seat,
    undelivered: Vec<Undelivered>,
    strange: Vec<Strange>,
}

pub async fn show(State(app): State<App>, Console { seat, page: p }: Console) -> PageResult {
    let mut undelivered = Vec::new();
    for row in outbox::troubled(&app.desk.db, ROWS).await? {
        let ticket = match &row.ticket_id {
            Some(id) => rows::by_id(&app.desk.db, id).await?.map(|t| t.number),
            None => None,
        };
        undelivered.push(Undelivered { delivery: delivery_of_row(&p, &row), ticket, row });
    }
    let strange = inbox::troubled(&app.desk.db, ROWS).await?.into_iter().map(strange).collect();
    Ok(html(&TroublePage { p, seat, undelivered, strange }))
}

fn strange(row: InboxRow) -> Strange {
    let excerpt = row.event.0.to_string().chars().take(EXCERPT).collect();
    Strange { row, excerpt }
}
