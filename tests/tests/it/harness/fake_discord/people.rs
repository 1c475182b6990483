//! The people and places of a story.
use serde_json::json;

use super::FakeDiscord;
use super::json as objects;
use super::seat::Seat;
use super::sessions::{self, GUILDS};
use super::state::{Channel, State};

impl FakeDiscord {
    /// A new person with a DM with the bot. Speaks Chinese; see [`Seat::speaking`].
    pub fn person(&self, name: &str) -> Seat {
        self.shared.change(|state| {
            let id = state.snowflake();
            let user = objects::user(id, name, false);
            state.users.insert(id, user.clone());
            let channel = state.dm_with(&user);
            Seat { fake: self.clone(), channel, user, locale: "zh-CN".to_owned() }
        })
    }

    /// A new guild (a "server") with the bot in it.
    pub fn guild(&self, name: &str) -> u64 {
        self.shared.change(|state| {
            let id = state.snowflake();
            let guild = objects::guild(id, name);
            state.guilds.insert(id, guild.clone());
            sessions::dispatch(state, "GUILD_CREATE", &guild, GUILDS);
            id
        })
    }

    /// A new text channel of a guild.
    pub fn channel(&self, guild: u64, name: &str) -> u64 {
        self.shared.change(|state| {
            let id = state.snowflake();
            let channel =
                Channel { id, guild: Some(guild), name: name.to_owned(), recipient: None, refuses: false };
            let object = objects::channel(&channel);
            state.channels.insert(id, channel);
            add_to_guild(state, guild, object.clone());
            sessions::dispatch(state, "CHANNEL_CREATE", &object, GUILDS);
            id
        })
    }

    /// Whether Discord has granted the bot the privileged message content intent. It has not, unless a test says so.
    pub fn grant_message_content(&self, granted: bool) {
        self.shared.change(|state| state.message_content_allowed = granted);
    }

    /// Ends all attachment links, as Discord does after a day.
    pub fn expire_attachments(&self) {
        self.shared.change(|state| state.files.values_mut().for_each(|file| file.expired = true));
    }
}

fn add_to_guild(state: &mut State, guild: u64, channel: serde_json::Value) {
    let guild = state.guilds.get_mut(&guild).expect("a known guild");
    match guild["channels"].as_array_mut() {
        Some(channels) => channels.push(channel),
        None => guild["channels"] = json!([channel]),
    }
}
