//! Any number of articles made by repeating and varying real ones, read as a stream: memory stays flat.
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;

use firstline_kb::{ArticleKind, Draft};
use flate2::read::GzDecoder;
use serde_json::Value;

use crate::corpus::Random;
use crate::harness::shared_data;

const CORPORA: [&str; 5] = ["zh_faq", "en_ms", "zh_alchemy", "zh_code", "en_ooo"];

/// `n` articles, the same ones every time. `None` (said on stderr) without the shared data.
pub fn stream(n: usize) -> Option<impl Iterator<Item = Draft>> {
    let files: Vec<PathBuf> = CORPORA
        .iter()
        .map(|name| shared_data::file(&format!("retrieval/{name}.corpus.jsonl.gz")))
        .collect::<Option<_>>()?;
    let rounds = (0..).flat_map(move |round| files.clone().into_iter().map(move |file| (round, file)));
    Some(rounds.flat_map(|(round, file)| lines(&file).map(move |line| vary(&line, round))).take(n))
}

fn lines(path: &PathBuf) -> impl Iterator<Item = String> + use<> {
    let file = File::open(path).expect("a corpus");
    BufReader::new(GzDecoder::new(file)).lines().map(|line| line.expect("text"))
}

/// The first round is the real article. Later ones turn its paragraphs round, leave one out and say other numbers,
/// so that no two are alike and the vocabulary grows as that of real articles does.
fn vary(line: &str, round: usize) -> Draft {
    let article: Value = serde_json::from_str(line).expect("JSON");
    let text = |key: &str| article[key].as_str().unwrap_or_default().to_string();
    let (id, title, body) = (text("id"), text("title"), text("body_md"));
    let (id, title, body) = if round == 0 {
        (id, title, body)
    } else {
        (format!("{id}~{round}"), format!("{title} {}", number(&id, round)), varied(&id, &body, round))
    };
    Draft {
        external_id: id.chars().take(500).collect(),
        lang: text("lang"),
        kind: ArticleKind::Troubleshooting,
        category: None,
        title: title.chars().take(900).collect(),
        body_md: body,
        product: Some(text("product")).filter(|p| !p.is_empty()),
        versions: None,
        tags: vec![],
        codes: vec![],
        symptoms: vec![],
        questions: vec![],
        frequent: false,
        translates: None,
    }
}

fn seed(id: &str, round: usize) -> Random {
    let sum = id.bytes().fold(round as u64 + 1, |sum, b| sum.wrapping_mul(31).wrapping_add(u64::from(b)));
    Random(sum | 1)
}

fn number(id: &str, round: usize) -> u64 {
    seed(id, round).next() % 100_000
}

fn varied(id: &str, body: &str, round: usize) -> String {
    let mut random = seed(id, round);
    let mut paragraphs: Vec<&str> = body.split("\n\n").collect();
    let turn = random.next() as usize % paragraphs.len().max(1);
    paragraphs.rotate_left(turn);
    if paragraphs.len() > 3 {
        paragraphs.remove(random.next() as usize % paragraphs.len());
    }
    let changed =
        paragraphs.join("\n\n").replace(|c: char| c.is_ascii_digit(), &(random.next() % 10).to_string());
    format!("{changed}\n\n{} {}", random.word(), random.next() % 1_000_000)
}

/// Real questions of both languages.
pub fn questions() -> Vec<String> {
    let sets = ["zh_faq", "zh_para", "zh_alchemy", "en_ms_desc", "en_ms_symptom"];
    let all = sets.iter().filter_map(|set| {
        let path = shared_data::file(&format!("retrieval/{set}.dev.jsonl"))?;
        let lines = BufReader::new(File::open(path).expect("questions")).lines();
        let of = |line: std::io::Result<String>| -> String {
            let line: Value = serde_json::from_str(&line.expect("text")).expect("JSON");
            line["query"].as_str().unwrap_or_default().to_string()
        };
        Some(lines.map(of).take(100).collect::<Vec<_>>())
    });
    all.flatten().collect()
}
