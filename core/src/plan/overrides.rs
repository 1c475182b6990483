//! A contract's overrides (P6-29, P6-33): what differs from the plan for one customer, written with the keys
//! of a plan file. Plan and overrides make one plan of the contract, which is checked like every other.
use serde::{Deserialize, Serialize};
use toml::{Table, Value};

use super::{Fault, Plan, build, check};
use crate::calendar::HolidaySets;
use crate::entitlement::Terms;

/// `[base]` of a contract's plan: what it was made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Base {
    pub plan: String,
    pub version: u32,
    /// The number on paper, as it was then.
    pub contract: String,
    /// As they were signed.
    pub overrides: String,
}

/// Keys that stand beside the plan's and may differ; everything else belongs to the plan.
const KEYS: [&str; 12] = [
    "time_zone",
    "severity",
    "service",
    "regions",
    "groups",
    "calendars",
    "targets",
    "pauses",
    "escalation",
    "special_periods",
    "courses",
    "coverage",
];
/// Read by `entitlement`, beside `coverage`.
const ROUTING: &str = "routing";

impl Base {
    /// The keys that differ, in the order of a plan file.
    pub fn overridden(&self) -> Vec<String> {
        let table = self.overrides.parse::<Table>().unwrap_or_default();
        KEYS.iter().chain([&ROUTING]).filter(|k| table.contains_key(**k)).map(|k| (*k).to_owned()).collect()
    }
}

/// The id that the plan of a contract is stored under.
pub fn id_of(plan: &str, contract_id: &str) -> String {
    format!("{plan}@{contract_id}")
}

/// The plan's own id within the id of a contract's plan.
pub fn base_id(id: &str) -> &str {
    id.split_once('@').map_or(id, |(base, _)| base)
}

/// The text of a contract's plan, or every fault of the overrides: targets and special periods come before
/// the plan's, sections of the same name take their place.
pub fn merge(base: &Plan, contract: &str, overrides: &str, sets: &HolidaySets) -> Result<String, Vec<Fault>> {
    let theirs = read(overrides)?;
    let own_targets = theirs.get("targets").and_then(Value::as_array).map_or(0, Vec::len);
    let mut table: Table = base.source.parse().map_err(|e| vec![fault_of("plan", &e)])?;
    for (key, value) in theirs {
        match (key.as_str(), value) {
            ("coverage" | ROUTING, _) => {}
            ("targets" | "special_periods", Value::Array(own)) => before(&mut table, &key, own),
            ("calendars" | "pauses", Value::Table(own)) => within(&mut table, &key, own),
            (_, value) => drop(table.insert(key, value)),
        }
    }
    let made_from = Base {
        plan: base.id.clone(),
        version: base.version,
        contract: contract.to_owned(),
        overrides: overrides.to_owned(),
    };
    let made_from = Value::try_from(made_from).map_err(|e| vec![Fault::new("base", e.to_string())])?;
    table.insert("base".to_owned(), made_from);
    drop_what_is_out_of_reach(&mut table, own_targets, sets);
    let text = table.to_string();
    let checked = check::check(&text, sets);
    if checked.faults.is_empty() { Ok(text) } else { Err(checked.faults) }
}

/// The terms of a contract: the plan's with what its overrides say of coverage and routing.
pub fn merge_terms(file: &str, terms: &str, overrides: &str) -> crate::Result<Terms> {
    let wrong = |e: &dyn std::fmt::Display| crate::Error::Config(format!("{file}: {e}"));
    let theirs: Table = overrides.parse().map_err(|e: toml::de::Error| wrong(&e))?;
    let mut table: Table = terms.parse().map_err(|e: toml::de::Error| wrong(&e))?;
    let mut own_rules = 0;
    for key in ["coverage", ROUTING] {
        let Some(own) = theirs.get(key) else { continue };
        let Some(own) = own.as_table().cloned() else {
            return Err(wrong(&format!("{key}: must be a table")));
        };
        let entry = table.entry(key).or_insert_with(|| Value::Table(Table::new()));
        let Some(kept) = entry.as_table_mut() else { continue };
        for (key, value) in own {
            match (key.as_str(), value) {
                ("rules", Value::Array(own)) => {
                    own_rules = own.len();
                    before(kept, &key, own);
                }
                ("exclusions" | "quotas", Value::Array(own)) => by_id(kept, &key, own),
                (_, value) => drop(kept.insert(key, value)),
            }
        }
    }
    Terms::with_rules_first(file, &table.to_string(), own_rules)
}

fn read(overrides: &str) -> Result<Table, Vec<Fault>> {
    let table: Table = overrides.parse().map_err(|e| vec![fault_of("overrides", &e)])?;
    let known = |key: &&String| KEYS.contains(&key.as_str()) || *key == ROUTING;
    let wrong: Vec<Fault> = table
        .keys()
        .filter(|key| !known(key))
        .map(|key| {
            Fault::new(key, format!("cannot differ in a contract; what can: {}, {ROUTING}", KEYS.join(", ")))
        })
        .collect();
    if wrong.is_empty() { Ok(table) } else { Err(wrong) }
}

fn fault_of(key: &str, error: &toml::de::Error) -> Fault {
    Fault::new(key, error.to_string().trim().lines().collect::<Vec<_>>().join(" "))
}

fn before(table: &mut Table, key: &str, mut own: Vec<Value>) {
    if let Some(Value::Array(kept)) = table.remove(key) {
        own.extend(kept);
    }
    table.insert(key.to_owned(), Value::Array(own));
}

fn within(table: &mut Table, key: &str, own: Table) {
    let entry = table.entry(key).or_insert_with(|| Value::Table(Table::new()));
    if let Some(kept) = entry.as_table_mut() {
        kept.extend(own);
    }
}

fn by_id(table: &mut Table, key: &str, own: Vec<Value>) {
    let ids: Vec<Option<&str>> = own.iter().map(|v| v.get("id").and_then(Value::as_str)).collect();
    let kept: Vec<Value> = match table.get(key) {
        Some(Value::Array(kept)) => {
            kept.iter().filter(|v| !ids.contains(&v.get("id").and_then(Value::as_str))).cloned().collect()
        }
        _ => Vec::new(),
    };
    let all = own.into_iter().chain(kept).collect();
    table.insert(key.to_owned(), Value::Array(all));
}

/// The plan's own promises that no case reaches any more, and its steps for levels that the contract's
/// scheme does not have, are no fault of the overrides: they are left away.
fn drop_what_is_out_of_reach(table: &mut Table, own: usize, sets: &HolidaySets) {
    let Some(plan) = build::build(&table.to_string(), sets, &mut Default::default()) else { return };
    // A target that could not be read shifts the places of the others: its fault is told as it is.
    let written = table.get("targets").and_then(Value::as_array).map_or(0, Vec::len);
    let out = check::out_of_reach(&plan.targets, &plan);
    if let Some(Value::Array(targets)) = table.get_mut("targets").filter(|_| written == plan.targets.len()) {
        let mut nth = 0;
        targets.retain(|_| {
            nth += 1;
            nth <= own || !out.contains(&(nth - 1))
        });
    }
    let levels: Vec<i64> = plan.levels().into_iter().map(i64::from).collect();
    let promised = |step: &Value| {
        let milestone = step.get("milestone").and_then(Value::as_str);
        plan.targets.iter().any(|t| Some(t.milestone.as_str()) == milestone)
    };
    let known = |step: &Value| match step.get("severity") {
        Some(Value::Integer(level)) => levels.contains(level),
        Some(Value::Array(some)) => some.iter().filter_map(Value::as_integer).all(|l| levels.contains(&l)),
        _ => true,
    };
    let from_plan = !table
        .get("base")
        .and_then(|b| b.get("overrides")?.as_str()?.parse::<Table>().ok())
        .is_some_and(|own| own.contains_key("escalation"));
    if let Some(Value::Array(steps)) = table.get_mut("escalation").filter(|_| from_plan) {
        steps.retain(|step| known(step) && promised(step));
    }
}
