//! `/console/files`: a place to drop files, what is under way, and every hosted file.
use askama::Template;
use axum::extract::State;
use firstline_core::staff::Right;
use firstline_kb::published::upload::{self, Upload};
use firstline_kb::published::{self, HostedFile};

use super::status::words;
use crate::App;
use crate::console::seat::{Console, Seat};
use crate::pages::error::PageResult;
use crate::pages::said::size;
use crate::pages::{Page, html};

const ROWS: i64 = 300;

struct Row {
    file: HostedFile,
    size: String,
}

/// An upload under way or refused.
struct Way {
    upload: Upload,
    size: String,
    received: String,
    problem: String,
}

#[derive(Template)]
#[template(path = "console/files/list.html")]
struct ListPage {
    p: Page,
    seat: Seat,
    may: bool,
    ways: Vec<Way>,
    rows: Vec<Row>,
}

pub async fn show(State(app): State<App>, Console { seat, page: p }: Console) -> PageResult {
    let db = &app.desk.db;
    let ways = upload::unfinished(db, &seat.curator().actor()).await?;
    let ways = ways.into_iter().map(|upload| Way {
        size: size(upload.size),
        received: size(upload.received),
        problem: upload.flaw.as_ref().map(|flaw| words(&p, flaw)).unwrap_or_default(),
        upload,
    });
    let ways = ways.collect();
    let files = published::list(db, None, ROWS).await?;
    let rows = files.into_iter().map(|file| Row { size: size(file.size), file }).collect();
    let may = seat.may(Right::PublishReleases);
    Ok(html(&ListPage { p, seat, may, ways, rows }))
}
