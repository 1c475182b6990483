//! The Node.js release schedule: channels with their dates and no releases.
use std::path::Path;

use jiff::civil::Date;
use serde_json::Value;

use super::dotnet::text;
use super::entries::Entries;
use super::{Options, product_of};
use crate::catalogue::model::{Channel, Product, Texts};

pub(super) fn is(value: &Value) -> bool {
    value.as_object().is_some_and(|all| {
        !all.is_empty() && all.iter().all(|(name, line)| name.starts_with('v') && line.get("start").is_some())
    })
}

pub(super) fn take(
    entries: &mut Entries,
    place: &Path,
    value: &Value,
    options: &Options,
) -> Result<(), String> {
    let mut channels = Vec::new();
    for (name, line) in value.as_object().into_iter().flatten() {
        let day = |key: &str| -> Result<Option<Date>, String> {
            let Some(given) = text(line, key) else { return Ok(None) };
            given.parse().map(Some).map_err(|_| format!("{key}: {given:?} is no date like 2026-01-31"))
        };
        let channel = (|| {
            Ok::<Channel, String>(Channel {
                name: name.trim_start_matches('v').to_string(),
                kind: Some(if line.get("lts").is_some() { "lts" } else { "sts" }.into()),
                start: day("start")?,
                maintenance: day("maintenance")?,
                end_of_life: day("end")?,
                phase: None,
            })
        })();
        match channel {
            Ok(channel) => channels.push(channel),
            Err(what) => entries.problem_of(place, name, what),
        }
    }
    let product = Product {
        title: Texts::new("", "Node.js"),
        aliases: vec!["nodejs".into()],
        channels,
        ..Product::new("node")
    };
    entries.product(place, product_of(options, product), false);
    Ok(())
}
