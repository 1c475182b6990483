//! `/console/search`: what a question finds, what a chat would answer, and what gave every hit its place.
use askama::Template;
use axum::extract::{Query, State};
use firstline_kb::{Answer, Hit, Points, Question};
use serde::Deserialize;

use super::seat::{Console, Seat};
use crate::App;
use crate::pages::error::PageResult;
use crate::pages::{Page, html};
use crate::texts::Lang;

/// Hits shown.
const HITS: usize = 20;
/// A question is read to here (characters).
const LONGEST: usize = 2000;

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    lang: String,
    #[serde(default)]
    product: String,
    #[serde(default)]
    version: String,
}

struct Row {
    place: usize,
    hit: Hit,
    score: String,
    points: Vec<Share>,
}

/// One part of a score that is not nothing.
struct Share {
    name: &'static str,
    points: String,
}

#[derive(Template)]
#[template(path = "why/why.html")]
struct WhyPage {
    p: Page,
    seat: Seat,
    asked: Asked,
    products: Vec<String>,
    answer: &'static str,
    corrected: Option<String>,
    rows: Vec<Row>,
    /// May keep the question with its right answer.
    may_keep: bool,
}

pub async fn show(
    State(app): State<App>,
    Console { seat, page: p }: Console,
    Query(asked): Query<Asked>,
) -> PageResult {
    let products = app.library.products().await?;
    let may_keep = seat.curator().may_publish();
    let mut shown =
        WhyPage { p, seat, asked, products, answer: "", corrected: None, rows: Vec::new(), may_keep };
    if !shown.asked.q.trim().is_empty() {
        let question = question(&shown.asked);
        let (answer, _) = app.library.answer(&question).await?;
        let (found, points) = app.library.explain(&question).await?;
        shown.answer = name(&answer);
        shown.corrected = found.corrected;
        shown.rows = (1..).zip(found.hits.into_iter().zip(points)).map(row).collect();
    }
    Ok(html(&shown))
}

fn question(asked: &Asked) -> Question {
    let filled = |text: &str| Some(text.trim().to_owned()).filter(|t| !t.is_empty());
    Question {
        text: asked.q.chars().take(LONGEST).collect(),
        lang: Lang::parse(&asked.lang).map(|lang| lang.tag().to_owned()),
        product: filled(&asked.product),
        version: filled(&asked.version),
        kind: None,
        limit: HITS,
    }
}

fn name(answer: &Answer) -> &'static str {
    match answer {
        Answer::Direct { .. } => "direct",
        Answer::Choices { .. } => "choices",
        Answer::Ask { .. } => "ask",
        Answer::Reply { .. } => "reply",
        Answer::Nothing => "nothing",
    }
}

fn row((place, (hit, points)): (usize, (Hit, Points))) -> Row {
    let parts = [
        ("words", points.words),
        ("likeness", points.likeness),
        ("code", points.code),
        ("language", points.language),
        ("product", points.product),
        ("version", points.version),
        ("entry", points.entry),
        ("scale", points.scale),
        ("dictionary", points.dictionary),
    ];
    let telling = parts.into_iter().filter(|(_, points)| points.abs() >= 0.005);
    let points = telling.map(|(name, points)| Share { name, points: format!("{points:+.2}") }).collect();
    Row { place, score: format!("{:.2}", hit.score), hit, points }
}
