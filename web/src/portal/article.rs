//! `/kb/{id}`: an article, and whether it helped.
use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use firstline_kb::events::{SearchRecord, Shown, Verdict, record_search, record_verdict};
use firstline_kb::figures::{self, Reason};
use firstline_kb::{Article, manual, markdown, parts};
use serde::Deserialize;

use crate::App;
use crate::pages::error::PageResult;
use crate::pages::{Page, PageError, html, to};
use crate::texts::Lang;

#[derive(Deserialize)]
pub struct From {
    /// The search that led here.
    #[serde(default)]
    s: String,
    /// The verdict just given.
    #[serde(default)]
    said: String,
}

#[derive(Template)]
#[template(path = "portal/article.html")]
struct ArticlePage {
    p: Page,
    article: Article,
    body: String,
    /// Id of the same article in another language, and that language.
    other: Option<(String, Lang)>,
    search_id: String,
    said: String,
    reasons: &'static [Reason],
    /// Our id of the source this translation is older than.
    stale: Option<String>,
}

pub async fn show(
    State(app): State<App>,
    p: Page,
    Path(id): Path<String>,
    Query(from): Query<From>,
) -> PageResult {
    let Some(article) = app.library.article(&id).await? else {
        // An old link to a page of a withdrawn manual: the manual says what became of it.
        let moved = manual::path_of_article(&app.desk.db, &id).await?;
        return Ok(to(&moved.ok_or(PageError::NotFound)?));
    };
    // A page of a manual is shown in its manual.
    if let Some(path) = manual::page_of_article(&article.external_id) {
        return Ok(to(&path));
    }
    let other = app.library.translation(&article).await?;
    let other = other.and_then(|a| Some((a.id, Lang::parse(&a.lang)?)));
    let translation = app.library.workshop().translation_of(&article).await?;
    let stale = translation.filter(|t| t.stale).map(|t| t.source_id);
    let body = markdown::to_html(&parts::user_first(&article.body_md, &article.lang));
    let (search_id, said, reasons) = (from.s, from.said, Reason::ALL);
    Ok(html(&ArticlePage { p, article, body, other, search_id, said, reasons, stale }))
}

#[derive(Deserialize)]
pub struct Said {
    #[serde(default)]
    search: String,
    verdict: String,
    revision: i64,
}

pub async fn verdict(State(app): State<App>, Path(id): Path<String>, Form(said): Form<Said>) -> PageResult {
    let verdict: Verdict = said.verdict.parse().map_err(|_| PageError::BadRequest)?;
    let article = app.library.article(&id).await?.ok_or(PageError::NotFound)?;
    let mut tx = app.desk.db.begin().await?;
    // Somebody who came by a link made no search: the visit stands for it.
    let visit = visit(&app, &article, &said);
    record_search(&mut tx, &app.desk.clock, &visit).await?;
    record_verdict(&mut tx, &app.desk.clock, &visit.id, Some(&article.id), verdict).await?;
    tx.commit().await?;
    let search = if said.search.is_empty() { String::new() } else { format!("&s={}", visit.id) };
    Ok(to(&format!("/kb/{}?said={verdict}{search}#verdict", article.id)))
}

#[derive(Deserialize)]
pub struct Why {
    #[serde(default)]
    search: String,
    revision: i64,
    reason: String,
    #[serde(default)]
    words: String,
}

/// `POST /kb/{id}/reason`: why it did not help.
pub async fn reason(State(app): State<App>, Path(id): Path<String>, Form(why): Form<Why>) -> PageResult {
    let reason = figures::reason(&why.reason)?;
    let article = app.library.article(&id).await?.ok_or(PageError::NotFound)?;
    let search = Some(why.search.as_str()).filter(|s| s.len() == 32);
    let mut tx = app.desk.db.begin().await?;
    let clock = &app.desk.clock;
    figures::record_reason(&mut tx, clock, &article.id, why.revision, search, reason, &why.words).await?;
    tx.commit().await?;
    Ok(to(&format!("/kb/{}?said=told#verdict", article.id)))
}

fn visit(app: &App, article: &Article, said: &Said) -> SearchRecord {
    let known = said.search.len() == 32 && said.search.bytes().all(|b| b.is_ascii_hexdigit());
    SearchRecord {
        id: if known { said.search.clone() } else { app.desk.clock.id() },
        query: String::new(),
        corrected: None,
        lang: Some(article.lang.clone()),
        product: article.product.clone(),
        answer: None,
        shown: vec![Shown { article_id: article.id.clone(), revision: said.revision, rank: 1 }],
        total: 1,
        unknown_codes: Vec::new(),
        sensitive: None,
        who: "portal".into(),
    }
}
