//! `GET /console/uploads/{id}`: how an upload stands, for the page that sent it.
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use firstline_kb::published;
use firstline_kb::published::inspect::Flaw;
use firstline_kb::published::upload::{Upload, UploadState};
use serde_json::{Value, json};

use super::busy::Busy;
use super::{finish, receive};
use crate::App;
use crate::api::problem::Problem;
use crate::console::seat::Console;
use crate::pages::Page;

pub async fn show(
    State(app): State<App>,
    Console { seat, page }: Console,
    Extension(busy): Extension<Arc<Busy>>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let upload = receive::own(&app, &seat, &id).await?;
    // The process that began to look it over may have died.
    if upload.state == UploadState::Open && upload.complete() {
        finish::begin(&app, &busy, &upload);
    }
    let mut told = status(&upload);
    if let Some(flaw) = &upload.flaw {
        told["problem"] = words(&page, flaw).into();
    }
    if let Some(id) = &upload.file_id
        && let Some(file) = published::by_id(&app.desk.db, id).await?
    {
        told["file"] = json!({"id": file.id, "name": file.name, "size": file.size, "sha256": file.sha256});
    }
    Ok((StatusCode::OK, Json(told)).into_response())
}

/// `sending`, `checking`, `done` or `refused`, with the numbers.
pub fn status(upload: &Upload) -> Value {
    let state = match upload.state {
        UploadState::Open if upload.complete() => "checking",
        UploadState::Open => "sending",
        UploadState::Done => "done",
        UploadState::Refused => "refused",
    };
    json!({"id": upload.id, "name": upload.name, "size": upload.size, "received": upload.received, "state": state})
}

/// A flaw as a sentence in the curator's language; the place and the expert's words stay as they are.
pub fn words(p: &Page, flaw: &Flaw) -> String {
    let mut said = p.word("flaw", flaw.kind.as_str());
    if !flaw.at.is_empty() {
        said = format!("{said} {}", flaw.at);
    }
    if flaw.detail.is_empty() { said } else { format!("{said} ({})", flaw.detail) }
}
