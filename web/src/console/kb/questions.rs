//! `/console/kb/questions`: the saved questions. They guard every publication, show what an entry of the dictionary
//! would do, and can be asked all at once.
use askama::Template;
use axum::extract::{Query, State};
use firstline_kb::eval::{self, Asked, Calls, Figures, Share};
use firstline_kb::saved::{MOST, SavedQuestion, Uploaded};
use serde::Deserialize;
use serde_json::json;

use super::{Names, SECTIONS, Section, filled, names, told};
use crate::App;
use crate::console::seat::{Console, Seat, Signed};
use crate::pages::error::PageResult;
use crate::pages::{Page, html, to};

/// How they are answered as things stand.
struct Run {
    asked: Vec<Asked>,
    figures: Figures,
    calls: Calls,
}

impl Run {
    fn percent(&self, share: &Share) -> String {
        format!("{:.0} %", share.value * 100.0)
    }

    fn of(&self, id: &str) -> Option<&Asked> {
        self.asked.iter().find(|asked| asked.id == id)
    }
}

#[derive(Template)]
#[template(path = "kb/questions.html")]
struct QuestionsPage {
    p: Page,
    seat: Seat,
    sections: &'static [Section],
    cases: Vec<SavedQuestion>,
    names: Names,
    run: Option<Run>,
    done: Option<Uploaded>,
    lines: String,
    may_change: bool,
    most: usize,
    problem: String,
}

async fn draw(app: &App, mut p: Page, seat: Seat, with: With) -> PageResult {
    p.path = "/console/kb/questions".into();
    let cases = app.library.saved_questions().await?;
    let run = if with.ask && !cases.is_empty() {
        let all: Vec<_> = cases.iter().map(SavedQuestion::case).collect();
        let asked = eval::ask(&app.library, &all, &mut |_| {}).await?;
        Some(Run { figures: Figures::of(asked.iter()), calls: Calls::of(&asked), asked })
    } else {
        None
    };
    let may_change = seat.curator().may_publish();
    let names = names(app, seat.lang).await?;
    let With { done, lines, problem, .. } = with;
    let sections = &SECTIONS;
    Ok(html(&QuestionsPage {
        p,
        seat,
        sections,
        cases,
        names,
        run,
        done,
        lines,
        may_change,
        most: MOST,
        problem,
    }))
}

#[derive(Default)]
struct With {
    ask: bool,
    done: Option<Uploaded>,
    lines: String,
    problem: String,
}

#[derive(Deserialize)]
pub struct Wish {
    #[serde(default)]
    ask: String,
}

pub async fn show(
    State(app): State<App>,
    Console { seat, page }: Console,
    Query(wish): Query<Wish>,
) -> PageResult {
    draw(&app, page, seat, With { ask: !wish.ask.is_empty(), ..With::default() }).await
}

#[derive(Deserialize)]
pub struct Lines {
    #[serde(default)]
    lines: String,
}

pub async fn save(State(app): State<App>, p: Page, Signed { seat, form }: Signed<Lines>) -> PageResult {
    let who = seat.curator();
    let with = match app.library.save_questions(&who, &form.lines).await {
        Ok(done) => {
            let lines = if done.bad.is_empty() { String::new() } else { form.lines };
            With { done: Some(done), lines, ..With::default() }
        }
        Err(error) => With { problem: told(seat.lang, error)?, lines: form.lines, ..With::default() },
    };
    draw(&app, p.in_lang(seat.lang), seat, with).await
}

/// One question, as the page or the test panel has it.
#[derive(Deserialize)]
pub struct One {
    #[serde(default)]
    query: String,
    #[serde(default)]
    lang: String,
    #[serde(default)]
    product: String,
    #[serde(default)]
    version: String,
    /// External ids, separated by commas or blanks.
    #[serde(default)]
    relevant: String,
}

/// `POST /console/kb/questions/keep`
pub async fn keep(State(app): State<App>, p: Page, Signed { seat, form }: Signed<One>) -> PageResult {
    let who = seat.curator();
    let relevant: Vec<&str> =
        form.relevant.split([',', '，', ' ', '\n']).map(str::trim).filter(|id| !id.is_empty()).collect();
    let p = p.in_lang(seat.lang);
    for id in &relevant {
        if app.library.article(id).await?.is_none_or(|found| found.external_id != *id) {
            let with = With { problem: p.t1("kb-problem-no-article", id), ..With::default() };
            return draw(&app, p, seat, with).await;
        }
    }
    let case = json!({ "id": "", "query": form.query, "lang": filled(&form.lang), "product": filled(&form.product),
        "version": filled(&form.version), "relevant": relevant });
    let with = match app.library.save_questions(&who, &case.to_string()).await {
        Ok(done) if done.bad.is_empty() => return Ok(to("/console/kb/questions?done=kb-question-kept")),
        Ok(done) => With { done: Some(done), ..With::default() },
        Err(error) => With { problem: told(seat.lang, error)?, ..With::default() },
    };
    draw(&app, p, seat, with).await
}

#[derive(Deserialize)]
pub struct Which {
    id: String,
}

pub async fn drop(State(app): State<App>, p: Page, Signed { seat, form }: Signed<Which>) -> PageResult {
    let who = seat.curator();
    match app.library.drop_question(&who, &form.id).await {
        Ok(()) => Ok(to("/console/kb/questions?done=kb-dropped")),
        Err(error) => {
            let with = With { problem: told(seat.lang, error)?, ..With::default() };
            draw(&app, p.in_lang(seat.lang), seat, with).await
        }
    }
}
