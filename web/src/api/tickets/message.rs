//! `POST /api/v1/tickets/{number}/messages`.
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use firstline_core::crash;
use firstline_core::desk::Reply;
use firstline_core::store::Tx;
use firstline_core::ticket::{Number, rows};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{MessageOut, number};
use crate::App;
use crate::api::access::Caller;
use crate::api::doc::{KeyHeader, Refusals};
use crate::api::extract::{Body, Segment};
use crate::api::idempotent::Once;
use crate::api::problem::Problem;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "text": "Please open TCP 8443 in the firewall.", "internal": false }))]
pub struct NewMessage {
    #[schema(min_length = 1, max_length = 20000, pattern = r"^[^\u0000]*[^\s\u0000][^\u0000]*$")]
    text: String,
    /// A note for staff that the customer never sees.
    #[serde(default)]
    internal: bool,
}

/// Answer the customer or note something
///
/// An answer goes to the customer's chat, counts as the first response and makes a new ticket open.
#[utoipa::path(post, path = "/tickets/{number}/messages", tag = "tickets", operation_id = "addMessage",
    params(("number" = String, Path, description = "The ticket's number", example = "FL-1024"), KeyHeader),
    request_body = NewMessage, security(("token" = [])),
    responses((status = 201, description = "Written, or the first answer again (`Idempotent-Replayed: true`)",
        body = MessageOut), Refusals))]
pub async fn add_message(
    State(app): State<App>,
    caller: Caller,
    Segment(text): Segment,
    headers: HeaderMap,
    body: Body<NewMessage>,
) -> Result<Response, Problem> {
    let number = number(&text)?;
    let once = Once::new(&caller, &headers, &format!("POST /api/v1/tickets/{number}/messages"), &body.bytes)?;
    let desk = &app.desk;
    let mut tx = desk.db.begin().await?;
    if let Some(earlier) = once.begin(&mut tx, &desk.clock).await? {
        return Ok(earlier.respond(|_| None));
    }
    let reply = Reply { text: body.value.text, internal: body.value.internal, ..Reply::default() };
    let (id, changes) = desk.reply_in(&mut tx, number, &caller.actor(), &reply).await?;
    let json = message(&app, &mut tx, number, &id).await?;
    let answer = once.keep(&mut tx, StatusCode::CREATED, json).await?;
    tx.commit().await?;
    crash::point("after_turn_commit");
    desk.tell(changes);
    crash::point("before_acknowledge");
    Ok(answer.respond(|_| None))
}

async fn message(app: &App, tx: &mut Tx, number: Number, id: &str) -> Result<Value, Problem> {
    let written = match rows::lock(tx, number).await? {
        Some(ticket) => rows::messages_in(tx, &ticket.id).await?.into_iter().find(|m| m.id == id),
        None => None,
    };
    let out = written.map(|m| MessageOut::new(&app.desk.links, &m, &[], &[]));
    serde_json::to_value(out).map_err(|_| Problem::internal())
}
