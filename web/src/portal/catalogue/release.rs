//! `/products/{product}/{version}`: what a release changes, how to install it and how to go back, and only
//! below that its files.
use askama::Template;
use axum::extract::{Path, State};
use firstline_kb::catalogue::model::{Release, State as Stand, Viewer};

use super::{FileRow, Passage, passages};
use crate::App;
use crate::pages::error::PageResult;
use crate::pages::{Page, PageError, html};

#[derive(Template)]
#[template(path = "portal/catalogue/release.html")]
struct ReleasePage {
    p: Page,
    key: String,
    name: String,
    version: String,
    withdrawn: bool,
    reason: String,
    facts: Vec<(&'static str, String)>,
    security: bool,
    severity: String,
    fixes: Vec<String>,
    passages: Vec<Passage>,
    notes_url: Option<String>,
    files: Vec<FileRow>,
}

pub async fn show(
    State(app): State<App>,
    p: Page,
    Path((key, version)): Path<(String, String)>,
) -> PageResult {
    let product = app.catalogue.product(&key).await?.ok_or(PageError::NotFound)?;
    let found = app.catalogue.release(&key, &version).await.map_err(|_| PageError::NotFound)?;
    let out =
        |r: &Release| matches!(r.state, Stand::Published | Stand::Withdrawn) && r.seen_by(&Viewer::Anybody);
    let release = found.filter(out).ok_or(PageError::NotFound)?;
    let withdrawn = release.state == Stand::Withdrawn;
    let d = release.draft;
    let texts = [
        ("release-notes", &d.notes),
        ("release-known-issues", &d.known_issues),
        ("release-requirements", &d.requirements),
        ("release-backup", &d.backup),
        ("release-install", &d.install),
        ("release-rollback", &d.rollback),
    ];
    let facts = [
        ("release-date", d.date.map(|d| d.to_string()).unwrap_or_default()),
        ("release-channel", d.channel_name().to_string()),
        ("release-platforms", d.platforms.join(", ")),
        ("release-applies-to", d.applies_to.clone().unwrap_or_default()),
        ("release-min-from", d.min_from.as_ref().map(ToString::to_string).unwrap_or_default()),
        ("release-prerequisites", d.prerequisites.join(", ")),
        ("release-supersedes", d.supersedes.join(", ")),
        ("release-size", d.size.map(|s| p.word("release-size", s.as_str())).unwrap_or_default()),
        ("release-end-of-life", d.end_of_life.map(|d| d.to_string()).unwrap_or_default()),
    ];
    Ok(html(&ReleasePage {
        name: product.name(p.lang.tag()).to_string(),
        key: product.key,
        version: d.version.to_string(),
        withdrawn,
        reason: release.reason.of(p.lang.tag()).to_string(),
        facts: facts.into_iter().filter(|(_, value)| !value.is_empty()).collect(),
        security: d.security,
        severity: d.severity.map(|s| p.word("release-severity", s.as_str())).unwrap_or_default(),
        fixes: d.codes.iter().chain(&d.cves).cloned().collect(),
        passages: passages(&p, texts),
        notes_url: d.notes_url.clone(),
        // What was withdrawn is not offered; its page says why.
        files: if withdrawn { vec![] } else { d.files.into_iter().map(FileRow::of).collect() },
        p,
    }))
}
