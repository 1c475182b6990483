//! Releases as GitHub lists them.
use std::path::Path;

use firstline_core::Time;
use serde_json::Value;

use super::dotnet::text;
use super::entries::Entries;
use super::{Options, product_of};
use crate::catalogue::Standing;
use crate::catalogue::model::{Draft, File, Product, State, Texts};
use crate::catalogue::names;
use crate::version::{Version, mentions};

pub(super) fn is(value: &Value) -> bool {
    let one = value.as_array().map_or(Some(value), |list| list.first());
    one.is_some_and(|release| release.get("tag_name").is_some())
}

pub(super) fn take(
    entries: &mut Entries,
    place: &Path,
    value: &Value,
    options: &Options,
) -> Result<(), String> {
    let one = std::slice::from_ref(value);
    let releases: &[Value] = value.as_array().map_or(one, Vec::as_slice);
    let repository = releases.iter().find_map(repository).or_else(|| {
        let stem = place.file_name()?.to_string_lossy().split('.').next()?.to_string();
        (stem != "releases").then_some(stem)
    });
    let named = options.product.clone().or(repository);
    let name = named.ok_or("names no repository; say which product it is with --product")?;
    let product =
        product_of(options, Product { title: Texts::new("", &name), ..Product::new(&names::key_of(&name)) });
    let key = product.key.clone();
    entries.product(place, product, false);
    for release in releases {
        let tag = text(release, "tag_name").unwrap_or_else(|| "a release without a tag".into());
        match draft(entries, place, release, &key) {
            Ok((draft, stand)) => entries.release(place, &tag, draft, stand),
            Err(what) => entries.problem_of(place, &tag, what),
        }
    }
    Ok(())
}

/// The repository in `https://github.com/OWNER/REPOSITORY/releases/…`.
fn repository(release: &Value) -> Option<String> {
    let url = text(release, "html_url")?;
    let path = url.split_once("://")?.1;
    path.split('/').nth(2).filter(|name| !name.is_empty()).map(str::to_owned)
}

fn draft(
    entries: &mut Entries,
    place: &Path,
    release: &Value,
    product: &str,
) -> Result<(Draft, Standing), String> {
    let tag = text(release, "tag_name").ok_or("tag_name is missing")?;
    let version = version_of(&tag).ok_or_else(|| format!("tag_name: {tag:?} holds no version"))?;
    let flag = |key: &str| release.get(key).and_then(Value::as_bool).unwrap_or(false);
    let mut draft = Draft::new(product, version);
    if flag("prerelease") {
        draft.channel = Some("preview".into());
    }
    let published: Option<Time> =
        text(release, "published_at").and_then(|t| serde_json::from_value(t.into()).ok());
    draft.date = published.map(|t| t.timestamp().to_zoned(jiff::tz::TimeZone::UTC).date());
    draft.notes = text(release, "body").map(|body| Texts::of_script(&body)).unwrap_or_default();
    draft.notes_url = text(release, "html_url");
    let upper = draft.notes.of("en").to_uppercase();
    let words = upper.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
    draft.cves = words.filter(|w| is_cve(w)).map(String::from).collect();
    draft.security = !draft.cves.is_empty();
    for asset in release.get("assets").and_then(Value::as_array).into_iter().flatten() {
        let file = File {
            name: text(asset, "name").unwrap_or_default(),
            url: text(asset, "browser_download_url"),
            size: asset.get("size").and_then(Value::as_i64),
            hash: text(asset, "digest").and_then(|d| d.split_once(':').map(|(_, hash)| hash.to_string())),
            ..File::default()
        };
        entries.file(place, &tag, file, &mut draft.files);
    }
    let state = if flag("draft") { State::Draft } else { State::Published };
    Ok((draft, Standing { published_at: published, ..Standing::of(state) }))
}

/// `v1.2.3`, `release-1.2.3`, `app/v1.2.3`, `app-v1.2.3`.
pub(super) fn version_of(tag: &str) -> Option<Version> {
    let last = tag.rsplit('/').next().unwrap_or(tag);
    Version::parse(last).ok().or_else(|| {
        let digit = last.find(|c: char| c.is_ascii_digit())?;
        let start = if last[..digit].ends_with(['v', 'V']) { digit - 1 } else { digit };
        Version::parse(&last[start..])
            .ok()
            .or_else(|| mentions(last).into_iter().find(|m| m.sure).map(|m| m.version))
    })
}

fn is_cve(word: &str) -> bool {
    let mut parts = word.split('-');
    let digits = |part: Option<&str>, least: usize| {
        part.is_some_and(|p| p.len() >= least && p.bytes().all(|b| b.is_ascii_digit()))
    };
    parts.next() == Some("CVE")
        && digits(parts.next(), 4)
        && digits(parts.next(), 4)
        && parts.next().is_none()
}
