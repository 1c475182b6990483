//! The fake's objects, held against Discord's published description.
use serde_json::{Value, json};

use crate::harness::fake_discord::FakeDiscord;
use crate::harness::platform_schemas::discord_object_violations;

struct Rest<'a>(&'a FakeDiscord, reqwest::Client);

impl Rest<'_> {
    async fn get(&self, path: &str) -> Value {
        self.call(reqwest::Method::GET, path, Value::Null).await
    }

    async fn call(&self, method: reqwest::Method, path: &str, body: Value) -> Value {
        let url = format!("{}/api/v10/{path}", self.0.api_base());
        let token = format!("Bot {}", self.0.token());
        let request = self.1.request(method, url).header("authorization", token).json(&body);
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status(), 200, "{path}");
        answer.json().await.expect("JSON")
    }
}

fn check(schema: &str, object: &Value) {
    // Without the shared data there is nothing to hold it against; serenity's strict types still judge it elsewhere.
    assert_eq!(
        discord_object_violations(schema, object).unwrap_or_default(),
        Vec::<String>::new(),
        "{object:#}"
    );
}

#[tokio::test]
async fn answers_are_complete() {
    let fake = FakeDiscord::start().await;
    let rest = Rest(&fake, reqwest::Client::builder().no_proxy().build().expect("a client"));
    let li = fake.person("李雷");
    let guild = fake.guild("Acme");
    let seat = li.in_channel(fake.channel(guild, "support"));
    let said = li.says("one");
    li.replies(said, "two");
    li.sends_files("three", &[("a.png", "image/png", b"1"), ("b.log", "text/plain", b"2")]);
    li.edits(said, "once");
    seat.mentions_bot("four");
    let body = json!({"content": "五", "components": [{"type": 1, "components": [
        {"type": 2, "style": 1, "label": "好", "custom_id": "1"}, {"type": 2, "style": 5, "label": "看", "url": "https://example.com"}]}]});
    let sent =
        rest.call(reqwest::Method::POST, &format!("channels/{}/messages", li.channel_id()), body).await;
    check("MessageResponse", &sent);
    for place in [li.channel_id(), seat.channel_id()] {
        let page = rest.get(&format!("channels/{place}/messages?limit=100")).await;
        page.as_array().expect("messages").iter().for_each(|message| check("MessageResponse", message));
    }
    check("UserPIIResponse", &rest.get("users/@me").await);
    check("UserResponse", &rest.get(&format!("users/{}", li.user_id())).await);
    check("PrivateChannelResponse", &rest.get(&format!("channels/{}", li.channel_id())).await);
    check("GuildChannelResponse", &rest.get(&format!("channels/{}", seat.channel_id())).await);
    check("GatewayBotResponse", &rest.get("gateway/bot").await);
    let commands = format!("applications/{}/commands", fake.application_id());
    let option = json!({"type": 3, "name": "q", "description": "what", "required": true});
    let body = json!([{"name": "search", "description": "Search", "options": [option]}]);
    let registered = rest.call(reqwest::Method::PUT, &commands, body).await;
    check("ApplicationCommandResponse", &registered[0]);
    assert_eq!(fake.violations(), Vec::<String>::new());
}
