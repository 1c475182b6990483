//! The REST API with an idempotency key: the client repeats what it got no answer to.
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::Channel;
use crate::crash::ledger::token;
use crate::harness::process::{Process, Recipe};

pub struct Rest {
    data: Option<PathBuf>,
    token: String,
    answers: Vec<Value>,
}

impl Rest {
    async fn post(&self, process: &Process) -> reqwest::Result<Value> {
        let body = json!({
            "title": "E-1042", "text": "cannot issue invoices",
            "customer": { "name": "Wang", "email": "wang@example.com" },
        });
        let request = reqwest::Client::new()
            .post(format!("{}/api/v1/tickets", process.url()))
            .bearer_auth(&self.token)
            .header("Idempotency-Key", "report-1")
            .json(&body);
        request.send().await?.error_for_status()?.json().await
    }
}

impl Channel for Rest {
    async fn open() -> Self {
        Rest { data: None, token: String::new(), answers: Vec::new() }
    }

    fn settings(&mut self, recipe: Recipe, data: &Path) -> Recipe {
        self.data = Some(data.to_path_buf());
        recipe
    }

    async fn send(&mut self, process: &Process, _: &str) {
        process.line("http://").await; // it listens
        self.token = token(self.data.as_deref().expect("settings come first")).await;
        let lost = self.post(process).await;
        assert!(lost.is_err(), "it died before it could answer: {lost:?}");
    }

    async fn deliver_again(&mut self, process: &Process) {
        for _ in 0..2 {
            let answer = self.post(process).await.expect("an answer after the restart");
            self.answers.push(answer);
        }
        assert_eq!(self.answers[0]["number"], self.answers[1]["number"]);
    }

    async fn told_number(&self, _: &Process) -> String {
        self.answers[0]["number"].as_str().expect("a number").to_string()
    }

    async fn times_told(&self, _: &Process, _: &str) -> usize {
        1 // the second answer repeats the first by contract
    }
}
