//! `firstline kb eval`: a question file measured against a corpus and against a saved run.
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::harness::process::Recipe;

fn lines(folder: &Path, name: &str, values: &[Value]) -> PathBuf {
    let path = folder.join(name);
    let text: String = values.iter().map(|value| format!("{value}\n")).collect();
    std::fs::write(&path, text).expect("a written file");
    path
}

fn corpus(folder: &Path) -> PathBuf {
    let article =
        |id: &str, title: &str, body: &str| json!({"id": id, "lang": "zh", "title": title, "body_md": body});
    let mut all = vec![
        article("print", "打印机无法打印", "重新安装打印机驱动。"),
        article("login", "忘记登录密码", "在登录页点重置密码。"),
        article("scan", "扫描枪没有反应", "重新插拔扫描枪。"),
    ];
    all.extend(
        (0..30).map(|n| article(&format!("tip-{n}"), &format!("第 {n} 条提示"), "定期备份，按时更新。")),
    );
    lines(folder, "corpus.jsonl", &all)
}

fn questions(folder: &Path) -> PathBuf {
    let ask = |id: &str, query: &str, right: &str, tag: &str| json!({"id": id, "query": query, "relevant": [right], "lang": "zh", "tags": [tag]});
    let all = [
        ask("q1", "打印机打不了怎么办", "print", "fault"),
        ask("q2", "忘记密码", "login", "howto"),
        ask("q3", "红烧肉怎么做", "scan", "fault"),
    ];
    lines(folder, "questions.jsonl", &all)
}

async fn eval(arguments: &[&str]) -> (Value, bool) {
    let folder = TempDir::new().expect("a folder");
    let data = folder.path().display().to_string();
    let fixed = ["kb", "eval", "--json", "--data", &data];
    let finished = Recipe::command(&[&fixed, arguments].concat()).run("").await;
    let printed = serde_json::from_str(&finished.stdout);
    (printed.unwrap_or_else(|e| panic!("{e}: {finished:?}")), finished.status.success())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_file_is_measured_and_compared_with_a_saved_run() {
    let folder = TempDir::new().unwrap();
    let (corpus, questions) = (corpus(folder.path()), questions(folder.path()));
    let run = folder.path().join("run.jsonl");
    let text = |path: &Path| path.display().to_string();
    let (questions, corpus, run) = (text(&questions), text(&corpus), text(&run));
    let (first, good) = eval(&[&questions, "--corpus", &corpus, "--save", &run]).await;
    assert!(good);
    assert_eq!((&first["all"]["cases"], &first["tags"]["fault"]["cases"]), (&json!(3), &json!(2)));
    let hit1 = &first["all"]["hit1"];
    assert!((hit1["value"].as_f64().unwrap() - 2.0 / 3.0).abs() < 1e-9, "{first}");
    assert!(hit1["low"].as_f64().unwrap() < 0.3 && hit1["high"].as_f64().unwrap() > 0.9, "{hit1}");
    assert!(
        first["answers"]["nothing"].as_u64() >= Some(1) && first["answers"]["direct"].as_u64() >= Some(1),
        "what no article is about gets no answer: {first}"
    );
    assert_eq!(std::fs::read_to_string(&run).unwrap().lines().count(), 3);

    let patch = lines(folder.path(), "patch.jsonl", &[json!({"id": "print", "body_md": "没有了。"})]);
    let titles =
        lines(folder.path(), "titles.jsonl", &[json!({"id": "print", "title": "无题", "page_title": "x"})]);
    let (patch, titles) = (text(&patch), text(&titles));
    let more = ["--corpus", &corpus, "--patch", &patch, "--titles", &titles, "--against", &run];
    let (second, good) = eval(&[&[questions.as_str()][..], &more].concat()).await;
    assert!(good, "one question of three may be chance");
    assert_eq!(second["against"]["worse"][0]["id"], json!("q1"), "{second}");
    assert_eq!(
        (&second["against"]["worse"][0]["was"], &second["against"]["better"]),
        (&json!(1), &json!([]))
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clear_loss_fails_and_a_broken_file_is_named() {
    let folder = TempDir::new().unwrap();
    let corpus = corpus(folder.path()).display().to_string();
    let lost = (0..8).map(|n| json!({"id": format!("q{n}"), "query": "红烧肉怎么做", "relevant": ["scan"]}));
    let saved = (0..8).map(|n| json!({"id": format!("q{n}"), "ranked": ["scan"]}));
    let questions = lines(folder.path(), "q.jsonl", &lost.collect::<Vec<_>>()).display().to_string();
    let run = lines(folder.path(), "run.jsonl", &saved.collect::<Vec<_>>()).display().to_string();
    let (result, good) = eval(&[&questions, "--corpus", &corpus, "--against", &run]).await;
    assert!(!good && result["against"]["worse"].as_array().unwrap().len() == 8, "{result}");

    let broken = folder.path().join("broken.jsonl");
    std::fs::write(&broken, "{\"id\": \"q\", \"query\": \"x\", \"relevant\": [\"a\"]}\nnonsense\n").unwrap();
    let broken = broken.display().to_string();
    let said = Recipe::command(&["kb", "eval", &broken, "--corpus", &corpus]).run("").await.failure();
    assert!(said.contains("broken.jsonl") && said.contains("line 2"), "{said}");
}
