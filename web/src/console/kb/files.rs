//! Pictures and files of articles: put there by staff, shown to everybody whose article shows them.
use axum::extract::{Multipart, Path, State};
use axum::http::header::ACCEPT;
use axum::http::{HeaderMap, Method};
use axum::response::{IntoResponse, Response};

use crate::App;
use crate::console::seat::Seat;
use crate::downloads::{Entity, Way, send};
use crate::pages::error::PageResult;
use crate::pages::{PageError, download, to, upload};

/// `POST /console/kb/a/{id}/files`: leads back to the article; the page's script, which asks for plain text, gets
/// what to put into it.
pub async fn add(
    State(app): State<App>,
    Path(id): Path<String>,
    seat: Seat,
    headers: HeaderMap,
    parts: Multipart,
) -> PageResult {
    let mut form = upload::read(parts).await?;
    seat.signed(form.field("csrf"))?;
    let who = seat.curator();
    let mut lines = Vec::new();
    for offer in form.store(&app).await? {
        lines.push(app.library.workshop().attach(&who, &id, &offer).await?.markdown());
    }
    if headers.get(ACCEPT).is_some_and(|accept| accept == "text/plain") {
        return Ok(lines.join("\n\n").into_response());
    }
    Ok(to(&format!("/console/kb/a/{id}?done=kb-attached#files")))
}

/// `GET /kb/files/{id}/{name}`: for anybody when a live article shows it, for staff always.
pub async fn serve(
    State(app): State<App>,
    method: Method,
    headers: HeaderMap,
    Path((id, _name)): Path<(String, String)>,
    seat: Result<Seat, Response>,
) -> PageResult {
    let workshop = app.library.workshop();
    let file = match workshop.shown_file(&id).await? {
        None if seat.is_ok() => workshop.file(&id).await?,
        found => found,
    };
    let file = file.ok_or(PageError::NotFound)?;
    let shown = download::is_shown(&file.mime);
    let entity = Entity {
        sha256: &file.sha256,
        name: &file.name,
        media_type: if shown { &file.mime } else { "application/octet-stream" },
        way: if shown { Way::Show } else { Way::Save },
        modified: file.at,
        cache: "private, max-age=3600",
    };
    send(&app, &method, &headers, &entity, |_| None).await
}
