//! Writing all articles as Markdown files that `import` reads back to the very same articles, or what is live as lines
//! of JSON or as a sheet.
use std::collections::HashSet;
use std::path::Path;

use firstline_core::secret::sha256_hex;
use firstline_core::{Error, Result};
use jiff::tz::TimeZone;
use serde_json::json;

use crate::import::life::{self, Life, Told};
use crate::import::{QUESTIONS, front_matter};
use crate::workshop::State;
use crate::{Draft, Library};

const PAGE: i64 = 200;
/// File systems allow 255 bytes a name; Chinese characters take three.
const LONGEST_NAME: usize = 80;

/// Writes one file an article into a folder a language below `dir`, another for words staged beside a live
/// one, and the saved questions; gives how many files of articles.
pub async fn export(library: &Library, dir: &Path) -> Result<usize> {
    let mut taken: HashSet<String> = HashSet::new();
    let mut after = String::new();
    let mut written = 0;
    loop {
        let page = life::told(library, &after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after.clone_from(&last.article_id);
        for told in &page {
            for (draft, life) in wordings(library, told).await? {
                let path =
                    format!("{}/{}.md", draft.lang, file_name(&draft, life.is_unpublished(), &mut taken));
                write(&dir.join(path), &front_matter::write(&draft, &life))?;
                written += 1;
            }
        }
    }
    questions(library, dir).await?;
    Ok(written)
}

/// What is live, and what is on the bench where that is something else.
async fn wordings(library: &Library, told: &Told) -> Result<Vec<(Draft, Life)>> {
    let workshop = library.workshop();
    let review = told.review_at.map(|at| at.timestamp().to_zoned(TimeZone::UTC).date());
    let life =
        |state| Life { state: Some(state), owner: told.owner_email.clone(), review, stale: told.stale > 0 };
    let mut found = Vec::new();
    if let Some(live) = told.live {
        let words = workshop.revision(&told.article_id, live).await?;
        found.extend(words.map(|r| (r.draft.0, life(State::Published))));
    }
    if told.state != State::Published && (told.live != Some(told.head) || told.state == State::Retired) {
        let words = workshop.revision(&told.article_id, told.head).await?;
        found.extend(words.map(|r| (r.draft.0, life(told.state))));
    }
    Ok(found)
}

async fn questions(library: &Library, dir: &Path) -> Result<()> {
    let lines: Vec<String> =
        library.saved_cases().await?.iter().map(|case| json!(case).to_string()).collect();
    if lines.is_empty() {
        return Ok(());
    }
    write(&dir.join(QUESTIONS), &format!("{}\n", lines.join("\n")))
}

/// Writes every live article as a line of JSON, the form `import` reads; gives how many.
pub async fn lines(library: &Library, out: &mut (dyn std::io::Write + Send)) -> Result<usize> {
    let failed = |e: std::io::Error| Error::Unavailable(format!("the articles cannot be written: {e}"));
    let mut after: Option<String> = None;
    let mut written = 0;
    loop {
        let page = library.articles(after.as_deref(), PAGE as usize, None).await?;
        let Some(last) = page.last() else { return Ok(written) };
        after = Some(last.id.clone());
        for article in &page {
            let d = Draft::from(article);
            let line = json!({
                "id": d.external_id, "lang": d.lang, "kind": d.kind, "category": d.category, "title": d.title,
                "body_md": d.body_md, "product": d.product, "versions": d.versions, "tags": d.tags, "codes": d.codes,
                "symptoms": d.symptoms, "questions": d.questions, "frequent": d.frequent, "translates": d.translates,
            });
            writeln!(out, "{line}").map_err(failed)?;
            written += 1;
        }
    }
}

const SHEET: [&str; 14] = [
    "question",
    "answer",
    "id",
    "lang",
    "kind",
    "category",
    "product",
    "versions",
    "tags",
    "codes",
    "symptoms",
    "questions",
    "frequent",
    "translates",
];

/// Writes every live article as a row of a sheet (CSV), the form `import` reads; gives how many.
pub async fn sheet(library: &Library, out: &mut (dyn std::io::Write + Send)) -> Result<usize> {
    let failed = |e: csv::Error| Error::Unavailable(format!("the articles cannot be written: {e}"));
    let mut sheet = csv::Writer::from_writer(out);
    sheet.write_record(SHEET).map_err(failed)?;
    let mut after: Option<String> = None;
    let mut written = 0;
    loop {
        let page = library.articles(after.as_deref(), PAGE as usize, None).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.id.clone());
        for article in &page {
            sheet.write_record(row(&Draft::from(article))).map_err(failed)?;
            written += 1;
        }
    }
    sheet.flush().map_err(|e| failed(e.into()))?;
    Ok(written)
}

/// The cells of `SHEET`. Lists are lines: their items may hold any other sign.
fn row(d: &Draft) -> [String; 14] {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let list = |items: &[String]| items.iter().map(|item| format!("{item}\n")).collect::<String>();
    [
        d.title.clone(),
        d.body_md.clone(),
        d.external_id.clone(),
        d.lang.clone(),
        d.kind.to_string(),
        text(&d.category),
        text(&d.product),
        text(&d.versions),
        list(&d.tags),
        list(&d.codes),
        list(&d.symptoms),
        list(&d.questions),
        if d.frequent { "true".into() } else { String::new() },
        text(&d.translates),
    ]
}

/// An article as the file an export writes; also what two wordings are compared by.
pub fn text_of(draft: &Draft) -> String {
    front_matter::write(draft, &Life::default())
}

fn write(path: &Path, text: &str) -> Result<()> {
    let failed = |e: std::io::Error| Error::Unavailable(format!("{} cannot be written: {e}", path.display()));
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    std::fs::write(path, text).map_err(failed)
}

/// A name every file system takes, from the id; with a few digits of its hash where that is not unique.
fn file_name(draft: &Draft, staged: bool, taken: &mut HashSet<String>) -> String {
    let own =
        draft.external_id.trim_start_matches("zh/").trim_start_matches("zh-CN/").trim_start_matches("en/");
    let safe: String = own
        .chars()
        .map(|c| if c.is_alphanumeric() || matches!(c, '-' | '_') { c } else { '-' })
        .take(LONGEST_NAME)
        .collect();
    let mut name = safe.trim_matches('-').to_string();
    if staged {
        name.push_str(".staged");
    }
    let key = |name: &str| format!("{}/{}", draft.lang, name.to_lowercase());
    if name.is_empty() || name.eq_ignore_ascii_case("readme") || taken.contains(&key(&name)) {
        name = format!("{name}-{}", &sha256_hex(draft.external_id.as_bytes())[..8]);
    }
    taken.insert(key(&name));
    name
}
