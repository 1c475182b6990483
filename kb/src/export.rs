//! Writing all articles as Markdown files that `import` reads back to the very same articles.
use std::collections::HashSet;
use std::path::Path;

use firstline_core::secret::sha256_hex;
use firstline_core::{Error, Result};

use crate::import::front_matter;
use crate::{Draft, Library};

const PAGE: usize = 200;
/// File systems allow 255 bytes a name; Chinese characters take three.
const LONGEST_NAME: usize = 80;

/// Writes one file an article into a folder a language below `dir`; gives how many.
pub async fn export(library: &Library, dir: &Path) -> Result<usize> {
    let mut taken: HashSet<String> = HashSet::new();
    let mut after: Option<String> = None;
    let mut written = 0;
    loop {
        let page = library.articles(after.as_deref(), PAGE, None).await?;
        let Some(last) = page.last() else { return Ok(written) };
        after = Some(last.id.clone());
        for article in &page {
            let draft = Draft::from(article);
            let path = format!("{}/{}.md", draft.lang, file_name(&draft, &mut taken));
            write(&dir.join(path), &front_matter::write(&draft))?;
            written += 1;
        }
    }
}

fn write(path: &Path, text: &str) -> Result<()> {
    let failed = |e: std::io::Error| Error::Unavailable(format!("{} cannot be written: {e}", path.display()));
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    std::fs::write(path, text).map_err(failed)
}

/// A name every file system takes, from the id; with a few digits of its hash where that is not unique.
fn file_name(draft: &Draft, taken: &mut HashSet<String>) -> String {
    let own =
        draft.external_id.trim_start_matches("zh/").trim_start_matches("zh-CN/").trim_start_matches("en/");
    let safe: String = own
        .chars()
        .map(|c| if c.is_alphanumeric() || matches!(c, '-' | '_') { c } else { '-' })
        .take(LONGEST_NAME)
        .collect();
    let mut name = safe.trim_matches('-').to_string();
    let key = |name: &str| format!("{}/{}", draft.lang, name.to_lowercase());
    if name.is_empty() || name.eq_ignore_ascii_case("readme") || taken.contains(&key(&name)) {
        name = format!("{name}-{}", &sha256_hex(draft.external_id.as_bytes())[..8]);
    }
    taken.insert(key(&name));
    name
}
