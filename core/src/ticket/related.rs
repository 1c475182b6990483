//! Tickets that belong together: the same fault elsewhere, a complaint and what it is about.
use super::Number;
use crate::store::Db;
use crate::{Result, Time};

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Related {
    pub number: Number,
    pub title: String,
    #[sqlx(try_from = "String")]
    pub status: super::Status,
    pub customer: Option<String>,
    pub created_at: Time,
    /// `same_fault`, `about` (this ticket complains of it) or `complaint` (it complains of this one).
    pub how: String,
}

/// The newest first.
pub async fn of(db: &Db, ticket_id: &str, limit: i64) -> Result<Vec<Related>> {
    Ok(on!(db, p => sqlx::query_as(
        "select t.number, t.title, t.status, u.name as customer, t.created_at, \
         case when t.id = me.about_id then 'about' when t.about_id = me.id then 'complaint' else 'same_fault' end as how \
         from ticket me join ticket t on t.id <> me.id and (t.fingerprint = me.fingerprint or t.id = me.about_id or t.about_id = me.id) \
         left join customer u on u.id = t.customer_id where me.id = $1 order by t.created_at desc, t.number desc limit $2")
        .bind(ticket_id).bind(limit).fetch_all(p).await)?)
}
