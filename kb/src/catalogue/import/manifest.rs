//! Our own manifest: `[[product]]` and `[[release]]` in TOML, or the same as JSON.
use std::path::Path;

use firstline_core::{Error, Result, Time};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::entries::Entries;
use crate::catalogue::Standing;
use crate::catalogue::model::{Audience, Draft, Product, State, Texts};

/// The keys of a release that say how it stands, not what it is.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Stands {
    state: Option<State>,
    audience: Option<Audience>,
    chosen: Vec<String>,
    published_at: Option<Time>,
    withdrawn_at: Option<Time>,
    /// Why it was withdrawn.
    reason: Texts,
}

const STANDS: [&str; 6] = ["state", "audience", "chosen", "published_at", "withdrawn_at", "reason"];

pub(super) fn is(value: &Value) -> bool {
    ["product", "products", "release", "releases"].iter().any(|key| value.get(key).is_some())
}

pub(super) fn toml(entries: &mut Entries, place: &Path, text: &str) -> Result<(), String> {
    let table: toml::Table =
        toml::from_str(text).map_err(|e| format!("is not TOML: {}", e.to_string().trim()))?;
    let value = serde_json::to_value(table).map_err(|e| e.to_string())?;
    if !is(&value) {
        return Ok(());
    }
    json(entries, place, value)
}

pub(super) fn json(entries: &mut Entries, place: &Path, value: Value) -> Result<(), String> {
    let Value::Object(mut all) = value else {
        return Err("must be an object with products and releases".into());
    };
    for given in list(&mut all, ["product", "products"])? {
        let name = given.get("key").and_then(Value::as_str).unwrap_or("a product without a key").to_string();
        match serde_json::from_value::<Product>(dates_as_text(given)) {
            Ok(product) => entries.product(place, product, true),
            Err(e) => entries.problem_of(place, &name, e.to_string()),
        }
    }
    let only = (entries.products.len() == 1).then(|| entries.products[0].product.key.clone());
    for given in list(&mut all, ["release", "releases"])? {
        let text = |key: &str| given.get(key).and_then(Value::as_str).unwrap_or("?").to_string();
        let name = format!("{} {}", text("product"), text("version"));
        match release(given, only.as_deref()) {
            Ok((draft, stand)) => entries.release(place, &name, draft, stand),
            Err(what) => entries.problem_of(place, &name, what),
        }
    }
    for key in all.keys() {
        entries.problem_of(place, key, "is no part of a catalogue; product and release are");
    }
    Ok(())
}

/// A file with one release at its top.
pub(super) fn one(text: &str) -> Result<Draft> {
    let value = match serde_json::from_str::<Value>(text) {
        Ok(value) => value,
        Err(_) => {
            let table: toml::Table = toml::from_str(text).map_err(|e| {
                Error::invalid("release", format!("is neither JSON nor TOML: {}", e.to_string().trim()))
            })?;
            serde_json::to_value(table).map_err(|e| Error::invalid("release", e.to_string()))?
        }
    };
    release(value, None).map(|(draft, _)| draft).map_err(|e| Error::invalid("release", e))
}

fn release(given: Value, only_product: Option<&str>) -> Result<(Draft, Standing), String> {
    let Value::Object(mut all) = dates_as_text(given) else { return Err("must be a table".into()) };
    let mut stands = Map::new();
    for key in STANDS {
        if let Some(value) = all.remove(key) {
            stands.insert(key.into(), value);
        }
    }
    if let (None, Some(key)) = (all.get("product"), only_product) {
        all.insert("product".into(), key.into());
    }
    for key in ["platforms", "platform", "codes", "fixes", "cves", "supersedes", "prerequisites", "editions"]
    {
        // One name may stand for a list of one.
        if let Some(Value::String(one)) = all.get(key).cloned() {
            all.insert(key.into(), Value::Array(vec![one.into()]));
        }
    }
    if let Some(Value::Number(n)) = all.get("version").cloned() {
        return Err(format!("version: {n} is a number; write it in quotes, or 3.10 becomes 3.1"));
    }
    let draft: Draft = serde_json::from_value(Value::Object(all)).map_err(|e| e.to_string())?;
    let stands: Stands = serde_json::from_value(Value::Object(stands)).map_err(|e| e.to_string())?;
    let state = stands.state.unwrap_or(State::Published);
    if state == State::Withdrawn && stands.reason.is_empty() {
        return Err("reason: is missing: say why it was withdrawn and what to do now".into());
    }
    let stand = Standing {
        state,
        audience: stands.audience.unwrap_or(Audience::Everyone),
        chosen: stands.chosen,
        published_at: stands.published_at,
        withdrawn_at: stands.withdrawn_at,
        reason: stands.reason,
    };
    Ok((draft, stand))
}

fn list(all: &mut Map<String, Value>, names: [&str; 2]) -> Result<Vec<Value>, String> {
    let mut found = Vec::new();
    for name in names {
        match all.remove(name) {
            None => {}
            Some(Value::Array(list)) => found.extend(list),
            Some(one @ Value::Object(_)) => found.push(one),
            Some(_) => return Err(format!("{name}: must be a list")),
        }
    }
    Ok(found)
}

/// TOML's own dates arrive as `{"$__toml_private_datetime": "2026-01-31"}`.
fn dates_as_text(value: Value) -> Value {
    match value {
        Value::Object(map) => match map.get("$__toml_private_datetime") {
            Some(date) => date.clone(),
            None => Value::Object(map.into_iter().map(|(k, v)| (k, dates_as_text(v))).collect()),
        },
        Value::Array(list) => Value::Array(list.into_iter().map(dates_as_text).collect()),
        other => other,
    }
}
