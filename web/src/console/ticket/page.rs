//! `/console/tickets/{number}`: what was said on the left, what is known on the right.
use std::collections::HashMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use firstline_bots::texts::{money, severity_reason};
use firstline_core::desk::service::QuoteRow;
use firstline_core::desk::view::TicketView;
use firstline_core::staff::{self, Staff};
use firstline_core::ticket::{Number, Packet, Status, Ticket, TimelineEntry};
use firstline_kb::Hit;
use firstline_kb::cases::Case;

use super::clocks::{self, ClockCard};
use super::happened::{self, Group};
use super::packet::packet_of;
use super::similar::{Similar, similar};
use crate::App;
use crate::console::seat::{Console, Seat};
use crate::console::service::side::{self, Side};
use crate::pages::error::PageResult;
use crate::pages::said::{Eyes, Item};
use crate::pages::{Page, PageError, html, live};

#[derive(Template)]
#[template(path = "console/ticket.html")]
struct TicketPage {
    p: Page,
    seat: Seat,
    t: Ticket,
    view: TicketView,
    side: Side,
    items: Vec<Item>,
    staff: Vec<Staff>,
    reason: String,
    packet: Packet,
    /// Solved tickets and articles that resemble it.
    cases: Vec<Case>,
    related: Vec<Hit>,
    statuses: Vec<Status>,
    clocks: Vec<ClockCard>,
    /// What may be recorded about the case.
    happenings: Vec<Group>,
    levels: Vec<i64>,
    /// The plan as people know it, what its contract overrides, and where it is explained.
    plan_id: String,
    plan_path: String,
    overridden: Vec<String>,
    /// Why the customer contests the level, until staff decided anew.
    contested: Option<String>,
    /// Why an answer was not sent, and its words.
    problem: String,
    draft: String,
}

impl TicketPage {
    fn money(&self, quote: &QuoteRow) -> String {
        money(quote.cents, &quote.currency)
    }

    /// Whether the ticket is this member's.
    fn has(&self, member: &Staff) -> bool {
        self.t.assignee_id.as_ref() == Some(&member.id)
    }
}

pub fn number(text: &str) -> Result<Number, PageError> {
    text.parse().map_err(|_| PageError::NotFound)
}

pub async fn show(
    State(app): State<App>,
    Console { seat, page }: Console,
    Path(text): Path<String>,
) -> PageResult {
    draw(&app, page, seat, number(&text)?, "", "").await
}

/// The page, also with an answer that was not sent.
pub async fn draw(
    app: &App,
    mut p: Page,
    seat: Seat,
    number: Number,
    problem: &str,
    draft: &str,
) -> PageResult {
    // Drawn in answer to a form, its links still lead to the page.
    p.path = format!("/console/tickets/{number}");
    p.query.clear();
    let view = app.desk.ticket(number).await?;
    let plan = app.desk.plan_of(&view.ticket).await?;
    app.desk.saw(&view.ticket, &seat.id).await?;
    let side = side::of(app, &p, &view).await?;
    let staff = staff::all(&app.desk.db).await?;
    let names: HashMap<String, String> = staff.iter().map(|s| (s.id.clone(), s.name.clone())).collect();
    let items = Eyes { page: &p, links: &app.desk.links, staff: &names, inside: true }.timeline(&view);
    let Similar { cases, related } = similar(app, &view).await;
    let shown = TicketPage {
        cases,
        related,
        t: view.ticket.clone(),
        reason: severity_reason(&view.ticket.assessment(), p.lang.tag()),
        packet: packet_of(&view),
        clocks: clocks::cards(&p, &plan, &view),
        happenings: happened::groups(&p, &plan, &view.ticket),
        plan_id: plan.base_id().to_owned(),
        plan_path: match plan.id.split_once('@') {
            Some((_, contract)) => format!("/console/contracts/{contract}/plan"),
            None => format!("/console/plans/{}", plan.id),
        },
        overridden: plan.base.as_ref().map(|b| b.overridden()).unwrap_or_default(),
        contested: contested(&view),
        levels: plan.levels().into_iter().map(i64::from).collect(),
        staff: staff.into_iter().filter(|s| !s.disabled).collect(),
        statuses: Status::ALL.iter().copied().filter(|s| *s != Status::New).collect(),
        items,
        side,
        view,
        p,
        seat,
        problem: problem.to_owned(),
        draft: draft.to_owned(),
    };
    Ok(html(&shown))
}

/// Their words, when no level was set since.
fn contested(view: &TicketView) -> Option<String> {
    let newest = view.timeline.iter().rev().find_map(|row| match &row.data.0 {
        TimelineEntry::Contested { words } => Some(Some(words.clone())),
        TimelineEntry::Severity { .. } => Some(None),
        _ => None,
    });
    newest.flatten()
}

pub async fn events(State(app): State<App>, _seat: Seat, Path(text): Path<String>) -> PageResult {
    Ok(live::ticket_changes(&app, Some(number(&text)?)).into_response())
}
