//! The answer for programs. Its shape is fixed; keys are only ever added.
use anyhow::{Context, Result};
use firstline_core::clocks::{self, Explained};
use serde_json::{Value, json};

use super::case::Case;
use super::local;

pub fn render(case: &Case, explained: &[Explained]) -> Result<String> {
    let facts = clocks::facts(&case.events).context("the case was never opened")?;
    let plan = &case.plan;
    let at = |time| local(plan, time);
    let milestone = |e: &Explained| -> Value {
        let r = &e.reading;
        let account: Vec<Value> = e
            .account
            .iter()
            .map(|line| json!({ "from": at(line.from), "to": at(line.to), "counted_seconds": line.counted_seconds, "why": line.why.code() }))
            .collect();
        json!({
            "name": r.milestone,
            "target": r.target,
            "calendar": r.calendar,
            "due_at": at(r.due_at),
            "remaining_seconds": r.remaining_seconds,
            "state": r.state,
            "met_at": r.met_at.map(at),
            "breached_by_seconds": r.breached_by_seconds,
            "breaches": r.breaches.iter().map(|b| json!({ "due_at": at(b.due_at), "seconds": b.seconds })).collect::<Vec<_>>(),
            "account": account,
        })
    };
    let out = json!({
        "plan": plan.base_id(),
        "plan_version": plan.version,
        "contract": plan.base.as_ref().map(|b| &b.contract),
        "overridden": plan.base.as_ref().map(|b| b.overridden()).unwrap_or_default(),
        "severity": facts.severity,
        "kind": facts.kind,
        "difficulty": facts.difficulty,
        "region": facts.region,
        "opened_at": at(case.opened_at),
        "now": at(case.now),
        "milestones": explained.iter().map(milestone).collect::<Vec<_>>(),
    });
    Ok(serde_json::to_string_pretty(&out)?)
}
