//! TEMPORARY tuning harness.
use crate::eval::{Case, measure};
use crate::{Library, import};
use firstline_core::Clock;
use firstline_core::store::{Db, migrate};
use std::path::Path;

async fn library(name: &str) -> Library {
    let dir = Path::new("/tmp/tune").join(format!("{name}.lib"));
    std::fs::create_dir_all(&dir).unwrap();
    let db = Db::open(&format!("sqlite:{}/kb.db", dir.display())).await.unwrap();
    migrate(&db, vec![crate::migrations()]).await.unwrap();
    let lib = Library::open(db, Clock::system(), &dir.join("index")).await.unwrap();
    if lib.products().await.unwrap().is_empty() {
        let t = std::time::Instant::now();
        let report = import::import(&lib, &Path::new("/tmp/tune").join(format!("{name}.jsonl")), &mut |_| {}).await.unwrap();
        println!("{name}: import {:?} new {} same {} bad {}", t.elapsed(), report.new, report.same, report.bad.len());
        for b in report.bad.iter().take(5) { println!("   {b}"); }
    }
    let t = std::time::Instant::now();
    if std::env::var("REINDEX").is_ok() { lib.reindex(&mut |_| {}).await.unwrap(); } else { lib.refresh().await.unwrap(); }
    println!("{name}: index {:?} rss {}", t.elapsed(), rss());
    lib
}

fn rss() -> String {
    std::fs::read_to_string("/proc/self/status").unwrap().lines().filter(|l| l.starts_with("VmRSS") || l.starts_with("VmHWM") || l.starts_with("Rss")).collect::<Vec<_>>().join(" ")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore]
async fn tune() {
    let sets = std::env::var("SETS").unwrap_or("zh_alchemy".into());
    let show = std::env::var("SHOW").ok();
    for set in sets.split(',') {
        let corpus = match set {
            "zh_para" | "zh_typo" => "zh_faqt",
            "en_ms_symptom" => "en_msns",
            "en_ms_desc" | "en_ms_typo" | "en_ms_code" | "en_ms_version" => "en_ms",
            other => other,
        };
        let lib = library(corpus).await;
        let text = std::fs::read_to_string(format!("/work/shared/data/retrieval/{set}.dev.jsonl")).unwrap();
        let cases: Vec<Case> = text.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
        let t = std::time::Instant::now();
        let mut misses = vec![];
        let figures = measure(&lib, &cases, &mut |c, f| {
            if !f.first().is_some_and(|x| c.relevant.contains(x)) {
                misses.push(format!("  {} | {} | gold {:?} at {:?} | top {:?}", c.id, c.query, c.relevant, f.iter().position(|x| c.relevant.contains(x)), f.first()));
            }
        }).await.unwrap();
        println!("{set}: {figures}  ({:.2} ms/query) rss {}", t.elapsed().as_secs_f64() * 1000.0 / cases.len() as f64, rss());
        if show.is_some() { for m in misses.iter().take(60) { println!("{m}"); } }
    }
}
