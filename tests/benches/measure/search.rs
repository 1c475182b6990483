//! Search over HTTP beside a bare tantivy query on an index of the same articles.
use std::time::{Duration, Instant};

use serde_json::Value;
use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, Occur, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption, STORED, STRING, Schema, TEXT};
use tantivy::{Index, TantivyDocument, Term, doc};
use tempfile::TempDir;

use crate::corpus;
use crate::harness::process::Recipe;
use crate::stats::{row, summary};

const ARTICLES: usize = 10_000;

pub async fn measure() {
    let data = TempDir::new().expect("a folder");
    corpus::import(data.path(), ARTICLES).await;
    let questions = corpus::questions(500);
    row("raw tantivy, 3 words, top 10 with documents", &summary(raw(data.path(), &questions)), "the floor");
    let process = Recipe::serve(data.path()).start_ready().await;
    let over_http = product(&process.url(), &questions).await;
    row("search over HTTP, the same questions", &summary(over_http), "p50 ≤ floor + 0.5 ms");
}

fn raw(folder: &std::path::Path, questions: &[String]) -> Vec<Duration> {
    let mut schema = Schema::builder();
    let id = schema.add_text_field("id", STRING | STORED);
    let body = schema.add_text_field("body", TEXT | STORED);
    let index = Index::create_in_ram(schema.build());
    let mut writer = index.writer(50_000_000).expect("a writer");
    for line in std::fs::read_to_string(folder.join("corpus.jsonl")).expect("the corpus").lines() {
        let article: Value = serde_json::from_str(line).expect("JSON");
        let text = format!(
            "{} {}",
            article["title"].as_str().unwrap_or_default(),
            article["body_md"].as_str().unwrap_or_default()
        );
        writer
            .add_document(doc!(id => article["id"].as_str().unwrap_or_default(), body => text))
            .expect("added");
    }
    writer.commit().expect("a commit");
    let searcher = index.reader().expect("a reader").searcher();
    let once = |question: &String| {
        let started = Instant::now();
        let query = words(question, body);
        let top = searcher.search(&query, &TopDocs::with_limit(10).order_by_score()).expect("a search");
        let found: Vec<TantivyDocument> =
            top.iter().map(|(_, at)| searcher.doc(*at).expect("a document")).collect();
        std::hint::black_box(found);
        started.elapsed()
    };
    for question in questions {
        once(question);
    }
    questions.iter().map(once).collect()
}

fn words(question: &str, body: Field) -> BooleanQuery {
    let term = |word: &str| -> (Occur, Box<dyn Query>) {
        (
            Occur::Should,
            Box::new(TermQuery::new(Term::from_field_text(body, word), IndexRecordOption::WithFreqs)),
        )
    };
    BooleanQuery::new(question.split_whitespace().map(term).collect())
}

async fn product(url: &str, questions: &[String]) -> Vec<Duration> {
    let client = reqwest::Client::new();
    let mut times = Vec::new();
    for round in 0..2 {
        for question in questions {
            let started = Instant::now();
            let request = client
                .get(format!("{url}/api/v1/search"))
                .query(&[("q", question.as_str()), ("limit", "10")]);
            let answer = request.send().await.expect("an answer");
            assert!(answer.status().is_success());
            std::hint::black_box(answer.bytes().await.expect("a body"));
            if round == 1 {
                times.push(started.elapsed());
            }
        }
    }
    times
}
