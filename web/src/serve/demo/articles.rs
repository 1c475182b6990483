//! The demo's articles, embedded; imported as anybody's Markdown folder is.
use anyhow::{Context, Result};
use firstline_kb::import;
use include_dir::{Dir, include_dir};

use crate::App;

static ARTICLES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../kb/demo");

/// Writes them to `DATA/demo-articles`, where they also show what an import looks like, and imports them.
/// Articles a curator changed since are left as they are: the import runs only while there are none.
pub async fn import(app: &App) -> Result<()> {
    if !app.library.articles(None, 1, None).await?.is_empty() {
        return Ok(());
    }
    let folder = app.config.data_dir.join("demo-articles");
    std::fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    ARTICLES.extract(&folder).with_context(|| folder.display().to_string())?;
    let report = import::import(&app.library, &folder, &mut |_| {}).await?;
    for problem in &report.bad {
        tracing::warn!("demo article: {problem}");
    }
    let codes = import::codes(&app.library, &folder.join("codes.csv"), None, &mut |_| {}).await?;
    for problem in &codes.bad {
        tracing::warn!("demo code: {problem}");
    }
    app.library.refresh().await?;
    Ok(())
}
