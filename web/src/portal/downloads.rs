//! `/downloads`: files and manuals the reader may have, each with size, hash and how to check it.
use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use firstline_kb::manual::{self, Manual};
use firstline_kb::published::{self, FileState, HostedFile};

use crate::App;
use crate::downloads::asker;
use crate::pages::error::PageResult;
use crate::pages::said::size;
use crate::pages::{Page, html};

/// More than this needs a search, not a longer page.
const ROWS: i64 = 300;

struct Row {
    file: HostedFile,
    path: String,
    size: String,
}

#[derive(Template)]
#[template(path = "portal/downloads/list.html")]
struct List {
    p: Page,
    files: Vec<Row>,
    /// By product.
    manuals: Vec<(String, Vec<Manual>)>,
}

pub async fn show(State(app): State<App>, p: Page, headers: HeaderMap) -> PageResult {
    let db = &app.desk.db;
    let asker = asker(&app, &headers).await?;
    let about = manual::list(db).await?;
    let (mut files, mut allowed) = (Vec::new(), Vec::new());
    for file in published::list(db, Some(FileState::Published), ROWS).await? {
        if !published::may_have(db, &file, &asker).await? {
            continue;
        }
        allowed.push(file.id.clone());
        if !about.iter().any(|m| m.file_id == file.id) {
            files.push(Row { path: published::path(&file), size: size(file.size), file });
        }
    }
    let mut manuals: Vec<(String, Vec<Manual>)> = Vec::new();
    for m in about.into_iter().filter(|m| allowed.contains(&m.file_id)) {
        match manuals.last_mut().filter(|(product, _)| *product == m.product) {
            Some((_, of_product)) => of_product.push(m),
            None => manuals.push((m.product.clone(), vec![m])),
        }
    }
    Ok(html(&List { p, files, manuals }))
}
