//! `firstline plan check` and `firstline plan explain`.
mod case;
mod events;
mod json;
mod print;

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, bail};
use firstline_core::calendar::{HolidaySets, csv, ics};
use firstline_core::clocks;
use firstline_core::desk::{import_holidays, plan_of, refresh_plans};
use firstline_core::plan::{Plan, Plans, check as checks};
use firstline_core::ticket::{self, Number, rows};
use firstline_core::{Clock, Time};

use super::args::Explain;
use super::{database, output};
use crate::config::Config;
use crate::texts::Lang;
use case::Case;

/// A plan file larger than this is not one.
const MAX_BYTES: u64 = 1_000_000;

/// Prints every fault and warning of a plan; exit code 1 when there is a fault.
pub fn check(file: &str) -> Result<ExitCode> {
    let plans = Plans::built_in();
    let text = match shipped(&plans, file) {
        Some(plan) => plan.source.to_string(),
        None => read(file)?,
    };
    let sets = HolidaySets::built_in();
    let found = checks::check(&text, &sets);
    let missing = checks::missing_holidays(&text, &sets, Clock::system().now());
    for warning in found.warnings.iter().chain(&missing) {
        output::line(format!("warning: {file}: {warning}"))?;
    }
    for fault in &found.faults {
        output::line(format!("fault: {file}: {fault}"))?;
    }
    if found.faults.is_empty() {
        output::line(terminal_lang(None).text_with("plan-ok", &[("plan", file.into())]))?;
        return Ok(ExitCode::SUCCESS);
    }
    Ok(ExitCode::FAILURE)
}

/// Imports a set of holidays; running servers take them when they start.
pub async fn holidays(config: &Config, set: &str, file: &Path) -> Result<ExitCode> {
    let size = std::fs::metadata(file).with_context(|| format!("{} cannot be read", file.display()))?.len();
    if size > ics::MAX_BYTES as u64 {
        bail!("{} has {size} bytes; at most {} are taken", file.display(), ics::MAX_BYTES);
    }
    let bytes = std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let is_ics = file.extension().is_some_and(|e| e.eq_ignore_ascii_case("ics"));
    let days = if is_ics { ics::read(&bytes) } else { csv::read(&bytes) };
    let days = days.with_context(|| format!("{} cannot be imported", file.display()))?;
    let (db, clock) = database(config).await?;
    import_holidays(&db, &clock, set, &days).await?;
    db.close().await;
    let worked = days.days().values().filter(|d| !d.off).count();
    output::line(format!("{set}: {} free days, {worked} make-up working days", days.days().len() - worked))?;
    Ok(ExitCode::SUCCESS)
}

/// `FL-1024` is a ticket, everything else a plan or a file.
pub fn is_ticket(what: &str) -> bool {
    what.to_ascii_lowercase().starts_with("fl") && what.parse::<Number>().is_ok()
}

/// Prints what is promised to a case made up on the command line. Needs no store and no settings.
pub fn explain_plan(asked: &Explain) -> Result<ExitCode> {
    let plan = find(&Plans::built_in(), &asked.what)?;
    show(&Case::of(plan, asked)?, asked)
}

/// Prints what is promised to a ticket.
pub async fn explain_ticket(config: &Config, asked: &Explain) -> Result<ExitCode> {
    let number = asked.what.parse::<Number>()?;
    let plans = Plans::built_in();
    let (db, clock) = database(config).await?;
    let ticket = rows::by_number(&db, number).await?.ok_or_else(|| anyhow!("there is no ticket {number}"))?;
    refresh_plans(&db, &plans).await?;
    let plan = plan_of(&db, &plans, &ticket).await?;
    let timeline = rows::timeline(&db, &ticket.id).await?;
    db.close().await;
    let events = ticket::clock_events(&ticket, &timeline);
    let now = match &asked.now {
        Some(text) => case::instant("--now", text, &plan)?,
        None => clock.now(),
    };
    show(&Case { plan, opened_at: ticket.created_at, events, now }, asked)
}

fn show(case: &Case, asked: &Explain) -> Result<ExitCode> {
    let explained = clocks::explain(&case.plan, &case.events, case.now);
    if asked.json {
        output::line(json::render(case, &explained)?)?;
    } else {
        for line in print::lines(case, &explained, terminal_lang(asked.lang)) {
            output::line(line)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// A plan that ships, by its id; otherwise a file.
fn find(plans: &Plans, what: &str) -> Result<Arc<Plan>> {
    if let Some(plan) = shipped(plans, what) {
        return Ok(plan);
    }
    let text = read(what)?;
    Ok(Arc::new(Plan::parse(what, &text, &HolidaySets::built_in())?))
}

fn shipped(plans: &Plans, id: &str) -> Option<Arc<Plan>> {
    plans.all().into_iter().find(|p| p.id.eq_ignore_ascii_case(id))
}

fn read(file: &str) -> Result<String> {
    let size = std::fs::metadata(file).map(|m| m.len());
    let size = size.with_context(|| format!("{file:?} is neither the id of a plan that ships nor a file"))?;
    if size > MAX_BYTES {
        bail!("{file} has {size} bytes; a plan has at most {MAX_BYTES}");
    }
    std::fs::read_to_string(file).with_context(|| format!("{file} cannot be read"))
}

fn terminal_lang(wanted: Option<&str>) -> Lang {
    let set = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .find_map(|n| std::env::var(n).ok().filter(|v| !v.is_empty()));
    let tag = wanted.map(str::to_owned).or(set).unwrap_or_default();
    Lang::parse(&tag).unwrap_or(Lang::En)
}

/// An instant in the zone of a plan, as RFC 3339 with its offset.
fn local(plan: &Plan, at: Time) -> String {
    let zoned = at.timestamp().to_zoned(plan.service.zone().clone());
    zoned.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}
