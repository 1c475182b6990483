//! Small values the whole installation shares: the secret behind signed links, the demo's mark.
use super::{Db, Tx};
use crate::{Clock, Result};

pub async fn get(db: &Db, key: &str) -> Result<Option<String>> {
    let value = on!(db, p => sqlx::query_scalar("select value from setting where key = $1").bind(key).fetch_optional(p).await)?;
    Ok(value)
}

pub async fn put(tx: &mut Tx, key: &str, value: &str) -> Result<()> {
    on_tx!(tx, c => sqlx::query(
        "insert into setting (key, value) values ($1, $2) on conflict (key) do update set value = excluded.value")
        .bind(key).bind(value).execute(c).await.map(drop))?;
    Ok(())
}

/// The secret that signs links. Made once; every node of one database shares it.
pub async fn link_secret(db: &Db, clock: &Clock) -> Result<String> {
    if let Some(found) = get(db, "link_secret").await? {
        return Ok(found);
    }
    let mut tx = db.begin().await?;
    on_tx!(&mut tx, c => sqlx::query("insert into setting (key, value) values ('link_secret', $1) on conflict (key) do nothing")
        .bind(clock.secret()).execute(c).await.map(drop))?;
    tx.commit().await?;
    get(db, "link_secret").await?.ok_or(crate::Error::Inconsistent {
        table: "setting",
        row: "link_secret".into(),
        reason: "missing right after it was written".into(),
    })
}
