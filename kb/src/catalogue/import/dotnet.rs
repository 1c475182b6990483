//! A channel file of the .NET release family (`releases.json`), with the dirt it really has: missing and null
//! lists, blanks around CVE numbers, hashes of two lengths and cases, releases that are an SDK only.
use std::path::Path;

use jiff::civil::Date;
use serde_json::Value;

use super::entries::Entries;
use super::{Options, product_of};
use crate::catalogue::Standing;
use crate::catalogue::model::{Channel, Component, Draft, File, Product, State, Texts};
use crate::version::Version;

const PARTS: [&str; 4] = ["runtime", "aspnetcore-runtime", "windowsdesktop", "symbols"];

pub(super) fn take(
    entries: &mut Entries,
    place: &Path,
    value: &Value,
    options: &Options,
) -> Result<(), String> {
    let name = text(value, "channel-version").ok_or("channel-version is empty")?;
    let channel = Channel {
        name: name.clone(),
        kind: text(value, "release-type"),
        phase: text(value, "support-phase"),
        end_of_life: text(value, "eol-date").and_then(|d| d.parse().ok()),
        ..Channel::default()
    };
    let product = Product {
        title: Texts::new(".NET", ".NET"),
        aliases: ["dotnet", ".NET Core", "dotnet core", "asp.net core", ".NET SDK"]
            .map(String::from)
            .to_vec(),
        channels: vec![channel],
        ..Product::new("dotnet")
    };
    let product = product_of(options, product);
    let key = product.key.clone();
    entries.product(place, product, false);
    let releases = value.get("releases").and_then(Value::as_array).ok_or("releases is no list")?;
    for release in releases {
        let version =
            text(release, "release-version").unwrap_or_else(|| "a release without a version".into());
        match draft(entries, place, release, &key, &name) {
            Ok(draft) => entries.release(place, &version, draft, Standing::of(State::Published)),
            Err(what) => entries.problem_of(place, &version, what),
        }
    }
    Ok(())
}

fn draft(
    entries: &mut Entries,
    place: &Path,
    release: &Value,
    product: &str,
    channel: &str,
) -> Result<Draft, String> {
    let version = text(release, "release-version").ok_or("release-version is missing")?;
    let version = Version::parse(&version).map_err(|e| format!("release-version: {e}"))?;
    let mut draft = Draft::new(product, version);
    draft.channel = Some(channel.into());
    draft.date = match text(release, "release-date") {
        None => None,
        Some(day) => Some(
            day.parse::<Date>().map_err(|_| format!("release-date: {day:?} is no date like 2026-01-31"))?,
        ),
    };
    draft.security = release.get("security").and_then(Value::as_bool).unwrap_or(false);
    let cves = release.get("cve-list").and_then(Value::as_array).into_iter().flatten();
    draft.cves = cves.filter_map(|c| text(c, "cve-id")).collect();
    draft.notes_url = text(release, "release-notes");
    for part in PARTS {
        component(entries, place, &mut draft, part, release.get(part));
    }
    for sdk in sdks(release) {
        component(entries, place, &mut draft, "sdk", Some(sdk));
    }
    draft.only = only_sdk(&draft);
    if draft.notes_url.is_none() {
        draft.notes = derived_notes(&draft);
    }
    Ok(draft)
}

/// `sdk` repeats the first of `sdks`; where there is no list it is the only one.
fn sdks(release: &Value) -> Vec<&Value> {
    let list: Vec<&Value> = release.get("sdks").and_then(Value::as_array).into_iter().flatten().collect();
    if list.is_empty() { release.get("sdk").into_iter().filter(|s| s.is_object()).collect() } else { list }
}

fn component(entries: &mut Entries, place: &Path, draft: &mut Draft, name: &str, given: Option<&Value>) {
    let Some(given) = given.filter(|g| g.is_object()) else { return };
    if let Some(version) = text(given, "version") {
        draft.components.push(Component { name: name.into(), version });
    }
    let release = draft.version.to_string();
    for file in given.get("files").and_then(Value::as_array).into_iter().flatten() {
        let file = File {
            name: text(file, "name").unwrap_or_default(),
            component: Some(name.into()),
            platform: text(file, "rid"),
            url: text(file, "url"),
            hash: text(file, "hash"),
            ..File::default()
        };
        entries.file(place, &release, file, &mut draft.files);
    }
}

/// An entry whose own number is that of an SDK, not of a runtime, is no release of the whole.
fn only_sdk(draft: &Draft) -> Option<String> {
    let of = |name: &str| draft.components.iter().find(|c| c.name == name);
    let numbers = |text: &str| Version::parse(text).ok().map(|v| v.numbers().to_vec());
    let own = Some(draft.version.numbers().to_vec());
    let runs = of("runtime").is_some_and(|c| numbers(&c.version) == own);
    let is_sdk = of("sdk").is_some_and(|c| numbers(&c.version) == own) || of("runtime").is_none();
    (!runs && is_sdk).then(|| "sdk".to_string())
}

/// Its source has no notes: what the entry itself says is the description.
fn derived_notes(draft: &Draft) -> Texts {
    let parts: Vec<String> = draft.components.iter().map(|c| format!("{} {}", c.name, c.version)).collect();
    let (parts, cves) = (parts.join(", "), draft.cves.join(", "));
    let zh = if cves.is_empty() {
        format!("包含：{parts}。")
    } else {
        format!("包含：{parts}。修复：{cves}。")
    };
    let en = if cves.is_empty() {
        format!("Contains {parts}.")
    } else {
        format!("Contains {parts}. Fixes {cves}.")
    };
    Texts { zh, en }
}

pub(super) fn text(value: &Value, key: &str) -> Option<String> {
    let text = value.get(key)?.as_str()?.trim();
    (!text.is_empty()).then(|| text.to_string())
}
