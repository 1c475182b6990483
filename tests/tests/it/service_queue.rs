//! The queue at its real size in rows, its filters and pages, and how many statements a page costs.
use firstline_core::Desk;
use firstline_core::desk::{NewRequest, Patch};
use firstline_core::routing::GroupKind;
use firstline_core::staff::Role;
use firstline_core::store::tally;
use firstline_core::ticket::queue::{self, Filter};
use firstline_core::ticket::{Number, Status};

use axum::body::Body;
use axum::http::Request;
use axum::http::header::COOKIE;
use tower::ServiceExt;

use crate::desk::on_both;
use crate::pages_site::Site;
use crate::service::{Hospital, fault, group, member, open};

async fn numbers(desk: &Desk, filter: Filter) -> Vec<Number> {
    let filter = Filter { limit: if filter.limit == 0 { 100 } else { filter.limit }, ..filter };
    queue::list(&desk.db, &filter).await.expect("a list").iter().map(|q| q.number).collect()
}

on_both! {
    async fn each_filter_shows_what_it_says(t: TestDesk) {
        let h = Hospital::with_plan(&t.desk, "default", "2026-01-31").await;
        let of_customer = open(&t.desk, &fault("医院的问题")).await.ticket.number;
        let eve = member(&t.desk, "eve", Role::Agent).await;
        let made = group(&t.desk, &h.boss, "一线", GroupKind::General, &[&eve]).await;
        let of_group = open(&t.desk, &NewRequest { customer_email: "x@example.com".into(), ..fault("外面的问题") }).await.ticket.number;
        let solved = open(&t.desk, &NewRequest { customer_email: "y@example.com".into(), ..fault("好了的问题") }).await.ticket.number;
        t.desk.patch(solved, &h.boss, &Patch { status: Some(Status::Resolved), ..Patch::default() }).await.unwrap();
        let waits = open(&t.desk, &NewRequest { customer_email: "z@example.com".into(), ..fault("等您回复") }).await.ticket.number;
        let waiting = Patch { status: Some(Status::WaitingForCustomer), ..Patch::default() };
        t.desk.patch(waits, &h.boss, &waiting).await.unwrap();
        let d = Filter::default;
        let of = async |filter| { let mut n = numbers(&t.desk, filter).await; n.sort(); n };
        assert_eq!(of(d()).await, [of_customer, of_group, waits]);
        assert_eq!(of(Filter { customer_id: Some(h.customer.id.clone()), ..d() }).await, [of_customer]);
        assert_eq!(of(Filter { group_id: Some(made.id.clone()), ..d() }).await, [of_group, waits]);
        assert_eq!(of(Filter { groups_of: Some(eve.id.clone()), ..d() }).await, [of_group, waits]);
        assert_eq!(of(Filter { assignee_id: Some(eve.id.clone()), ..d() }).await, [of_group, waits]);
        assert_eq!(of(Filter { unassigned: true, ..d() }).await, [of_customer]);
        assert_eq!(of(Filter { waiting: true, ..d() }).await, [waits]);
        assert_eq!(of(Filter { status: Some(Status::Resolved), ..d() }).await, [solved]);
        assert_eq!(of(Filter { text: Some("第一医院".into()), ..d() }).await, [of_customer]);
        assert_eq!(of(Filter { text: Some(of_group.to_string()), ..d() }).await, [of_group]);
        assert_eq!(of(Filter { text: Some("%".into()), ..d() }).await.len(), 3, "a wildcard is a word");
        let soon = t.clock.now().plus_seconds(3600);
        assert_eq!(of(Filter { due_before: Some(soon), ..d() }).await.len(), 3);
        let counts = queue::counts(&t.desk.db, &eve.id, soon).await.unwrap();
        assert_eq!((counts.open, counts.mine, counts.group, counts.unassigned, counts.waiting), (3, 2, 2, 1, 1));
    }
}

on_both! {
    async fn pages_by_key_show_every_ticket_once_while_new_ones_arrive(t: TestDesk) {
        let mut all = Vec::new();
        for n in 0..9 {
            all.push(open(&t.desk, &NewRequest { customer_email: format!("c{n}@example.com"), ..fault("问题") }).await.ticket.number);
            t.minutes_pass(if n % 3 == 0 { 1 } else { 0 });
        }
        let mut seen = Vec::new();
        let mut after = None;
        loop {
            let page = queue::list(&t.desk.db, &Filter { after, limit: 4, ..Filter::default() }).await.unwrap();
            let Some(last) = page.last() else { break };
            after = Some(last.key());
            seen.extend(page.iter().map(|q| q.number));
            open(&t.desk, &NewRequest { customer_email: "late@example.com".into(), ..fault("晚到的") }).await;
            if seen.len() >= all.len() {
                break;
            }
        }
        seen.retain(|n| all.contains(n));
        assert_eq!(seen, all);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_of_the_queue_costs_at_most_five_statements() {
    let site = Site::open().await;
    let desk = &site.server.running.app.desk;
    let h = Hospital::with_plan(desk, "default", "2026-01-31").await;
    let eve = member(desk, "eve", Role::Agent).await;
    group(desk, &h.boss, "一线", GroupKind::General, &[&eve]).await;
    for n in 0..60 {
        open(desk, &NewRequest { customer_email: format!("c{n}@example.com"), ..fault("问题") }).await;
    }
    let session = site.session().await;
    let router = firstline::serve::router::router(site.server.running.app.clone());
    for path in ["/console", "/console?tab=group", "/console?tab=soon&q=%E9%97%AE%E9%A2%98"] {
        let request = Request::builder()
            .uri(path)
            .header("host", "help.example")
            .header(COOKIE, &session)
            .body(Body::empty())
            .expect("a request");
        let (answer, statements) = tally(router.clone().oneshot(request)).await;
        let body =
            axum::body::to_bytes(answer.expect("an answer").into_body(), 1 << 20).await.expect("a page");
        let page = String::from_utf8(body.to_vec()).expect("text");
        // The agent of this session is in no group.
        assert!(page.contains("FL-") || path.ends_with("tab=group"), "{path}: {page}");
        assert!((1..=5).contains(&statements), "{path} took {statements} statements");
    }
    site.server.running.stop().await;
}
