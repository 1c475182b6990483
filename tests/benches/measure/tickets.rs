//! Ticket creation over HTTP beside the bare transaction that writes the same rows, at 16 clients.
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use firstline_core::Clock;
use firstline_core::store::{Db, migrate};
use serde_json::json;
use tempfile::TempDir;

use crate::harness::process::Recipe;
use crate::stats::row;

const CLIENTS: usize = 16;
const SPAN: Duration = Duration::from_secs(8);

pub async fn measure() {
    // A/B/A: the floor before and after, so that a drift of the machine shows.
    let first = floor().await;
    let product = product().await;
    let floor = (first + floor().await) / 2.0;
    let figure = format!("{product:.0}/s over HTTP, raw sqlx {floor:.0}/s: {:.2} ×", product / floor);
    row("tickets at 16 clients, SQLite FULL", &figure, "≥ 0.5 ×");
}

/// Runs `work` on all clients for the span; completions per second.
async fn rate<F: Future<Output = ()> + Send>(work: impl Fn(u64) -> F + Send + Sync + 'static) -> f64 {
    let (work, count) = (Arc::new(work), Arc::new(AtomicU64::new(0)));
    let started = Instant::now();
    let clients: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let (work, count) = (Arc::clone(&work), Arc::clone(&count));
            tokio::spawn(async move {
                while started.elapsed() < SPAN {
                    work(count.fetch_add(1, Ordering::Relaxed)).await;
                }
            })
        })
        .collect();
    for client in clients {
        client.await.expect("a client that ends");
    }
    count.load(Ordering::Relaxed) as f64 / started.elapsed().as_secs_f64()
}

async fn product() -> f64 {
    let data = TempDir::new().expect("a folder");
    let process = Recipe::serve(data.path()).start_ready().await;
    let dir = data.path().display().to_string();
    let token =
        Recipe::command(&["token", "create", "--name", "bench", "--data", &dir]).run("").await.success();
    let url = format!("{}/api/v1/tickets", process.url());
    let client = reqwest::Client::new();
    rate(move |n| {
        let body = json!({
            "title": "E-1042", "text": "x".repeat(1_000), "scope": "many", "effect": "stopped", "workaround": false,
            "customer": { "name": "Wang", "email": format!("wang{}@example.com", n % 500) },
        });
        let request = client.post(&url).bearer_auth(token.trim()).header("Idempotency-Key", n.to_string()).json(&body);
        async move {
            let answer = request.send().await.expect("an answer");
            assert_eq!(answer.status(), 201);
        }
    })
    .await
}

/// The same rows (number, ticket, message, timeline entry, two clocks, two jobs, key) by bare SQL.
async fn floor() -> f64 {
    let data = TempDir::new().expect("a folder");
    let url = format!("sqlite:{}", data.path().join("floor.db").display());
    let db = Db::open(&url).await.expect("a database");
    migrate(&db, vec![]).await.expect("a schema");
    let Db::Sqlite { write, .. } = db else { unreachable!("a SQLite address") };
    sqlx::query("insert into person (id, name, created_at) values ('p', 'Wang', 0)")
        .execute(&write)
        .await
        .expect("a person");
    let clock = Clock::system();
    rate(move |_| {
        let (write, clock) = (write.clone(), clock.clone());
        async move { same_rows(&write, &clock).await.expect("a transaction") }
    })
    .await
}

async fn same_rows(pool: &sqlx::SqlitePool, clock: &Clock) -> sqlx::Result<()> {
    let (ticket, text) = (clock.id(), "x".repeat(1_000));
    let mut tx = pool.begin_with("BEGIN IMMEDIATE").await?;
    sqlx::query("insert into idempotency (scope, key, request_hash, status, body, created_at) values ('b', $1, 'h', 201, $2, 0)")
        .bind(&ticket).bind(&text).execute(&mut *tx).await?;
    let number: i64 =
        sqlx::query_scalar("update sequence set value = value + 1 where name = 'ticket' returning value")
            .fetch_one(&mut *tx)
            .await?;
    sqlx::query("insert into ticket (id, number, kind, status, severity, severity_reason, title, plan, channel, person_id, created_at, updated_at, version) \
                 values ($1, $2, 'fault', 'new', 2, '{}', 'E-1042', 'default', 'api', 'p', 0, 0, 1)")
        .bind(&ticket).bind(number).execute(&mut *tx).await?;
    sqlx::query(
        "insert into message (id, ticket_id, author, text, created_at) values ($1, $2, 'customer', $3, 0)",
    )
    .bind(clock.id())
    .bind(&ticket)
    .bind(&text)
    .execute(&mut *tx)
    .await?;
    sqlx::query("insert into ticket_event (id, ticket_id, seq, at, actor, kind, data) values ($1, $2, 1, 0, 'customer', 'opened', '{}')")
        .bind(clock.id()).bind(&ticket).execute(&mut *tx).await?;
    for milestone in ["first_response", "resolve"] {
        sqlx::query("insert into clock (ticket_id, milestone, target_seconds, due_at, state) values ($1, $2, 600, 0, 'running')")
            .bind(&ticket).bind(milestone).execute(&mut *tx).await?;
        sqlx::query("insert into job (id, kind, unique_key, data, state, due_at, created_at) values ($1, 'clock_due', $1, '{}', 'todo', 0, 0)")
            .bind(clock.id()).execute(&mut *tx).await?;
    }
    tx.commit().await
}
