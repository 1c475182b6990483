//! Who wants to hear of releases, who took them, and who was told.
use firstline_core::store::{Db, Tx};
use firstline_core::{Clock, Result, on, on_tx};

use crate::catalogue::announce::{Reader, Wish};

/// Notes what a chat wants to hear of a product; again with another wish changes that.
pub async fn wish(tx: &mut Tx, clock: &Clock, conversation: &str, product: &str, wish: Wish) -> Result<()> {
    on_tx!(tx, c => sqlx::query(
        "insert into kb_subscription (conversation_id, product_id, wish, created_at) values ($1, $2, $3, $4) \
         on conflict (conversation_id, product_id) do update set wish = excluded.wish")
        .bind(conversation).bind(product).bind(wish.as_str()).bind(clock.now()).execute(c).await.map(drop))?;
    Ok(())
}

/// What each chat wants to hear of a product.
pub async fn wishes(db: &Db, product: &str) -> Result<Vec<(String, Wish)>> {
    let rows: Vec<(String, String)> = on!(db, p => sqlx::query_as(
        "select conversation_id, wish from kb_subscription where product_id = $1 order by conversation_id")
        .bind(product).fetch_all(p).await)?;
    rows.into_iter().map(|(chat, wish)| Ok((chat, wish.parse()?))).collect()
}

/// A chat took a release: its files were sent or fetched there.
pub async fn took(tx: &mut Tx, clock: &Clock, release: &str, conversation: &str) -> Result<()> {
    on_tx!(tx, c => sqlx::query(
        "insert into kb_release_taken (release_id, conversation_id, at) values ($1, $2, $3) \
         on conflict (release_id, conversation_id) do nothing")
        .bind(release).bind(conversation).bind(clock.now()).execute(c).await.map(drop))?;
    Ok(())
}

pub async fn takers(db: &Db, release: &str) -> Result<Vec<String>> {
    let chats = on!(db, p => sqlx::query_scalar(
        "select conversation_id from kb_release_taken where release_id = $1 order by conversation_id")
        .bind(release).fetch_all(p).await)?;
    Ok(chats)
}

/// Notes that a reader is told now; false when they were told before. With the message in one transaction,
/// nobody is told twice and nobody is left out.
pub async fn tell_once(
    tx: &mut Tx,
    clock: &Clock,
    release: &str,
    kind: &str,
    reader: &Reader,
) -> Result<bool> {
    let new = on_tx!(tx, c => sqlx::query(
        "insert into kb_release_notice (release_id, kind, reader, conversation_id, why, at) values ($1, $2, $3, $4, $5, $6) \
         on conflict (release_id, kind, reader) do nothing")
        .bind(release).bind(kind).bind(&reader.key).bind(&reader.conversation.id).bind(reader.why.as_str())
        .bind(clock.now()).execute(c).await.map(|done| done.rows_affected()))?;
    Ok(new == 1)
}

/// The chats that were told of a release.
pub async fn told(db: &Db, release: &str, kind: &str) -> Result<Vec<String>> {
    let chats = on!(db, p => sqlx::query_scalar(
        "select conversation_id from kb_release_notice where release_id = $1 and kind = $2 order by conversation_id")
        .bind(release).bind(kind).fetch_all(p).await)?;
    Ok(chats)
}
