//! One article on the bench: its form, its preview, its life.
use askama::Template;
use axum::extract::{Path, Query, State};
use firstline_core::ticket::Number;
use firstline_kb::article::ArticleKind;
use firstline_kb::gap::GapQuestion;
use firstline_kb::gate::Regression;
use firstline_kb::workshop::diff::{self, Line};
use firstline_kb::workshop::{ArticleFile, Bench, Saved, State as Life, from_ticket as draft_of};
use serde::Deserialize;

use super::preview::{self, Shown};
use super::words::Words;
use super::{Names, SECTIONS, Section, curator, filled, names, number, told};
use crate::App;
use crate::console::seat::{Console, Seat, Signed};
use crate::pages::error::PageResult;
use crate::pages::{Page, PageError, html, to};

/// Failed questions of a gap that are tried against the draft.
const TRIED: i64 = 12;

/// A failed question, and what the draft does for it.
pub struct TriedOut {
    pub query: String,
    pub place: Option<usize>,
    pub answer: &'static str,
}

/// Somebody else's words, when they saved first.
pub struct Theirs {
    pub who: String,
    pub text: String,
    pub lines: Vec<Line>,
}

#[derive(Template)]
#[template(path = "kb/article.html")]
struct ArticlePage {
    p: Page,
    seat: Seat,
    sections: &'static [Section],
    bench: Option<Bench>,
    w: Words,
    kinds: &'static [ArticleKind],
    shown: Shown,
    names: Names,
    files: Vec<ArticleFile>,
    theirs: Option<Theirs>,
    worse: Vec<Regression>,
    tried: Vec<TriedOut>,
    may_publish: bool,
    stale: bool,
    problem: String,
}

impl ArticlePage {
    fn action(&self) -> String {
        self.bench
            .as_ref()
            .map_or("/console/kb/new".into(), |b| format!("/console/kb/a/{}/save", b.work.article_id))
    }
}

/// What a page is drawn with besides the article.
#[derive(Default)]
pub struct With {
    pub problem: String,
    pub theirs: Option<Theirs>,
    pub worse: Vec<Regression>,
    pub tried: Vec<TriedOut>,
}

pub async fn draw(
    app: &App,
    mut p: Page,
    seat: Seat,
    bench: Option<Bench>,
    w: Words,
    with: With,
) -> PageResult {
    p.path =
        bench.as_ref().map_or("/console/kb/new".into(), |b| format!("/console/kb/a/{}", b.work.article_id));
    let id = bench.as_ref().map_or("", |b| b.work.article_id.as_str());
    let workshop = app.library.workshop();
    let stale = match bench.as_ref().and_then(|b| b.live.as_ref()) {
        Some(live) => workshop.translation_of(live).await?.is_some_and(|t| t.stale),
        None => false,
    };
    let shown = ArticlePage {
        shown: preview::make(app, &p, id, &w.draft()?).await?,
        files: workshop.files(id).await?,
        may_publish: curator(app, &seat).await?.may_publish(),
        names: names(app).await?,
        sections: &SECTIONS,
        kinds: ArticleKind::ALL,
        stale,
        bench,
        w,
        theirs: with.theirs,
        worse: with.worse,
        tried: with.tried,
        problem: with.problem,
        p,
        seat,
    };
    Ok(html(&shown))
}

#[derive(Deserialize)]
pub struct From {
    #[serde(default)]
    gap: String,
    #[serde(default)]
    lang: String,
    #[serde(default)]
    form: String,
    #[serde(default)]
    r#try: String,
}

/// `GET /console/kb/new`: an empty form, or one begun from a gap.
pub async fn begin(
    State(app): State<App>,
    Console { seat, page: p }: Console,
    Query(from): Query<From>,
) -> PageResult {
    let mut w = Words {
        lang: if from.lang == "en" { "en" } else { p.lang.tag() }.into(),
        form: "parts".into(),
        ..Words::default()
    };
    if let Some(gap) = filled(&from.gap) {
        let gaps = app.library.gaps();
        let found = gaps.get(gap).await?.ok_or(PageError::NotFound)?;
        let mask = |text: &str| firstline_kb::mask::mask(text, &[], &found.lang);
        let mut asks: Vec<String> = Vec::new();
        for question in gaps.questions(gap, 20).await? {
            let ask = mask(&question.query);
            if !asks.contains(&ask) {
                asks.push(ask);
            }
        }
        w = Words {
            title: mask(&found.title),
            lang: found.lang.clone(),
            questions: asks.join("\n"),
            gap: found.id,
            product: found.product.unwrap_or_default(),
            ..w
        };
    }
    if from.form == "text" {
        w.form = "text".into();
    }
    draw(&app, p, seat, None, w, With::default()).await
}

/// `POST /console/kb/new`
pub async fn create(State(app): State<App>, p: Page, Signed { seat, form }: Signed<Words>) -> PageResult {
    let p = p.in_lang(seat.lang);
    if let Some(other) = reshaped(&form) {
        return draw(&app, p, seat, None, other, With::default()).await;
    }
    let who = curator(&app, &seat).await?;
    match app.library.workshop().create(&who, &form.draft()?, form.note.trim(), filled(&form.gap)).await {
        Ok(bench) => Ok(to(&format!("/console/kb/a/{}?done=kb-created", bench.work.article_id))),
        Err(error) => {
            draw(&app, p, seat, None, form, With { problem: told(error)?, ..With::default() }).await
        }
    }
}

/// The form in another shape, when that is what the button asked for.
fn reshaped(form: &Words) -> Option<Words> {
    match form.r#do.as_str() {
        "preview" => Some(form.clone()),
        "text" => Some(form.clone().in_one_text()),
        "parts" => Some(Words { form: "text".into(), body: form.text(), ..form.clone() }.in_parts()),
        _ => None,
    }
}

pub async fn show(
    State(app): State<App>,
    Console { seat, page: p }: Console,
    Path(id): Path<String>,
    Query(from): Query<From>,
) -> PageResult {
    let workshop = app.library.workshop();
    let bench = workshop.bench(&id).await?.ok_or(PageError::NotFound)?;
    let mut w = Words::of(&bench.head.draft, bench.work.version);
    if from.form == "text" {
        w = w.in_one_text();
    }
    let tried = if from.r#try.is_empty() { Vec::new() } else { try_gap(&app, &bench, &from.r#try).await? };
    draw(&app, p, seat, Some(bench), w, With { tried, ..With::default() }).await
}

/// Asks the failed questions of a gap as if the draft were published.
async fn try_gap(app: &App, bench: &Bench, gap: &str) -> PageResult<Vec<TriedOut>> {
    let gap = if gap == "own" { bench.work.gap_id.clone().unwrap_or_default() } else { gap.to_owned() };
    let questions: Vec<GapQuestion> = app.library.gaps().questions(&gap, TRIED).await?;
    let mut queries: Vec<String> = Vec::new();
    for question in questions {
        if !queries.contains(&question.query) {
            queries.push(question.query);
        }
    }
    let tried = app.library.workshop().try_questions(&bench.work.article_id, &queries).await?;
    let of = |t: firstline_kb::gate::Tried| TriedOut {
        place: t.place(&bench.work.external_id),
        query: t.query,
        answer: t.answer,
    };
    Ok(tried.into_iter().map(of).collect())
}

/// `POST /console/kb/a/{id}/save`
pub async fn save(
    State(app): State<App>,
    p: Page,
    Path(id): Path<String>,
    Signed { seat, form }: Signed<Words>,
) -> PageResult {
    let p = p.in_lang(seat.lang);
    let workshop = app.library.workshop();
    let bench = workshop.bench(&id).await?.ok_or(PageError::NotFound)?;
    if let Some(other) = reshaped(&form) {
        return draw(&app, p, seat, Some(bench), other, With::default()).await;
    }
    let who = curator(&app, &seat).await?;
    let version = number(&form.version)?;
    let saved = workshop.save(&who, &id, version, &form.draft()?, form.note.trim(), None).await;
    match saved {
        Ok(Saved::Saved(bench) | Saved::Same(bench)) => {
            if form.r#do == "submit" && bench.work.state == Life::Draft {
                workshop.submit(&who, &id, bench.work.version).await?;
                return Ok(to(&format!("/console/kb/a/{id}?done=kb-submitted")));
            }
            Ok(to(&format!("/console/kb/a/{id}?done=kb-saved")))
        }
        Ok(Saved::Overtaken(theirs)) => {
            let told = Some(overtaken(&app, &theirs, &form).await?);
            // The next save is made knowing theirs.
            let form = Words { version: theirs.work.version.to_string(), ..form };
            let problem = p.t("kb-problem-overtaken");
            draw(&app, p, seat, Some(theirs), form, With { problem, theirs: told, ..With::default() }).await
        }
        Err(error) => {
            draw(&app, p, seat, Some(bench), form, With { problem: told(error)?, ..With::default() }).await
        }
    }
}

async fn overtaken(app: &App, theirs: &Bench, form: &Words) -> PageResult<Theirs> {
    let text = theirs.head.draft.body_md.clone();
    let heading = |title: &str, body: &str| format!("# {title}\n{body}");
    let lines =
        diff::lines(&heading(&theirs.head.draft.title, &text), &heading(&form.title, &form.draft()?.body_md));
    Ok(Theirs { who: names(app).await?.of(&theirs.head.author), text, lines })
}

/// `POST /console/kb/from-ticket/{number}`: a draft of what a ticket taught.
pub async fn from_ticket(
    State(app): State<App>,
    Path(text): Path<String>,
    Signed { seat, .. }: Signed<Nothing>,
) -> PageResult {
    let number: Number = text.parse().map_err(|_| PageError::NotFound)?;
    let view = app.desk.ticket(number).await?;
    let who = curator(&app, &seat).await?;
    let bench = app.library.workshop().create(&who, &draft_of(&view), &number.to_string(), None).await?;
    Ok(to(&format!("/console/kb/a/{}?done=kb-from-ticket", bench.work.article_id)))
}

/// A form with nothing but its token.
#[derive(Deserialize)]
pub struct Nothing {}
