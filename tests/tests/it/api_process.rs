//! The binary as an operator meets it: start, stop, commands beside a running server, and complaints
//! that say what to do.
use std::path::Path;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use crate::harness::process::Recipe;

fn command(data: &Path, words: &[&str]) -> Recipe {
    let data = data.display().to_string();
    let mut all = words.to_vec();
    all.extend(["--data", &data]);
    Recipe::command(&all)
}

async fn get(url: String) -> reqwest::Response {
    reqwest::get(url).await.expect("an answer")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_starts_says_where_and_stops_within_ten_seconds() {
    let dir = TempDir::new().expect("a temporary folder");
    let mut process = command(dir.path(), &["serve", "--listen", "127.0.0.1:0"]).start();
    let line = process.line("listens on http://127.0.0.1:").await;
    let url = line.split_whitespace().last().expect("an address").to_owned();
    assert_eq!(get(format!("{url}/healthz")).await.status(), 200);
    let off: Vec<String> = process
        .output
        .everything()
        .lines()
        .filter(|l| l.contains("Telegram off"))
        .map(str::to_owned)
        .collect();
    assert_eq!(off.len(), 1, "one line says which bots are off: {}", process.output.everything());
    let ended =
        tokio::time::timeout(Duration::from_secs(10), process.sigterm()).await.expect("within ten seconds");
    assert!(ended.success(), "{}", process.output.everything());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn probes_metrics_and_headers_are_there() {
    let dir = TempDir::new().expect("a temporary folder");
    let process = Recipe::serve(dir.path()).start_ready().await;
    let ready = get(format!("{}/readyz", process.url())).await;
    assert_eq!(ready.headers()["x-content-type-options"], "nosniff");
    let policy = ready.headers()["content-security-policy"].to_str().expect("a policy").to_owned();
    assert!(policy.contains("default-src 'self'") && policy.contains("frame-ancestors 'none'"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    assert!(ready.headers().contains_key("x-request-id"));
    get(format!("{}/api/v1/search?q=x", process.url())).await;
    let text = get(format!("{}/metrics", process.url())).await.text().await.expect("text");
    assert!(
        text.contains("firstline_http_requests_total{") && text.contains("route=\"/api/v1/search\""),
        "{text}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_made_beside_the_server_works_at_once() {
    let dir = TempDir::new().expect("a temporary folder");
    let process = Recipe::serve(dir.path()).start_ready().await;
    let out = command(dir.path(), &["token", "create", "--name", "shop"]).run("").await.success();
    let token = out.trim_end();
    assert!(
        token.starts_with("fl_") && token.len() == 67 && out.lines().count() == 1,
        "alone on stdout: {out:?}"
    );
    let client = reqwest::Client::new();
    let list = client
        .get(format!("{}/api/v1/tickets", process.url()))
        .bearer_auth(token)
        .send()
        .await
        .expect("an answer");
    assert_eq!(list.status(), 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn articles_imported_beside_the_server_are_found_and_export_reads_back() {
    let dir = TempDir::new().expect("a temporary folder");
    let process = Recipe::serve(dir.path()).start_ready().await;
    let file = dir.path().join("a.jsonl");
    let row = r##"{"id": "kb-7", "lang": "zh", "title": "E-7777 打印机离线", "body_md": "# 步骤\n1. 打开打印机。", "product": "p", "tags": []}"##;
    std::fs::write(&file, format!("{row}\n")).expect("a file");
    let path = file.display().to_string();
    let first = command(dir.path(), &["kb", "import", &path]).run("").await.success();
    assert!(first.contains("1 new"), "{first}");
    let second = command(dir.path(), &["kb", "import", &path]).run("").await.success();
    assert!(second.contains("0 new, 0 changed, 1 unchanged"), "{second}");
    let found: Value =
        get(format!("{}/api/v1/search?q=E-7777&lang=zh", process.url())).await.json().await.expect("JSON");
    assert_eq!(found["hits"][0]["external_id"], "kb-7", "{found}");
    let out = dir.path().join("out").display().to_string();
    command(dir.path(), &["kb", "export", &out]).run("").await.success();
    let again = command(dir.path(), &["kb", "import", &out]).run("").await.success();
    assert!(again.contains("0 new, 0 changed, 1 unchanged"), "{again}");
    command(dir.path(), &["kb", "reindex"]).run("").await.success();
    std::fs::write(&file, "{\"id\": \"x\"}\n").expect("a file");
    let refused = command(dir.path(), &["kb", "import", &path]).run("").await.failure();
    assert!(refused.contains("a.jsonl:1"), "the complaint names file and line: {refused}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn staff_get_a_password_from_the_pipe_or_one_that_is_shown() {
    let dir = TempDir::new().expect("a temporary folder");
    let add = |email| command(dir.path(), &["staff", "add", "--email", email, "--role", "agent"]);
    let given = add("a@example.com").run("correct horse\n").await.success();
    assert!(given.contains("a@example.com") && !given.contains("correct horse"), "{given}");
    let made = add("b@example.com").run("").await.success();
    assert!(made.contains("password (shown this once): "), "{made}");
    let short = add("c@example.com").run("short\n").await.failure();
    assert!(short.contains("at least 8 characters"), "{short}");
    let role = command(dir.path(), &["staff", "add", "--email", "d@example.com", "--role", "boss"])
        .run("")
        .await
        .failure();
    assert!(role.contains("agent, engineer, curator, manager, admin"), "{role}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrong_configuration_stops_the_start_and_says_where() {
    let dir = TempDir::new().expect("a temporary folder");
    std::fs::write(dir.path().join("firstline.toml"), "\nlisten = \"127.0.0.1:0\"\ntelegram_tokn = \"x\"\n")
        .expect("a file");
    let said = command(dir.path(), &["serve"]).run("").await.failure();
    assert!(
        said.contains("firstline.toml:3: unknown key telegram_tokn; did you mean telegram_token?"),
        "{said}"
    );
    let said = Recipe::command(&["doctor"]).env("FIRSTLINE_DATABASE_URL", "mysql://u:hush@h/d").run("").await;
    assert!(!said.status.success() && said.stdout.contains("FIRSTLINE_DATABASE_URL"), "{said:?}");
    assert!(!said.stdout.contains("hush") && !said.stderr.contains("hush"), "{said:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn doctor_is_content_with_a_healthy_store_and_not_with_a_file_in_its_place() {
    let dir = TempDir::new().expect("a temporary folder");
    Recipe::serve(dir.path()).start_ready().await.sigterm().await;
    let healthy = command(dir.path(), &["doctor"]).run("").await.success();
    for what in
        ["ok    configuration", "ok    data folder", "ok    disk space", "ok    database", "warn  staff"]
    {
        assert!(healthy.contains(what), "{what}: {healthy}");
    }
    std::fs::write(dir.path().join("firstline.db"), "no database at all, but long enough to be read as one")
        .expect("a file");
    let sick = command(dir.path(), &["doctor"]).run("").await;
    assert!(!sick.status.success() && sick.stdout.contains("fail  database"), "{}", sick.stdout);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_demo_says_what_to_try_and_a_restart_changes_nothing() {
    let dir = TempDir::new().expect("a temporary folder");
    let mut process = Recipe::serve(dir.path()).arg("--demo").start_ready().await;
    // Ready means that the very first question is answered.
    let search = format!("{}/api/v1/search?q=E-1042&lang=en", process.url());
    let found: Value = get(search).await.json().await.expect("JSON");
    assert!(found["total"].as_u64().is_some_and(|n| n > 0), "{found}");
    process.line("Ctrl-C").await;
    let guide = process.output.everything();
    let password = |said: &str| {
        said.split("password: ").nth(1).map(|p| p.split_whitespace().next().unwrap_or("").to_owned())
    };
    for words in ["agent@example.com", "E-1042", "/console", "/chat", "firstline chat"] {
        assert!(guide.contains(words), "{words}: {guide}");
    }
    let token = command(dir.path(), &["token", "create", "--name", "t"]).run("").await.success();
    let numbers = async |url: String| -> Vec<String> {
        let client = reqwest::Client::new();
        let list = client
            .get(format!("{url}/api/v1/tickets"))
            .bearer_auth(token.trim())
            .send()
            .await
            .expect("an answer");
        let list: Value = list.json().await.expect("JSON");
        list["items"].as_array().expect("items").iter().map(|t| t["number"].to_string()).collect()
    };
    let before = numbers(process.url()).await;
    assert!(before.len() >= 4, "{before:?}");
    for lang in ["zh", "en"] {
        let found: Value = get(format!("{}/api/v1/search?q=E-1042&lang={lang}", process.url()))
            .await
            .json()
            .await
            .expect("JSON");
        assert!(found["total"].as_u64().is_some_and(|n| n > 0), "{lang}: {found}");
    }
    process.sigterm().await;
    let process = process.restart().await;
    process.line("Ctrl-C").await;
    assert_eq!(numbers(process.url()).await, before);
    assert_eq!(password(&process.output.everything()), password(&guide));
}
