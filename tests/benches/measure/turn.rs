//! A chat turn: from the update handed out by the platform to the answer received by it, with every
//! commit durable, at 50 updates a second.
use std::time::Duration;

use tempfile::TempDir;
use tokio::time::{MissedTickBehavior, interval};

use crate::harness::fake_telegram::FakeTelegram;
use crate::harness::process::Recipe;
use crate::stats::{row, summary};

const PER_SECOND: u64 = 50;
const SECONDS: u64 = 20;

pub async fn measure() {
    let data = TempDir::new().expect("a folder");
    let telegram = FakeTelegram::start().await;
    let _process = Recipe::serve(data.path())
        .arg("--demo")
        .env("FIRSTLINE_TELEGRAM_TOKEN", telegram.token())
        .env("FIRSTLINE_TELEGRAM_API_URL", telegram.url())
        .start_ready()
        .await;
    // Each message from another person: the platform allows one message a second per chat.
    let warm = telegram.person("warm");
    warm.says("E-1042");
    warm.next_sent().await;

    let mut pace = interval(Duration::from_micros(1_000_000 / PER_SECOND));
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut asked = Vec::new();
    for n in 0..PER_SECOND * SECONDS {
        pace.tick().await;
        let chat = telegram.person("person").speaking(if n % 2 == 0 { "zh-hans" } else { "en" });
        let text = if n % 2 == 0 {
            "开票时报错 E-1042，连不上服务器"
        } else {
            "the printer does not print"
        };
        let update = chat.says(text).update_id();
        asked.push((chat, update));
    }
    let mut turns = Vec::new();
    for (chat, update) in asked {
        let sent = chat.next_sent().await;
        let handed_out = telegram.receipt(update).handed_out[0];
        turns.push(sent.at.saturating_duration_since(handed_out));
    }
    row("chat turn at 50 updates/s, durable", &summary(turns), "p50 ≤ 5 ms, p99 ≤ 25 ms");
}
