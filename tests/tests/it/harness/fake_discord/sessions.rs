//! Gateway sessions and who is told what: intents, the privacy of content, the log from which a session resumes.
use serde_json::{Value, json};
use tokio::sync::mpsc::UnboundedSender;

use super::json as objects;
use super::state::State;

pub const GUILDS: u64 = 1;
pub const GUILD_MESSAGES: u64 = 1 << 9;
pub const DIRECT_MESSAGES: u64 = 1 << 12;
pub const MESSAGE_CONTENT: u64 = 1 << 15;
/// Members, presences and message content are for bots whose operator asked Discord.
pub const PRIVILEGED: u64 = 1 << 1 | 1 << 8 | MESSAGE_CONTENT;

/// What a connection is told to do.
#[derive(Clone, Debug)]
pub enum Order {
    Send(Value),
    /// A close frame with this code.
    Close(u16),
    /// The connection is reset.
    Cut,
}

#[derive(Debug)]
pub struct Session {
    pub id: String,
    pub shard: u64,
    pub intents: u64,
    pub sequence: u64,
    /// Everything dispatched, for resuming.
    pub log: Vec<(u64, Value)>,
    /// The connection, while there is one.
    pub line: Option<UnboundedSender<Order>>,
}

impl Session {
    fn dispatch(&mut self, event: &str, data: Value) {
        self.sequence += 1;
        let payload = json!({"op": 0, "t": event, "s": self.sequence, "d": data});
        self.log.push((self.sequence, payload.clone()));
        if let Some(line) = &self.line {
            let _ = line.send(Order::Send(payload));
        }
    }
}

/// Tells every session that asked for this kind of message. With the content hidden where the bot may not read it.
pub fn dispatch_message(state: &mut State, event: &str, message: &Value) {
    let guild =
        message["channel_id"].as_str().and_then(|id| id.parse().ok()).and_then(|id| state.guild_of(id));
    let mut message = message.clone();
    if let Some(guild) = guild {
        message["guild_id"] = json!(guild.to_string());
        if message.get("author").is_some() {
            message["member"] = objects::bare_member();
        }
    }
    let needed = if guild.is_some() { GUILD_MESSAGES } else { DIRECT_MESSAGES };
    for session in &mut state.sessions {
        if session.intents & needed != 0 {
            let visible = if session.intents & MESSAGE_CONTENT != 0 {
                message.clone()
            } else {
                hidden(&message, guild)
            };
            session.dispatch(event, visible);
        }
    }
}

/// Tells every session that has one of these intents; 0 is for events everybody gets.
pub fn dispatch(state: &mut State, event: &str, data: &Value, needed: u64) -> usize {
    let mut told = 0;
    for session in &mut state.sessions {
        if needed == 0 || session.intents & needed != 0 {
            session.dispatch(event, data.clone());
            told += usize::from(session.line.is_some());
        }
    }
    told
}

/// Tells one session, by its place in the list.
pub fn dispatch_to(state: &mut State, index: usize, event: &str, data: Value) {
    state.sessions[index].dispatch(event, data);
}

/// A message as the bot reads it over REST.
pub fn readable(state: &State, message: &Value) -> Value {
    let channel = message["channel_id"].as_str().and_then(|id| id.parse().ok());
    let guild = channel.and_then(|id| state.guild_of(id));
    if state.message_content_allowed { message.clone() } else { hidden(message, guild) }
}

/// Without the privileged intent a bot reads what is said to it: in DMs, with its name, or by itself.
fn hidden(message: &Value, guild: Option<u64>) -> Value {
    let bot = json!(objects::BOT_ID.to_string());
    let mentioned =
        message["mentions"].as_array().is_some_and(|all| all.iter().any(|user| user["id"] == bot));
    let mut visible = message.clone();
    if guild.is_some() && !mentioned && message["author"]["id"] != bot && message.get("content").is_some() {
        visible["content"] = json!("");
        for name in ["attachments", "embeds", "components"] {
            visible[name] = json!([]);
        }
    }
    visible
}
