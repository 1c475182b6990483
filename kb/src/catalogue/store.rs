//! The catalogue's tables.
pub(super) mod files;
pub(super) mod notices;
pub(super) mod products;
pub(super) mod releases;

use firstline_core::on_tx;
use firstline_core::store::Tx;
use firstline_core::{Clock, Result};

/// What writing did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saved {
    New,
    Changed,
    Same,
}

/// Marks a product as changed: every process reads it anew before it answers.
pub(super) async fn touch(tx: &mut Tx, clock: &Clock, product_id: &str) -> Result<()> {
    let change: i64 = on_tx!(tx, c => sqlx::query_scalar(
        "update kb_change set value = value + 1 where name = 'catalogue' returning value").fetch_one(c).await)?;
    on_tx!(tx, c => sqlx::query("update kb_product set change_no = $2, updated_at = $3 where id = $1")
        .bind(product_id).bind(change).bind(clock.now()).execute(c).await.map(drop))?;
    Ok(())
}
