//! Severity with its reason, assignee, status.
use axum::extract::{Path, State};
use firstline_core::desk::Patch;
use firstline_core::ticket::Number;
use serde::Deserialize;

use super::page::{draw, number};
use crate::App;
use crate::console::seat::{Seat, Signed};
use crate::pages::error::PageResult;
use crate::pages::{Page, PageError, to};

async fn patch(app: &App, seat: &Seat, number: Number, patch: &Patch, done: &str) -> PageResult {
    app.desk.patch(number, &seat.actor(), patch).await?;
    Ok(to(&format!("/console/tickets/{number}?done={done}")))
}

#[derive(Deserialize)]
pub struct NewSeverity {
    severity: String,
    #[serde(default)]
    reason: String,
}

pub async fn severity(
    State(app): State<App>,
    p: Page,
    Path(text): Path<String>,
    Signed { seat, form }: Signed<NewSeverity>,
) -> PageResult {
    let number = number(&text)?;
    let level: u8 = form.severity.parse().map_err(|_| PageError::BadRequest)?;
    let reason = form.reason.trim().to_owned();
    if reason.is_empty() {
        let p = p.in_lang(seat.lang);
        let problem = p.t("problem-reason");
        return draw(&app, p, seat, number, &problem, "").await;
    }
    let change = Patch { severity: Some(level), reason: Some(reason), ..Patch::default() };
    patch(&app, &seat, number, &change, "severity").await
}

#[derive(Deserialize)]
pub struct NewAssignee {
    /// Empty: nobody.
    #[serde(default)]
    assignee: String,
}

pub async fn assign(
    State(app): State<App>,
    Path(text): Path<String>,
    Signed { seat, form }: Signed<NewAssignee>,
) -> PageResult {
    let assignee = Some(form.assignee).filter(|id| !id.is_empty());
    let change = Patch { assignee: Some(assignee), ..Patch::default() };
    patch(&app, &seat, number(&text)?, &change, "assigned").await
}

#[derive(Deserialize)]
pub struct NewStatus {
    status: String,
    #[serde(default)]
    reason: String,
}

pub async fn status(
    State(app): State<App>,
    Path(text): Path<String>,
    Signed { seat, form }: Signed<NewStatus>,
) -> PageResult {
    let status = form.status.parse().map_err(|_| PageError::BadRequest)?;
    let reason = Some(form.reason.trim().to_owned()).filter(|r| !r.is_empty());
    let change = Patch { status: Some(status), reason, ..Patch::default() };
    patch(&app, &seat, number(&text)?, &change, "status").await
}
