//! The register's rows. An entry, its article and the line in the log are written in one transaction.
use firstline_core::store::{Db, Tx};
use firstline_core::{Clock, Error, Result, Time, on, on_tx};
use sqlx::FromRow;

use super::{CodeDraft, CodeEntry, Written};
use crate::dictionary::log::{self, Action};
use crate::store::upsert;

#[derive(Clone, Debug, FromRow)]
struct CodeRow {
    id: String,
    code: String,
    lang: String,
    product: String,
    module: Option<String>,
    meaning: String,
    cure: String,
    versions: Option<String>,
    article_id: String,
    version: i64,
    deleted: bool,
    updated_at: Time,
}

impl CodeRow {
    fn into_entry(self) -> CodeEntry {
        CodeEntry {
            id: self.id,
            article_id: self.article_id,
            version: self.version,
            updated_at: self.updated_at,
            words: CodeDraft {
                code: self.code,
                lang: self.lang,
                product: self.product,
                module: self.module,
                meaning: self.meaning,
                cure: self.cure,
                versions: self.versions,
            },
        }
    }
}

/// What was written, with the entry as it is now.
pub(crate) type Put = (Written, CodeEntry);

/// Writes drafts in one transaction; one that cannot be stored spoils only itself. Results are in the order of `drafts`.
pub(crate) async fn put(
    db: &Db,
    clock: &Clock,
    drafts: &[CodeDraft],
    actor: &str,
) -> Result<Vec<Result<Put>>> {
    let cleaned: Vec<Result<CodeDraft>> = drafts.iter().map(CodeDraft::clean).collect();
    let count = cleaned.iter().flatten().count() as i64;
    let mut tx = db.begin().await?;
    let mut change = upsert::take_changes(&mut tx, count).await? - count;
    let mut results = Vec::with_capacity(drafts.len());
    let mut changed = false;
    for draft in cleaned {
        results.push(match draft {
            Err(e) => Err(e),
            Ok(draft) => {
                change += 1;
                let put = put_one(&mut tx, clock, draft, change, actor).await?;
                changed |= put.0 != Written::Same;
                Ok(put)
            }
        });
    }
    if changed {
        log::count_change(&mut tx).await?;
        tx.commit().await?;
    } else {
        // The numbers taken are given back.
        tx.rollback().await?;
    }
    Ok(results)
}

async fn put_one(tx: &mut Tx, clock: &Clock, draft: CodeDraft, change: i64, actor: &str) -> Result<Put> {
    let key = draft.key().ok_or_else(|| Error::invalid("code", "holds no code"))?;
    let old: Option<CodeRow> = on_tx!(tx, c => sqlx::query_as(
        "select * from kb_code where code_key = $1 and product = $2 and lang = $3")
        .bind(&key).bind(&draft.product).bind(&draft.lang).fetch_optional(c).await)?;
    let before = old.clone().filter(|row| !row.deleted).map(CodeRow::into_entry);
    if let Some(entry) = before.as_ref().filter(|entry| entry.words == draft) {
        return Ok((Written::Same, entry.clone()));
    }
    let article = upsert::upsert_one(tx, clock, draft.article(), actor, change).await?.article().id.clone();
    let id = old.map_or_else(|| clock.id(), |row| row.id);
    let row: CodeRow = on_tx!(tx, c => sqlx::query_as(
        "insert into kb_code (id, code, code_key, lang, product, module, meaning, cure, versions, article_id, version, deleted, \
         created_at, updated_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, $11, $12, $12) \
         on conflict (id) do update set code = excluded.code, module = excluded.module, meaning = excluded.meaning, \
         cure = excluded.cure, versions = excluded.versions, article_id = excluded.article_id, \
         version = kb_code.version + 1, deleted = excluded.deleted, updated_at = excluded.updated_at returning *")
        .bind(&id).bind(&draft.code).bind(&key).bind(&draft.lang).bind(&draft.product).bind(&draft.module)
        .bind(&draft.meaning).bind(&draft.cure).bind(&draft.versions).bind(&article).bind(false).bind(clock.now())
        .fetch_one(c).await)?;
    let entry = row.into_entry();
    let (action, written) = match &before {
        None => (Action::Added, Written::New),
        Some(_) => (Action::Changed, Written::Changed),
    };
    let line = log::Line { actor, action, kind: "code", id: &entry.id, name: &entry.words.code };
    log::write(tx, clock, &line, before.as_ref().map(|b| &b.words), Some(&entry.words)).await?;
    Ok((written, entry))
}

/// Takes an entry and its article out of use; false when there is none.
pub(crate) async fn remove(db: &Db, clock: &Clock, id: &str, actor: &str) -> Result<bool> {
    let mut tx = db.begin().await?;
    let change = upsert::take_changes(&mut tx, 1).await?;
    let row: Option<CodeRow> = on_tx!(&mut tx, c => sqlx::query_as(
        "update kb_code set deleted = $2, version = version + 1, updated_at = $3 where id = $1 and deleted = $4 returning *")
        .bind(id).bind(true).bind(clock.now()).bind(false).fetch_optional(c).await)?;
    let Some(row) = row else {
        tx.rollback().await?;
        return Ok(false);
    };
    on_tx!(&mut tx, c => sqlx::query(
        "update kb_article set deleted = $2, change_no = $3, updated_at = $4 where id = $1")
        .bind(&row.article_id).bind(true).bind(change).bind(clock.now()).execute(c).await.map(drop))?;
    let entry = row.into_entry();
    let line = log::Line { actor, action: Action::Removed, kind: "code", id, name: &entry.words.code };
    log::write(&mut tx, clock, &line, Some(&entry.words), None::<&CodeDraft>).await?;
    log::count_change(&mut tx).await?;
    tx.commit().await?;
    Ok(true)
}

pub(crate) async fn by_id(db: &Db, id: &str) -> Result<Option<CodeEntry>> {
    let row: Option<CodeRow> = on!(db, p => sqlx::query_as("select * from kb_code where id = $1 and deleted = $2")
        .bind(id).bind(false).fetch_optional(p).await)?;
    Ok(row.map(CodeRow::into_entry))
}

/// A page by code, those of one code together; `after` is the last id of the page before. `text` is looked for
/// in code, module and meaning.
pub(crate) async fn page(db: &Db, text: &str, offset: i64, limit: i64) -> Result<Vec<CodeEntry>> {
    let like = format!("%{}%", text.to_lowercase().replace(['%', '_', '\\'], ""));
    let rows: Vec<CodeRow> = on!(db, p => sqlx::query_as(
        "select * from kb_code where deleted = $1 and (lower(code) like $2 or lower(meaning) like $2 or lower(coalesce(module, '')) like $2) \
         order by code_key, product, lang, id limit $3 offset $4")
        .bind(false).bind(like).bind(limit).bind(offset).fetch_all(p).await)?;
    Ok(rows.into_iter().map(CodeRow::into_entry).collect())
}

/// What the book in memory keeps of every entry: key, article, language.
pub(crate) async fn all_known(db: &Db) -> Result<Vec<(String, String, String)>> {
    let rows = on!(db, p => sqlx::query_as("select code_key, article_id, lang from kb_code where deleted = $1 order by id")
        .bind(false).fetch_all(p).await)?;
    Ok(rows)
}
