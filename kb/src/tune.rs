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
        let report = import::import(&lib, &Path::new("/tmp/tune").join(format!("{name}.jsonl")), &mut |_| {})
            .await
            .unwrap();
        println!(
            "{name}: import {:?} new {} same {} bad {}",
            t.elapsed(),
            report.new,
            report.same,
            report.bad.len()
        );
        for b in report.bad.iter().take(5) {
            println!("   {b}");
        }
    }
    let t = std::time::Instant::now();
    if std::env::var("REINDEX").is_ok() {
        lib.reindex(&mut |_| {}).await.unwrap();
    } else {
        lib.refresh().await.unwrap();
    }
    println!("{name}: index {:?} rss {}", t.elapsed(), rss());
    lib
}

fn rss() -> String {
    std::fs::read_to_string("/proc/self/status")
        .unwrap()
        .lines()
        .filter(|l| l.starts_with("VmRSS") || l.starts_with("VmHWM") || l.starts_with("Rss"))
        .collect::<Vec<_>>()
        .join(" ")
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
                misses.push(format!(
                    "  {} | {} | gold {:?} at {:?} | top {:?}",
                    c.id,
                    c.query,
                    c.relevant,
                    f.iter().position(|x| c.relevant.contains(x)),
                    f.first()
                ));
            }
        })
        .await
        .unwrap();
        println!(
            "{set}: {figures}  ({:.2} ms/query) rss {}",
            t.elapsed().as_secs_f64() * 1000.0 / cases.len() as f64,
            rss()
        );
        if show.is_some() {
            for m in misses.iter().take(60) {
                println!("{m}");
            }
        }
    }
}

/// Top scores for questions inside and outside a corpus, and what `answer` makes of them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore]
async fn conf() {
    use crate::{Answer, Question};
    let pairs = std::env::var("PAIRS").unwrap_or("zh_alchemy:zh_alchemy,zh_code:zh_alchemy,zh_faq:zh_alchemy,en_ms_desc:en_ms,en_ms_symptom:en_ms,en_ooo:en_ms,en_ms_desc:en_ooo,zh_alchemy:zh_code,zh_alchemy:zh_faq".into());
    for pair in pairs.split(',') {
        let (set, corpus) = pair.split_once(':').unwrap();
        let lib = library(corpus).await;
        let text = std::fs::read_to_string(format!("/work/shared/data/retrieval/{set}.dev.jsonl")).unwrap();
        let cases: Vec<Case> = text.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
        let (mut right, mut wrong) = (vec![], vec![]);
        let mut kinds = std::collections::BTreeMap::<String, usize>::new();
        for case in cases.iter().take(160) {
            let q = Question {
                text: case.query.clone(),
                lang: case.lang.clone(),
                limit: 8,
                ..Question::default()
            };
            let (answer, found) = lib.answer(&q).await.unwrap();
            let top = found.hits.first();
            let ok = top.is_some_and(|h| case.relevant.contains(&h.external_id));
            let score = top.map_or(0.0, |h| h.score);
            if ok {
                right.push(score)
            } else {
                wrong.push(score)
            }
            let inside = |hs: &[crate::Hit]| hs.iter().any(|h| case.relevant.contains(&h.external_id));
            let name = match &answer {
                Answer::Direct { hit, .. } => format!("direct {}", case.relevant.contains(&hit.external_id)),
                Answer::Choices { hits } => format!("choices {}", inside(hits)),
                Answer::Ask { hits, .. } => format!("ask {}", inside(hits)),
                Answer::Nothing => "nothing".into(),
            };
            *kinds.entry(name).or_default() += 1;
        }
        let q = |v: &mut Vec<f32>| {
            v.sort_by(f32::total_cmp);
            [0.0, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0]
                .map(|p| v.get(((v.len().max(1) - 1) as f64 * p) as usize).copied().unwrap_or(0.0))
        };
        println!("CONF {pair}: {kinds:?}\n   right {:.2?}\n   wrong {:.2?}", q(&mut right), q(&mut wrong));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore]
async fn demo() {
    use crate::{Answer, Question};
    let dir = Path::new("/tmp/tune/demo.lib");
    let _ = std::fs::remove_dir_all(dir);
    std::fs::create_dir_all(dir).unwrap();
    let db = Db::open(&format!("sqlite:{}/kb.db", dir.display())).await.unwrap();
    migrate(&db, vec![crate::migrations()]).await.unwrap();
    let lib = Library::open(db, Clock::system(), &dir.join("index")).await.unwrap();
    let report = import::import(&lib, Path::new("/work/main/kb/demo"), &mut |_| {}).await.unwrap();
    println!("{report:?}");
    lib.refresh().await.unwrap();
    for line in std::fs::read_to_string("/tmp/tune/questions.txt").unwrap().lines() {
        let (text, product) = line.split_once(" @").map_or((line, None), |(t, p)| (t, Some(p.to_string())));
        let q = Question { text: text.into(), product, limit: 8, ..Question::default() };
        let (answer, found) = lib.answer(&q).await.unwrap();
        let name = match &answer {
            Answer::Direct { steps_md, .. } => format!("DIRECT ({} chars)", steps_md.chars().count()),
            Answer::Choices { hits } => format!("CHOICES {}", hits.len()),
            Answer::Ask { products, .. } => format!("ASK {products:?}"),
            Answer::Nothing => "NOTHING".into(),
        };
        println!("{line}  => {name} corrected {:?}", found.corrected);
        for h in found.hits.iter().take(3) {
            println!("      {:.2} {} {}", h.score, h.external_id, h.title);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore]
async fn memory() {
    println!("start {}", rss());
    let name = std::env::var("LIB").unwrap();
    let dir = Path::new("/tmp/tune").join(format!("{name}.lib"));
    let db = Db::open(&format!("sqlite:{}/kb.db", dir.display())).await.unwrap();
    println!("db {}", rss());
    let t = std::time::Instant::now();
    let lib = Library::open(db, Clock::system(), &dir.join("index")).await.unwrap();
    println!("open {:?} ready {} {}", t.elapsed(), lib.ready(), rss());
    let t = std::time::Instant::now();
    crate::analyze::segment::words("打印机");
    println!("dictionary {:?} {}", t.elapsed(), rss());
    let t = std::time::Instant::now();
    lib.refresh().await.unwrap();
    println!("refresh {:?} {}", t.elapsed(), rss());
    for _ in 0..2 {
        let t = std::time::Instant::now();
        for q in [
            "开票时报错 E-1042，连不上服务器",
            "Outlook cannot connect",
            "cannot conect to exchange",
            "忘记密码了怎么办",
            "SQL Server error 5512",
        ] {
            let u = std::time::Instant::now();
            let _ = lib
                .answer(&crate::Question { text: q.into(), limit: 5, ..Default::default() })
                .await
                .unwrap();
            println!("   {q} {:?}", u.elapsed());
        }
        println!("5 answers {:?} {}", t.elapsed(), rss());
    }
}
