//! The queue staff work from: open tickets, what is due first on top. Pages by key, so that the last page
//! costs what the first one does.
use sqlx::{AssertSqlSafe, FromRow};

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
    pub customer_name: Option<String>,
    pub group_name: Option<String>,
    pub assignee_id: Option<String>,
    pub assignee_name: Option<String>,
    pub attention: i64,
    pub next_due_at: Option<Time>,
    pub plan: String,
    pub plan_version: i64,
    /// The calendar that the next due time is counted on.
    pub due_calendar: Option<String>,
    pub created_at: Time,
    pub updated_at: Time,
}

/// Which tickets to show.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// `None`: everything not resolved or closed.
    pub status: Option<Status>,
    /// Waiting for the customer or for a third party.
    pub waiting: bool,
    /// Only this member's.
    pub assignee_id: Option<String>,
    pub unassigned: bool,
    /// Only of the groups this member is in.
    pub groups_of: Option<String>,
    pub group_id: Option<String>,
    pub customer_id: Option<String>,
    /// Only what is due before this instant or late.
    pub due_before: Option<Time>,
    /// Only what somebody should look at: contacted again and again, the same fault elsewhere.
    pub attention: bool,
    /// Words in the title, part of a customer's name, or a ticket number.
    pub text: Option<String>,
    /// Where the page before ended: `QueueRow::key` of its last row.
    pub after: Option<(i64, i64)>,
    pub limit: i64,
}

/// Later than everything promised.
const NEVER: i64 = i64::MAX;

impl QueueRow {
    /// Its place in the order.
    pub fn key(&self) -> (i64, i64) {
        (self.next_due_at.map_or(NEVER, Time::millis), self.number.0)
    }
}

const COLUMNS: &str = "select t.number, t.kind, t.status, t.severity, t.title, t.product, t.channel, p.name as person_name, \
    u.name as customer_name, g.name as group_name, t.assignee_id, s.name as assignee_name, t.attention, t.next_due_at, \
    t.plan, t.plan_version, (select min(c.calendar) from clock c where c.ticket_id = t.id and c.due_at = t.next_due_at and c.applies \
    and c.met_at is null) as due_calendar, t.created_at, t.updated_at from ticket t left join person p on p.id = t.person_id left join staff s on s.id = t.assignee_id \
    left join customer u on u.id = t.customer_id left join support_group g on g.id = t.group_id";

/// Ordered by the earliest open promise; paused and unpromised ones last, then by number.
pub async fn list(db: &Db, filter: &Filter) -> Result<Vec<QueueRow>> {
    let sql = statement(filter);
    let text = filter.text.as_deref().map(str::trim).filter(|t| !t.is_empty());
    let like = text.map(|t| format!("%{}%", t.to_lowercase().replace(['%', '_', '\\'], "")));
    let number = text.and_then(|t| t.parse::<Number>().ok()).map_or(-1, |n| n.0);
    let (due, after) = filter.after.unwrap_or((i64::MIN, -1));
    let rows = on!(db, p => sqlx::query_as(AssertSqlSafe(sql.as_str()))
        .bind(filter.status.map(|s| s.as_str())).bind(&filter.assignee_id).bind(&filter.groups_of)
        .bind(&filter.group_id).bind(&filter.customer_id).bind(filter.due_before.map(Time::millis)).bind(like)
        .bind(number).bind(due).bind(after).bind(filter.limit.clamp(1, 500)).fetch_all(p).await)?;
    Ok(rows)
}

/// Only the conditions asked for are in the statement, each of them text of ours: a planner that sees
/// `cast($1 as text) is null or …` reads every row.
fn statement(f: &Filter) -> String {
    let order = "coalesce(t.next_due_at, 9223372036854775807)";
    let mut sql = String::from(COLUMNS);
    sql.push_str(match f.status {
        Some(_) => " where t.status = $1",
        None => " where t.resolved_at is null and cast($1 as text) is null",
    });
    // Every parameter is named once, so that both engines know its type.
    let conditions = [
        (f.assignee_id.is_some(), " and t.assignee_id = $2", " and cast($2 as text) is null"),
        (
            f.groups_of.is_some(),
            " and t.group_id in (select m.group_id from group_member m where m.staff_id = $3)",
            " and cast($3 as text) is null",
        ),
        (f.group_id.is_some(), " and t.group_id = $4", " and cast($4 as text) is null"),
        (f.customer_id.is_some(), " and t.customer_id = $5", " and cast($5 as text) is null"),
        (f.due_before.is_some(), " and t.next_due_at < $6", " and cast($6 as bigint) is null"),
        (
            f.text.as_ref().is_some_and(|t| !t.trim().is_empty()),
            " and (lower(t.title) like $7 or u.name_key like $7 or t.number = $8)",
            " and cast($7 as text) is null and cast($8 as bigint) = -1",
        ),
        (f.unassigned, " and t.assignee_id is null", ""),
        (f.waiting, " and t.status in ('waiting_for_customer', 'waiting_for_third_party')", ""),
        (f.attention, " and t.attention > 0", ""),
    ];
    for (asked, condition, otherwise) in conditions {
        sql.push_str(if asked { condition } else { otherwise });
    }
    // A range over the first key lets the index begin there; the second condition settles equal ones.
    sql.push_str(&format!(
        " and {order} >= cast($9 as bigint) and ({order} > cast($9 as bigint) or t.number > cast($10 as bigint)) \
         order by {order}, t.number limit $11"
    ));
    sql
}

/// Tickets of a customer, the newest first.
pub async fn of_customer(db: &Db, customer_id: &str, limit: i64) -> Result<Vec<QueueRow>> {
    let sql =
        format!("{COLUMNS} where t.customer_id = $1 order by t.created_at desc, t.number desc limit $2");
    Ok(
        on!(db, p => sqlx::query_as(AssertSqlSafe(sql.as_str())).bind(customer_id).bind(limit).fetch_all(p).await)?,
    )
}

/// Every ticket on an installation, the newest first (P2-04).
pub async fn of_installation(db: &Db, installation_id: &str, limit: i64) -> Result<Vec<QueueRow>> {
    let sql =
        format!("{COLUMNS} where t.installation_id = $1 order by t.created_at desc, t.number desc limit $2");
    Ok(
        on!(db, p => sqlx::query_as(AssertSqlSafe(sql.as_str())).bind(installation_id).bind(limit).fetch_all(p).await)?,
    )
}

/// How many open tickets each view holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromRow)]
pub struct Counts {
    pub open: i64,
    pub mine: i64,
    pub group: i64,
    pub unassigned: i64,
    pub waiting: i64,
    pub soon: i64,
    pub attention: i64,
}

/// For the tabs, in one statement; `soon` is due before that instant.
pub async fn counts(db: &Db, me: &str, soon: Time) -> Result<Counts> {
    let one = |condition: &str| format!("cast(count(case when {condition} then 1 end) as bigint)");
    let sql = format!(
        "select count(*) as open, {} as mine, {} as \"group\", {} as unassigned, {} as waiting, {} as soon, {} as attention \
         from ticket t where t.resolved_at is null",
        one("t.assignee_id = $1"),
        one("t.group_id in (select m.group_id from group_member m where m.staff_id = $1)"),
        one("t.assignee_id is null"),
        one("t.status in ('waiting_for_customer', 'waiting_for_third_party')"),
        one("t.next_due_at < $2"),
        one("t.attention > 0"),
    );
    Ok(on!(db, p => sqlx::query_as(AssertSqlSafe(sql.as_str())).bind(me).bind(soon).fetch_one(p).await)?)
}

/// Choices of the queue's filters: groups, and the customers with open tickets.
pub async fn groups_and_customers(db: &Db) -> Result<Vec<(String, String, String)>> {
    Ok(on!(db, p => sqlx::query_as(
        "select 'group', g.id, g.name from support_group g union all \
         select 'customer', u.id, u.name from customer u where exists \
         (select 1 from ticket t where t.customer_id = u.id and t.resolved_at is null) order by 1, 3, 2")
        .fetch_all(p).await)?)
}
