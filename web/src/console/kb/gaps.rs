//! `/console/kb/gaps`: what people asked and nobody could answer.
use std::collections::HashMap;

use askama::Template;
use axum::extract::{Path, Query, State};
use firstline_core::Time;
use firstline_kb::cases::Case;
use firstline_kb::gap::{Gap, GapQuestion, GapState};
use firstline_kb::workshop::Work;
use serde::Deserialize;

use super::{Names, SECTIONS, Section, filled, names, number, told};
use crate::App;
use crate::console::seat::{Console, Seat, Signed};
use crate::pages::error::PageResult;
use crate::pages::{Page, PageError, html, to};

const ROWS: i64 = 100;
const EXAMPLES: i64 = 50;
/// Other wordings shown beside a gap's title.
const WORDINGS: usize = 2;
/// Solved tickets that may hold the answer.
const CASES: usize = 4;
/// A ticket that has less of what is asked is about something else.
const LEAST: f32 = 0.35;

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    state: String,
    #[serde(default)]
    mine: String,
    /// Only what was asked since yesterday morning.
    #[serde(default)]
    fresh: String,
}

#[derive(Template)]
#[template(path = "kb/gaps.html")]
struct GapsPage {
    p: Page,
    seat: Seat,
    sections: &'static [Section],
    state: GapState,
    /// `mine`, `fresh` or nothing but the state.
    tab: &'static str,
    counts: Vec<(GapState, i64)>,
    gaps: Vec<Gap>,
    /// Other wordings, by the gap's id.
    examples: HashMap<String, Vec<String>>,
    names: Names,
}

pub async fn list(
    State(app): State<App>,
    Console { seat, page: p }: Console,
    Query(asked): Query<Asked>,
) -> PageResult {
    app.library.digest().await?;
    let gaps = app.library.gaps();
    let state = asked.state.parse().unwrap_or(GapState::Open);
    let mine = (!asked.mine.is_empty()).then(|| seat.id.clone());
    let is_fresh = !asked.fresh.is_empty();
    let since = if is_fresh { yesterday(&p) } else { Time(0) };
    let listed = gaps.asked_since(since, state, mine.as_deref(), ROWS).await?;
    let shown = GapsPage {
        examples: gaps.examples(&listed, WORDINGS).await?,
        gaps: listed,
        tab: if mine.is_some() {
            "mine"
        } else if is_fresh {
            "fresh"
        } else {
            ""
        },
        counts: gaps.counts().await?,
        names: names(&app, seat.lang).await?,
        sections: &SECTIONS,
        p,
        seat,
        state,
    };
    Ok(html(&shown))
}

#[derive(Template)]
#[template(path = "kb/gap.html")]
struct GapPage {
    p: Page,
    seat: Seat,
    sections: &'static [Section],
    gap: Gap,
    questions: Vec<GapQuestion>,
    names: Names,
    /// The title of what closed it.
    article: Option<String>,
    /// Drafts begun for it.
    drafts: Vec<Work>,
    /// Solved tickets that resemble it.
    cases: Vec<Case>,
    problem: String,
}

/// The beginning of yesterday where the reader is.
fn yesterday(p: &Page) -> Time {
    let today = p.now.timestamp().to_zoned(p.zone.clone()).date();
    let begins = today.yesterday().ok().and_then(|day| day.to_zoned(p.zone.clone()).ok());
    begins.map_or(p.now, |at| Time::from_timestamp(at.timestamp()))
}

impl GapsPage {
    fn others(&self, gap: &Gap) -> &[String] {
        self.examples.get(&gap.id).map_or(&[], Vec::as_slice)
    }
}

impl GapPage {
    fn is_assigned(&self, id: &str) -> bool {
        self.gap.assignee.as_deref() == Some(id)
    }
}

async fn draw(app: &App, mut p: Page, seat: Seat, id: &str, problem: String) -> PageResult {
    p.path = format!("/console/kb/gaps/{id}");
    let gaps = app.library.gaps();
    let gap = gaps.get(id).await?.ok_or(PageError::NotFound)?;
    let article = match &gap.article_id {
        Some(id) => app.library.workshop().bench(id).await?.map(|b| b.work.title),
        None => None,
    };
    let questions = gaps.questions(id, EXAMPLES).await?;
    let drafts = app.library.workshop().begun_for(id).await?;
    // The page does without them while there is no index.
    let cases = if gap.state == GapState::Open {
        let mut cases = app.library.similar_cases(&gap.title, "", CASES).await.unwrap_or_default();
        cases.retain(|case| case.score >= LEAST);
        cases
    } else {
        Vec::new()
    };
    let names = names(app, seat.lang).await?;
    Ok(html(&GapPage {
        p,
        seat,
        sections: &SECTIONS,
        gap,
        questions,
        names,
        article,
        drafts,
        cases,
        problem,
    }))
}

pub async fn show(
    State(app): State<App>,
    Console { seat, page }: Console,
    Path(id): Path<String>,
) -> PageResult {
    draw(&app, page, seat, &id, String::new()).await
}

#[derive(Deserialize)]
pub struct Act {
    version: String,
    r#do: String,
    #[serde(default)]
    assignee: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    article: String,
}

pub async fn act(
    State(app): State<App>,
    p: Page,
    Path(id): Path<String>,
    Signed { seat, form }: Signed<Act>,
) -> PageResult {
    let gaps = app.library.gaps();
    let who = seat.curator();
    let version = number(&form.version)?;
    let done = match form.r#do.as_str() {
        "assign" => gaps.assign(&who, &id, version, filled(&form.assignee)).await,
        "dismiss" => gaps.dismiss(&who, &id, version, &form.reason).await,
        "close" => gaps.close(&who, &id, version, article_id(&form.article)).await,
        "reopen" => gaps.reopen(&who, &id, version).await,
        _ => return Err(PageError::BadRequest),
    };
    match done {
        Ok(()) => Ok(to(&format!("/console/kb/gaps/{id}?done=kb-gap"))),
        Err(error) => {
            let problem = told(seat.lang, error)?;
            draw(&app, p.in_lang(seat.lang), seat, &id, problem).await
        }
    }
}

/// An id, or the address of an article's page.
fn article_id(text: &str) -> &str {
    let text = text.trim();
    text.rsplit_once("/kb/a/")
        .or_else(|| text.rsplit_once("/kb/"))
        .map_or(text, |(_, id)| id.split(['?', '#']).next().unwrap_or(id))
}
