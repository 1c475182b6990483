//! `firstline kb codes import|export`.
use std::fs::File;
use std::io;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};
use firstline_kb::codes::sheet;
use firstline_kb::import as importer;

use super::kb::{finish, library};
use super::output;
use super::progress::Reporter;
use crate::config::Config;

pub async fn import(config: &Config, file: &Path) -> Result<ExitCode> {
    let library = library(config).await?;
    let mut reporter = Reporter::new("importing");
    let imported = importer::codes(&library, file, None, &mut |at| reporter.show(at)).await;
    reporter.finish();
    let report = imported.with_context(|| format!("{} cannot be imported", file.display()))?;
    finish(&library, &report).await
}

pub async fn export(config: &Config, file: Option<&Path>) -> Result<ExitCode> {
    let library = library(config).await?;
    let Some(path) = file else {
        sheet::export(&library, io::stdout().lock()).await?;
        return Ok(ExitCode::SUCCESS);
    };
    let out = File::create(path).with_context(|| format!("{} cannot be written", path.display()))?;
    let written = sheet::export(&library, out).await?;
    output::line(format!("{written} codes written to {}", path.display()))?;
    Ok(ExitCode::SUCCESS)
}
