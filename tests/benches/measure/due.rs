//! 10,000 promises falling due in the same second, and chat turns meanwhile: from the update handed out by the
//! platform to the answer received by it, at 20 updates a second.
use std::time::Duration;

use firstline_core::desk::NewRequest;
use firstline_core::files::Files;
use firstline_core::severity::{Effect, Scope, Situation};
use firstline_core::store::{Db, migrate};
use firstline_core::ticket::Kind;
use firstline_core::{Clock, Desk};
use tempfile::TempDir;
use tokio::time::{MissedTickBehavior, interval};

use crate::harness::fake_telegram::FakeTelegram;
use crate::harness::process::Recipe;
use crate::stats::{row, summary};

const TICKETS: usize = 10_000;
const PER_SECOND: u64 = 20;
const SECONDS: u64 = 20;
/// From the seeding to the due second: time enough to start and to warm up.
const AHEAD_SECONDS: i64 = 40;
/// What the default plan promises first.
const FIRST_RESPONSE_SECONDS: i64 = 600;

pub async fn measure() {
    let data = TempDir::new().expect("a folder");
    let due_at = fall_due(data.path()).await;
    let telegram = FakeTelegram::start().await;
    let _process = Recipe::serve(data.path())
        .arg("--demo")
        .env("FIRSTLINE_TELEGRAM_TOKEN", telegram.token())
        .env("FIRSTLINE_TELEGRAM_API_URL", telegram.url())
        .start_ready()
        .await;
    let warm = telegram.person("warm");
    warm.says("E-1042");
    warm.next_sent().await;
    let wait = due_at.since(Clock::system().now());
    tokio::time::sleep(Duration::from_millis(u64::try_from(wait).unwrap_or(0))).await;

    let mut pace = interval(Duration::from_micros(1_000_000 / PER_SECOND));
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut asked = Vec::new();
    for _ in 0..PER_SECOND * SECONDS {
        pace.tick().await;
        let chat = telegram.person("person").speaking("zh-hans");
        asked.push((chat.says("开票时报错 E-1042，连不上服务器").update_id(), chat));
    }
    let mut turns = Vec::new();
    for (update, chat) in asked {
        let sent = chat.next_sent().await;
        turns.push(sent.at.saturating_duration_since(telegram.receipt(update).handed_out[0]));
    }
    row("chat turn while 10,000 promises fall due in one second", &summary(turns), "p99 ≤ 25 ms");
}

/// Tickets whose first response is due in the same second, a while from now; gives that second.
async fn fall_due(data: &std::path::Path) -> firstline_core::Time {
    std::fs::create_dir_all(data).expect("a folder");
    let db = Db::open(&format!("sqlite:{}", data.join("firstline.db").display())).await.expect("a database");
    migrate(&db, vec![firstline_kb::migrations()]).await.expect("a schema");
    let files = Files::folder(&data.join("files")).expect("a folder");
    let desk = Desk::new(db.clone(), Clock::system(), files, "http://help.example").await.expect("a desk");
    for batch in 0..TICKETS / 250 {
        let mut tx = db.begin().await.expect("a transaction");
        for n in 0..250 {
            let request = NewRequest {
                title: "It does not work".into(),
                text: "since this morning".into(),
                kind: Kind::Fault,
                product: None,
                version: None,
                situation: Situation {
                    scope: Some(Scope::Single),
                    effect: Some(Effect::Partial),
                    workaround: Some(true),
                },
                customer_name: "c".into(),
                customer_email: format!("c{}@example.com", batch * 250 + n),
            };
            desk.open_request(&mut tx, &request).await.expect("a ticket");
        }
        tx.commit().await.expect("a commit");
    }
    let due = Clock::system().now().plus_seconds(AHEAD_SECONDS);
    let opened = due.plus_seconds(-FIRST_RESPONSE_SECONDS);
    let Db::Sqlite { write, .. } = &db else { unreachable!("a SQLite address") };
    for (sql, at) in [
        ("update ticket set created_at = $1", opened),
        ("update ticket_event set at = $1", opened),
        ("update job set due_at = $1 where kind = 'clock_due'", due.plus_millis(1)),
    ] {
        sqlx::query(sql).bind(at.millis()).execute(write).await.expect("a change");
    }
    db.close().await;
    due
}
