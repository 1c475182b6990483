//! Adding manuals.
use firstline_core::{Error, Result, on_tx};

use super::row::{article_of_page, by_id};
use super::{Manual, ManualKind};
use crate::published::HostedFile;
use crate::{ArticleKind, Draft, Library, language};

/// What somebody says of a manual.
#[derive(Clone, Debug)]
pub struct NewManual {
    pub kind: ManualKind,
    pub title: String,
    pub product: String,
    /// Empty: for every version.
    pub version: String,
    pub lang: String,
}

/// Makes a hosted file a manual with these pages. The same file again gives the manual that is there.
pub async fn add(library: &Library, file: &HostedFile, new: &NewManual, pages: &[String]) -> Result<Manual> {
    let lang = language::canonical(&new.lang)
        .ok_or_else(|| Error::invalid("lang", format!("{:?} is none of: zh, zh-CN, en", new.lang)))?;
    if new.title.trim().is_empty() || new.product.trim().is_empty() {
        return Err(Error::invalid("product", "a manual needs a title and a product"));
    }
    let (db, clock) = library.store();
    let mut tx = db.begin().await?;
    let manual: Manual = on_tx!(&mut tx, c => sqlx::query_as(
        "insert into kb_manual (id, file_id, kind, title, product, version, lang, pages, created_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
         on conflict (file_id) do update set kind = excluded.kind, title = excluded.title, product = excluded.product, \
         version = excluded.version, lang = excluded.lang returning *")
        .bind(clock.id()).bind(&file.id).bind(new.kind.as_str()).bind(new.title.trim()).bind(new.product.trim())
        .bind(new.version.trim()).bind(lang).bind(pages.len() as i64).bind(clock.now())
        .fetch_one(c).await)?;
    for (at, text) in pages.iter().enumerate() {
        on_tx!(&mut tx, c => sqlx::query("insert into kb_manual_page (manual_id, page, text) values ($1, $2, $3) on conflict (manual_id, page) do nothing")
            .bind(&manual.id).bind(at as i64 + 1).bind(text).execute(c).await.map(drop))?;
    }
    // Only what everybody may have is shown in pieces by the search; it and the manual never disagree.
    super::shelf::settle_in(&mut tx, clock, &file.id).await?;
    tx.commit().await?;
    by_id(db, &manual.id).await?.ok_or_else(|| Error::not_found("manual", manual.id))
}

/// The article of a page.
pub(super) fn draft(manual: &Manual, page: usize, text: &str) -> Draft {
    let place = if manual.lang == "en" { format!("page {page}") } else { format!("第 {page} 页") };
    Draft {
        external_id: article_of_page(&manual.id, page),
        lang: manual.lang.clone(),
        kind: ArticleKind::Manual,
        category: None,
        title: format!("{} · {place}", manual.title),
        body_md: escaped(text),
        product: Some(manual.product.clone()),
        versions: Some(manual.version.clone()).filter(|v| !v.is_empty()),
        tags: Vec::new(),
        codes: Vec::new(),
        symptoms: Vec::new(),
        questions: Vec::new(),
        frequent: false,
        translates: None,
    }
}

/// Text that is no Markdown, as Markdown that shows it.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '<' | '>' | '#' | '[' | ']' | '|' | '~') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
