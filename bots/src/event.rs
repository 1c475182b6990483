//! What can happen in a chat, the same for every channel. Adapters parse into this and nothing else.
use firstline_core::Time;
use firstline_core::files::FileOffer;
use serde::{Deserialize, Serialize};

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
