//! A full disk: what cannot be kept is refused and not acknowledged, what was acknowledged is there,
//! and when space returns everything goes on without a restart.
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::crash::ledger::token;
use crate::harness::fake_telegram::FakeTelegram;
use crate::harness::not_run::not_run;
use crate::harness::process::{Process, Recipe};

/// A small file system of its own, unmounted when dropped.
struct SmallDisk(TempDir);

impl SmallDisk {
    fn mount() -> Option<SmallDisk> {
        let dir = TempDir::new().expect("a temporary folder");
        let mounted =
            Command::new("mount").args(["-t", "tmpfs", "-o", "size=32m", "tmpfs"]).arg(dir.path()).status();
        if !mounted.is_ok_and(|status| status.success()) {
            not_run("right to mount a small file system", "Run the tests as root.");
            return None;
        }
        Some(SmallDisk(dir))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Fills it to the last byte and gives the ballast's path.
    fn fill(&self) -> PathBuf {
        let path = self.path().join("ballast");
        let mut file = File::create(&path).expect("a file");
        for block in [vec![0u8; 65_536], vec![0u8; 512], vec![0u8; 1]] {
            while file.write_all(&block).is_ok() {}
        }
        path
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazy: the killed process may still hold files for a moment.
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}

/// Reports a fault with a long text; the HTTP status and the number it got.
async fn report(process: &Process, token: &str, n: usize) -> (u16, Option<String>) {
    let body = json!({
        "title": format!("report {n}"), "text": "x".repeat(15_000),
        "customer": { "name": "Wang", "email": "wang@example.com" },
    });
    let request = reqwest::Client::new()
        .post(format!("{}/api/v1/tickets", process.url()))
        .bearer_auth(token)
        .json(&body);
    let answer = request.send().await.expect("an answer, not a broken connection");
    let status = answer.status().as_u16();
    let body: Value = answer.json().await.expect("JSON, problem or ticket");
    (status, body["number"].as_str().map(str::to_owned))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_refuses_loses_nothing_and_heals_without_a_restart() {
    let Some(disk) = SmallDisk::mount() else { return };
    let telegram = FakeTelegram::start().await;
    let recipe = Recipe::serve(disk.path())
        .env("FIRSTLINE_TELEGRAM_TOKEN", telegram.token())
        .env("FIRSTLINE_TELEGRAM_API_URL", telegram.url());
    let process = recipe.start_ready().await;
    let token = token(disk.path()).await;

    let ballast = disk.fill();
    let mut kept = Vec::new();
    let mut refused = None;
    // The write-ahead log may have room for a few; then it must be refused.
    for n in 0..2_000 {
        match report(&process, &token, n).await {
            (201, Some(number)) => kept.push(number),
            (status, _) => {
                refused = Some(status);
                break;
            }
        }
    }
    assert_eq!(refused, Some(503), "a full disk is told as 503");
    let chat = telegram.person("王会计").speaking("zh-hans");
    let polls = telegram.call_count("getUpdates");
    let long = format!("开票时报错 E-1042，请转人工。{}", "日志".repeat(2_000));
    let update = chat.says(&long).update_id();
    telegram.await_that("two more polls", |fake| fake.call_count("getUpdates") >= polls + 2).await;
    assert!(
        telegram.receipt(update).confirmed.is_none(),
        "what could not be stored must not be acknowledged"
    );

    std::fs::remove_file(ballast).expect("space returns");
    chat.await_text("FL-").await;
    assert_eq!(report(&process, &token, 9_999).await.0, 201);
    for number in kept {
        let url = format!("{}/api/v1/tickets/{number}", process.url());
        let found = reqwest::Client::new().get(url).bearer_auth(&token).send().await.expect("an answer");
        assert_eq!(found.status(), 200, "{number} was acknowledged");
    }
}
