//! The queue staff work from: open tickets, what is due first on top.
use sqlx::FromRow;

use super::{Kind, Number, Status};
use crate::store::Db;
use crate::{Result, Time};

#[derive(Clone, Debug, FromRow)]
pub struct QueueRow {
    pub number: Number,
    #[sqlx(try_from = "String")]
    pub kind: Kind,
    #[sqlx(try_from = "String")]
    pub status: Status,
    pub severity: i64,
    pub title: String,
    pub product: Option<String>,
    pub channel: String,
    pub person_name: String,
    pub assignee_id: Option<String>,
    pub assignee_name: Option<String>,
    pub next_due_at: Option<Time>,
    pub created_at: Time,
    pub updated_at: Time,
}

/// Which tickets to show.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// `None`: everything not resolved or closed.
    pub status: Option<Status>,
    /// Only this member's.
    pub assignee_id: Option<String>,
    pub unassigned: bool,
    /// Words in the title or a ticket number.
    pub text: Option<String>,
    pub limit: i64,
}

/// Ordered by the earliest open promise; paused and unpromised ones last, then the oldest first.
pub async fn list(db: &Db, filter: &Filter) -> Result<Vec<QueueRow>> {
    let status = filter.status.map(|s| s.as_str());
    let text =
        filter.text.as_ref().map(|t| format!("%{}%", t.trim().to_lowercase().replace(['%', '_', '\\'], "")));
    let number = filter.text.as_deref().and_then(|t| t.parse::<Number>().ok());
    let rows = on!(db, p => sqlx::query_as(
        "select t.number, t.kind, t.status, t.severity, t.title, t.product, t.channel, p.name as person_name, \
         t.assignee_id, s.name as assignee_name, t.next_due_at, t.created_at, t.updated_at \
         from ticket t join person p on p.id = t.person_id left join staff s on s.id = t.assignee_id \
         where (case when cast($1 as text) is null then t.status not in ('resolved', 'closed') else t.status = $1 end) \
         and (cast($2 as text) is null or t.assignee_id = $2) and ($3 = false or t.assignee_id is null) \
         and (cast($4 as text) is null or lower(t.title) like $4 or t.number = $5) \
         order by (t.next_due_at is null), t.next_due_at, t.severity, t.created_at limit $6")
        .bind(status).bind(&filter.assignee_id).bind(filter.unassigned).bind(text)
        .bind(number.map_or(-1, |n| n.0)).bind(filter.limit.clamp(1, 500)).fetch_all(p).await)?;
    Ok(rows)
}

/// Open tickets per status, for the tabs.
pub async fn counts(db: &Db) -> Result<Vec<(String, i64)>> {
    let rows = on!(db, p => sqlx::query_as("select status, count(*) from ticket group by status order by status").fetch_all(p).await)?;
    Ok(rows)
}
