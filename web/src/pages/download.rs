//! Files that came with messages. The link proves by itself that its holder may have the file.
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, Method};
use firstline_core::desk::Links;
use firstline_core::files::{self, Attachment};
use firstline_core::secret;
use serde::Deserialize;
use url::form_urlencoded::byte_serialize;

use super::PageError;
use super::error::PageResult;
use crate::App;
use crate::downloads::{Entity, Way, send};

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

/// `GET /files/{id}/{name}?key=…`
pub async fn serve(
    State(app): State<App>,
    method: Method,
    headers: HeaderMap,
    Path((id, _name)): Path<(String, String)>,
    Query(Key { key }): Query<Key>,
) -> PageResult {
    if !secret::same(&app.desk.links.attachment_key(&id), &key) {
        return Err(PageError::NotFound);
    }
    let attachment = files::by_id(&app.desk.db, &id).await?.ok_or(PageError::NotFound)?;
    let sha256 = attachment.sha256.as_deref().ok_or(PageError::NotFound)?;
    let shown = is_image(&attachment);
    let entity = Entity {
        sha256,
        name: &attachment.name,
        media_type: if shown { &attachment.mime } else { "application/octet-stream" },
        way: if shown { Way::Show } else { Way::Save },
        modified: attachment.created_at,
        cache: "private, max-age=86400, immutable",
    };
    send(&app, &method, &headers, &entity, |_| None).await
}
