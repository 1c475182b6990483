//! What people do: a person in a private chat or in a group, and the updates this makes.
use serde_json::{Value, json};

use super::FakeTelegram;
use super::state::{ChatState, State};
use super::text::found_entities;
use super::{json as objects, json::BOT_USERNAME};

/// A person in a chat. Cheap to clone.
#[derive(Clone)]
pub struct Chat {
    pub(super) fake: FakeTelegram,
    pub(super) chat: Value,
    pub(super) user: Value,
}

/// What an action of a person became on the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Injected {
    /// `None` when the bot is not told: a kind it did not ask for, or group talk it may not read.
    pub update: Option<i64>,
    pub message_id: i64,
}

impl Injected {
    pub fn update_id(&self) -> i64 {
        self.update.expect("an update the bot is told about")
    }
}

impl FakeTelegram {
    /// A new person with a private chat with the bot.
    pub fn person(&self, name: &str) -> Chat {
        self.shared.change(|state| {
            // Ids of people have outgrown 32 bits.
            let user = objects::person(state.next_id() + 5_000_000_000, name);
            let chat = objects::private_chat(&user);
            self.enter(state, chat, user)
        })
    }

    /// A new group with the bot in it, seen by a person; others join with [`Chat::joined_by`].
    pub fn group(&self, title: &str, person: &Chat) -> Chat {
        self.shared.change(|state| {
            let chat = objects::group(-1_001_000_000_000 - state.next_id(), title);
            self.enter(state, chat, person.user.clone())
        })
    }

    /// Turns the bot's privacy mode off (`true`): it reads everything said in groups.
    pub fn reads_all_group_messages(&self, all: bool) {
        self.shared.change(|state| state.reads_all_group_messages = all);
    }

    fn enter(&self, state: &mut State, chat: Value, user: Value) -> Chat {
        state.chats.insert(objects::chat_id(&chat), ChatState { json: chat.clone(), blocked: false });
        Chat { fake: self.clone(), chat, user }
    }
}

impl Chat {
    pub fn id(&self) -> i64 {
        objects::chat_id(&self.chat)
    }

    pub fn user_id(&self) -> i64 {
        objects::chat_id(&self.user)
    }

    /// The language of the person's app, such as `en` or `zh-hans`.
    pub fn speaking(mut self, language: &str) -> Self {
        self.user["language_code"] = json!(language);
        self
    }

    /// The same chat, another person.
    pub fn joined_by(&self, person: &Self) -> Self {
        Self { fake: self.fake.clone(), chat: self.chat.clone(), user: person.user.clone() }
    }

    fn is_private(&self) -> bool {
        self.chat["type"] == "private"
    }

    /// Writes a text message; commands, mentions and links in it are marked as the server marks them.
    pub fn says(&self, text: &str) -> Injected {
        self.post(text_fields(text))
    }

    /// `/name arguments`; in a group addressed to the bot.
    pub fn command(&self, name: &str, arguments: &str) -> Injected {
        let bot = if self.is_private() { String::new() } else { format!("@{BOT_USERNAME}") };
        self.says(format!("/{name}{bot} {arguments}").trim_end())
    }

    /// Writes in a group with the bot's name in front.
    pub fn mentions_bot(&self, text: &str) -> Injected {
        self.says(&format!("@{BOT_USERNAME} {text}"))
    }

    /// Answers to a message of either side.
    pub fn replies(&self, message_id: i64, text: &str) -> Injected {
        let mut fields = text_fields(text);
        let original = self.fake.shared.look().messages.get(&(self.id(), message_id)).map(objects::quoted);
        fields["reply_to_message"] = original.expect("a message to reply to");
        self.post(fields)
    }

    /// Changes the text of an own earlier message.
    pub fn edits(&self, message_id: i64, text: &str) -> Injected {
        self.fake.shared.change(|state| {
            let key = (self.id(), message_id);
            let message = state.messages.get_mut(&key).expect("a message to edit");
            let (words, marks) = if message.get("caption").is_some() {
                ("caption", "caption_entities")
            } else {
                ("text", "entities")
            };
            message[words] = json!(text);
            message[marks] = json!(found_entities(text));
            message["edit_date"] = json!(crate::harness::wall_clock::unix_seconds());
            let message = message.clone();
            let update = self
                .may_read(state, &message)
                .then(|| state.queue_update("edited_message", message, self.user_id()));
            Injected { update: update.flatten(), message_id }
        })
    }

    /// A message with these fields besides sender, chat and date; for kinds without a method of their own
    /// (`{"sticker": …}`, `{"location": …}`).
    pub fn post(&self, fields: Value) -> Injected {
        self.fake.shared.change(|state| self.post_in(state, fields))
    }

    pub(super) fn post_in(&self, state: &mut State, fields: Value) -> Injected {
        let message_id = state.next_id();
        let mut message = objects::message(message_id, &self.chat, &self.user);
        if let (Some(all), Value::Object(fields)) = (message.as_object_mut(), fields) {
            all.extend(fields);
        }
        state.messages.insert((self.id(), message_id), message.clone());
        let update =
            self.may_read(state, &message).then(|| state.queue_update("message", message, self.user_id()));
        Injected { update: update.flatten(), message_id }
    }

    /// Privacy mode: in groups a bot hears commands, its name and answers to itself.
    fn may_read(&self, state: &State, message: &Value) -> bool {
        let text = message["text"].as_str().or_else(|| message["caption"].as_str()).unwrap_or_default();
        let first = text.split_whitespace().next().unwrap_or_default();
        let command_for_us =
            first.starts_with('/') && first.split_once('@').is_none_or(|(_, bot)| bot == BOT_USERNAME);
        self.is_private()
            || state.reads_all_group_messages
            || command_for_us
            || text.contains(&format!("@{BOT_USERNAME}"))
            || message["reply_to_message"]["from"]["id"] == json!(objects::BOT_ID)
    }
}

fn text_fields(text: &str) -> Value {
    let mut fields = json!({"text": text});
    let entities = found_entities(text);
    if !entities.is_empty() {
        fields["entities"] = json!(entities);
    }
    fields
}
