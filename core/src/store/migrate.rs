//! Migrations: each room brings its own folder per engine and keeps its own ledger table, because
//! tables belong to the room that owns their noun.
use std::borrow::Cow;

use sqlx::migrate::Migrator;

use super::Db;
use crate::{Error, Result};

/// The two folders of one room (`sqlx::migrate!`) and the table that records what was applied.
pub struct Migrations {
    pub ledger: &'static str,
    pub sqlite: Migrator,
    pub postgres: Migrator,
}

/// The core's own tables.
pub fn core() -> Migrations {
    Migrations {
        ledger: "schema_core",
        sqlite: sqlx::migrate!("migrations/sqlite"),
        postgres: sqlx::migrate!("migrations/postgres"),
    }
}

/// Brings the schema of the core and then of `rooms` up to date. A changed or missing applied
/// migration is an error: history is append-only.
pub async fn migrate(db: &Db, rooms: Vec<Migrations>) -> Result<()> {
    for room in std::iter::once(core()).chain(rooms) {
        let mut migrator = if db.is_postgres() { room.postgres } else { room.sqlite };
        migrator.table_name = Cow::Borrowed(room.ledger);
        let applied = match db {
            Db::Sqlite { write, .. } => migrator.run(write).await,
            Db::Postgres(pool) => migrator.run(pool).await,
        };
        applied.map_err(|e| Error::Config(format!("migrations of {}: {e}", room.ledger)))?;
    }
    Ok(())
}
