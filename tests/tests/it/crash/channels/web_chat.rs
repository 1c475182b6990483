//! The web chat: the page repeats what it got no answer to, under the same message id.
use std::path::Path;

use reqwest::header::{COOKIE, SET_COOKIE};
use serde_json::json;

use super::{Channel, number_in};
use crate::harness::process::{Process, Recipe};
use crate::harness::signal::ask_until;

#[derive(Default)]
pub struct WebChat {
    cookie: String,
    text: String,
}

impl WebChat {
    async fn page(&self, process: &Process) -> reqwest::Result<reqwest::Response> {
        reqwest::Client::new()
            .get(format!("{}/chat", process.url()))
            .header(COOKIE, &self.cookie)
            .send()
            .await
    }

    async fn post(&self, process: &Process) -> reqwest::Result<reqwest::Response> {
        let message = json!({ "id": "6b1f0f0e9d3c4a4e8a55c1d1f0a7b001", "text": self.text });
        let request = reqwest::Client::new().post(format!("{}/chat/messages", process.url()));
        request.header(COOKIE, &self.cookie).json(&message).send().await
    }
}

impl Channel for WebChat {
    async fn open() -> Self {
        WebChat::default()
    }

    fn settings(&mut self, recipe: Recipe, _: &Path) -> Recipe {
        recipe
    }

    async fn send(&mut self, process: &Process, text: &str) {
        process.line("http://").await;
        let page = self.page(process).await.expect("the page");
        let given = page.headers().get(SET_COOKIE).expect("a cookie for the visitor");
        self.cookie = given.to_str().expect("text").split(';').next().unwrap_or_default().to_owned();
        self.text = text.to_owned();
        // It may die before or after it answers; the page cannot tell either.
        let _ = self.post(process).await;
    }

    async fn deliver_again(&mut self, process: &Process) {
        let answer = self.post(process).await.expect("an answer after the restart");
        assert!(answer.status().is_success(), "{}", answer.status());
    }

    async fn told_number(&self, process: &Process) -> String {
        let ask = || async { number_in(&self.page(process).await.ok()?.text().await.ok()?) };
        ask_until(ask, || "a ticket number on the chat page".to_owned()).await
    }

    async fn times_told(&self, process: &Process, number: &str) -> usize {
        let page = self.page(process).await.expect("the page").text().await.expect("its text");
        // The number stands in the sentence and in the link of one and the same message.
        page.split("<article").filter(|bubble| bubble.contains(number)).count()
    }
}
