//! Files that came with messages. The link proves by itself that its holder may have the file.
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::IntoResponse;
use firstline_core::Error;
use firstline_core::desk::Links;
use firstline_core::files::{self, Attachment};
use firstline_core::secret;
use serde::Deserialize;
use url::form_urlencoded::byte_serialize;

use super::PageError;
use super::error::PageResult;
use crate::App;

/// Drawn in the page; everything else is saved. Never SVG or HTML: those can hold scripts.
const SHOWN: [&str; 4] = ["image/png", "image/jpeg", "image/gif", "image/webp"];

#[derive(Deserialize)]
pub struct Key {
    #[serde(default)]
    key: String,
}

/// The path of an attachment with its key.
pub fn path(links: &Links, attachment: &Attachment) -> String {
    path_of(&attachment.id, &attachment.name, &links.attachment_key(&attachment.id))
}

pub fn path_of(id: &str, name: &str, key: &str) -> String {
    format!("/files/{id}/{}?key={key}", encoded(name))
}

/// Percent-encoded for a path segment and for RFC 8187.
fn encoded(name: &str) -> String {
    byte_serialize(name.as_bytes()).collect::<String>().replace('+', "%20")
}

/// Whether a type is drawn in the page.
pub fn is_shown(mime: &str) -> bool {
    SHOWN.contains(&mime)
}

pub fn is_image(attachment: &Attachment) -> bool {
    attachment.sha256.is_some() && is_shown(&attachment.mime)
}

/// Bytes that are gone are not there; anything else may pass.
fn missing(error: Error) -> PageError {
    match error {
        Error::Files(object_store::Error::NotFound { .. }) => PageError::NotFound,
        other => other.into(),
    }
}

/// `GET /files/{id}/{name}?key=…`
pub async fn serve(
    State(app): State<App>,
    Path((id, _name)): Path<(String, String)>,
    Query(Key { key }): Query<Key>,
) -> PageResult {
    if !secret::same(&app.desk.links.attachment_key(&id), &key) {
        return Err(PageError::NotFound);
    }
    let attachment = files::by_id(&app.desk.db, &id).await?.ok_or(PageError::NotFound)?;
    let sha256 = attachment.sha256.as_deref().ok_or(PageError::NotFound)?;
    let bytes = app.desk.files.get(sha256).await.map_err(missing)?;
    let shown = is_image(&attachment);
    let how = if shown { "inline" } else { "attachment" };
    let disposition = format!("{how}; filename*=UTF-8''{}", encoded(&attachment.name));
    let kind = if shown { attachment.mime.as_str() } else { "application/octet-stream" };
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
        (header::ETAG, format!("\"{sha256}\"")),
        (header::CACHE_CONTROL, "private, max-age=86400, immutable".to_owned()),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}
