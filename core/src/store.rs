//! The store: one handle over SQLite and PostgreSQL, the macros that run the same SQL on both,
//! migrations, and the few places where the two differ.
/// Runs the same tokens against the typed pool behind a `&Db`:
/// `on!(db, p => sqlx::query("…").bind(x).fetch_all(p).await)`.
#[macro_export]
macro_rules! on {
    ($db:expr, $p:ident => $body:expr) => {{
        $crate::store::note_statement();
        match $db {
            $crate::store::Db::Sqlite { read: $p, .. } => $body,
            $crate::store::Db::Postgres($p) => $body,
        }
    }};
}

/// Runs the same tokens against the typed connection behind a `&mut Tx`:
/// `on_tx!(tx, c => sqlx::query("…").execute(&mut *c).await)`.
#[macro_export]
macro_rules! on_tx {
    ($tx:expr, $c:ident => $body:expr) => {{
        $crate::store::note_statement();
        match $tx {
            $crate::store::Tx::Sqlite(t) => {
                let $c = &mut **t;
                $body
            }
            $crate::store::Tx::Postgres(t) => {
                let $c = &mut **t;
                $body
            }
        }
    }};
}

#[macro_use]
mod text_enum;
mod db;
pub mod dialect;
mod exclusive;
mod migrate;
pub mod settings;
mod tally;

pub use db::{Db, Tx};
pub use exclusive::Exclusive;
pub use migrate::{Migrations, migrate};
pub use tally::{note_statement, tally};
