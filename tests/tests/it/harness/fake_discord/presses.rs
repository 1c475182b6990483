//! People press buttons and choose from menus.
use std::time::Instant;

use serde_json::{Value, json};

use super::components;
use super::interactions::{COMPONENT, Interaction};
use super::json as objects;
use super::seat::Seat;
use super::sent::Sent;
use super::sessions;
use super::state::State;

impl Seat {
    /// Presses the button with this label on the newest message that has one; returns the interaction's id. A label that
    /// is part of exactly one button's label will do.
    pub fn press(&self, label: &str) -> u64 {
        let sent = self.sent();
        let found = sent.iter().rev().filter(|sent| !sent.deleted).find(|sent| sent.button(label).is_some());
        match found {
            Some(sent) => self.press_on(sent, label),
            None => panic!("no button {label:?} in the channel:\n{}", self.transcript()),
        }
    }

    /// Waits for a button with this label and presses it.
    pub async fn press_when_shown(&self, label: &str) -> u64 {
        let sent = self.await_sent(&format!("a button {label:?}"), |sent| sent.button(label).is_some()).await;
        self.press_on(&sent, label)
    }

    /// Presses a button of a certain message, also of an old one.
    pub fn press_on(&self, sent: &Sent, label: &str) -> u64 {
        let Some(button) = sent.button(label) else { panic!("no button {label:?} on {}", sent.line()) };
        assert!(!button.disabled, "the button {label:?} is disabled");
        let Some(custom_id) = &button.custom_id else { panic!("the button {label:?} is a link") };
        self.press_custom_id(sent.message_id, custom_id)
    }

    /// A press with any custom id, such as one of an older version of the bot.
    pub fn press_custom_id(&self, message_id: u64, custom_id: &str) -> u64 {
        self.component(message_id, json!({"component_type": 2, "custom_id": custom_id}))
    }

    /// Chooses the option with this label from the newest menu that has one.
    pub fn chooses(&self, label: &str) -> u64 {
        let sent = self.sent();
        let found = sent.iter().rev().find_map(|sent| Some((sent, components::option(&sent.json, label)?)));
        let Some((sent, (menu, value))) = found else {
            panic!("no option {label:?} in the channel:\n{}", self.transcript())
        };
        let data = json!({"component_type": 3, "custom_id": menu["custom_id"], "values": [value]});
        self.component(sent.message_id, data)
    }

    fn component(&self, message_id: u64, data: Value) -> u64 {
        self.fake.shared.change(|state| {
            let message = state.messages.get(&message_id).cloned().expect("a message with a button");
            self.open(state, COMPONENT, data, Some((message_id, message)))
        })
    }

    /// Opens an interaction and tells the gateway; nobody connected means nobody will answer, as on the platform.
    pub(super) fn open(
        &self,
        state: &mut State,
        kind: u64,
        data: Value,
        message: Option<(u64, Value)>,
    ) -> u64 {
        let id = state.snowflake();
        let token = format!("aW50ZXJhY3Rpb246{id}");
        let guild = self.guild(state);
        let mut event = json!({
            "id": id.to_string(), "application_id": objects::APPLICATION_ID.to_string(), "type": kind, "data": data,
            "token": token, "version": 1, "channel_id": self.channel.to_string(), "locale": self.locale,
            "channel": objects::channel(&state.channels[&self.channel]), "app_permissions": "562949953601536",
            "entitlements": [], "attachment_size_limit": 10_485_760,
        });
        match guild {
            Some(guild) => {
                event["guild_id"] = json!(guild.to_string());
                event["guild"] = json!({"id": guild.to_string(), "locale": "en-US", "features": []});
                event["guild_locale"] = json!("en-US");
                event["member"] = objects::member(&self.user);
                event["context"] = json!(0);
                event["authorizing_integration_owners"] = json!({"0": guild.to_string()});
            }
            None => {
                event["user"] = self.user.clone();
                event["context"] = json!(1);
                event["authorizing_integration_owners"] = json!({"0": "0"});
            }
        }
        if let Some((_, message)) = &message {
            event["message"] = message.clone();
        }
        let interaction = Interaction {
            id,
            token,
            kind,
            channel: self.channel,
            user: self.user_id(),
            opened: Instant::now(),
            source: message.map(|(id, _)| id),
            ack: None,
            original: None,
            ephemeral: false,
            expired: false,
        };
        state.interactions.insert(id, interaction);
        sessions::dispatch(state, "INTERACTION_CREATE", &event, 0);
        id
    }
}
