//! `/console/dict/of/{kind}`: the entries of a kind.
use askama::Template;
use axum::extract::{Path, State};
use firstline_core::Time;
use firstline_core::staff::Right;
use firstline_kb::dictionary::entry::{Entry, KINDS, Stored};
use firstline_kb::dictionary::sensitive::Hit;

use super::tabs;
use crate::App;
use crate::console::seat::{Console, Seat};
use crate::pages::error::PageResult;
use crate::pages::{Page, PageError, html};

struct Row {
    id: String,
    /// What it is about, and what it does.
    about: String,
    effect: String,
    until: Option<Time>,
    over: bool,
    updated_at: Time,
}

#[derive(Template)]
#[template(path = "dict/list.html")]
struct List {
    p: Page,
    seat: Seat,
    tabs: Vec<(&'static str, String)>,
    tab: String,
    rows: Vec<Row>,
    /// Messages that held a sensitive word, on the page of these.
    hits: Vec<Hit>,
    /// Entries of this kind have no effect now.
    off: bool,
}

/// Messages with sensitive words on the page.
const HITS: i64 = 100;

pub async fn show(
    State(app): State<App>,
    Console { seat, page: p }: Console,
    Path(kind): Path<String>,
) -> PageResult {
    seat.must(Right::Curate)?;
    if !KINDS.contains(&kind.as_str()) {
        return Err(PageError::NotFound);
    }
    let rows = app.library.entries(&kind).await?.into_iter().map(|stored| row(&p, stored)).collect();
    let is_sensitive = kind == "sensitive";
    let hits = if is_sensitive { app.library.sensitive_hits(None, HITS).await? } else { Vec::new() };
    let off = is_sensitive && !app.library.settings().await?.0.sensitive_on;
    Ok(html(&List { p, seat, tabs: tabs(), tab: kind, rows, hits, off }))
}

fn row(p: &Page, stored: Stored) -> Row {
    let (about, effect) = summary(p, &stored.entry);
    Row {
        over: stored.until.is_some_and(|until| until <= p.now),
        id: stored.id,
        about,
        effect,
        until: stored.until,
        updated_at: stored.updated_at,
    }
}

/// An entry in two cells.
fn summary(p: &Page, entry: &Entry) -> (String, String) {
    let list = |words: &[String]| words.join(" · ");
    match entry {
        Entry::Synonym { words } => (list(words), String::new()),
        Entry::Product { product, words } => (list(words), product.clone()),
        Entry::Pin { questions, article, exact } => {
            let how = if *exact { format!(" ({})", p.t("dict-exact-short")) } else { String::new() };
            (list(questions), format!("{article}{how}"))
        }
        Entry::StopGap { questions: words, text, .. } | Entry::Talk { phrases: words, text, .. } => {
            (list(words), text.lines().next().unwrap_or_default().chars().take(120).collect())
        }
        Entry::Sensitive { word } => (word.clone(), String::new()),
        Entry::Frequent { article, product, from, until } => {
            let season = if from.is_empty() { p.t("dict-all-year") } else { format!("{from} – {until}") };
            let whom = if product.is_empty() { p.t("dict-everybody") } else { product.clone() };
            (article.clone(), format!("{whom} · {season}"))
        }
        Entry::Settings(_) => (String::new(), String::new()),
    }
}
