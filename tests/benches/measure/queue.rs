//! The queue page with 15,000 open tickets, 100 agents and 80 groups: log-in, tabs, rows, filters and notices,
//! drawn by the server in this process.
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::Request;
use axum::http::header::COOKIE;
use firstline::config::Config;
use firstline_core::desk::NewRequest;
use firstline_core::groups::NewGroup;
use firstline_core::routing::GroupKind;
use firstline_core::severity::{Effect, Scope, Situation};
use firstline_core::staff::{self, Role};
use firstline_core::store::Db;
use firstline_core::ticket::{Actor, Kind};
use firstline_core::{Clock, Desk};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tower::ServiceExt;

use crate::stats::{row, summary};

const TICKETS: usize = 15_000;
const AGENTS: usize = 100;
const GROUPS: usize = 80;
const LOOKS: usize = 300;

pub async fn measure() {
    let dir = TempDir::new().expect("a folder");
    let config = Config { data_dir: dir.path().join("data"), ..Config::default() };
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let running = firstline::serve::start(config, Clock::system(), listener).await.expect("a server");
    let desk = running.app.desk.clone();
    let me = people(&desk).await;
    fill(&desk).await;
    let token = staff::open_session(&desk.db, &desk.clock, &me).await.expect("a session");
    let router = firstline::serve::router::router(running.app.clone());
    for (name, path) in [("queue page", "/console"), ("queue page, my groups", "/console?tab=group")] {
        let mut looks: Vec<Duration> = Vec::new();
        for _ in 0..LOOKS {
            let request = Request::builder()
                .uri(path)
                .header("host", "help.example")
                .header(COOKIE, format!("staff={token}"))
                .body(Body::empty())
                .expect("a request");
            let started = Instant::now();
            let answer = router.clone().oneshot(request).await.expect("an answer");
            assert_eq!(answer.status().as_u16(), 200);
            axum::body::to_bytes(answer.into_body(), 4 << 20).await.expect("a page");
            looks.push(started.elapsed());
        }
        row(&format!("{name}, 15,000 tickets, 100 agents, 80 groups"), &summary(looks), "p99 ≤ 50 ms");
    }
    running.stop().await;
}

async fn people(desk: &Desk) -> String {
    let mut ids = Vec::new();
    let first = staff::add(&desk.db, &desk.clock, "a0@example.com", "a0", Role::Manager, "correct horse");
    ids.push(first.await.expect("staff").id);
    for n in 1..AGENTS {
        // One password hash for all: hashing a hundred would be most of the time.
        let id = desk.clock.id();
        let Db::Sqlite { write, .. } = &desk.db else { unreachable!("a SQLite address") };
        sqlx::query(
            "insert into staff (id, email, name, role, password_hash, lang, disabled, created_at) \
             select $1, $2, $2, 'agent', password_hash, lang, disabled, created_at from staff limit 1",
        )
        .bind(&id)
        .bind(format!("a{n}@example.com"))
        .execute(write)
        .await
        .expect("staff");
        ids.push(id);
    }
    let boss = Actor::Staff(ids[0].clone());
    for n in 0..GROUPS {
        let new = NewGroup {
            name: format!("group {n}"),
            kind: GroupKind::General,
            region: Some(format!("r{n}")),
            skills: Vec::new(),
            zone: String::new(),
            hours: "24x7".into(),
            holidays: false,
            members: (0..5).map(|k| ids[(n * 7 + k * 13) % AGENTS].clone()).collect(),
        };
        desk.add_group(&boss, &new).await.expect("a group");
    }
    ids[0].clone()
}

async fn fill(desk: &Desk) {
    for batch in 0..TICKETS / 250 {
        let mut tx = desk.db.begin().await.expect("a transaction");
        for n in 0..250 {
            let n = batch * 250 + n;
            let new = NewRequest {
                title: format!("Fault number {n}"),
                text: "It does not work".into(),
                kind: if n % 3 == 0 { Kind::Question } else { Kind::Fault },
                product: Some("invoice".into()),
                version: None,
                situation: Situation {
                    scope: Some(Scope::ALL[n % 3]),
                    effect: Some(Effect::ALL[n % 5]),
                    workaround: Some(n % 2 == 0),
                },
                customer_name: format!("c{n}"),
                customer_email: format!("c{}@example.com", n % 2_000),
            };
            desk.open_request(&mut tx, &new).await.expect("a ticket");
        }
        tx.commit().await.expect("a commit");
    }
}
