//! The register of error codes: list, one code, the sheet.
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;
use firstline_core::Error;
use firstline_core::staff::Right;
use firstline_kb::codes::{CodeDraft, CodeEntry, sheet};
use serde::Deserialize;

use super::tabs;
use crate::App;
use crate::console::seat::{Console, Seat, Signed};
use crate::pages::error::PageResult;
use crate::pages::{Page, PageError, html, to};

const ROWS: usize = 100;

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    skip: usize,
}

#[derive(Template)]
#[template(path = "dict/codes.html")]
struct Codes {
    p: Page,
    seat: Seat,
    tabs: Vec<(&'static str, String)>,
    tab: String,
    q: String,
    rows: Vec<CodeEntry>,
    /// The pages before and after; empty where there is none.
    older: String,
    newer: String,
}

pub async fn list(
    State(app): State<App>,
    Console { seat, page: p }: Console,
    Query(asked): Query<Asked>,
) -> PageResult {
    seat.must(Right::Curate)?;
    let mut rows = app.library.codes(asked.q.trim(), asked.skip, ROWS + 1).await?;
    let older =
        if rows.len() > ROWS { p.here("skip", &(asked.skip + ROWS).to_string()) } else { String::new() };
    let newer = if asked.skip > 0 {
        p.here("skip", &asked.skip.saturating_sub(ROWS).to_string())
    } else {
        String::new()
    };
    rows.truncate(ROWS);
    Ok(html(&Codes { p, seat, tabs: tabs(), tab: "codes".into(), q: asked.q, rows, older, newer }))
}

#[derive(Template)]
#[template(path = "dict/code.html")]
struct CodePage {
    p: Page,
    seat: Seat,
    tabs: Vec<(&'static str, String)>,
    tab: String,
    known: Option<CodeEntry>,
    typed: Typed,
    problem: String,
}

/// What is typed into the form of a code.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    code: String,
    lang: String,
    product: String,
    module: String,
    meaning: String,
    cure: String,
    versions: String,
    #[serde(rename = "do")]
    action: String,
}

impl Typed {
    fn of(words: &CodeDraft) -> Typed {
        let words = words.clone();
        Typed {
            code: words.code,
            lang: words.lang,
            product: words.product,
            module: words.module.unwrap_or_default(),
            meaning: words.meaning,
            cure: words.cure,
            versions: words.versions.unwrap_or_default(),
            action: String::new(),
        }
    }

    fn draft(&self) -> CodeDraft {
        let optional = |text: &String| Some(text.clone()).filter(|t| !t.trim().is_empty());
        CodeDraft {
            code: self.code.clone(),
            lang: self.lang.clone(),
            product: self.product.clone(),
            module: optional(&self.module),
            meaning: self.meaning.clone(),
            cure: self.cure.clone(),
            versions: optional(&self.versions),
        }
    }
}

fn page(p: Page, seat: Seat, known: Option<CodeEntry>) -> CodePage {
    let typed = known.as_ref().map(|entry| Typed::of(&entry.words)).unwrap_or_default();
    CodePage { p, seat, tabs: tabs(), tab: "codes".into(), known, typed, problem: String::new() }
}

pub async fn fresh(Console { seat, page: p }: Console) -> PageResult {
    seat.must(Right::Curate)?;
    Ok(html(&page(p, seat, None)))
}

pub async fn show(
    State(app): State<App>,
    Console { seat, page: p }: Console,
    Path(id): Path<String>,
) -> PageResult {
    seat.must(Right::Curate)?;
    let entry = app.library.code(&id).await?.ok_or(PageError::NotFound)?;
    Ok(html(&page(p, seat, Some(entry))))
}

pub async fn save(State(app): State<App>, p: Page, Signed { seat, form }: Signed<Typed>) -> PageResult {
    seat.must(Right::Curate)?;
    let p = p.in_lang(seat.lang);
    take(&app, page(p, seat, None), form).await
}

pub async fn save_known(
    State(app): State<App>,
    p: Page,
    Path(id): Path<String>,
    Signed { seat, form }: Signed<Typed>,
) -> PageResult {
    seat.must(Right::Curate)?;
    let entry = app.library.code(&id).await?.ok_or(PageError::NotFound)?;
    if form.action == "remove" {
        app.library.remove_code(&id, &seat.curator().actor()).await?;
        return Ok(to("/console/dict/codes?done=dict-removed"));
    }
    let p = p.in_lang(seat.lang);
    take(&app, page(p, seat, Some(entry)), form).await
}

/// Code, product and language name the entry; with others it is another one, and the old one stays.
async fn take(app: &App, mut drawn: CodePage, typed: Typed) -> PageResult {
    drawn.typed = typed;
    let written = app.library.put_codes(&[drawn.typed.draft()], &drawn.seat.curator().actor()).await?;
    match written.into_iter().next() {
        Some(Err(Error::Invalid { field, reason })) => {
            drawn.problem = format!("{}: {reason}", drawn.p.word("dict-field", &field));
            Ok(html(&drawn))
        }
        Some(Err(e)) => Err(e.into()),
        _ => Ok(to("/console/dict/codes?done=dict-saved")),
    }
}

pub async fn export(State(app): State<App>, seat: Seat) -> PageResult {
    seat.must(Right::Curate)?;
    let mut out = Vec::new();
    sheet::export(&app.library, &mut out).await?;
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"codes.csv\""),
    ];
    Ok((headers, out).into_response())
}
