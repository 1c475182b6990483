//! `/console/rota`: who is on duty now, and who will be.
use std::collections::HashMap;

use askama::Template;
use axum::extract::{Path, State};
use firstline_core::groups::{Duty, Group, open_at, rows};
use firstline_core::{Error, Time, staff};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::fields::{Fields, problem};
use super::groups::said;
use crate::App;
use crate::console::seat::{Console, Seat};
use crate::pages::error::PageResult;
use crate::pages::{Page, html, to};

/// How far ahead the page looks.
const DAYS: i64 = 60;

pub struct Now {
    pub group: String,
    pub opening: String,
    pub on_duty: Vec<Duty>,
}

#[derive(Template)]
#[template(path = "console/service/rota.html")]
struct RotaPage {
    p: Page,
    seat: Seat,
    now: Vec<Now>,
    coming: Vec<(Duty, String)>,
    groups: Vec<Group>,
    /// `(group and staff id, both names)` for the form.
    members: Vec<(String, String)>,
    from: String,
    until: String,
    problem: String,
}

pub async fn show(State(app): State<App>, Console { seat, page }: Console) -> PageResult {
    draw(&app, page, seat, String::new()).await
}

async fn draw(app: &App, p: Page, seat: Seat, problem: String) -> PageResult {
    let db = &app.desk.db;
    let groups = rows::all(db).await?;
    let turns = rows::duties(db, p.now, p.now.plus_seconds(DAYS * 86_400)).await?;
    let staff: HashMap<String, String> = staff::all(db).await?.into_iter().map(|s| (s.id, s.name)).collect();
    let names: HashMap<&str, &str> = groups.iter().map(|g| (g.id.as_str(), g.name.as_str())).collect();
    let sets = app.desk.plans.holidays();
    let now = groups.iter().map(|g| Now {
        group: g.name.clone(),
        opening: said(&p, open_at(g, p.now, &sets)),
        on_duty: turns.iter().filter(|d| d.group_id == g.id && d.starts_at <= p.now).cloned().collect(),
    });
    let now = now.collect();
    let name = |d: &Duty| names.get(d.group_id.as_str()).copied().unwrap_or_default().to_owned();
    let coming = turns.iter().map(|d| (d.clone(), name(d))).collect();
    let members = rows::members(db).await?.into_iter().filter_map(|(group, id)| {
        let label = format!("{} · {}", names.get(group.as_str())?, staff.get(&id)?);
        Some((format!("{group}/{id}"), label))
    });
    let members = members.collect();
    let here = p.now.timestamp().to_zoned(p.zone.clone()).datetime();
    let text = |at: DateTime| at.strftime("%Y-%m-%dT%H:00").to_string();
    let from = text(here);
    let until = text(here.saturating_add(jiff::Span::new().hours(24)));
    Ok(html(&RotaPage { p, seat, now, coming, groups, members, from, until, problem }))
}

/// `2026-11-22T17:00` as the reader's clock shows it.
fn instant(field: &str, text: &str, zone: &TimeZone) -> Result<Time, Error> {
    let wrong = || Error::invalid(field, "is not a date with a time");
    let at: DateTime = text.parse().map_err(|_| wrong())?;
    let zoned = at.to_zoned(zone.clone()).map_err(|_| wrong())?;
    Ok(Time::from_timestamp(zoned.timestamp()))
}

pub async fn add(State(app): State<App>, form: Fields) -> PageResult {
    let zone = form.page.zone.clone();
    let who = form.get("member");
    let (group, person) = who.split_once('/').unwrap_or((&who, ""));
    let span = instant("starts", &form.get("starts"), &zone)
        .and_then(|from| Ok((from, instant("ends", &form.get("ends"), &zone)?)));
    let result = match span {
        Ok(span) => app.desk.add_duty(&form.seat.actor(), group, person, span, &form.get("phone")).await,
        Err(error) => Err(error),
    };
    match result {
        Ok(_) => Ok(to("/console/rota?done=saved")),
        Err(error) => {
            let problem = problem(&form.page, error)?;
            draw(&app, form.page, form.seat, problem).await
        }
    }
}

pub async fn remove(State(app): State<App>, Path(id): Path<String>, form: Fields) -> PageResult {
    match app.desk.remove_duty(&form.seat.actor(), &id).await {
        Ok(()) => Ok(to("/console/rota?done=saved")),
        Err(error) => {
            let problem = problem(&form.page, error)?;
            draw(&app, form.page, form.seat, problem).await
        }
    }
}
