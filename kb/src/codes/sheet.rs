//! The register as a sheet: written here, read by `import::codes`.
use std::io::Write;

use firstline_core::{Error, Result};

use super::CodeDraft;
use crate::Library;

/// The columns, in the order they are written.
pub const COLUMNS: [&str; 7] = ["code", "module", "meaning", "cure", "product", "versions", "lang"];
const PAGE: usize = 500;

/// Writes every entry as CSV with a header; gives how many.
pub async fn export(library: &Library, out: impl Write) -> Result<usize> {
    let mut sheet = csv::Writer::from_writer(out);
    let failed = |e: csv::Error| Error::Unavailable(format!("the sheet cannot be written: {e}"));
    sheet.write_record(COLUMNS).map_err(failed)?;
    let mut written = 0;
    loop {
        let page = library.codes("", written, PAGE).await?;
        for entry in &page {
            let CodeDraft { code, lang, product, module, meaning, cure, versions } = &entry.words;
            let (module, versions) =
                (module.as_deref().unwrap_or_default(), versions.as_deref().unwrap_or_default());
            sheet.write_record([code, module, meaning, cure, product, versions, lang]).map_err(failed)?;
        }
        written += page.len();
        if page.len() < PAGE {
            sheet.flush().map_err(|e| failed(e.into()))?;
            return Ok(written);
        }
    }
}
