//! A case as the command line describes it.
use std::sync::Arc;

use anyhow::{Result, anyhow, bail};
use firstline_core::Time;
use firstline_core::clocks::{ClockEvent, What};
use firstline_core::plan::Plan;

use super::{events, local};
use crate::cli::args::Explain;

/// What the clocks are replayed from.
pub struct Case {
    pub plan: Arc<Plan>,
    pub opened_at: Time,
    pub events: Vec<ClockEvent>,
    pub now: Time,
}

impl Case {
    pub fn of(plan: Arc<Plan>, asked: &Explain) -> Result<Case> {
        let severity = asked.severity.ok_or_else(|| missing("--severity"))?;
        let kind = asked.kind.ok_or_else(|| missing("--kind"))?;
        let at = asked.at.as_deref().ok_or_else(|| missing("--at"))?;
        known_level(&plan, "--severity", severity)?;
        if let Some(region) =
            asked.region.as_ref().filter(|r| !plan.regions.is_empty() && !plan.regions.contains(r))
        {
            bail!("--region {region:?}: plan {} knows {}", plan.id, plan.regions.join(", "));
        }
        let mut opened_at = instant("--at", at, &plan)?;
        let happened = match &asked.events {
            Some(file) => events::read(file, &plan)?,
            None => events::Happened::default(),
        };
        opened_at = happened.opened_at.unwrap_or(opened_at);
        if let Some(early) = happened.events.iter().find(|e| e.at < opened_at) {
            bail!(
                "an event at {} lies before the opening at {}",
                local(&plan, early.at),
                local(&plan, opened_at)
            );
        }
        let opening = What::opened(kind, severity, asked.difficulty, asked.region.clone());
        let mut events = vec![ClockEvent { at: opened_at, what: opening }];
        events.extend(happened.events);
        let now = match &asked.now {
            Some(text) => instant("--now", text, &plan)?,
            None => events.last().map_or(opened_at, |e| e.at),
        };
        if now < opened_at {
            bail!("--now {} lies before the opening at {}", local(&plan, now), local(&plan, opened_at));
        }
        // What is later than --now has not happened yet: neither the facts nor the clocks know it.
        events.retain(|e| e.at <= now);
        Ok(Case { plan, opened_at, events, now })
    }
}

fn missing(flag: &str) -> anyhow::Error {
    anyhow!("{flag} is needed to explain a plan; a ticket such as FL-1024 needs none")
}

/// Refuses a level that the plan's scheme does not have.
pub fn known_level(plan: &Plan, what: &str, level: u8) -> Result<()> {
    let levels = plan.levels();
    if levels.contains(&level) {
        return Ok(());
    }
    bail!("{what} {level}: the scheme {} of plan {} has the levels {levels:?}", plan.severity.name, plan.id)
}

/// RFC 3339 with or without seconds; without an offset in the plan's own zone.
pub fn instant(what: &str, text: &str, plan: &Plan) -> Result<Time> {
    if let Ok(at) = text.trim().parse::<jiff::Timestamp>() {
        return Ok(Time::from_timestamp(at));
    }
    // A date alone would be midnight, which nobody means.
    let timed = text.trim().len() > "2026-09-30".len();
    let local: Option<jiff::civil::DateTime> = text.trim().parse().ok().filter(|_| timed);
    let at = local.and_then(|l| plan.service.zone().to_timestamp(l).ok());
    at.map(Time::from_timestamp)
        .ok_or_else(|| anyhow!("{what}: {text:?} is no time such as 2026-09-30T17:40+08:00"))
}
