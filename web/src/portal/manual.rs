//! `/manuals/{id}?page=47`: a manual's page as text, or a recording that plays here.
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, header};
use firstline_kb::manual::{self, Manual};
use firstline_kb::published::{self, FileState, HostedFile};
use serde::Deserialize;

use crate::App;
use crate::downloads::{asker, withdrawn};
use crate::pages::error::PageResult;
use crate::pages::said::size;
use crate::pages::{Page, PageError, html};

/// As every page's, and media from this site.
const CONTENT_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; \
    font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

#[derive(Deserialize)]
pub struct At {
    #[serde(default)]
    page: String,
}

#[derive(Template)]
#[template(path = "portal/downloads/manual.html")]
struct ManualPage {
    p: Page,
    m: Manual,
    file: HostedFile,
    path: String,
    size: String,
    /// `video`, `audio` or empty.
    media: &'static str,
    page: i64,
    paragraphs: Vec<String>,
}

pub async fn show(
    State(app): State<App>,
    p: Page,
    headers: HeaderMap,
    Path(id): Path<String>,
    Query(at): Query<At>,
) -> PageResult {
    let db = &app.desk.db;
    let m = manual::by_id(db, &id).await?.ok_or(PageError::NotFound)?;
    let file = published::by_id(db, &m.file_id).await?.ok_or(PageError::NotFound)?;
    let asker = asker(&app, &headers).await?;
    if file.state == FileState::Withdrawn {
        return Ok(withdrawn(p, file));
    }
    if file.state != FileState::Published {
        return Err(PageError::NotFound);
    }
    if !published::may_have(db, &file, &asker).await? {
        return Err(PageError::Forbidden);
    }
    // A page that is no number or is not there is the first or the last one.
    let page = at.page.parse().unwrap_or(1).clamp(1, m.pages.max(1));
    let text = manual::page(db, &m.id, page).await?.unwrap_or_default();
    let paragraphs = text.split("\n\n").map(|t| t.trim().to_owned()).filter(|t| !t.is_empty()).collect();
    let (path, size, media) = (published::path(&file), size(file.size), media(&file.media_type));
    let mut response = html(&ManualPage { p, m, file, path, size, media, page, paragraphs });
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CONTENT_POLICY));
    Ok(response)
}

fn media(media_type: &str) -> &'static str {
    match media_type.split('/').next() {
        Some("video") => "video",
        Some("audio") => "audio",
        _ => "",
    }
}
