//! Telegram grows faster than teloxide: an update with a new kind of detail somewhere would be lost to
//! teloxide's strict types. Pruned to the fields we read, it parses.
use serde_json::{Map, Value};

const MESSAGE: [&str; 16] = [
    "message_id",
    "date",
    "edit_date",
    "from",
    "chat",
    "text",
    "caption",
    "photo",
    "document",
    "voice",
    "video",
    "audio",
    "video_note",
    "media_group_id",
    "reply_to_message",
    "message_thread_id",
];
const QUOTED: [&str; 4] = ["message_id", "date", "from", "chat"];
const USER: [&str; 6] = ["id", "is_bot", "first_name", "last_name", "username", "language_code"];
const CHAT: [&str; 6] = ["id", "type", "title", "first_name", "last_name", "username"];
const CALLBACK: [&str; 5] = ["id", "from", "message", "chat_instance", "data"];

/// The update with nothing but what we read; unknown kinds stay as they are.
pub(super) fn update(raw: &Value) -> Value {
    let mut pruned = raw.clone();
    for kind in ["message", "edited_message"] {
        if let Some(message) = pruned.get_mut(kind) {
            *message = self::message(message);
        }
    }
    if let Some(query) = pruned.get_mut("callback_query") {
        *query = callback(query);
    }
    pruned
}

fn callback(query: &Value) -> Value {
    let mut kept = keep(query, &CALLBACK);
    people(&mut kept);
    if let Some(message) = kept.get_mut("message") {
        *message = quoted(message);
    }
    Value::Object(kept)
}

fn message(message: &Value) -> Value {
    let mut kept = keep(message, &MESSAGE);
    people(&mut kept);
    if let Some(original) = kept.get_mut("reply_to_message") {
        *original = quoted(original);
    }
    let has_content = kept.keys().any(|key| {
        matches!(key.as_str(), "text" | "photo" | "document" | "voice" | "video" | "audio" | "video_note")
    });
    if let (false, Some(caption)) = (has_content, kept.get("caption").cloned()) {
        // Of a kind nobody here has seen: the words under it are still words.
        kept.insert("text".into(), caption);
    }
    Value::Object(kept)
}

/// A message as far as others refer to it; the empty text makes it a message for teloxide.
fn quoted(message: &Value) -> Value {
    let mut kept = keep(message, &QUOTED);
    people(&mut kept);
    kept.insert("text".into(), Value::String(String::new()));
    Value::Object(kept)
}

fn people(fields: &mut Map<String, Value>) {
    for (name, wanted) in [("from", &USER), ("chat", &CHAT)] {
        if let Some(value) = fields.get_mut(name) {
            *value = Value::Object(keep(value, wanted));
        }
    }
}

fn keep(value: &Value, wanted: &[&str]) -> Map<String, Value> {
    let fields = value.as_object().cloned().unwrap_or_default();
    fields.into_iter().filter(|(name, _)| wanted.contains(&name.as_str())).collect()
}
