//! A person in a channel, and what they say there.
use axum::body::Bytes;
use serde_json::{Value, json};

use super::FakeDiscord;
use super::attachments;
use super::json as objects;
use super::messages;
use super::sessions;
use super::state::State;
use crate::harness::uploads::Upload;
use crate::harness::wall_clock::unix_millis;

/// A person in a channel. Cheap to clone.
#[derive(Clone)]
pub struct Seat {
    pub(super) fake: FakeDiscord,
    pub(super) channel: u64,
    pub(super) user: Value,
    pub(super) locale: String,
}

impl Seat {
    pub fn channel_id(&self) -> u64 {
        self.channel
    }

    pub fn user_id(&self) -> u64 {
        objects::id_of(&self.user)
    }

    /// The language of the person's app, such as `en-US` or `zh-CN`.
    pub fn speaking(mut self, locale: &str) -> Self {
        locale.clone_into(&mut self.locale);
        self
    }

    /// The same person in another channel.
    pub fn in_channel(&self, channel: u64) -> Self {
        Self { channel, ..self.clone() }
    }

    /// Writes a message; returns its id. `<@id>` of the bot in it is a mention.
    pub fn says(&self, text: &str) -> u64 {
        self.post(json!({"content": text}))
    }

    /// Writes with the bot's name in front.
    pub fn mentions_bot(&self, text: &str) -> u64 {
        self.says(&format!("<@{}> {text}", objects::BOT_ID))
    }

    /// Answers to a message of either side. As in the app, the author of that message is mentioned by it.
    pub fn replies(&self, message_id: u64, text: &str) -> u64 {
        let original =
            self.fake.shared.look().messages.get(&message_id).cloned().expect("a message to reply to");
        let mut quoted = original.clone();
        if let Some(fields) = quoted.as_object_mut() {
            fields.remove("referenced_message");
        }
        self.post(json!({
            "content": text,
            "type": 19,
            "message_reference": {"type": 0, "channel_id": original["channel_id"], "message_id": original["id"]},
            "referenced_message": quoted,
            "mentions": [original["author"]],
        }))
    }

    /// Sends files (name, type, bytes) with a text, which may be empty.
    pub fn sends_files(&self, text: &str, files: &[(&str, &str, &[u8])]) -> u64 {
        let shared = &self.fake.shared;
        let listed = shared.change(|state| {
            let uploads: Vec<Upload> =
                files.iter().map(|(name, mime, bytes)| upload(name, mime, bytes)).collect();
            attachments::store_all(state, shared, self.channel, &uploads)
        });
        self.post(json!({"content": text, "attachments": listed}))
    }

    /// Sends a file the platform says is this large.
    pub fn sends_huge_file(&self, name: &str, size: u64) -> u64 {
        let shared = &self.fake.shared;
        let listed = shared.change(|state| {
            attachments::store(state, shared, self.channel, &upload(name, "application/zip", b"PK"), size)
        });
        self.post(json!({"attachments": [listed]}))
    }

    /// A message with these fields besides author, channel and time.
    pub fn post(&self, fields: Value) -> u64 {
        self.fake.shared.change(|state| {
            let id = state.snowflake();
            let mut message = objects::message(id, self.channel, &self.user);
            if let (Some(all), Value::Object(fields)) = (message.as_object_mut(), fields) {
                all.extend(fields);
            }
            add_mention(&mut message);
            state.messages.insert(id, message.clone());
            sessions::dispatch_message(state, "MESSAGE_CREATE", &message);
            id
        })
    }

    /// Changes the text of an own earlier message.
    pub fn edits(&self, message_id: u64, text: &str) {
        self.fake.shared.change(|state| {
            let message = state.messages.get_mut(&message_id).expect("a message to edit");
            message["content"] = json!(text);
            message["edited_timestamp"] = json!(objects::timestamp(unix_millis()));
            add_mention(message);
            let message = message.clone();
            sessions::dispatch_message(state, "MESSAGE_UPDATE", &message);
        });
    }

    pub fn deletes(&self, message_id: u64) {
        self.fake.shared.change(|state| messages::delete(state, message_id));
    }

    /// The person's privacy settings: no messages from the bot (50007), or again.
    pub fn refuses_messages(&self, refuses: bool) {
        self.fake.shared.change(|state| {
            state.channels.get_mut(&self.channel).expect("a known channel").refuses = refuses;
        });
    }

    pub(super) fn guild(&self, state: &State) -> Option<u64> {
        state.guild_of(self.channel)
    }
}

fn add_mention(message: &mut Value) {
    let bot = objects::bot_user();
    let named =
        message["content"].as_str().is_some_and(|text| text.contains(&format!("<@{}>", objects::BOT_ID)));
    let listed = message["mentions"].as_array().cloned().unwrap_or_default();
    if named && !listed.iter().any(|user| user["id"] == bot["id"]) {
        message["mentions"] = json!(listed.into_iter().chain([bot]).collect::<Vec<_>>());
    }
}

fn upload(name: &str, mime: &str, bytes: &[u8]) -> Upload {
    Upload {
        field: String::new(),
        name: name.to_owned(),
        mime: mime.to_owned(),
        bytes: Bytes::copy_from_slice(bytes),
    }
}
