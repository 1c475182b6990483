//! Products and their names.
use std::collections::BTreeSet;

use firstline_core::store::{Db, Tx};
use firstline_core::{Clock, Error, Result, on, on_tx};
use sqlx::FromRow;
use sqlx::types::Json;

use super::{Saved, touch};
use crate::catalogue::model::Product;
use crate::catalogue::names::fold;

#[derive(Clone, Debug, FromRow)]
pub struct ProductRow {
    pub id: String,
    pub data: Json<Product>,
    pub change_no: i64,
}

pub async fn all(db: &Db) -> Result<Vec<ProductRow>> {
    let rows = on!(db, p => sqlx::query_as("select id, data, change_no from kb_product order by key").fetch_all(p).await)?;
    Ok(rows)
}

pub async fn by_key(tx: &mut Tx, key: &str) -> Result<Option<ProductRow>> {
    let row = on_tx!(tx, c => sqlx::query_as("select id, data, change_no from kb_product where key = $1")
        .bind(key).fetch_optional(c).await)?;
    Ok(row)
}

/// Writes a product that was checked. A name another product has is a conflict that names both.
pub async fn put(tx: &mut Tx, clock: &Clock, product: &Product) -> Result<(String, Saved)> {
    let known = by_key(tx, &product.key).await?;
    if let Some(row) = &known
        && row.data.0 == *product
    {
        return Ok((row.id.clone(), Saved::Same));
    }
    let id = known.as_ref().map_or_else(|| clock.id(), |row| row.id.clone());
    on_tx!(tx, c => sqlx::query(
        "insert into kb_product (id, key, data, change_no, created_at, updated_at) values ($1, $2, $3, 0, $4, $4) \
         on conflict (key) do update set data = excluded.data")
        .bind(&id).bind(&product.key).bind(Json(product)).bind(clock.now()).execute(c).await.map(drop))?;
    name(tx, &id, product).await?;
    touch(tx, clock, &id).await?;
    Ok((id, if known.is_some() { Saved::Changed } else { Saved::New }))
}

async fn name(tx: &mut Tx, id: &str, product: &Product) -> Result<()> {
    on_tx!(tx, c => sqlx::query("delete from kb_product_name where product_id = $1").bind(id).execute(c).await.map(drop))?;
    let titles = [&product.key, &product.title.zh, &product.title.en];
    let names: BTreeSet<String> = titles.into_iter().chain(&product.aliases).map(|n| fold(n)).collect();
    for name in names.into_iter().filter(|n| !n.is_empty()) {
        let taken: Option<String> = on_tx!(tx, c => sqlx::query_scalar(
            "select p.key from kb_product_name n join kb_product p on p.id = n.product_id where n.name = $1")
            .bind(&name).fetch_optional(c).await)?;
        if let Some(other) = taken {
            return Err(Error::Conflict(format!(
                "product {:?}: the name {name:?} belongs to product {other:?} already; one name means one product",
                product.key
            )));
        }
        on_tx!(tx, c => sqlx::query("insert into kb_product_name (name, product_id) values ($1, $2)")
            .bind(&name).bind(id).execute(c).await.map(drop))?;
    }
    Ok(())
}
