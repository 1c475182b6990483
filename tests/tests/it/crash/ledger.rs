//! What the API says there is after a crash.
use std::path::Path;

use serde_json::Value;

use crate::harness::process::{Process, Recipe};

pub struct Ledger {
    /// Every ticket's number.
    pub numbers: Vec<String>,
    /// The milestones of the clocks of all tickets, sorted.
    pub milestones: Vec<String>,
}

impl Ledger {
    pub async fn of(process: &Process, data: &Path) -> Ledger {
        let token = token(data).await;
        let url = format!("{}/api/v1/tickets?limit=100", process.url());
        let answer = reqwest::Client::new().get(url).bearer_auth(token).send().await.expect("an answer");
        let list: Value = answer.error_for_status().expect("a list").json().await.expect("JSON");
        let items = list["items"].as_array().expect("items");
        let text = |v: &Value| v.as_str().unwrap_or_default().to_string();
        let clocks = items.iter().flat_map(|t| t["clocks"].as_array().expect("clocks"));
        let mut milestones: Vec<String> = clocks.map(|c| text(&c["milestone"])).collect();
        milestones.sort();
        Ledger { numbers: items.iter().map(|t| text(&t["number"])).collect(), milestones }
    }
}

/// An API token, made beside the running server.
pub async fn token(data: &Path) -> String {
    let data = data.display().to_string();
    let made = Recipe::command(&["token", "create", "--name", "test", "--data", &data]).run("").await;
    made.success().trim().to_string()
}
