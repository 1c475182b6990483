//! `/console`: the open tickets, what is due first on top, in views and filters, page by page.
use std::collections::HashSet;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::IntoResponse;
use firstline_core::desk::StaffNotice;
use firstline_core::ticket::Status;
use firstline_core::ticket::queue::{self, Counts, Filter, QueueRow};
use serde::Deserialize;
use url::form_urlencoded::Serializer;

use super::seat::{Console, Seat};
use crate::App;
use crate::pages::clock_chip::{Chip, of_queue};
use crate::pages::error::PageResult;
use crate::pages::times::span;
use crate::pages::{Page, html, live};

/// What one page shows.
const ROWS: i64 = 50;
/// Due within this, or late: the view "due soon".
const SOON_MILLIS: i64 = 2 * 3_600_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tab {
    Open,
    Mine,
    Group,
    Unassigned,
    Soon,
    Attention,
    Waiting,
    Resolved,
}

impl Tab {
    const ALL: [Tab; 8] = [
        Tab::Open,
        Tab::Mine,
        Tab::Group,
        Tab::Unassigned,
        Tab::Soon,
        Tab::Attention,
        Tab::Waiting,
        Tab::Resolved,
    ];

    fn name(self) -> &'static str {
        match self {
            Tab::Open => "open",
            Tab::Mine => "mine",
            Tab::Group => "group",
            Tab::Unassigned => "unassigned",
            Tab::Soon => "soon",
            Tab::Attention => "attention",
            Tab::Waiting => "waiting",
            Tab::Resolved => "resolved",
        }
    }

    fn parse(name: &str) -> Tab {
        Tab::ALL.into_iter().find(|tab| tab.name() == name).unwrap_or(Tab::Open)
    }

    fn count(self, c: &Counts) -> Option<i64> {
        match self {
            Tab::Open => Some(c.open),
            Tab::Mine => Some(c.mine),
            Tab::Group => Some(c.group),
            Tab::Unassigned => Some(c.unassigned),
            Tab::Soon => Some(c.soon),
            Tab::Attention => Some(c.attention),
            Tab::Waiting => Some(c.waiting),
            Tab::Resolved => None,
        }
    }
}

struct TabLink {
    name: &'static str,
    path: String,
    count: Option<i64>,
    current: bool,
}

struct Row {
    ticket: QueueRow,
    chip: Chip,
    /// Working time left, where it is not all of the time left.
    left: Option<String>,
}

/// A choice of a filter: id, name, chosen.
struct Choice {
    id: String,
    name: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "console/queue.html")]
struct QueuePage {
    p: Page,
    seat: Seat,
    tabs: Vec<TabLink>,
    tab: &'static str,
    q: String,
    groups: Vec<Choice>,
    customers: Vec<Choice>,
    rows: Vec<Row>,
    /// What this member was told of and nobody took yet.
    notices: Vec<StaffNotice>,
    /// The next page; empty on the last.
    more: String,
}

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    tab: String,
    #[serde(default)]
    q: String,
    #[serde(default)]
    group: String,
    #[serde(default)]
    customer: String,
    /// Due time and number of the last row of the page before.
    #[serde(default)]
    after: String,
}

pub async fn show(
    State(app): State<App>,
    Console { seat, page: p }: Console,
    Query(asked): Query<Asked>,
) -> PageResult {
    let db = &app.desk.db;
    let tab = Tab::parse(&asked.tab);
    let soon = p.now.plus_millis(SOON_MILLIS);
    let counts = queue::counts(db, &seat.id, soon).await?;
    let filter = filter(&asked, tab, &seat, soon);
    let mut found = queue::list(db, &filter).await?;
    if found.is_empty() && tab == Tab::Open && filter.text.is_some() && filter.after.is_none() {
        // A search that finds nothing open looks at what is solved: people ask about those by number.
        found = everything(&app, filter).await?;
    }
    let more = match found.get(ROWS as usize - 1) {
        Some(last) if found.len() as i64 > ROWS => next(&asked, tab, last),
        _ => String::new(),
    };
    found.truncate(ROWS as usize);
    let (groups, customers) = filters(&app, &asked).await?;
    let rows = found.into_iter().map(|ticket| row(&app, &p, ticket)).collect();
    let mut notices = app.desk.staff_notices(&seat.id).await?;
    // Told again and again, a ticket stands here once.
    let mut seen = HashSet::new();
    notices.retain(|n| seen.insert(n.number.0));
    let tabs = Tab::ALL.into_iter().map(|t| link(t, tab, &counts)).collect();
    let q = asked.q.trim().to_owned();
    Ok(html(&QueuePage { p, seat, tabs, tab: tab.name(), q, groups, customers, rows, more, notices }))
}

fn filter(asked: &Asked, tab: Tab, seat: &Seat, soon: firstline_core::Time) -> Filter {
    let some = |text: &str| Some(text.trim().to_owned()).filter(|t| !t.is_empty());
    Filter {
        status: (tab == Tab::Resolved).then_some(Status::Resolved),
        waiting: tab == Tab::Waiting,
        assignee_id: (tab == Tab::Mine).then(|| seat.id.clone()),
        unassigned: tab == Tab::Unassigned,
        groups_of: (tab == Tab::Group).then(|| seat.id.clone()),
        group_id: some(&asked.group),
        customer_id: some(&asked.customer),
        due_before: (tab == Tab::Soon).then_some(soon),
        attention: tab == Tab::Attention,
        text: some(&asked.q),
        after: after(&asked.after),
        limit: ROWS + 1,
    }
}

fn after(text: &str) -> Option<(i64, i64)> {
    let (due, number) = text.split_once('-')?;
    Some((due.parse().ok()?, number.parse().ok()?))
}

async fn everything(app: &App, filter: Filter) -> PageResult<Vec<QueueRow>> {
    let solved = Filter { status: Some(Status::Resolved), ..filter.clone() };
    let mut rows = queue::list(&app.desk.db, &solved).await?;
    rows.extend(queue::list(&app.desk.db, &Filter { status: Some(Status::Closed), ..filter }).await?);
    rows.truncate(ROWS as usize);
    Ok(rows)
}

async fn filters(app: &App, asked: &Asked) -> PageResult<(Vec<Choice>, Vec<Choice>)> {
    let (mut groups, mut customers) = (Vec::new(), Vec::new());
    for (what, id, name) in queue::groups_and_customers(&app.desk.db).await? {
        let (list, chosen) =
            if what == "group" { (&mut groups, &asked.group) } else { (&mut customers, &asked.customer) };
        let chosen = *chosen == id;
        list.push(Choice { id, name, chosen });
    }
    Ok((groups, customers))
}

fn row(app: &App, p: &Page, ticket: QueueRow) -> Row {
    let chip = of_queue(p.lang, ticket.next_due_at, ticket.status, p.now);
    Row { chip, left: working_time_left(app, p, &ticket), ticket }
}

/// From what is in memory: a row costs no statement of its own.
fn working_time_left(app: &App, p: &Page, ticket: &QueueRow) -> Option<String> {
    let due = ticket.next_due_at.filter(|due| *due > p.now && ticket.status.is_open())?;
    let version = u32::try_from(ticket.plan_version).ok()?;
    let plan = app.desk.plans.version(&ticket.plan, version)?;
    let calendar = plan.calendars.get(ticket.due_calendar.as_deref()?)?;
    let left = calendar.counted(p.now, due);
    let shown = !calendar.is_always() && left < due.since(p.now);
    shown.then(|| p.lang.text_with("queue-working-left", &[("span", span(p.lang, left).into())]))
}

fn link(tab: Tab, current: Tab, counts: &Counts) -> TabLink {
    let path = format!("/console?tab={}", tab.name());
    TabLink { name: tab.name(), path, count: tab.count(counts), current: tab == current }
}

fn next(asked: &Asked, tab: Tab, last: &QueueRow) -> String {
    let (due, number) = last.key();
    let query = Serializer::new(String::new())
        .append_pair("tab", tab.name())
        .append_pair("q", &asked.q)
        .append_pair("group", &asked.group)
        .append_pair("customer", &asked.customer)
        .append_pair("after", &format!("{due}-{number}"))
        .finish();
    format!("/console?{query}")
}

pub async fn events(State(app): State<App>, _seat: Seat) -> impl IntoResponse {
    live::ticket_changes(&app, None)
}
