//! Suggestions at a hundred thousand articles, over HTTP, for every beginning of a question as it is typed.
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::corpus;
use crate::harness::process::Recipe;
use crate::stats::{row, summary};

const ARTICLES: usize = 100_000;

pub async fn measure() {
    let data = TempDir::new().expect("a folder");
    corpus::import(data.path(), ARTICLES).await;
    let process = Recipe::serve(data.path()).start_ready().await;
    let typed = beginnings(&corpus::questions(60));
    let client = reqwest::Client::new();
    let mut times: Vec<Duration> = Vec::new();
    for round in 0..2 {
        for text in &typed {
            let started = Instant::now();
            let request = client
                .get(format!("{}/api/v1/suggest", process.url()))
                .query(&[("q", text.as_str()), ("limit", "8")]);
            let answer = request.send().await.expect("an answer");
            assert!(answer.status().is_success());
            std::hint::black_box(answer.bytes().await.expect("a body"));
            if round == 1 {
                times.push(started.elapsed());
            }
        }
    }
    row("suggest over HTTP, 100,000 articles, every letter typed", &summary(times), "p99 ≤ 10 ms");
}

/// What stands in the box after each letter.
fn beginnings(questions: &[String]) -> Vec<String> {
    let of = |question: &String| -> Vec<String> {
        let letters: Vec<char> = question.chars().collect();
        (1..=letters.len()).map(|n| letters[..n].iter().collect()).collect()
    };
    questions.iter().flat_map(of).collect()
}
