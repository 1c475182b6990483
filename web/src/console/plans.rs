//! `/console/plans`: the service plans, what each promises at every level, and editing as TOML with check.
//! Saving makes a new version; tickets that run keep theirs.
mod form;
pub mod holidays;
pub mod running;

use askama::Template;
use axum::extract::{Path, State};
use firstline_bots::texts::length;
use firstline_core::Error;
use firstline_core::plan::edit::edited;
use firstline_core::plan::{Facts, Fault, Milestone, Plan, check};
use firstline_core::staff::Right;
use firstline_core::ticket::Kind;
use serde::Deserialize;

use form::{HoursField, TargetField};

use super::seat::{Console, Seat, Signed};
use super::service::fields::Fields;
use crate::App;
use crate::pages::error::PageResult;
use crate::pages::{Page, PageError, html, to};

#[derive(Template)]
#[template(path = "console/plans.html")]
struct PlansPage {
    p: Page,
    seat: Seat,
    plans: Vec<Row>,
}

struct Row {
    id: String,
    version: u32,
    title: String,
    scheme: String,
}

pub async fn list(State(app): State<App>, Console { seat, page: p }: Console) -> PageResult {
    let row = |plan: &Plan| Row {
        id: plan.id.clone(),
        version: plan.version,
        title: plan.title(p.lang.tag()).to_owned(),
        scheme: plan.severity.name.clone(),
    };
    let plans = app.desk.plans.all().iter().map(|plan| row(plan)).collect();
    Ok(html(&PlansPage { p, seat, plans }))
}

#[derive(Template)]
#[template(path = "console/plan.html")]
struct PlanPage {
    p: Page,
    seat: Seat,
    id: String,
    version: u32,
    title: String,
    levels: Vec<i64>,
    promises: Vec<Promise>,
    escalation: Vec<(String, String)>,
    missing: Vec<String>,
    source: String,
    may_edit: bool,
    faults: Vec<Fault>,
    checked: bool,
    /// Of a contract's own plan: the contract's id and number.
    contract: Option<(String, String)>,
    overridden: Vec<String>,
    targets: Vec<TargetField>,
    hours: Vec<HoursField>,
    calendars: Vec<String>,
    /// Running tickets under an older version.
    older: i64,
}

/// What is promised for a kind: a length for each level.
struct Promise {
    kind: String,
    milestone: String,
    lengths: Vec<String>,
    calendar: String,
}

pub async fn show(
    State(app): State<App>,
    Console { seat, page }: Console,
    Path(id): Path<String>,
) -> PageResult {
    let plan = app.desk.plans.get(&id)?;
    draw(&app, page, seat, &plan, plan.source.to_string(), None).await
}

/// The plan of a contract, with what it has other than the plan it is made from.
pub async fn of_contract(
    State(app): State<App>,
    Console { seat, page }: Console,
    Path(id): Path<String>,
) -> PageResult {
    let contract = app.desk.contract(&id).await?;
    let plan = app.desk.contract_plan(&contract).await?;
    draw(&app, page, seat, &plan, plan.source.to_string(), None).await
}

async fn draw(
    app: &App,
    mut p: Page,
    seat: Seat,
    plan: &Plan,
    source: String,
    faults: Option<Vec<Fault>>,
) -> PageResult {
    let missing = check::missing_holidays(&plan.source, &app.desk.plans.holidays(), p.now);
    let contract_id = plan.id.split_once('@').map(|(_, id)| id.to_owned());
    let contract = contract_id.zip(plan.base.as_ref().map(|b| b.contract.clone()));
    let own = contract.is_some();
    if !own {
        // Also when drawn for a form: the links of the page lead to the page.
        p.path = format!("/console/plans/{}", plan.base_id());
        p.query.clear();
    }
    Ok(html(&PlanPage {
        overridden: plan.base.as_ref().map(|b| b.overridden()).unwrap_or_default(),
        targets: form::targets(&p, plan),
        hours: form::hours(&p, plan),
        calendars: plan.calendars.keys().cloned().collect(),
        older: if own { 0 } else { app.desk.count_renewals(&plan.id).await? },
        contract,
        id: plan.base_id().to_owned(),
        version: plan.version,
        title: plan.title(p.lang.tag()).to_owned(),
        levels: plan.levels().into_iter().map(i64::from).collect(),
        promises: promises(&p, plan),
        escalation: escalation(&p, plan),
        missing: missing.iter().map(ToString::to_string).collect(),
        may_edit: !own && seat.may(Right::EditPlans),
        checked: faults.is_some(),
        faults: faults.unwrap_or_default(),
        source,
        p,
        seat,
    }))
}

/// One row for each kind and milestone; kinds with the same promises stand together.
fn promises(p: &Page, plan: &Plan) -> Vec<Promise> {
    let mut rows: Vec<(Vec<Kind>, Milestone, Vec<String>, String)> = Vec::new();
    for &milestone in Milestone::ALL {
        for &kind in Kind::ALL {
            let mut calendar = String::new();
            let of = |severity: u8| {
                let facts = Facts {
                    kind,
                    severity,
                    difficulty: firstline_core::plan::Difficulty::Ordinary,
                    region: plan.regions.first().map(String::as_str),
                };
                plan.target(milestone, &facts, p.now).map(|t| {
                    calendar = t.calendar.name.clone();
                    length(t.within, p.lang.tag())
                })
            };
            let lengths: Vec<Option<String>> = plan.levels().into_iter().map(of).collect();
            if lengths.iter().all(Option::is_none) {
                continue;
            }
            let lengths: Vec<String> = lengths.into_iter().map(|l| l.unwrap_or_else(|| "–".into())).collect();
            match rows.iter_mut().find(|(_, m, l, c)| *m == milestone && *l == lengths && *c == calendar) {
                Some((kinds, ..)) => kinds.push(kind),
                None => rows.push((vec![kind], milestone, lengths, calendar)),
            }
        }
    }
    let kinds = |kinds: Vec<Kind>| match kinds.len() == Kind::ALL.len() {
        true => p.t("plan-every-kind"),
        false => {
            kinds.iter().map(|k| p.word("kind", k.as_str())).collect::<Vec<_>>().join(&p.t("plan-comma"))
        }
    };
    let row = |(k, m, lengths, calendar): (Vec<Kind>, Milestone, Vec<String>, String)| Promise {
        kind: kinds(k),
        milestone: p.word("milestone", m.as_str()),
        lengths,
        calendar,
    };
    rows.into_iter().map(row).collect()
}

/// Steps as `(when, who)`.
fn escalation(p: &Page, plan: &Plan) -> Vec<(String, String)> {
    use firstline_core::plan::Moment;
    let of = |step: &firstline_core::plan::Escalation| {
        let name = p.word("milestone", step.milestone.as_str());
        let span = |l| length(l, p.lang.tag());
        let values = |l| [("name", name.clone().into()), ("span", span(l).into())];
        let when = match step.moment {
            Moment::Opening => p.t1("step-opening", &name),
            Moment::Due => p.t1("step-due", &name),
            Moment::Before(l) => p.lang.text_with("step-before", &values(l)),
            Moment::After(l) => p.lang.text_with("step-after", &values(l)),
        };
        (when, step.to.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
    };
    plan.escalation.iter().map(of).collect()
}

#[derive(Deserialize)]
pub struct Edited {
    source: String,
    #[serde(default)]
    note: String,
    /// `check` or `save`.
    #[serde(rename = "do")]
    action: String,
}

/// Checks an edited plan; with `save`, and only without a fault, it becomes the next version.
pub async fn edit(
    State(app): State<App>,
    p: Page,
    Path(id): Path<String>,
    Signed { seat, form }: Signed<Edited>,
) -> PageResult {
    if !seat.may(Right::EditPlans) {
        return Err(PageError::Forbidden);
    }
    let plan = app.desk.plans.get(&id)?;
    let source = form.source.replace("\r\n", "\n");
    let note = (form.action == "save").then_some(form.note);
    let p = p.in_lang(seat.lang);
    store(&app, p, seat, &plan, source, note).await
}

/// The form: what was changed goes into the text, which is checked and saved like one that was typed.
pub async fn fill_in(State(app): State<App>, Path(id): Path<String>, form: Fields) -> PageResult {
    if !form.seat.may(Right::EditPlans) {
        return Err(PageError::Forbidden);
    }
    let plan = app.desk.plans.get(&id)?;
    let version = form.get("version");
    if !version.is_empty() && version != plan.version.to_string() {
        let faults = Some(vec![Fault::new("version", form.page.t("plan-changed-meanwhile"))]);
        return draw(&app, form.page, form.seat, &plan, plan.source.to_string(), faults).await;
    }
    let edits = form::edits(&form, &plan);
    let source = match edited(&plan.source, &edits) {
        Ok(source) => source,
        Err(Error::Invalid { field, reason }) => {
            let faults = Some(vec![Fault::new(field, reason)]);
            return draw(&app, form.page, form.seat, &plan, plan.source.to_string(), faults).await;
        }
        Err(other) => return Err(other.into()),
    };
    let note = (form.get("do") == "save").then(|| form.get("note"));
    store(&app, form.page, form.seat, &plan, source, note).await
}

/// Checks; with a note, and only without a fault, it becomes the next version.
async fn store(
    app: &App,
    p: Page,
    seat: Seat,
    plan: &Plan,
    source: String,
    note: Option<String>,
) -> PageResult {
    let mut faults = check::check(&source, &app.desk.plans.holidays()).faults;
    if let Some(note) = note.filter(|_| faults.is_empty()) {
        match app.desk.save_plan(&plan.id, &source, &note, &seat.id).await {
            Ok(_) => return Ok(to(&format!("/console/plans/{}?done=plan", plan.id))),
            // The overrides of a contract would not go with it any more.
            Err(Error::Invalid { field, reason }) => faults.push(Fault::new(field, reason)),
            Err(other) => return Err(other.into()),
        }
    }
    draw(app, p, seat, plan, source, Some(faults)).await
}
