//! The demo's products and releases, imported as anybody's manifest is.
use anyhow::{Context, Result};
use firstline_kb::catalogue::import::{Options, import as import_from};

use crate::App;

const MANIFEST: &str = include_str!("catalogue.toml");

/// Writes it to `DATA/demo-catalogue.toml` and imports it, while there are no products of one's own.
pub async fn import(app: &App) -> Result<()> {
    if !app.catalogue.products().await?.is_empty() {
        return Ok(());
    }
    let path = app.config.data_dir.join("demo-catalogue.toml");
    std::fs::write(&path, MANIFEST).with_context(|| path.display().to_string())?;
    let report = import_from(&app.catalogue, &path, &Options::default(), &mut |_| {}).await?;
    for problem in &report.bad {
        tracing::warn!("demo catalogue: {problem}");
    }
    Ok(())
}
