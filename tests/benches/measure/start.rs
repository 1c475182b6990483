//! Start to ready with 10,000 articles, and memory at rest with all channels on.
use std::time::Instant;

use tempfile::TempDir;

use crate::corpus;
use crate::harness::fake_telegram::FakeTelegram;
use crate::harness::process::Recipe;
use crate::stats::{row, summary};

const STARTS: usize = 20;

pub async fn measure() {
    let data = TempDir::new().expect("a folder");
    corpus::import(data.path(), 10_000).await;
    let mut times = Vec::new();
    for _ in 0..STARTS {
        let started = Instant::now();
        let mut process = Recipe::serve(data.path()).start_ready().await;
        times.push(started.elapsed());
        process.sigterm().await;
    }
    row("start to ready, 10,000 articles", &summary(times), "≤ 150 ms");

    let telegram = FakeTelegram::start().await;
    let process = Recipe::serve(data.path())
        .env("FIRSTLINE_TELEGRAM_TOKEN", telegram.token())
        .env("FIRSTLINE_TELEGRAM_API_URL", telegram.url())
        .start_ready()
        .await;
    let chat = telegram.person("person");
    chat.says("the printer does not print");
    chat.next_sent().await; // the dictionary is loaded now
    let (peak, now) = process.memory_kilobytes();
    let figure = format!("{:.1} MB resident, peak {:.1} MB", now as f64 / 1024.0, peak as f64 / 1024.0);
    row("memory after the first question, 10,000 articles", &figure, "≤ 64 MB");
}
