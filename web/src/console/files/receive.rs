//! The pieces of a file: `POST /console/uploads` begins, `HEAD` says how many bytes are safe, `PATCH` goes on from
//! there, `DELETE` gives up. Offsets are in `upload-offset`, in bytes; the session's token in `x-csrf`.
use std::path::Path as FilePath;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use firstline_core::staff::Right;
use firstline_core::{Error, Result};
use firstline_kb::published::upload::{self, Upload, UploadState};
use futures_util::StreamExt;
use serde::Deserialize;
use tokio::io::{AsyncSeekExt, AsyncWriteExt};
use tokio_util::sync::CancellationToken;

use super::busy::Busy;
use super::finish;
use super::status::status;
use crate::App;
use crate::api::problem::Problem;
use crate::console::seat::Seat;

const OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const LENGTH: HeaderName = HeaderName::from_static("upload-length");
/// A line that brings nothing for so long is broken.
const SILENCE: Duration = Duration::from_secs(60);

type Answer = std::result::Result<Response, Problem>;

#[derive(Deserialize)]
pub struct Begin {
    name: String,
    /// In bytes.
    size: u64,
}

pub async fn begin(
    State(app): State<App>,
    seat: Seat,
    headers: HeaderMap,
    Json(begin): Json<Begin>,
) -> Answer {
    allowed(&seat, &headers)?;
    sweep(&app).await?;
    let begun =
        upload::begin(&app.desk.db, &app.desk.clock, &begin.name, begin.size, &seat.curator().actor())
            .await?;
    let location = HeaderValue::try_from(format!("/console/uploads/{}", begun.id));
    let location = location
        .map_err(|_| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "an id of ours is no header"))?;
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], state_of(&begun)).into_response())
}

/// How far an upload is. Whoever still sends is stopped first, so that the number does not move any more.
pub async fn offset(
    State(app): State<App>,
    seat: Seat,
    Extension(busy): Extension<Arc<Busy>>,
    Path(id): Path<String>,
) -> Answer {
    own(&app, &seat, &id).await?;
    let _turn = busy.turn(&id).await;
    let upload = own(&app, &seat, &id).await?;
    Ok((StatusCode::OK, state_of(&upload)).into_response())
}

pub async fn piece(
    State(app): State<App>,
    seat: Seat,
    Extension(busy): Extension<Arc<Busy>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Answer {
    allowed(&seat, &headers)?;
    own(&app, &seat, &id).await?;
    let from: i64 = headers
        .get(OFFSET)
        .and_then(|v| v.to_str().ok()?.parse().ok())
        .ok_or_else(|| Problem::invalid("upload-offset", "say from which byte these go on"))?;
    // A line that breaks drops this handler; what came over it must still become safe.
    let work = tokio::spawn(async move { receive(&app, &seat, &busy, &id, from, body).await });
    work.await.map_err(|e| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, e.to_string()))?
}

async fn receive(app: &App, seat: &Seat, busy: &Arc<Busy>, id: &str, from: i64, body: Body) -> Answer {
    let turn = busy.turn(id).await;
    let upload = own(app, seat, id).await?;
    if upload.state != UploadState::Open || from != upload.received {
        return Ok((StatusCode::CONFLICT, state_of(&upload)).into_response());
    }
    let place = app.desk.files.incoming(&upload.place()).await?;
    let written = write(&place, &upload, body, &turn.ended).await?;
    // More than was announced: what came is not that file, so none of it counts.
    if written.too_many {
        return Err(Problem::invalid("size", format!("only {} bytes were announced", upload.size)));
    }
    let to = from + written.bytes as i64;
    if !upload::advance(&app.desk.db, &app.desk.clock, id, from, to).await? {
        return Err(Error::Conflict("another process received a part of this file meanwhile".into()).into());
    }
    let upload = own(app, seat, id).await?;
    drop(turn);
    if upload.complete() {
        finish::begin(app, busy, &upload);
    }
    Ok((StatusCode::NO_CONTENT, state_of(&upload).0).into_response())
}

pub async fn give_up(
    State(app): State<App>,
    seat: Seat,
    Extension(busy): Extension<Arc<Busy>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Answer {
    allowed(&seat, &headers)?;
    let upload = own(&app, &seat, &id).await?;
    let _turn = busy.turn(&id).await;
    upload::forget(&app.desk.db, &id).await?;
    remove(&app, &upload).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Curators only, with the session's token.
fn allowed(seat: &Seat, headers: &HeaderMap) -> std::result::Result<(), Problem> {
    let token = headers.get("x-csrf").and_then(|v| v.to_str().ok()).unwrap_or_default();
    let may = seat.signed(token).is_ok() && seat.may(Right::PublishReleases);
    if may {
        Ok(())
    } else {
        Err(Problem::new(StatusCode::FORBIDDEN, "only curators send files, from the console's pages"))
    }
}

pub async fn own(app: &App, seat: &Seat, id: &str) -> std::result::Result<Upload, Problem> {
    let known = upload::by_id(&app.desk.db, id).await?;
    Ok(known
        .filter(|u| u.begun_by == seat.curator().actor())
        .ok_or_else(|| Error::not_found("upload", id))?)
}

fn state_of(upload: &Upload) -> ([(HeaderName, HeaderValue); 2], Json<serde_json::Value>) {
    ([(OFFSET, upload.received.into()), (LENGTH, upload.size.into())], Json(status(upload)))
}

struct Written {
    bytes: u64,
    too_many: bool,
}

/// Writes what comes behind the safe bytes, until it ends, the line breaks or somebody else has the turn. All that is
/// counted lies on the disk.
async fn write(place: &FilePath, upload: &Upload, body: Body, ended: &CancellationToken) -> Result<Written> {
    let trouble = |e: std::io::Error| Error::Unavailable(format!("{}: {e}", place.display()));
    let mut file = tokio::fs::File::options()
        .write(true)
        .create(true)
        .truncate(false)
        .open(place)
        .await
        .map_err(trouble)?;
    let have = file.metadata().await.map_err(trouble)?.len();
    let from = upload.received as u64;
    if have < from {
        return Err(Error::Conflict(
            "the bytes sent so far are gone; give this upload up and begin again".into(),
        ));
    }
    file.set_len(from).await.map_err(trouble)?;
    file.seek(std::io::SeekFrom::Start(from)).await.map_err(trouble)?;
    let room = upload.size as u64 - from;
    let (mut bytes, mut too_many, mut pieces) = (0, false, body.into_data_stream());
    loop {
        let piece = tokio::select! {
            piece = tokio::time::timeout(SILENCE, pieces.next()) => piece,
            () = ended.cancelled() => break,
        };
        let Ok(Some(Ok(piece))) = piece else { break };
        let fits = piece.len().min((room - bytes) as usize);
        file.write_all(&piece[..fits]).await.map_err(trouble)?;
        bytes += fits as u64;
        too_many = fits < piece.len();
        if too_many {
            break;
        }
    }
    file.flush().await.map_err(trouble)?;
    file.sync_data().await.map_err(trouble)?;
    Ok(Written { bytes, too_many })
}

/// Removes what nobody went on with for a week.
async fn sweep(app: &App) -> Result<()> {
    for old in upload::give_up(&app.desk.db, &app.desk.clock).await? {
        remove(app, &old).await?;
    }
    Ok(())
}

pub async fn remove(app: &App, upload: &Upload) -> Result<()> {
    let place = app.desk.files.incoming(&upload.place()).await?;
    match tokio::fs::remove_file(&place).await {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::Unavailable(format!("{}: {e}", place.display())))
        }
        _ => Ok(()),
    }
}
