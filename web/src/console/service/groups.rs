//! `/console/groups`: who works together, what they know, when they are there.
use std::collections::HashMap;

use askama::Template;
use axum::extract::{Path, State};
use firstline_core::Error;
use firstline_core::groups::{Group, NewGroup, open_at, rows};
use firstline_core::routing::{GroupKind, Opening};
use firstline_core::staff;

use super::choices::{Choice, causes, choices};
use super::fields::{Fields, problem};
use crate::App;
use crate::console::seat::{Console, Seat};
use crate::pages::error::PageResult;
use crate::pages::{Page, html, to};

pub struct GroupLine {
    pub group: Group,
    pub members: Vec<String>,
    pub skills: String,
    pub open: bool,
    /// `open now` or when it opens.
    pub opening: String,
}

#[derive(Template)]
#[template(path = "console/service/groups.html")]
struct GroupsPage {
    p: Page,
    seat: Seat,
    rows: Vec<GroupLine>,
    form: GroupForm,
    problem: String,
}

/// The choices of the form, filled from a group or from what was sent.
pub struct GroupForm {
    name: String,
    region: String,
    zone: String,
    hours: String,
    holidays: bool,
    version: i64,
    kinds: Vec<Choice>,
    skills: Vec<Choice>,
    members: Vec<Choice>,
}

pub async fn show(State(app): State<App>, Console { seat, page }: Console) -> PageResult {
    draw(&app, page, seat, String::new()).await
}

async fn draw(app: &App, p: Page, seat: Seat, problem: String) -> PageResult {
    let names: HashMap<String, String> =
        staff::all(&app.desk.db).await?.into_iter().map(|s| (s.id, s.name)).collect();
    let members = rows::members(&app.desk.db).await?;
    let sets = app.desk.plans.holidays();
    let mut lines = Vec::new();
    for group in rows::all(&app.desk.db).await? {
        let mine = members.iter().filter(|(id, _)| *id == group.id);
        let opening = open_at(&group, p.now, &sets);
        lines.push(GroupLine {
            members: mine.filter_map(|(_, id)| names.get(id).cloned()).collect(),
            skills: skills(&p, &group),
            open: opening == Opening::Open,
            opening: said(&p, opening),
            group,
        });
    }
    let form = form(app, &p, None).await?;
    Ok(html(&GroupsPage { p, seat, rows: lines, form, problem }))
}

fn skills(p: &Page, group: &Group) -> String {
    let known: Vec<&str> = group.skills.0.iter().map(|c| c.as_str()).collect();
    let words: Vec<String> = causes(p, &known).into_iter().filter(|c| c.chosen).map(|c| c.label).collect();
    if words.is_empty() { p.t("group-all-skills") } else { words.join(&p.t("list-comma")) }
}

pub fn said(p: &Page, opening: Opening) -> String {
    match opening {
        Opening::Open => p.t("group-open"),
        Opening::Closed { next: Some(at) } => p.t1("group-opens", &p.moment(at)),
        Opening::Closed { next: None } => p.t("group-closed"),
    }
}

async fn form(app: &App, p: &Page, group: Option<&Group>) -> PageResult<GroupForm> {
    let staff = staff::all(&app.desk.db).await?;
    let names: HashMap<&str, &str> = staff.iter().map(|s| (s.id.as_str(), s.name.as_str())).collect();
    let all = rows::members(&app.desk.db).await?;
    let id = group.map_or("", |g| g.id.as_str());
    let mine: Vec<&str> = all.iter().filter(|(g, _)| g == id).map(|(_, s)| s.as_str()).collect();
    let known: Vec<&str> = group.iter().flat_map(|g| g.skills.0.iter().map(|c| c.as_str())).collect();
    let kind = group.map_or("general", |g| g.kind.as_str());
    let able = staff.iter().filter(|s| !s.disabled).map(|s| s.id.as_str());
    Ok(GroupForm {
        name: group.map(|g| g.name.clone()).unwrap_or_default(),
        region: group.and_then(|g| g.region.clone()).unwrap_or_default(),
        zone: group.map_or_else(|| "Asia/Shanghai".to_owned(), |g| g.zone.clone()),
        hours: group.map_or_else(|| "mon-fri 09:00-18:00".to_owned(), |g| g.hours.clone()),
        holidays: group.is_none_or(|g| g.holidays),
        version: group.map_or(-1, |g| g.version),
        kinds: choices(GroupKind::ALL.iter().map(|k| k.as_str()), &[kind], |k| p.word("group-kind", k)),
        skills: causes(p, &known),
        members: choices(able, &mine, |id| names.get(id).copied().unwrap_or_default().to_owned()),
    })
}

fn of_form(form: &Fields) -> Result<NewGroup, Error> {
    let skills: Result<Vec<_>, Error> = form.all("skills").iter().map(|s| s.parse()).collect();
    Ok(NewGroup {
        name: form.get("name"),
        kind: form.get("kind").parse()?,
        region: form.some("region"),
        skills: skills?,
        zone: form.get("zone"),
        hours: form.get("hours"),
        holidays: form.some("holidays").is_some(),
        members: form.all("members"),
    })
}

pub async fn add(State(app): State<App>, form: Fields) -> PageResult {
    let result = match of_form(&form) {
        Ok(new) => app.desk.add_group(&form.seat.actor(), &new).await,
        Err(error) => Err(error),
    };
    match result {
        Ok(_) => Ok(to("/console/groups?done=saved")),
        Err(error) => {
            let problem = problem(&form.page, error)?;
            draw(&app, form.page, form.seat, problem).await
        }
    }
}

#[derive(Template)]
#[template(path = "console/service/group.html")]
struct GroupPage {
    p: Page,
    seat: Seat,
    id: String,
    form: GroupForm,
    problem: String,
}

pub async fn one(
    State(app): State<App>,
    Console { seat, page }: Console,
    Path(id): Path<String>,
) -> PageResult {
    draw_one(&app, page, seat, id, String::new()).await
}

async fn draw_one(app: &App, mut p: Page, seat: Seat, id: String, problem: String) -> PageResult {
    p.path = format!("/console/groups/{id}");
    let group = rows::by_id(&app.desk.db, &id).await?.ok_or_else(|| Error::not_found("group", &id))?;
    let form = form(app, &p, Some(&group)).await?;
    Ok(html(&GroupPage { p, seat, id, form, problem }))
}

pub async fn change(State(app): State<App>, Path(id): Path<String>, form: Fields) -> PageResult {
    let version = form.number("version").ok().flatten().unwrap_or(-1);
    let result = match of_form(&form) {
        Ok(new) => app.desk.change_group(&form.seat.actor(), &id, version, &new).await,
        Err(error) => Err(error),
    };
    match result {
        Ok(_) => Ok(to("/console/groups?done=saved")),
        Err(error) => {
            let problem = problem(&form.page, error)?;
            draw_one(&app, form.page, form.seat, id, problem).await
        }
    }
}
