//! `/console/plans/{id}/running`: running tickets under an older version of a plan, their due times before and
//! after, and applying the newer one to those chosen.
use askama::Template;
use axum::extract::{Path, State};
use firstline_core::desk::renewal::Renewal;
use firstline_core::staff::Right;
use firstline_core::ticket::{DueTime, Number};

use crate::App;
use crate::console::seat::{Console, Seat};
use crate::console::service::fields::Fields;
use crate::pages::error::PageResult;
use crate::pages::{Page, PageError, html, to};

#[derive(Template)]
#[template(path = "console/running.html")]
struct RunningPage {
    p: Page,
    seat: Seat,
    id: String,
    rows: Vec<Row>,
    may_edit: bool,
    problem: String,
}

struct Row {
    number: Number,
    title: String,
    from: u32,
    to: u32,
    changes: Vec<Change>,
}

/// One milestone: due before and after; empty where it is not promised.
struct Change {
    name: String,
    before: String,
    after: String,
    same: bool,
}

pub async fn show(
    State(app): State<App>,
    Console { seat, page }: Console,
    Path(id): Path<String>,
) -> PageResult {
    draw(&app, page, seat, &id, String::new()).await
}

async fn draw(app: &App, mut p: Page, seat: Seat, id: &str, problem: String) -> PageResult {
    p.path = format!("/console/plans/{id}/running");
    app.desk.plans.get(id)?;
    let found = app.desk.renewals(id).await?;
    let rows = found.into_iter().map(|r| row(&p, r)).collect();
    let may_edit = seat.may(Right::EditPlans);
    Ok(html(&RunningPage { p, seat, id: id.to_owned(), rows, may_edit, problem }))
}

fn row(p: &Page, r: Renewal) -> Row {
    let due = |all: &[DueTime], name: &str| {
        let found = all.iter().find(|d| d.milestone.as_str() == name);
        found.map(|d| p.time(&d.due_at)).unwrap_or_default()
    };
    let mut names: Vec<&str> = r.before.iter().chain(&r.after).map(|d| d.milestone.as_str()).collect();
    names.dedup();
    names.sort_unstable();
    names.dedup();
    let change = |name: &str| {
        let (before, after) = (due(&r.before, name), due(&r.after, name));
        Change { name: p.word("milestone", name), same: before == after, before, after }
    };
    let changes = names.into_iter().map(change).collect();
    Row { number: r.number, title: r.title.clone(), from: r.from.version, to: r.to.version, changes }
}

/// Applies the newest version to the tickets chosen, each by itself.
pub async fn apply(State(app): State<App>, Path(id): Path<String>, form: Fields) -> PageResult {
    if !form.seat.may(Right::EditPlans) {
        return Err(PageError::Forbidden);
    }
    let note = form.get("note");
    if note.is_empty() {
        let problem = form.page.t("problem-note");
        return draw(&app, form.page, form.seat, &id, problem).await;
    }
    let chosen: Vec<Number> = form.all("number").iter().filter_map(|n| n.parse().ok()).collect();
    if chosen.is_empty() {
        let problem = form.page.t("plan-none-chosen");
        return draw(&app, form.page, form.seat, &id, problem).await;
    }
    for renewal in app.desk.renewals(&id).await?.into_iter().filter(|r| chosen.contains(&r.number)) {
        app.desk.apply_plan(renewal.number, &form.seat.actor(), &renewal.to, &note, true).await?;
    }
    Ok(to(&format!("/console/plans/{id}/running?done=plan-applied")))
}
