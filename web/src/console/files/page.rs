//! `/console/files/{id}`: one hosted file, who may have it, who took it, and the manual it is.
use askama::Template;
use axum::extract::{Path, State};
use firstline_core::staff::Right;
use firstline_kb::manual::{self, Manual, ManualKind};
use firstline_kb::published::{self, Counts, FileAccess, HostedFile};

use crate::App;
use crate::console::seat::{Console, Seat};
use crate::pages::error::PageResult;
use crate::pages::said::size;
use crate::pages::{Page, PageError, html};

#[derive(Template)]
#[template(path = "console/files/file.html")]
struct FilePage {
    p: Page,
    seat: Seat,
    may: bool,
    file: HostedFile,
    path: String,
    size: String,
    counts: Counts,
    /// Addresses, domains and persons, one a line.
    granted: String,
    manual: Option<Manual>,
    kinds: Vec<&'static str>,
    accesses: Vec<&'static str>,
    problem: String,
}

impl FilePage {
    fn state(&self) -> &'static str {
        self.file.state.as_str()
    }

    fn is_kind(&self, kind: &&str) -> bool {
        self.manual.as_ref().map_or(*kind == "operation", |m| m.kind.as_str() == *kind)
    }

    /// What the manual's form holds: as it is, or a first guess.
    fn of_manual(&self, pick: fn(&Manual) -> &str, guess: &str) -> String {
        self.manual.as_ref().map_or(guess, pick).to_owned()
    }

    fn title(&self) -> String {
        self.of_manual(
            |m| &m.title,
            self.file.name.rsplit_once('.').map_or(&self.file.name, |(stem, _)| stem),
        )
    }

    fn product(&self) -> String {
        self.of_manual(|m| &m.product, "")
    }

    fn version(&self) -> String {
        self.of_manual(|m| &m.version, "")
    }

    fn lang(&self) -> String {
        self.of_manual(|m| &m.lang, "zh-CN")
    }
}

pub async fn show(
    State(app): State<App>,
    Console { seat, page }: Console,
    Path(id): Path<String>,
) -> PageResult {
    draw(&app, page, seat, &id, "").await
}

/// The page, also with what went wrong.
pub async fn draw(app: &App, mut p: Page, seat: Seat, id: &str, problem: &str) -> PageResult {
    let db = &app.desk.db;
    let file = published::by_id(db, id).await?.ok_or(PageError::NotFound)?;
    p.path = format!("/console/files/{id}");
    p.query.clear();
    Ok(html(&FilePage {
        may: seat.may(Right::PublishReleases),
        path: published::path(&file),
        size: size(file.size),
        counts: published::counts(db, id).await?,
        granted: published::granted(db, id).await?.join("\n"),
        manual: manual::by_file(db, id).await?,
        accesses: FileAccess::ALL.iter().map(|a| a.as_str()).collect(),
        kinds: ManualKind::ALL.iter().map(|k| k.as_str()).collect(),
        problem: problem.into(),
        p,
        seat,
        file,
    }))
}
