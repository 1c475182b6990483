//! Bringing a catalogue in: our own manifest (TOML or JSON), the .NET release family, the Windows
//! supersedence sheet, Sparkle appcasts, GitHub releases, the Node.js schedule. What it is, is seen from
//! the content. A broken entry is named and the rest goes on; doing it again changes nothing.
mod appcast;
mod dotnet;
mod entries;
mod github;
mod manifest;
mod node;
mod open;
mod supersedence;
mod write;

use std::path::Path;

use firstline_core::{Error, Result};

use super::Catalogue;
use super::model::{Draft, Product};
pub use crate::import::{Problem, Report};
use crate::library::Progress;
use entries::Entries;

/// How to take what is found.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The product's key where the source names none or another.
    pub product: Option<String>,
}

/// Imports a folder, an archive (`.tar.gz`) or a file.
pub async fn import(
    catalogue: &Catalogue,
    path: &Path,
    options: &Options,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<Report> {
    let (source, options) = (path.to_owned(), options.clone());
    let entries = tokio::task::spawn_blocking(move || read(&source, &options))
        .await
        .map_err(|e| Error::Unavailable(format!("the import broke off: {e}")))??;
    if entries.is_empty() {
        return Err(Error::invalid(
            path.display().to_string(),
            "holds no release data: expected a catalogue.toml or .json, .NET releases.json, a supersedence sheet, \
             an appcast, GitHub releases or the Node.js schedule",
        ));
    }
    write::all(catalogue, entries, progress).await
}

/// One release of a TOML or JSON file of its own, as `catalogue add` takes it.
pub fn one_release(text: &str) -> Result<Draft> {
    manifest::one(text)
}

fn read(path: &Path, options: &Options) -> Result<Entries> {
    let mut entries = Entries::default();
    for document in open::documents(path, &mut entries.problems)? {
        let place = document.place.clone();
        if let Err(what) = take(&mut entries, &document, options) {
            entries.problem(&place, what);
        }
    }
    Ok(entries)
}

/// Reads one document by what it is; what is none of ours is passed over.
fn take(entries: &mut Entries, document: &open::Document, options: &Options) -> Result<(), String> {
    let text = document.text()?;
    let trimmed = text.trim_start_matches('\u{feff}').trim_start();
    match document.ending.as_str() {
        "toml" => manifest::toml(entries, &document.place, trimmed),
        "csv" if supersedence::is(trimmed) => supersedence::take(entries, &document.place, trimmed),
        "xml" | "rss" | "appcast" => appcast::take(entries, &document.place, trimmed, options),
        "json" => json(entries, document, trimmed, options),
        _ => Ok(()),
    }
}

fn json(
    entries: &mut Entries,
    document: &open::Document,
    text: &str,
    options: &Options,
) -> Result<(), String> {
    let value: serde_json::Value = serde_json::from_str(text).map_err(|e| format!("is not JSON: {e}"))?;
    let place = &document.place;
    if value.get("releases-index").is_some() || value.get("families").is_some() {
        // An overview of the channel files beside it, and lists of operating systems.
        entries.passed_over += 1;
        Ok(())
    } else if value.get("channel-version").is_some() {
        dotnet::take(entries, place, &value, options)
    } else if github::is(&value) {
        github::take(entries, place, &value, options)
    } else if node::is(&value) {
        node::take(entries, place, &value, options)
    } else if manifest::is(&value) {
        manifest::json(entries, place, value)
    } else {
        Err("is no release data that is known here".into())
    }
}

/// The product with a given key where the caller named one.
fn product_of(options: &Options, product: Product) -> Product {
    match &options.product {
        Some(key) => Product { key: key.clone(), ..product },
        None => product,
    }
}
