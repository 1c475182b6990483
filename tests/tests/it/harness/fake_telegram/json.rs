//! The objects of the Bot API, with the fields the real server sends.
use serde_json::{Value, json};

use crate::harness::wall_clock::unix_seconds;

pub const BOT_ID: i64 = 123_456_789;
pub const BOT_USERNAME: &str = "firstline_test_bot";

pub fn bot_user() -> Value {
    json!({"id": BOT_ID, "is_bot": true, "first_name": "Firstline", "username": BOT_USERNAME})
}

pub fn me(reads_all_group_messages: bool) -> Value {
    let mut me = bot_user();
    me["can_join_groups"] = json!(true);
    me["can_read_all_group_messages"] = json!(reads_all_group_messages);
    me["supports_inline_queries"] = json!(false);
    me["can_connect_to_business"] = json!(false);
    me["has_main_web_app"] = json!(false);
    me
}

pub fn person(id: i64, name: &str) -> Value {
    json!({"id": id, "is_bot": false, "first_name": name, "username": format!("user_{id}"), "language_code": "zh-hans"})
}

pub fn private_chat(user: &Value) -> Value {
    json!({"id": user["id"], "type": "private", "first_name": user["first_name"], "username": user["username"]})
}

pub fn group(id: i64, title: &str) -> Value {
    json!({"id": id, "type": "supergroup", "title": title})
}

pub fn message(id: i64, chat: &Value, from: &Value) -> Value {
    json!({"message_id": id, "from": from, "chat": chat, "date": unix_seconds()})
}

pub fn chat_id(chat: &Value) -> i64 {
    chat["id"].as_i64().expect("a chat has an id")
}

pub fn message_id(message: &Value) -> i64 {
    message["message_id"].as_i64().expect("a message has an id")
}

/// A message as it is quoted inside another one: without its own quote.
pub fn quoted(message: &Value) -> Value {
    let mut quoted = message.clone();
    if let Some(fields) = quoted.as_object_mut() {
        fields.remove("reply_to_message");
    }
    quoted
}
