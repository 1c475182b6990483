//! What can happen in a chat, the same for every channel. Adapters parse into this and nothing else.
use firstline_core::Time;
use firstline_core::conversation::Address;
use firstline_core::files::FileOffer;
use firstline_core::inbox::{Incoming, SentBy};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// One event with what the platform said about its sender. Stored in the inbox as JSON.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Envelope {
    pub event: Event,
    /// The sender's display name.
    pub name: String,
    /// The client's language as an IETF tag, such as `zh-hans` or `en-US`.
    pub lang_hint: Option<String>,
    /// False in groups and guild channels.
    pub private: bool,
    /// When it was sent, by the platform's clock; what waited out an outage arrives long after that.
    #[serde(default)]
    pub sent_at: Option<Time>,
}

impl Envelope {
    /// As the inbox stores it. `external_id` is the platform's id of the delivery, unique per bot.
    pub fn incoming(&self, address: Address, external_id: String) -> Incoming {
        let sent_by = Some(SentBy { name: self.name.clone(), private: self.private });
        Incoming { address, external_id, event: json!(self), aside: None, sent_by }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    Message {
        /// The platform's message id, unique in its chat.
        id: String,
        /// Text or caption; in groups without the mention of the bot.
        text: String,
        files: Vec<FileOffer>,
        /// The platform's id of the message this one answers.
        reply_to: Option<String>,
        /// Messages with the same album id are one message; its first part carries the text.
        album: Option<String>,
        /// What the platform needs to show the first answer in place (a Discord interaction token).
        ack: Option<String>,
    },
    /// A message got another wording.
    Edited { id: String, text: String },
    /// A button of one of our messages; `action` is the data we gave it.
    Pressed { action: String, message_id: Option<String>, ack: Option<String> },
    /// The user blocked or left the bot.
    Left,
    /// The user came back after that.
    Returned,
}
