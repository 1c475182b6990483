//! `POST /api/v1/tickets`.
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use firstline_core::crash;
use firstline_core::desk::NewRequest;
use firstline_core::severity::{Effect, Scope, Situation};
use firstline_core::ticket::Kind;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::TicketOut;
use crate::App;
use crate::api::access::Caller;
use crate::api::doc::{KeyHeader, Refusals};
use crate::api::extract::{AnswerLang, Body, at_most};
use crate::api::idempotent::Once;
use crate::api::problem::Problem;
use crate::api::schemas;
use crate::api::search::filled;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "title": "E-1042 when issuing an invoice", "text": "The client cannot reach the server since 9:00.",
    "product": "invoice", "version": "3.2.1", "scope": "many", "effect": "stopped", "workaround": false,
    "customer": { "name": "Li Wei", "email": "li.wei@example.com" }
}))]
pub struct NewTicket {
    #[schema(min_length = 1, max_length = 200, pattern = r"^[^\u0000]*[^\s\u0000][^\u0000]*$")]
    title: String,
    /// What happens, in the customer's words.
    #[schema(min_length = 1, max_length = 20000, pattern = r"^[^\u0000]*[^\s\u0000][^\u0000]*$")]
    text: String,
    /// `fault` when absent.
    #[schema(schema_with = schemas::kind_or_null)]
    kind: Option<Kind>,
    #[schema(max_length = 200, pattern = r"^[^\u0000]*$")]
    product: Option<String>,
    #[schema(max_length = 200, pattern = r"^[^\u0000]*$")]
    version: Option<String>,
    /// Who is affected.
    #[schema(schema_with = schemas::scope_or_null)]
    scope: Option<Scope>,
    /// What it does to their work; without it the severity is 3 until somebody looks.
    #[schema(schema_with = schemas::effect_or_null)]
    effect: Option<Effect>,
    /// Whether there is a way round.
    workaround: Option<bool>,
    customer: NewCustomer,
}

/// Known by the e-mail address; the name counts for a new one only.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCustomer {
    #[schema(max_length = 100, pattern = r"^[^\u0000]*$")]
    name: Option<String>,
    #[schema(max_length = 200, example = "li.wei@example.com")]
    email: String,
}

/// Open a ticket
///
/// The severity follows from scope, effect and workaround; both promised times are in `clocks`. With an
/// `Idempotency-Key`, trying again is safe: the first answer is given again.
#[utoipa::path(post, path = "/tickets", tag = "tickets", operation_id = "openTicket",
    params(KeyHeader), request_body = NewTicket, security(("token" = [])),
    responses((status = 201, description = "Opened, or the first answer again (`Idempotent-Replayed: true`)",
        body = TicketOut, headers(("Location" = String, description = "Path of the ticket"))), Refusals))]
pub async fn open_ticket(
    State(app): State<App>,
    caller: Caller,
    AnswerLang(lang): AnswerLang,
    headers: HeaderMap,
    body: Body<NewTicket>,
) -> Result<Response, Problem> {
    let once = Once::new(&caller, &headers, "POST /api/v1/tickets", &body.bytes)?;
    let request = body.value.request()?;
    let desk = &app.desk;
    let mut tx = desk.db.begin().await?;
    if let Some(earlier) = once.begin(&mut tx, &desk.clock).await? {
        return Ok(earlier.respond(location));
    }
    let opened = desk.open_request(&mut tx, &request).await?;
    let view = desk.opened_view(&mut tx, &opened).await?;
    let ticket = TicketOut::new(&desk.links, &view, lang, desk.clock.now());
    let json = serde_json::to_value(&ticket).map_err(|_| Problem::internal())?;
    let answer = once.keep(&mut tx, StatusCode::CREATED, json).await?;
    tx.commit().await?;
    crash::point("after_turn_commit");
    desk.committed(&[opened.ticket.number]);
    crash::point("before_acknowledge");
    Ok(answer.respond(location))
}

fn location(ticket: &Value) -> Option<String> {
    ticket["number"].as_str().map(|number| format!("/api/v1/tickets/{number}"))
}

impl NewTicket {
    fn request(self) -> Result<NewRequest, Problem> {
        at_most("product", self.product.as_deref(), 200)?;
        at_most("version", self.version.as_deref(), 200)?;
        at_most("customer.name", self.customer.name.as_deref(), 100)?;
        Ok(NewRequest {
            title: self.title,
            text: self.text,
            kind: self.kind.unwrap_or(Kind::Fault),
            product: filled(self.product),
            version: filled(self.version),
            situation: Situation { scope: self.scope, effect: self.effect, workaround: self.workaround },
            customer_name: self.customer.name.unwrap_or_default(),
            customer_email: self.customer.email,
        })
    }
}
