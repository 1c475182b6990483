//! `/console`: the open tickets, what is due first on top.
use askama::Template;
use axum::extract::{Query, State};
use axum::response::IntoResponse;
use firstline_core::ticket::Status;
use firstline_core::ticket::queue::{self, Filter, QueueRow};
use serde::Deserialize;

use super::seat::{Console, Seat};
use crate::App;
use crate::pages::clock_chip::{Chip, of_queue};
use crate::pages::error::PageResult;
use crate::pages::{Page, html, live};

/// What one page shows; more open tickets than this need a search, not a longer page.
const ROWS: i64 = 200;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tab {
    Open,
    Mine,
    Unassigned,
    Waiting,
    Resolved,
}

impl Tab {
    const ALL: [Tab; 5] = [Tab::Open, Tab::Mine, Tab::Unassigned, Tab::Waiting, Tab::Resolved];

    fn name(self) -> &'static str {
        match self {
            Tab::Open => "open",
            Tab::Mine => "mine",
            Tab::Unassigned => "unassigned",
            Tab::Waiting => "waiting",
            Tab::Resolved => "resolved",
        }
    }

    fn parse(name: &str) -> Tab {
        Tab::ALL.into_iter().find(|tab| tab.name() == name).unwrap_or(Tab::Open)
    }

    /// Whether an open ticket belongs here.
    fn holds(self, row: &QueueRow, me: &str) -> bool {
        match self {
            Tab::Open => true,
            Tab::Mine => row.assignee_id.as_deref() == Some(me),
            Tab::Unassigned => row.assignee_id.is_none(),
            Tab::Waiting => matches!(row.status, Status::WaitingForCustomer | Status::WaitingForThirdParty),
            Tab::Resolved => false,
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
}

#[derive(Template)]
#[template(path = "console/queue.html")]
struct QueuePage {
    p: Page,
    seat: Seat,
    tabs: Vec<TabLink>,
    tab: &'static str,
    q: String,
    rows: Vec<Row>,
}

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    tab: String,
    #[serde(default)]
    q: String,
}

pub async fn show(
    State(app): State<App>,
    Console { seat, page: p }: Console,
    Query(asked): Query<Asked>,
) -> PageResult {
    let tab = Tab::parse(&asked.tab);
    let q = asked.q.trim().to_owned();
    let open = list(&app, None, None).await?;
    let found = match (tab, q.as_str()) {
        (Tab::Resolved, _) => list(&app, Some(Status::Resolved), Some(&q)).await?,
        (_, "") => open.clone(),
        // A search looks at solved tickets, too: people ask about those by number.
        (Tab::Open, q) => everywhere(&app, q).await?,
        (_, q) => list(&app, None, Some(q)).await?,
    };
    let searched = tab == Tab::Open && !q.is_empty();
    let mine = |row: &QueueRow| searched || tab == Tab::Resolved || tab.holds(row, &seat.id);
    let rows = found.into_iter().filter(mine).map(|ticket| row(&p, ticket)).collect();
    let tabs = Tab::ALL.into_iter().map(|t| link(t, tab, &open, &seat.id)).collect();
    Ok(html(&QueuePage { p, seat, tabs, tab: tab.name(), q, rows }))
}

fn row(p: &Page, ticket: QueueRow) -> Row {
    Row { chip: of_queue(p.lang, ticket.next_due_at, ticket.status, p.now), ticket }
}

fn link(tab: Tab, current: Tab, open: &[QueueRow], me: &str) -> TabLink {
    let count = open.iter().filter(|row| tab.holds(row, me)).count() as i64;
    TabLink {
        name: tab.name(),
        path: format!("/console?tab={}", tab.name()),
        count: (tab != Tab::Resolved).then_some(count),
        current: tab == current,
    }
}

async fn list(app: &App, status: Option<Status>, text: Option<&str>) -> PageResult<Vec<QueueRow>> {
    let text = text.filter(|t| !t.is_empty()).map(str::to_owned);
    Ok(queue::list(&app.desk.db, &Filter { status, text, limit: ROWS, ..Filter::default() }).await?)
}

async fn everywhere(app: &App, text: &str) -> PageResult<Vec<QueueRow>> {
    let mut rows = list(app, None, Some(text)).await?;
    rows.extend(list(app, Some(Status::Resolved), Some(text)).await?);
    rows.extend(list(app, Some(Status::Closed), Some(text)).await?);
    Ok(rows)
}

pub async fn events(State(app): State<App>, _seat: Seat) -> impl IntoResponse {
    live::ticket_changes(&app, None)
}
