//! A hundred thousand articles, or as many as `FIRSTLINE_BENCH_ARTICLES` says (1000000): building the index, asking,
//! seeing an edit, suggesting, memory; beside other engines in the same run.
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use firstline_core::Clock;
use firstline_core::store::{Db, migrate};
use firstline_kb::suggest::Typed;
use firstline_kb::{Draft, Library, Question};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use crate::articles;
use crate::stats::{row, summary};
use crate::yardstick::{self, Bare};

const ARTICLES: usize = 100_000;
/// Articles written at a time.
const BATCH: usize = 300;
/// Edits whose way into the search is timed, while nothing else runs and while the index is built anew.
const EDITS: usize = 100;
/// Questions the slow engines are asked.
const FEW: usize = 60;

pub async fn measure() {
    let named = std::env::var("FIRSTLINE_BENCH_ARTICLES").ok().and_then(|n| n.parse().ok());
    let n = named.unwrap_or(ARTICLES);
    if articles::stream(1).is_none() {
        return;
    }
    let articles = || articles::stream(n).expect("the shared data");
    let questions = articles::questions();
    row("articles, made of real ones", &n.to_string(), "");

    let folder = TempDir::new().expect("a folder");
    let (bare, spent) = Bare::build(folder.path(), articles(), true);
    let floor = rate(n, spent);
    row("raw tantivy, words and pairs: index build", &format!("{floor:.0} articles/s"), "the yardstick");
    row("raw tantivy: question, top 10 with documents", &summary(bare.ask(&questions)), "the floor");
    drop(bare);
    let folder = TempDir::new().expect("a folder");
    let (_, spent) = Bare::build(folder.path(), articles(), false);
    row("raw tantivy, words alone: index build", &format!("{:.0} articles/s", rate(n, spent)), "to compare");

    product(n, articles(), &questions, floor).await;

    let folder = TempDir::new().expect("a folder");
    let few: Vec<String> = questions.iter().step_by((questions.len() / FEW).max(1)).cloned().collect();
    let (spent, times) = yardstick::fts5(folder.path(), articles(), &few).await;
    row("SQLite FTS5, jieba words: build", &format!("{:.0} articles/s", rate(n, spent)), "to compare");
    row("SQLite FTS5: question", &summary(times), "to compare");
    if let Some((spent, times)) = yardstick::postgres(articles(), &few).await {
        row("PostgreSQL, jieba words: build", &format!("{:.0} articles/s", rate(n, spent)), "to compare");
        row("PostgreSQL: question", &summary(times), "to compare");
    }
}

async fn product(n: usize, articles: impl Iterator<Item = Draft>, questions: &[String], floor: f64) {
    let folder = TempDir::new().expect("a folder");
    let db = Db::open(&format!("sqlite:{}", folder.path().join("bench.db").display())).await.expect("SQLite");
    migrate(&db, vec![firstline_kb::migrations()]).await.expect("the schema");
    let library = Library::open(db, Clock::system(), &folder.path().join("index")).await.expect("a library");
    let started = Instant::now();
    let mut articles = articles.peekable();
    while articles.peek().is_some() {
        let batch: Vec<Draft> = articles.by_ref().take(BATCH).collect();
        library.upsert_many(&batch, "bench").await.expect("written");
    }
    row("written to the database", &format!("{:.0} articles/s", rate(n, started.elapsed())), "");
    let before = memory().0;
    let started = Instant::now();
    library.reindex(&mut |_| {}).await.expect("an index");
    let built = rate(n, started.elapsed());
    let share = built / floor;
    row("index build", &format!("{built:.0} articles/s, {share:.2} × raw tantivy"), "≥ 0.8 ×");
    let (now, peak) = memory();
    row("memory before, after the build, at most", &format!("{before}, {now}, {peak} MB"), "");

    let mut times = Vec::new();
    for round in 0..2 {
        for text in questions {
            let question = Question { text: text.clone(), limit: 10, ..Question::default() };
            let started = Instant::now();
            std::hint::black_box(library.search(&question).await.expect("found"));
            if round == 1 {
                times.push(started.elapsed());
            }
        }
    }
    row("question, top 10", &summary(times), "p50 ≤ 1.3 × raw, p99 ≤ 25 ms at a million");
    row(
        "suggest, every letter typed",
        &summary(suggest(&library, questions).await),
        "p99 ≤ 10 ms at 100,000",
    );

    let stop = CancellationToken::new();
    let (running, token) = (library.clone(), stop.clone());
    let follower = tokio::spawn(async move { running.run(token).await });
    row("an edit visible", &summary(edits(&library, "quiet", || false).await), "p99 ≤ 1 s");
    let (rebuilding, done) = (library.clone(), std::sync::Arc::new(AtomicBool::new(false)));
    let flag = done.clone();
    let rebuild = tokio::spawn(async move {
        rebuilding.reindex(&mut |_| {}).await.expect("an index");
        flag.store(true, Ordering::SeqCst);
    });
    let times = edits(&library, "busy", || done.load(Ordering::SeqCst)).await;
    row("an edit visible while the index is built anew", &summary(times), "p99 ≤ 1 s");
    rebuild.await.expect("rebuilt");
    stop.cancel();
    follower.await.expect("stopped");
    let (now, peak) = memory();
    row("memory at the end, at most", &format!("{now}, {peak} MB"), "");
}

fn rate(n: usize, spent: Duration) -> f64 {
    n as f64 / spent.as_secs_f64().max(1e-9)
}

/// Resident now and at most (MB).
fn memory() -> (u64, u64) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let of = |key: &str| -> u64 {
        let line = status.lines().find(|line| line.starts_with(key)).unwrap_or_default();
        line.split_whitespace().nth(1).and_then(|n| n.parse::<u64>().ok()).unwrap_or(0) / 1024
    };
    (of("VmRSS"), of("VmHWM"))
}

async fn suggest(library: &Library, questions: &[String]) -> Vec<Duration> {
    let mut times = Vec::new();
    let sounds = ["dayinji", "kaipiao", "wangluo shibai", "kp", "dyj"].map(str::to_string);
    let typed = questions.iter().step_by(10).cloned().chain(sounds);
    for text in typed {
        let letters: Vec<char> = text.chars().take(24).collect();
        for n in 1..=letters.len() {
            let typed = Typed { text: letters[..n].iter().collect(), limit: 8, ..Typed::default() };
            let started = Instant::now();
            std::hint::black_box(library.suggest(&typed).await.expect("suggested"));
            times.push(started.elapsed());
        }
    }
    times
}

/// Edits one article after another, and asks until each is found by its new words.
async fn edits(library: &Library, name: &str, over: impl Fn() -> bool) -> Vec<Duration> {
    let mut times = Vec::new();
    for edit in 0..EDITS {
        if over() {
            break;
        }
        let word = format!("{name}edit{edit}x");
        let mut draft = articles::stream(1).and_then(|mut all| all.next()).expect("an article");
        draft.external_id = format!("edit-{}", edit % 10);
        draft.body_md = format!("{word} {}", draft.body_md);
        let started = Instant::now();
        library.upsert(&draft, "bench").await.expect("written");
        let question = Question { text: word, limit: 1, ..Question::default() };
        while library.search(&question).await.expect("found").hits.is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        times.push(started.elapsed());
    }
    times
}
