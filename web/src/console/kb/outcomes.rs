//! `/console/kb/outcomes`: what became of everything that was asked, told honestly; and one article's figures.
use askama::Template;
use axum::extract::{Path, Query, State};
use firstline_core::Time;
use firstline_kb::figures::{Deflection, Feedback, RevisionFigures, Week};
use firstline_kb::workshop::Work;
use serde::Deserialize;

use super::{SECTIONS, Section};
use crate::App;
use crate::console::seat::{Console, Seat};
use crate::pages::error::PageResult;
use crate::pages::{Page, PageError, html};

/// P6-07: the share the first line is to solve, in percent.
const TARGET: i64 = 70;
const DAY: i64 = 24 * 3600 * 1000;

#[derive(Deserialize)]
pub struct Period {
    #[serde(default)]
    days: String,
}

#[derive(Template)]
#[template(path = "kb/outcomes.html")]
struct OutcomesPage {
    p: Page,
    seat: Seat,
    sections: &'static [Section],
    days: i64,
    all: Deflection,
    weeks: Vec<Week>,
    target: i64,
}

impl OutcomesPage {
    /// The outcomes with their share of everything asked, in percent.
    fn parts(&self) -> Vec<(&'static str, i64, i64)> {
        let a = &self.all;
        let of = |n: i64| if a.asked > 0 { (n * 100 + a.asked / 2) / a.asked } else { 0 };
        [
            ("solved", a.solved),
            ("silent", a.silent),
            ("came_back", a.came_back),
            ("person", a.person),
            ("still_broken", a.still_broken),
            ("nothing", a.nothing),
        ]
        .into_iter()
        .map(|(name, n)| (name, n, of(n)))
        .collect()
    }
}

/// A share as whole percent; a dash where there is nothing to share.
pub fn percent(share: Option<f64>) -> String {
    share.map_or_else(|| "–".into(), |s| format!("{:.0} %", s * 100.0))
}

pub async fn show(
    State(app): State<App>,
    Console { seat, page: p }: Console,
    Query(period): Query<Period>,
) -> PageResult {
    let days = period.days.parse().unwrap_or(28).clamp(1, 366);
    app.library.digest().await?;
    let from = Time(p.now.0 - days * DAY);
    let (all, weeks) = app.library.deflection(from, p.now.plus_millis(1)).await?;
    Ok(html(&OutcomesPage { p, seat, sections: &SECTIONS, days, all, weeks, target: TARGET }))
}

#[derive(Template)]
#[template(path = "kb/figures.html")]
struct FiguresPage {
    p: Page,
    seat: Seat,
    sections: &'static [Section],
    work: Work,
    rows: Vec<RevisionFigures>,
    feedback: Vec<Feedback>,
}

/// `GET /console/kb/a/{id}/figures`
pub async fn article(
    State(app): State<App>,
    Console { seat, page: p }: Console,
    Path(id): Path<String>,
) -> PageResult {
    let bench = app.library.workshop().bench(&id).await?.ok_or(PageError::NotFound)?;
    app.library.digest().await?;
    let rows = app.library.figures(&bench.work.article_id).await?;
    let feedback = app.library.feedback(&bench.work.article_id, 50).await?;
    Ok(html(&FiguresPage { p, seat, sections: &SECTIONS, work: bench.work, rows, feedback }))
}
