//! `firstline kb import|export|reindex|eval`.
mod eval;

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};
use firstline_core::Clock;
use firstline_core::files::Files;
use firstline_kb::{Library, export as exporter, import as importer, pictures};

use super::output;
use super::progress::Reporter;
use crate::config::Config;
use crate::serve::stores;

pub use eval::{EvalArgs, run as eval};

/// Complaints shown one by one; the rest is counted.
const SHOWN: usize = 20;

pub(super) async fn library(config: &Config) -> Result<Library> {
    let db = stores::open_db(config).await?;
    Ok(Library::open(db, Clock::system(), &config.index_dir()).await?)
}

pub async fn import(config: &Config, path: &Path) -> Result<ExitCode> {
    let library = library(config).await?;
    let mut reporter = Reporter::new("importing");
    let imported = importer::import(&library, path, &mut |at| reporter.show(at)).await;
    reporter.finish();
    let mut report = imported.with_context(|| format!("{} cannot be imported", path.display()))?;
    if path.is_dir() {
        report.bad.extend(pictures::import(&library, &Files::folder(&config.files_dir())?, path).await?);
    }
    finish(&library, &report).await
}

/// Says what an import did, and waits until searches find it.
pub(super) async fn finish(library: &Library, report: &importer::Report) -> Result<ExitCode> {
    complain(&report.bad);
    output::line(format!(
        "{} new, {} changed, {} unchanged, {} not taken",
        report.new,
        report.changed,
        report.same,
        report.bad.len()
    ))?;
    index(library).await?;
    Ok(if report.bad.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Names what was left out, on standard error.
fn complain(bad: &[importer::Problem]) {
    for problem in bad.iter().take(SHOWN) {
        eprintln!("{problem}");
    }
    if bad.len() > SHOWN {
        eprintln!("… and {} more like these", bad.len() - SHOWN);
    }
}

/// Waits until searches find what was written; beside a running server that server does the work.
async fn index(library: &Library) -> Result<()> {
    match library.refresh().await {
        Ok(()) => output::line("searches find them now")?,
        Err(error) => eprintln!("the articles are stored; the running server indexes them shortly ({error})"),
    }
    Ok(())
}

pub async fn export(config: &Config, dir: &Path) -> Result<ExitCode> {
    let library = library(config).await?;
    let ending = dir.extension().and_then(|e| e.to_str()).unwrap_or_default();
    if ["jsonl", "csv"].contains(&ending) {
        let file = std::fs::File::create(dir).with_context(|| format!("cannot write {}", dir.display()))?;
        let mut file = std::io::BufWriter::new(file);
        let written = match ending {
            "csv" => exporter::sheet(&library, &mut file).await?,
            _ => exporter::lines(&library, &mut file).await?,
        };
        output::line(format!("{written} articles written to {}", dir.display()))?;
        return Ok(ExitCode::SUCCESS);
    }
    let written = exporter::export(&library, dir).await.with_context(|| {
        format!("cannot export to {}; choose a folder this user may write", dir.display())
    })?;
    let files = pictures::export(&library, &Files::folder(&config.files_dir())?, dir).await?;
    output::line(format!("{written} articles and {files} files written to {}", dir.display()))?;
    Ok(ExitCode::SUCCESS)
}

pub async fn reindex(config: &Config) -> Result<ExitCode> {
    let library = library(config).await?;
    let mut reporter = Reporter::new("indexing");
    let built = library.reindex(&mut |at| reporter.show(at)).await;
    reporter.finish();
    built.context("the index cannot be built; the articles themselves are safe in the database")?;
    output::line("the index is new")?;
    Ok(ExitCode::SUCCESS)
}
