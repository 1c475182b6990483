//! The list of events of `--events`.
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use firstline_core::Time;
use firstline_core::clocks::{ClockEvent, What};
use firstline_core::plan::Plan;
use serde::Deserialize;
use serde_json::Value;

use super::case::{instant, known_level};

/// More than a ticket ever has.
const MAX_BYTES: u64 = 20_000_000;

#[derive(Deserialize)]
struct Row {
    at: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    value: Value,
}

/// What happened, in order. `opened_at` when the list says when it was opened.
#[derive(Default)]
pub struct Happened {
    pub opened_at: Option<Time>,
    pub events: Vec<ClockEvent>,
}

pub fn read(file: &Path, plan: &Plan) -> Result<Happened> {
    let name = file.display();
    let size = std::fs::metadata(file).with_context(|| format!("{name} cannot be read"))?.len();
    if size > MAX_BYTES {
        bail!("{name} has {size} bytes; at most {MAX_BYTES} are taken");
    }
    let text = std::fs::read_to_string(file).with_context(|| format!("{name} cannot be read"))?;
    // Some editors begin a file with a byte order mark.
    let rows: Vec<Row> = serde_json::from_str(text.trim_start_matches('\u{feff}'))
        .with_context(|| format!("{name}: expected a list of {{\"at\", \"type\", \"value\"}}"))?;
    let mut happened = Happened::default();
    for (nth, row) in rows.iter().enumerate() {
        let at = instant("at", &row.at, plan).with_context(|| format!("{name}: event {}", nth + 1))?;
        match what(row, plan).with_context(|| format!("{name}: event {}", nth + 1))? {
            Some(what) => happened.events.push(ClockEvent { at, what }),
            None if happened.opened_at.is_some() => {
                bail!("{name}: event {}: a ticket is opened once; later it is a status", nth + 1)
            }
            None => happened.opened_at = Some(at),
        }
    }
    // Sorting keeps the order of what happened at the same instant.
    happened.events.sort_by_key(|e| e.at);
    Ok(happened)
}

/// `None` is the opening.
fn what(row: &Row, plan: &Plan) -> Result<Option<What>> {
    let what = match row.kind.as_str() {
        "opened" => return Ok(None),
        "customer_message" => What::CustomerMessage,
        "agent_message" => What::AgentMessage,
        "automatic_message" => What::AutomaticMessage,
        "arrived" => What::Arrived,
        "substitute_provided" => What::SubstituteProvided,
        "repaired_on_site" => What::RepairedOnSite,
        "returned" => What::Returned,
        "plan_proposed" => What::PlanProposed,
        "report_sent" => What::ReportSent,
        "status" => What::Status(text(row)?.parse()?),
        "kind" => What::Kind(text(row)?.parse()?),
        "difficulty" => What::Difficulty(text(row)?.parse()?),
        "handling_mode" => What::Mode(text(row)?.parse()?),
        "region" => What::Region(row.value.as_str().map(str::to_owned)),
        "plan_confirmed" => What::PlanConfirmed(instant("value", text(row)?, plan)?),
        "severity" => {
            let number = row.value.as_u64().or_else(|| row.value.as_str()?.parse().ok());
            let level = number.and_then(|n| u8::try_from(n).ok());
            let level = level.ok_or_else(|| anyhow!("severity: {} is no level", row.value))?;
            known_level(plan, "severity", level)?;
            What::Severity(level)
        }
        other => bail!("{other:?} is no type of event; known are {}", KNOWN.join(", ")),
    };
    Ok(Some(what))
}

const KNOWN: [&str; 17] = [
    "opened",
    "customer_message",
    "agent_message",
    "automatic_message",
    "status",
    "severity",
    "kind",
    "difficulty",
    "region",
    "handling_mode",
    "plan_proposed",
    "plan_confirmed",
    "arrived",
    "substitute_provided",
    "repaired_on_site",
    "returned",
    "report_sent",
];

fn text(row: &Row) -> Result<&str> {
    row.value.as_str().ok_or_else(|| anyhow!("{} needs a text as its value, not {}", row.kind, row.value))
}
