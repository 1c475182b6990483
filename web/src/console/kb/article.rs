//! One article on the bench: its form, its preview, its life.
use askama::Template;
use axum::extract::{Path, Query, State};
use firstline_core::Error;
use firstline_core::ticket::Number;
use firstline_kb::article::ArticleKind;
use firstline_kb::eval::{Asked, Moved};
use firstline_kb::export::text_of;
use firstline_kb::gap::{Gap, GapQuestion};
use firstline_kb::workshop::diff::{self, Line};
use firstline_kb::workshop::{ArticleFile, Bench, Revision, Saved, State as Life, from_ticket as draft_of};
use firstline_kb::{Draft, mask};
use serde::Deserialize;

use super::preview::{self, Shown};
use super::words::Words;
use super::{Names, SECTIONS, Section, filled, names, number, told};
use crate::App;
use crate::console::seat::{Console, Seat, Signed};
use crate::pages::error::PageResult;
use crate::pages::{Page, PageError, html, to};
use crate::texts::Lang;

/// Questions of a gap that become wordings of its article.
const WORDINGS: i64 = 20;
/// Failed questions of a gap that are tried against the draft.
const TRIED: i64 = 12;
/// A question typed to try a draft is read to here (characters).
const LONGEST: usize = 500;

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
    worse: Vec<Moved>,
    tried: Vec<Asked>,
    /// The question typed to try it.
    ask: String,
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
    pub worse: Vec<Moved>,
    pub tried: Vec<Asked>,
    pub ask: String,
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
        may_publish: seat.curator().may_publish(),
        names: names(app, seat.lang).await?,
        sections: &SECTIONS,
        kinds: ArticleKind::ALL,
        stale,
        bench,
        w,
        theirs: with.theirs,
        worse: with.worse,
        tried: with.tried,
        ask: with.ask,
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
    /// A question to try the draft with.
    #[serde(default)]
    ask: String,
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
        let (found, asks) = wordings(&app, gap).await?;
        w = Words {
            title: mask::mask(&found.title, &[], &found.lang),
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

/// A gap, and how its questions were worded, without anybody's data.
async fn wordings(app: &App, id: &str) -> PageResult<(Gap, Vec<String>)> {
    let gaps = app.library.gaps();
    let gap = gaps.get(id).await?.ok_or(PageError::NotFound)?;
    let mut asks: Vec<String> = Vec::new();
    for question in gaps.questions(id, WORDINGS).await? {
        let ask = mask::mask(&question.query, &[], &gap.lang);
        // A wording in the other language belongs to the translation.
        if question.lang == gap.lang && !asks.contains(&ask) {
            asks.push(ask);
        }
    }
    Ok((gap, asks))
}

/// `POST /console/kb/new`
pub async fn create(State(app): State<App>, p: Page, Signed { seat, form }: Signed<Words>) -> PageResult {
    let p = p.in_lang(seat.lang);
    if let Some(other) = reshaped(&form) {
        return draw(&app, p, seat, None, other, With::default()).await;
    }
    let who = seat.curator();
    match app.library.workshop().create(&who, &form.draft()?, form.note.trim(), filled(&form.gap)).await {
        Ok(bench) => Ok(to(&format!("/console/kb/a/{}?done=kb-created", bench.work.article_id))),
        Err(error) => {
            let problem = told(seat.lang, error)?;
            draw(&app, p, seat, None, form, With { problem, ..With::default() }).await
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
    let tried = match (filled(&from.ask), filled(&from.r#try)) {
        (Some(ask), _) => try_all(&app, &bench, &[ask.chars().take(LONGEST).collect()]).await?,
        (None, Some(gap)) => try_gap(&app, &bench, gap).await?,
        (None, None) => Vec::new(),
    };
    draw(&app, p, seat, Some(bench), w, With { tried, ask: from.ask, ..With::default() }).await
}

/// Asks the failed questions of a gap as if the draft were published.
async fn try_gap(app: &App, bench: &Bench, gap: &str) -> PageResult<Vec<Asked>> {
    let gap = if gap == "own" { bench.work.gap_id.clone().unwrap_or_default() } else { gap.to_owned() };
    let questions: Vec<GapQuestion> = app.library.gaps().questions(&gap, TRIED).await?;
    let mut queries: Vec<String> = Vec::new();
    for question in questions {
        if !queries.contains(&question.query) {
            queries.push(question.query);
        }
    }
    try_all(app, bench, &queries).await
}

async fn try_all(app: &App, bench: &Bench, queries: &[String]) -> PageResult<Vec<Asked>> {
    Ok(app.library.workshop().try_questions(&bench.work.article_id, queries).await?)
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
    let who = seat.curator();
    let version = number(&form.version)?;
    let saved = workshop.save(&who, &id, version, &form.draft()?, form.note.trim(), None).await;
    match saved {
        Ok(Saved::Saved(bench) | Saved::Same(bench)) => {
            if form.r#do == "submit" && bench.work.state == Life::Draft {
                // Saved it is either way; somebody quicker may have moved it on.
                let done = match workshop.submit(&who, &id, bench.work.version).await {
                    Ok(_) => "kb-submitted",
                    Err(Error::Conflict(_)) => "kb-saved",
                    Err(error) => return Err(error.into()),
                };
                return Ok(to(&format!("/console/kb/a/{id}?done={done}")));
            }
            Ok(to(&format!("/console/kb/a/{id}?done=kb-saved")))
        }
        Ok(Saved::Overtaken(theirs)) => {
            let told = Some(overtaken(&app, seat.lang, &theirs.head, &form).await?);
            // The next save is made knowing theirs.
            let form = Words { version: theirs.work.version.to_string(), ..form };
            let problem = p.t("kb-problem-overtaken");
            draw(&app, p, seat, Some(theirs), form, With { problem, theirs: told, ..With::default() }).await
        }
        Err(error) => {
            let problem = told(seat.lang, error)?;
            draw(&app, p, seat, Some(bench), form, With { problem, ..With::default() }).await
        }
    }
}

/// What somebody saved meanwhile, beside what was typed here.
pub async fn overtaken(app: &App, lang: Lang, theirs: &Revision, form: &Words) -> PageResult<Theirs> {
    let text = theirs.draft.body_md.clone();
    let mine = Draft { external_id: theirs.draft.external_id.clone(), ..form.draft()? };
    let lines = diff::lines(&text_of(&theirs.draft), &text_of(&mine));
    Ok(Theirs { who: names(app, lang).await?.of(&theirs.author), text, lines })
}

/// `POST /console/kb/from-ticket/{number}`: a draft of what a ticket taught.
pub async fn from_ticket(
    State(app): State<App>,
    Path(text): Path<String>,
    Signed { seat, form }: Signed<ForGap>,
) -> PageResult {
    let number: Number = text.parse().map_err(|_| PageError::NotFound)?;
    let view = app.desk.ticket(number).await?;
    let who = seat.curator();
    let gap = filled(&form.gap);
    let mut draft = draft_of(&view);
    if let Some(gap) = gap {
        let (gap, asks) = wordings(&app, gap).await?;
        draft.questions = if gap.lang == draft.lang { asks } else { Vec::new() };
    }
    let bench = app.library.workshop().create(&who, &draft, &number.to_string(), gap).await?;
    Ok(to(&format!("/console/kb/a/{}?done=kb-from-ticket", bench.work.article_id)))
}

/// The gap a draft is to close, if it is for one.
#[derive(Deserialize)]
pub struct ForGap {
    #[serde(default)]
    gap: String,
}
