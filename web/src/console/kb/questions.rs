//! `/console/kb/questions`: the saved questions that guard every publication.
use askama::Template;
use axum::extract::State;
use firstline_kb::gate::{Saved, Uploaded};
use serde::Deserialize;

use super::{Names, SECTIONS, Section, curator, names};
use crate::App;
use crate::console::seat::{Console, Seat, Signed};
use crate::pages::error::PageResult;
use crate::pages::{Page, html, to};

const ROWS: i64 = 500;

#[derive(Template)]
#[template(path = "kb/questions.html")]
struct QuestionsPage {
    p: Page,
    seat: Seat,
    sections: &'static [Section],
    cases: Vec<Saved>,
    names: Names,
    done: Option<Uploaded>,
    lines: String,
}

async fn draw(app: &App, mut p: Page, seat: Seat, done: Option<Uploaded>, lines: String) -> PageResult {
    p.path = "/console/kb/questions".into();
    let cases = app.library.workshop().cases(ROWS).await?;
    let names = names(app).await?;
    Ok(html(&QuestionsPage { p, seat, sections: &SECTIONS, cases, names, done, lines }))
}

pub async fn show(State(app): State<App>, Console { seat, page }: Console) -> PageResult {
    draw(&app, page, seat, None, String::new()).await
}

#[derive(Deserialize)]
pub struct Lines {
    #[serde(default)]
    lines: String,
}

pub async fn save(State(app): State<App>, p: Page, Signed { seat, form }: Signed<Lines>) -> PageResult {
    let who = curator(&app, &seat).await?;
    let done = app.library.workshop().save_cases(&who, &form.lines).await?;
    let lines = if done.bad.is_empty() { String::new() } else { form.lines };
    draw(&app, p.in_lang(seat.lang), seat, Some(done), lines).await
}

#[derive(Deserialize)]
pub struct Which {
    id: String,
}

pub async fn drop(State(app): State<App>, Signed { seat, form }: Signed<Which>) -> PageResult {
    let who = curator(&app, &seat).await?;
    app.library.workshop().drop_case(&who, &form.id).await?;
    Ok(to("/console/kb/questions?done=kb-dropped"))
}
