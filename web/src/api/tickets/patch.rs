//! `PATCH /api/v1/tickets/{number}`.
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use firstline_core::desk::Patch;
use firstline_core::staff;
use firstline_core::ticket::Status;
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

use super::{TicketOut, number, show};
use crate::App;
use crate::api::access::Caller;
use crate::api::doc::Refusals;
use crate::api::extract::{AnswerLang, Body, Segment, at_most};
use crate::api::problem::Problem;
use crate::api::schemas;

/// What to change; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "status": "resolved", "reason": "The firewall rule was wrong." }))]
pub struct TicketPatch {
    #[serde(default, deserialize_with = "given")]
    #[schema(schema_with = schemas::next_status)]
    status: Option<Status>,
    /// 1 (worst) to 4; needs a reason.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = u8, required = false, minimum = 1, maximum = 4)]
    severity: Option<u8>,
    /// Kept with the change and told the customer.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 2000,
        pattern = r"^[^\u0000]*[^\s\u0000][^\u0000]*$")]
    reason: Option<String>,
    /// E-mail address or id of somebody of the staff; null takes the ticket from whoever has it.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 254, pattern = r"^[^\u0000]*$")]
    assignee: Option<Option<String>>,
}

/// Tells an explicit null, which only the assignee may be, from an absent field.
fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(d: D) -> Result<Option<T>, D::Error> {
    T::deserialize(d).map(Some)
}

impl TicketPatch {
    fn check(&self) -> Result<(), Problem> {
        at_most("reason", self.reason.as_deref(), 2000)?;
        match &self.reason {
            None if self.severity.is_some() => {
                Err(Problem::invalid("reason", "is required to change the severity"))
            }
            Some(reason) if reason.trim().is_empty() => Err(Problem::invalid("reason", "must not be empty")),
            _ => Ok(()),
        }
    }
}

/// Change status, severity or assignee
#[utoipa::path(patch, path = "/tickets/{number}", tag = "tickets", operation_id = "changeTicket",
    params(("number" = String, Path, description = "The ticket's number", example = "FL-1024")),
    request_body = TicketPatch, security(("token" = [])),
    responses((status = 200, description = "The ticket after the change", body = TicketOut), Refusals))]
pub async fn change_ticket(
    State(app): State<App>,
    caller: Caller,
    AnswerLang(lang): AnswerLang,
    Segment(text): Segment,
    body: Body<TicketPatch>,
) -> Result<Json<TicketOut>, Problem> {
    let number = number(&text)?;
    let wanted = body.value;
    wanted.check()?;
    let assignee = match wanted.assignee {
        Some(Some(who)) => Some(Some(staff_id(&app, &who).await?)),
        other => other,
    };
    let patch = Patch { status: wanted.status, severity: wanted.severity, reason: wanted.reason, assignee };
    app.desk.patch(number, &caller.actor(), &patch).await?;
    show::read(&app, number, lang).await.map(Json)
}

async fn staff_id(app: &App, who: &str) -> Result<String, Problem> {
    let all = staff::all(&app.desk.db).await?;
    let wanted = who.trim().to_lowercase();
    let found = all.into_iter().find(|s| !s.disabled && (s.id == wanted || s.email == wanted));
    let reason = "is nobody of the staff; give the e-mail address they log in with";
    let nobody =
        || Problem::new(StatusCode::CONFLICT, format!("assignee: {reason}")).with_error("assignee", reason);
    found.map(|s| s.id).ok_or_else(nobody)
}
