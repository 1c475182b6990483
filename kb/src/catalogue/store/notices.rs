//! Who wants to hear of releases, who took them, and who was told.
use firstline_core::store::{Db, Tx};
use firstline_core::{Clock, Result, on, on_tx};

use crate::catalogue::announce::Reader;

/// Subscribes a chat to a product; again with another wish changes that.
pub async fn subscribe(
    tx: &mut Tx,
    clock: &Clock,
    conversation: &str,
    product: &str,
    security_only: bool,
) -> Result<()> {
    on_tx!(tx, c => sqlx::query(
        "insert into kb_subscription (conversation_id, product_id, security_only, created_at) values ($1, $2, $3, $4) \
         on conflict (conversation_id, product_id) do update set security_only = excluded.security_only")
        .bind(conversation).bind(product).bind(security_only).bind(clock.now()).execute(c).await.map(drop))?;
    Ok(())
}

/// False when there was no subscription.
pub async fn unsubscribe(tx: &mut Tx, conversation: &str, product: &str) -> Result<bool> {
    let gone = on_tx!(tx, c => sqlx::query("delete from kb_subscription where conversation_id = $1 and product_id = $2")
        .bind(conversation).bind(product).execute(c).await.map(|done| done.rows_affected()))?;
    Ok(gone == 1)
}

/// The chats subscribed to a product; those for security only when it is about security.
pub async fn subscribers(db: &Db, product: &str, security: bool) -> Result<Vec<String>> {
    let chats = on!(db, p => sqlx::query_scalar(
        "select conversation_id from kb_subscription where product_id = $1 and (security_only = $2 or $3) order by conversation_id")
        .bind(product).bind(false).bind(security).fetch_all(p).await)?;
    Ok(chats)
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
