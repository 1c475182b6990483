//! What is done to a hosted file: published, withdrawn, given to others, made a manual.
use axum::extract::{Path, State};
use firstline_core::staff::Right;
use firstline_core::{Error, Result};
use firstline_kb::manual::{self, Format, NewManual};
use firstline_kb::published::{self, FileAccess, FileState};
use serde::Deserialize;

use super::page::draw;
use crate::App;
use crate::console::seat::{Seat, Signed};
use crate::extraction;
use crate::pages::error::PageResult;
use crate::pages::{Page, PageError, to};

#[derive(Deserialize)]
pub struct Move {
    /// `publish` or `withdraw`.
    #[serde(rename = "do")]
    what: String,
    #[serde(default)]
    reason: String,
}

pub async fn advance(
    State(app): State<App>,
    p: Page,
    Path(id): Path<String>,
    Signed { seat, form }: Signed<Move>,
) -> PageResult {
    seat.must(Right::PublishReleases)?;
    let (db, clock) = (&app.desk.db, &app.desk.clock);
    let done = match form.what.as_str() {
        "publish" => published::publish(db, clock, &id).await,
        "withdraw" => published::withdraw(db, clock, &id, &form.reason).await,
        _ => return Err(PageError::BadRequest),
    };
    answered(&app, p, seat, &id, done, &format!("file-{}", form.what)).await
}

#[derive(Deserialize)]
pub struct Access {
    access: String,
    /// Addresses, `@domains` or persons' ids, by lines or commas.
    #[serde(default)]
    who: String,
}

pub async fn access(
    State(app): State<App>,
    p: Page,
    Path(id): Path<String>,
    Signed { seat, form }: Signed<Access>,
) -> PageResult {
    seat.must(Right::PublishReleases)?;
    let access: FileAccess = form.access.parse().map_err(|_| PageError::BadRequest)?;
    let done = give(&app, &id, access, &form.who).await;
    answered(&app, p, seat, &id, done, "file-access").await
}

/// First to whom, then that it is only theirs: nobody has it in between who should not.
async fn give(app: &App, id: &str, access: FileAccess, who: &str) -> Result<()> {
    let wanted: Vec<String> = who
        .split([',', '，', ';', '\n'])
        .map(|w| w.trim().to_lowercase())
        .filter(|w| !w.is_empty())
        .collect();
    let mut tx = app.desk.db.begin().await?;
    for gone in published::granted(&app.desk.db, id).await?.iter().filter(|g| !wanted.contains(g)) {
        published::revoke(&mut tx, id, gone).await?;
    }
    for who in &wanted {
        published::grant(&mut tx, id, who).await?;
    }
    tx.commit().await?;
    published::set_access(&app.desk.db, &app.desk.clock, id, access).await
}

#[derive(Deserialize)]
pub struct About {
    kind: String,
    title: String,
    product: String,
    #[serde(default)]
    version: String,
    lang: String,
}

pub async fn manual(
    State(app): State<App>,
    p: Page,
    Path(id): Path<String>,
    Signed { seat, form }: Signed<About>,
) -> PageResult {
    seat.must(Right::PublishReleases)?;
    let done = make_manual(&app, &id, form).await;
    answered(&app, p, seat, &id, done, "file-manual").await
}

async fn make_manual(app: &App, id: &str, about: About) -> Result<()> {
    let files = &app.desk.files;
    let file = published::by_id(&app.desk.db, id).await?.ok_or_else(|| Error::not_found("file", id))?;
    if file.state == FileState::Withdrawn {
        return Err(Error::Conflict("this file was withdrawn".into()));
    }
    let About { kind, title, product, version, lang } = about;
    let new = NewManual { kind: kind.parse()?, title, product, version, lang };
    let known = manual::by_file(&app.desk.db, id).await?.is_some();
    let pages = match Format::of(&file.name).filter(|_| !known) {
        Some(format) => {
            let path = files.path(&file.sha256)?;
            let beside = files.incoming(&app.desk.clock.id()).await?;
            let pages = extraction::pages(&path, format, &beside).await;
            pages.map_err(|e| Error::invalid("file", e.to_string()))?
        }
        None => Vec::new(),
    };
    manual::add(&app.library, &file, &new, &pages).await.map(drop)
}

async fn answered(app: &App, p: Page, seat: Seat, id: &str, done: Result<()>, flash: &str) -> PageResult {
    match done {
        Ok(()) => Ok(to(&format!("/console/files/{id}?done={flash}"))),
        Err(error @ (Error::Invalid { .. } | Error::Conflict(_))) => {
            let p = p.in_lang(seat.lang);
            draw(app, p, seat, id, &error.to_string()).await
        }
        Err(error) => Err(error.into()),
    }
}
