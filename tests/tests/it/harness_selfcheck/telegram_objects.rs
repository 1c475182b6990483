//! Every update the fake makes, held against the Bot API's description and against teloxide's types.
use serde_json::Value;
use teloxide::types::{Update, UpdateKind};

use crate::harness::fake_telegram::FakeTelegram;
use crate::harness::platform_schemas::telegram_object_violations;

#[tokio::test]
async fn updates_are_complete_and_parse() {
    let fake = FakeTelegram::start().await;
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let method = |name: &str| format!("{}/bot{}/{name}", fake.url(), fake.token());
    let (li, ann) = (fake.person("李雷"), fake.person("Ann").speaking("en"));
    let group = fake.group("财务部", &li);

    // Urlencoded, as simple clients send it.
    let fields = [
        ("chat_id", li.id().to_string()),
        ("text", "哪个产品?".to_owned()),
        ("reply_markup", BUTTON.to_owned()),
    ];
    let answer = client.post(method("sendMessage")).form(&fields).send().await.expect("an answer");
    let sent: Value = answer.json().await.expect("JSON");
    check("Message", &sent["result"]);

    let said = li.says("see https://example.com and /help");
    li.edits(said.message_id, "https://example.com");
    li.replies(said.message_id, "上面那条");
    li.photo(b"1", "caption @somebody");
    li.document("a.log", "text/plain", b"2", "");
    li.album(&[b"3", b"4"], "two pictures");
    li.huge_document("b.zip", 30_000_000);
    let press = li.press("开票");
    group.joined_by(&ann).mentions_bot("hello");
    ann.blocks_bot();
    ann.unblocks_bot();
    group.blocks_bot();
    li.press_data(press.message_id + 100_000, "gone");

    let answer = client.get(method("getupdates")).query(&[("limit", "100")]).send().await.expect("an answer");
    let batch: Value = answer.json().await.expect("JSON");
    let updates = batch["result"].as_array().expect("updates");
    assert_eq!(updates.len(), 14);
    for update in updates {
        check("Update", update);
        // From text, as it comes: teloxide cannot read an update from a `serde_json::Value`.
        let parsed: Update = serde_json::from_str(&update.to_string()).expect("an update");
        assert!(!matches!(parsed.kind, UpdateKind::Error(_)), "teloxide cannot read {update}");
    }
    for (name, kind) in [("getMe", "User"), ("getWebhookInfo", "WebhookInfo")] {
        let answer = client.get(method(name)).send().await.expect("an answer");
        check(kind, &answer.json::<Value>().await.expect("JSON")["result"]);
    }
    assert_eq!(fake.violations(), Vec::<String>::new());
    assert_eq!(client.get(method("getNothing")).send().await.expect("an answer").status(), 404);
    let stranger = format!("{}/bot1:WRONG/getMe", fake.url());
    assert_eq!(client.get(stranger).send().await.expect("an answer").status(), 401);
}

const BUTTON: &str = r#"{"inline_keyboard":[[{"text":"开票","callback_data":"p:1"}]]}"#;

fn check(kind: &str, object: &Value) {
    // Without the shared data there is nothing to hold it against; the types below still judge it.
    assert_eq!(
        telegram_object_violations(kind, object).unwrap_or_default(),
        Vec::<String>::new(),
        "{object:#}"
    );
}
