//! The answer box: send, send and wait, send and resolve, or a note for colleagues.
use axum::extract::{Multipart, Path, State};
use firstline_core::desk::Reply;
use firstline_core::desk::view::TicketView;
use firstline_core::ticket::{Message, Status, TimelineEntry};

use super::page::{draw, number};
use crate::App;
use crate::console::seat::Console;
use crate::pages::error::PageResult;
use crate::pages::{PageError, to, upload};

/// What pressing a button of the box means, without the files.
fn reply_of(form: &upload::Form) -> Result<Reply, PageError> {
    let (internal, status) = match form.field("do") {
        "send" => (false, None),
        "wait" => (false, Some(Status::WaitingForCustomer)),
        "resolve" => (false, Some(Status::Resolved)),
        "note" => (true, None),
        _ => return Err(PageError::BadRequest),
    };
    Ok(Reply { text: form.field("text").to_owned(), internal, status, files: Vec::new() })
}

pub async fn send(
    State(app): State<App>,
    Console { seat, page }: Console,
    Path(text): Path<String>,
    parts: Multipart,
) -> PageResult {
    let number = number(&text)?;
    let mut form = upload::read(parts).await?;
    seat.signed(form.field("csrf"))?;
    let seen: i64 = form.field("seen").parse().unwrap_or(i64::MAX);
    let mut reply = reply_of(&form)?;
    if reply.text.is_empty() {
        let problem = page.t("problem-empty");
        return draw(&app, page, seat, number, &problem, "").await;
    }
    let done =
        to(&format!("/console/tickets/{number}?done={}", if reply.internal { "noted" } else { "sent" }));
    let view = app.desk.ticket(number).await?;
    match since(&view, seen, &seat.id, &reply) {
        Since::Nothing => {}
        Since::SameAgain => return Ok(done),
        Since::SomebodyWrote if reply.internal => {}
        Since::SomebodyWrote => {
            let problem = page.t("problem-meanwhile");
            return draw(&app, page, seat, number, &problem, &reply.text).await;
        }
    }
    reply.files = form.store(&app).await?;
    app.desk.reply(number, &seat.actor(), &reply).await?;
    Ok(done)
}

/// What was written after the page the answer was typed on.
#[derive(Debug, PartialEq, Eq)]
enum Since {
    Nothing,
    /// This very answer: the button was pressed twice.
    SameAgain,
    /// Something the writer has not read.
    SomebodyWrote,
}

fn since(view: &TicketView, seen: i64, me: &str, reply: &Reply) -> Since {
    let newer: Vec<&Message> = view
        .timeline
        .iter()
        .filter(|row| row.seq > seen)
        .filter_map(|row| match &row.data.0 {
            TimelineEntry::Message { message_id, .. } => view.messages.iter().find(|m| m.id == *message_id),
            _ => None,
        })
        .collect();
    let mine = |m: &Message| m.author_id.as_deref() == Some(me);
    if newer.iter().any(|m| mine(m) && m.text == reply.text && m.internal == reply.internal) {
        Since::SameAgain
    } else if newer.iter().any(|m| !mine(m)) {
        Since::SomebodyWrote
    } else {
        Since::Nothing
    }
}
