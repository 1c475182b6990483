//! Writing what was read: products first, then releases, a few hundred a transaction.
use std::collections::HashMap;

use firstline_core::{Error, Result};

use super::entries::{Entries, ProductEntry, ReleaseEntry, merged};
use crate::catalogue::shelf::put_release_in;
use crate::catalogue::store::products;
use crate::catalogue::{Catalogue, Saved, check};
use crate::import::{AUTHOR, Report};
use crate::library::{Progress, Unit};
use crate::version::Version;

const BATCH: usize = 200;

pub(super) async fn all(
    catalogue: &Catalogue,
    mut entries: Entries,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<Report> {
    for entry in std::mem::take(&mut entries.products) {
        if let Err(error) = product(catalogue, &entry).await {
            lasting(&error, error.to_string())?;
            entries.problem_of(&entry.place, &entry.product.key, error.to_string());
        }
    }
    let releases = without_circles(catalogue, &mut entries).await?;
    let total = releases.len() as u64;
    let mut report = Report::default();
    for (n, batch) in releases.chunks(BATCH).enumerate() {
        progress(Progress { done: (n * BATCH) as u64, total, unit: Unit::Releases });
        write_batch(catalogue, batch, &mut report, &mut entries).await?;
    }
    progress(Progress { done: total, total, unit: Unit::Releases });
    report.bad = entries.problems;
    Ok(report)
}

/// A mistake of the entry is noted; a store that fails ends the import.
fn lasting(error: &Error, _what: String) -> Result<()> {
    match error {
        Error::Invalid { .. } | Error::Conflict(_) | Error::NotFound { .. } => Ok(()),
        other => Err(Error::Unavailable(other.to_string())),
    }
}

async fn product(catalogue: &Catalogue, entry: &ProductEntry) -> Result<Saved> {
    let given = check::product(entry.product.clone())?;
    let mut tx = catalogue.db().begin().await?;
    let known = products::by_key(&mut tx, &given.key).await?;
    let product = match known {
        Some(row) if !entry.whole => merged(row.data.0, given),
        _ => given,
    };
    let (_, saved) = products::put(&mut tx, catalogue.clock(), &product).await?;
    tx.commit().await?;
    Ok(saved)
}

async fn write_batch(
    catalogue: &Catalogue,
    batch: &[ReleaseEntry],
    report: &mut Report,
    entries: &mut Entries,
) -> Result<()> {
    let mut tx = catalogue.db().begin().await?;
    for entry in batch {
        match put_release_in(&mut tx, catalogue.clock(), entry.draft.clone(), &entry.stand, AUTHOR).await {
            Ok((_, Saved::New)) => report.new += 1,
            Ok((_, Saved::Changed)) => report.changed += 1,
            Ok((_, Saved::Same)) => report.same += 1,
            Err(error) => {
                let what = match &error {
                    Error::NotFound { what: "product", key } => {
                        format!("its product {key:?} is not in the catalogue; add it first")
                    }
                    other => other.to_string(),
                };
                lasting(&error, what.clone())?;
                entries.problem_of(&entry.place, &entry.name, what);
            }
        }
    }
    tx.commit().await
}

/// The releases in their order, without those that would close a circle of "replaces" and without the
/// second of two that name the same version.
async fn without_circles(catalogue: &Catalogue, entries: &mut Entries) -> Result<Vec<ReleaseEntry>> {
    let mut edges: HashMap<String, HashMap<String, Vec<String>>> = HashMap::new();
    for product in catalogue.products().await? {
        let known = catalogue.releases(&product.key).await?;
        let of = edges.entry(product.key.clone()).or_default();
        of.extend(known.iter().map(|r| (r.draft.version.key(), keys(&r.draft.supersedes))));
    }
    let mut seen: HashMap<(String, String), String> = HashMap::new();
    let mut kept = Vec::new();
    for entry in std::mem::take(&mut entries.releases) {
        let product = crate::catalogue::names::key_of(&entry.draft.product);
        let (own, replaces) = (entry.draft.version.key(), keys(&entry.draft.supersedes));
        if let Some(first) = seen.insert((product.clone(), own.clone()), entry.name.clone()) {
            entries.problem_of(
                &entry.place,
                &entry.name,
                format!("is the same version as {first:?}; one version is one release"),
            );
            continue;
        }
        let of = edges.entry(product).or_default();
        if check::closes_circle(of, &own, &replaces) {
            let what =
                format!("replaces {} and is replaced by it: a circle", entry.draft.supersedes.join(", "));
            entries.problem_of(&entry.place, &entry.name, what);
            continue;
        }
        of.insert(own, replaces);
        kept.push(entry);
    }
    Ok(kept)
}

fn keys(versions: &[String]) -> Vec<String> {
    versions.iter().filter_map(|v| Version::parse(v).ok()).map(|v| v.key()).collect()
}
