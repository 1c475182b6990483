//! The true differences between the two databases, each with its reason.
use super::Db;

/// Lets several workers claim different rows at once. SQLite has one writer, so it needs nothing.
pub fn skip_locked(db: &Db) -> &'static str {
    if db.is_postgres() { " for update skip locked" } else { "" }
}
