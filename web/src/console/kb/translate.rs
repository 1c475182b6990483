//! `/console/kb/a/{id}/translate`: source and translation beside each other.
use askama::Template;
use axum::extract::{Path, State};
use firstline_kb::workshop::diff::{self, Line};
use firstline_kb::workshop::{Saved, Side};
use serde::Deserialize;

use super::article::{Theirs, overtaken};
use super::words::Words;
use super::{SECTIONS, Section, number, told};
use crate::App;
use crate::console::seat::{Console, Seat, Signed};
use crate::pages::error::PageResult;
use crate::pages::{Page, PageError, html, to};

#[derive(Template)]
#[template(path = "kb/translate.html")]
struct SidePage {
    p: Page,
    seat: Seat,
    sections: &'static [Section],
    id: String,
    side: Side,
    w: Words,
    /// What the source changed since it was translated.
    changed: Vec<Line>,
    /// What somebody saved while this was typed.
    theirs: Option<Theirs>,
    problem: String,
}

async fn draw(
    app: &App,
    mut p: Page,
    seat: Seat,
    id: &str,
    typed: Option<Words>,
    theirs: Option<Theirs>,
    problem: String,
) -> PageResult {
    p.path = format!("/console/kb/a/{id}/translate");
    let side = match app.library.workshop().beside(id).await {
        Ok(side) => side,
        Err(firstline_core::Error::NotFound { .. }) => return Err(PageError::NotFound),
        Err(_) => return Ok(to(&format!("/console/kb/a/{id}?done=kb-source-first"))),
    };
    let known = match &side.bench {
        Some(bench) => Words::of(&bench.head.draft, bench.work.version).in_one_text(),
        None => Words { lang: side.lang.clone(), version: "0".into(), ..Words::default() },
    };
    let w = typed.map_or(known.clone(), |typed| Words { version: known.version, ..typed });
    let text = |title: &str, body: &str| format!("# {title}\n{body}");
    let changed = side.from.as_ref().map_or_else(Vec::new, |from| {
        diff::lines(&text(&from.title, &from.body_md), &text(&side.source.title, &side.source.body_md))
    });
    Ok(html(&SidePage { p, seat, sections: &SECTIONS, id: id.to_owned(), side, w, changed, theirs, problem }))
}

pub async fn show(
    State(app): State<App>,
    Console { seat, page }: Console,
    Path(id): Path<String>,
) -> PageResult {
    draw(&app, page, seat, &id, None, None, String::new()).await
}

pub async fn save(
    State(app): State<App>,
    p: Page,
    Path(id): Path<String>,
    Signed { seat, form }: Signed<Words>,
) -> PageResult {
    let who = seat.curator();
    let (version, source) = (number(&form.version)?, number(&form.source_revision)?);
    let side = app.library.workshop().beside(&id).await?;
    let mut draft = form.draft()?;
    // What is the same in every language comes from the source.
    let source_words = &side.source;
    draft.kind = source_words.kind;
    draft.category = source_words.category.clone();
    draft.product = source_words.product.clone();
    draft.versions = source_words.versions.clone();
    draft.codes = source_words.codes.clone();
    draft.frequent = source_words.frequent;
    let p = p.in_lang(seat.lang);
    match app.library.workshop().translate(&who, &id, source, version, &draft).await {
        Ok(Saved::Saved(bench) | Saved::Same(bench)) => {
            Ok(to(&format!("/console/kb/a/{}?done=kb-saved", bench.work.article_id)))
        }
        Ok(Saved::Overtaken(bench)) => {
            let problem = p.t("kb-problem-overtaken");
            let theirs = Some(
                overtaken(&app, seat.lang, &bench.head, &Words { form: "text".into(), ..form.clone() })
                    .await?,
            );
            draw(&app, p, seat, &id, Some(form), theirs, problem).await
        }
        Err(error) => {
            let problem = told(seat.lang, error)?;
            draw(&app, p, seat, &id, Some(form), None, problem).await
        }
    }
}

#[derive(Deserialize)]
pub struct Nothing {}

/// `POST /console/kb/a/{id}/confirm`: the translation still says what its source says.
pub async fn confirm(
    State(app): State<App>,
    Path(id): Path<String>,
    Signed { seat, .. }: Signed<Nothing>,
) -> PageResult {
    let who = seat.curator();
    app.library.workshop().confirm_translation(&who, &id).await?;
    Ok(to(&format!("/console/kb/a/{id}?done=kb-confirmed")))
}
