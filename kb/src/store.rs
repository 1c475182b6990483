//! The knowledge base's tables.
mod clean;
mod read;
mod row;
pub(crate) mod upsert;

use firstline_core::store::Migrations;

pub(crate) use clean::clean;
pub(crate) use read::{
    article, article_revision, articles, changed_since, count, counters, frequent, products, translation,
};
pub(crate) use row::ArticleRow;
pub use upsert::Upserted;
pub(crate) use upsert::{
    bind_translations, insert_unseen, order_rebuild, remove, take_changes, upsert_batch,
};

/// The tables this room owns.
pub fn migrations() -> Migrations {
    Migrations {
        ledger: "schema_kb",
        sqlite: sqlx::migrate!("migrations/sqlite"),
        postgres: sqlx::migrate!("migrations/postgres"),
    }
}
