//! Which manuals lie in the search: those whose file everybody may have, as long as they may.
use firstline_core::store::Tx;
use firstline_core::{Clock, Result, on_tx};

use super::Manual;
use super::row::article_of_page;
use super::write::draft;
use crate::store::clean;
use crate::store::upsert::{take_changes, upsert_one};

/// Pages read at a time.
const AT_ONCE: i64 = 200;

/// Puts the pages of a file's manual into the search or takes them out, as its state and access say. A file that is
/// no manual is left alone. In the transaction of the change, so that search and downloads never disagree.
pub(crate) async fn settle_in(tx: &mut Tx, clock: &Clock, file_id: &str) -> Result<()> {
    let manual: Option<Manual> = on_tx!(&mut *tx, c => sqlx::query_as("select * from kb_manual where file_id = $1")
        .bind(file_id).fetch_optional(c).await)?;
    let Some(manual) = manual else { return Ok(()) };
    let open: i64 = on_tx!(&mut *tx, c => sqlx::query_scalar(
        "select count(*) from kb_file where id = $1 and state = 'published' and access = 'everyone'")
        .bind(file_id).fetch_one(c).await)?;
    if open == 0 { hide(tx, clock, &manual).await } else { show(tx, clock, &manual).await }
}

async fn show(tx: &mut Tx, clock: &Clock, manual: &Manual) -> Result<()> {
    let mut after = 0;
    loop {
        let pages: Vec<(i64, String)> = on_tx!(&mut *tx, c => sqlx::query_as(
            "select page, text from kb_manual_page where manual_id = $1 and page > $2 order by page limit $3")
            .bind(&manual.id).bind(after).bind(AT_ONCE).fetch_all(c).await)?;
        let Some((last, _)) = pages.last() else { return Ok(()) };
        after = *last;
        let mut change = take_changes(tx, AT_ONCE).await? - AT_ONCE;
        for (page, text) in pages.iter().filter(|(_, text)| !text.trim().is_empty()) {
            change += 1;
            let draft = clean(&draft(manual, *page as usize, text))?;
            upsert_one(tx, clock, draft, "catalogue", change).await?;
        }
    }
}

async fn hide(tx: &mut Tx, clock: &Clock, manual: &Manual) -> Result<()> {
    let prefix = article_of_page(&manual.id, 0);
    let prefix = prefix.trim_end_matches('0');
    let (like, behind) = (format!("{prefix}%"), prefix.len() as i64 + 1);
    // A page's change number is its own: the index reads changes by their numbers.
    let before = take_changes(tx, manual.pages + 1).await? - manual.pages - 1;
    on_tx!(&mut *tx, c => sqlx::query(
        "update kb_article set deleted = $1, change_no = $2 + cast(substr(external_id, cast($3 as int)) as bigint), updated_at = $4 \
         where external_id like $5 and deleted = $6")
        .bind(true).bind(before).bind(behind).bind(clock.now()).bind(&like).bind(false)
        .execute(c).await.map(drop))?;
    on_tx!(tx, c => sqlx::query(
        "update kb_work set state = 'retired', version = version + 1 where state = 'published' \
         and article_id in (select id from kb_article where external_id like $1)")
        .bind(&like).execute(c).await.map(drop))?;
    Ok(())
}
