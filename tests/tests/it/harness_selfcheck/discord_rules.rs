//! What the fake Discord refuses, with the platform's own codes.
use serde_json::{Value, json};

use crate::harness::fake_discord::{FakeDiscord, Fault};
use crate::harness::faults::Rule;

struct Rest<'a> {
    fake: &'a FakeDiscord,
    client: reqwest::Client,
}

impl<'a> Rest<'a> {
    fn new(fake: &'a FakeDiscord) -> Self {
        Self { fake, client: reqwest::Client::builder().no_proxy().build().expect("a client") }
    }

    async fn call(&self, method: reqwest::Method, path: &str, body: Value) -> (u16, Value) {
        let url = format!("{}/api/v10/{path}", self.fake.api_base());
        let token = format!("Bot {}", self.fake.token());
        let request = self.client.request(method, url).header("authorization", token).json(&body);
        let answer = request.send().await.expect("an answer");
        let status = answer.status().as_u16();
        (status, answer.json().await.unwrap_or_default())
    }

    /// Status, code, and the place of the fault in the form.
    async fn refusal(&self, path: &str, body: Value) -> (u16, u64, String) {
        let (status, answer) = self.call(reqwest::Method::POST, path, body).await;
        (status, answer["code"].as_u64().unwrap_or(0), place(&answer["errors"]))
    }
}

fn place(errors: &Value) -> String {
    let mut parts = Vec::new();
    let mut at = errors;
    while let Some((name, inner)) = at.as_object().and_then(|fields| fields.iter().next()) {
        if name == "_errors" {
            break;
        }
        parts.push(name.clone());
        at = inner;
    }
    parts.join(".")
}

fn row(buttons: Value) -> Value {
    json!({"content": "x", "components": [{"type": 1, "components": buttons}]})
}

fn button(label: &str, custom_id: &str) -> Value {
    json!({"type": 2, "style": 1, "label": label, "custom_id": custom_id})
}

#[tokio::test]
async fn messages_beyond_the_limits() {
    let fake = FakeDiscord::start().await;
    let rest = Rest::new(&fake);
    let li = fake.person("李雷");
    let path = format!("channels/{}/messages", li.channel_id());
    let form = |place: &str| (400, 50_035, place.to_owned());

    assert_eq!(rest.refusal(&path, json!({"content": "长".repeat(2001)})).await, form("content"));
    assert_eq!(rest.refusal(&path, json!({"content": " "})).await, (400, 50_006, String::new()));
    let six: Vec<Value> = (0..6).map(|number| button("x", &number.to_string())).collect();
    assert_eq!(rest.refusal(&path, row(json!(six))).await, form("components.0.components"));
    let twice = row(json!([button("a", "same"), button("b", "same")]));
    assert_eq!(rest.refusal(&path, twice).await, form("components.0.components.1.custom_id"));
    let long = row(json!([button(&"x".repeat(81), "1")]));
    assert_eq!(rest.refusal(&path, long).await, form("components.0.components.0.label"));
    let six_rows: Vec<Value> =
        (0..6).map(|number| json!({"type": 1, "components": [button("x", &number.to_string())]})).collect();
    assert_eq!(
        rest.refusal(&path, json!({"content": "x", "components": six_rows})).await,
        form("components")
    );
    let embed = json!({"embeds": [{"description": "x".repeat(4000)}, {"description": "x".repeat(2001)}]});
    assert_eq!(rest.refusal(&path, embed).await, form("embeds"));
    let reply = json!({"content": "x", "message_reference": {"message_id": "1"}});
    assert_eq!(rest.refusal(&path, reply).await, form("message_reference"));
    assert_eq!(rest.refusal("channels/1/messages", json!({"content": "x"})).await.1, 10_003);
    li.refuses_messages(true);
    assert_eq!(rest.refusal(&path, json!({"content": "x"})).await, (403, 50_007, String::new()));
    assert!(fake.sent().is_empty());
}

#[tokio::test]
async fn the_same_nonce_makes_no_second_message() {
    let fake = FakeDiscord::start().await;
    let rest = Rest::new(&fake);
    let li = fake.person("李雷");
    let path = format!("channels/{}/messages", li.channel_id());
    let body = json!({"content": "x", "nonce": "turn-7", "enforce_nonce": true});
    let first = rest.call(reqwest::Method::POST, &path, body.clone()).await;
    let second = rest.call(reqwest::Method::POST, &path, body).await;
    assert_eq!((first.0, first.1["id"].clone()), (200, second.1["id"].clone()));
    assert_eq!(li.sent().len(), 1);
}

#[tokio::test]
async fn commands_beyond_the_limits() {
    let fake = FakeDiscord::start().await;
    let rest = Rest::new(&fake);
    let path = format!("applications/{}/commands", fake.application_id());
    let put = async |commands: Value| {
        let (_, answer) = rest.call(reqwest::Method::PUT, &path, commands).await;
        place(&answer["errors"])
    };
    assert_eq!(put(json!([{"name": "Search", "description": "x"}])).await, "0.name");
    assert_eq!(put(json!([{"name": "search", "description": "x".repeat(101)}])).await, "0.description");
    let (optional, required) = (
        json!({"type": 3, "name": "a", "description": "x"}),
        json!({"type": 3, "name": "b", "description": "x", "required": true}),
    );
    let options = json!([{"name": "search", "description": "x", "options": [optional, required]}]);
    assert_eq!(put(options).await, "0.options.1");
    assert_eq!(put(json!([{"name": "搜索", "description": "查找文章"}])).await, "");
    assert_eq!(fake.commands(), ["搜索"]);
}

#[tokio::test]
async fn faults_and_limits_of_the_network() {
    let fake = FakeDiscord::start().await;
    let rest = Rest::new(&fake);
    let li = fake.person("李雷");
    let path = format!("channels/{}/messages", li.channel_id());
    fake.fault(Rule::new(Fault::RateLimited(0.5)).method("POST channels/messages").place(li.channel_id()));
    let (status, answer) = rest.call(reqwest::Method::POST, &path, json!({"content": "x"})).await;
    assert_eq!((status, &answer["retry_after"]), (429, &json!(0.5)));
    assert_eq!(rest.call(reqwest::Method::POST, &path, json!({"content": "x"})).await.0, 200);
    let statuses: Vec<u16> = fake.calls("POST channels/messages").iter().map(|call| call.status).collect();
    assert_eq!(statuses, [429, 200]);
}
