//! Pictures and files of articles beside an exported folder: their bytes under `files/`, and `files.jsonl` that says
//! whose they are. They keep their ids, so that the articles' links go on working.
use std::path::{Path, PathBuf};

use firstline_core::files::{self, Files};
use firstline_core::secret::sha256_hex;
use firstline_core::{Error, Result, on, on_tx};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;

use crate::Library;
use crate::import::{AUTHOR, Problem};

/// The list of a folder's files.
const LIST: &str = "files.jsonl";
const FOLDER: &str = "files";

/// Whether a folder below an exported one holds the articles' files, which are no articles.
pub(crate) fn is_folder_of_files(root: &Path, folder: &Path) -> bool {
    folder == root.join(FOLDER) && root.join(LIST).is_file()
}

/// A line of the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, FromRow)]
struct Line {
    id: String,
    /// External id of the article.
    article: String,
    name: String,
    mime: String,
    sha256: String,
}

impl Line {
    /// Ids are digits and letters; names are cleaned, so that no line leads out of the folder.
    fn path(&self, dir: &Path) -> Result<PathBuf> {
        if self.id.is_empty() || !self.id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
            return Err(Error::invalid("id", format!("{:?} is no id of a file", self.id)));
        }
        let name: String = files::clean_name(&self.name)
            .chars()
            .map(|c| if c.is_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '-' })
            .collect();
        Ok(dir.join(FOLDER).join(&self.id).join(name.trim_start_matches('.')))
    }
}

/// Writes every file of an article into `dir`; gives how many. One that cannot be read is left out and named in the
/// log: the others are worth having.
pub async fn export(library: &Library, store: &Files, dir: &Path) -> Result<usize> {
    let lines: Vec<Line> = on!(library.db(), p => sqlx::query_as(
        "select f.id, a.external_id as article, f.name, f.mime, f.sha256 from kb_picture f \
         join kb_article a on a.id = f.article_id order by f.id").fetch_all(p).await)?;
    if lines.is_empty() {
        return Ok(0);
    }
    let mut list = String::new();
    let mut written = 0;
    for line in &lines {
        let path = line.path(dir)?;
        let bytes = match store.get(&line.sha256).await {
            Ok(bytes) => bytes,
            Err(e) => {
                tracing::warn!(file = %line.id, error = %e, "a file of an article cannot be read; it is left out");
                continue;
            }
        };
        let failed =
            |e: std::io::Error| Error::Unavailable(format!("{} cannot be written: {e}", path.display()));
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(failed)?;
        }
        std::fs::write(&path, bytes).map_err(failed)?;
        // A struct of strings always becomes JSON.
        list.push_str(&serde_json::to_string(line).unwrap_or_default());
        list.push('\n');
        written += 1;
    }
    let path = dir.join(LIST);
    std::fs::write(&path, list)
        .map_err(|e| Error::Unavailable(format!("{} cannot be written: {e}", path.display())))?;
    Ok(written)
}

/// Takes the files of an exported folder, after its articles; a line that cannot be used is named. The same again
/// changes nothing.
pub async fn import(library: &Library, store: &Files, dir: &Path) -> Result<Vec<Problem>> {
    let list = dir.join(LIST);
    if !list.is_file() {
        return Ok(Vec::new());
    }
    let text = std::fs::read_to_string(&list)
        .map_err(|e| Error::invalid(list.display().to_string(), format!("cannot be read: {e}")))?;
    let mut bad = Vec::new();
    for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        match take(library, store, dir, line).await {
            Ok(()) => {}
            Err(Error::Invalid { field, reason }) => {
                bad.push(Problem { file: list.clone(), line: Some(number), key: Some(field), what: reason });
            }
            Err(e) => return Err(e),
        }
    }
    Ok(bad)
}

async fn take(library: &Library, store: &Files, dir: &Path, line: &str) -> Result<()> {
    let line: Line = serde_json::from_str(line)
        .map_err(|e| Error::invalid("line", format!("is no file of an article: {e}")))?;
    let path = line.path(dir)?;
    let bytes = std::fs::read(&path)
        .map_err(|e| Error::invalid("name", format!("{} cannot be read: {e}", path.display())))?;
    if sha256_hex(&bytes) != line.sha256 {
        let what = format!("{} holds other bytes than the list says; export it anew", path.display());
        return Err(Error::invalid("sha256", what));
    }
    let article: Option<String> = on!(library.db(), p => sqlx::query_scalar(
        "select id from kb_article where external_id = $1").bind(&line.article).fetch_optional(p).await)?;
    let article = article
        .ok_or_else(|| Error::invalid("article", format!("there is no article {:?}", line.article)))?;
    let size = bytes.len() as i64;
    store.put(bytes.into()).await?;
    let mut tx = library.db().begin().await?;
    on_tx!(&mut tx, c => sqlx::query(
        "insert into kb_picture (id, article_id, name, mime, size, sha256, author, at) values ($1, $2, $3, $4, $5, $6, $7, $8) \
         on conflict (id) do nothing")
        .bind(&line.id).bind(&article).bind(files::clean_name(&line.name)).bind(&line.mime).bind(size)
        .bind(&line.sha256).bind(AUTHOR).bind(library.clock().now()).execute(c).await.map(drop))?;
    tx.commit().await
}
