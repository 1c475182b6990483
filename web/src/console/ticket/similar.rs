//! Similar cases (P6-32): solved tickets and articles that resemble a ticket, for staff.
use firstline_core::desk::view::TicketView;
use firstline_core::ticket::Author;
use firstline_kb::cases::Case;
use firstline_kb::{Hit, Question};

use crate::App;

const CASES: usize = 5;
const ARTICLES: usize = 3;
/// A hit with less than this is about something else.
const LEAST: f32 = 0.3;
/// So much of what the customer said is compared (characters).
const REACH: usize = 1500;

#[derive(Default)]
pub struct Similar {
    pub cases: Vec<Case>,
    pub related: Vec<Hit>,
}

/// The page does without them when the index cannot be asked now.
pub async fn similar(app: &App, view: &TicketView) -> Similar {
    match look_up(app, view).await {
        Ok(similar) => similar,
        Err(error) => {
            tracing::warn!(%error, "no similar cases can be shown now");
            Similar::default()
        }
    }
}

async fn look_up(app: &App, view: &TicketView) -> firstline_core::Result<Similar> {
    let ticket = &view.ticket;
    let mut text = ticket.title.clone();
    for message in view.messages.iter().filter(|m| m.author == Author::Customer) {
        text.push('\n');
        text.push_str(&message.text);
    }
    let text: String = text.chars().take(REACH).collect();
    let cases = app.library.similar_cases(&text, &ticket.id, CASES).await?;
    let question = Question {
        text,
        product: ticket.product.clone(),
        version: ticket.product_version.clone(),
        limit: ARTICLES,
        ..Question::default()
    };
    let mut related = app.library.search(&question).await?.hits;
    related.retain(|hit| hit.score >= LEAST);
    Ok(Similar { cases, related })
}
