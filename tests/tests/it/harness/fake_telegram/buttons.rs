//! People press buttons.
use std::time::Instant;

use serde_json::json;

use super::callbacks::Callback;
use super::chat::{Chat, Injected};
use super::sent::Sent;

impl Chat {
    /// Presses the button with this label on the newest message that has one. A label that is part of exactly one
    /// button's label will do.
    pub fn press(&self, label: &str) -> Injected {
        let sent = self.sent();
        let found = sent.iter().rev().filter(|sent| !sent.deleted).find(|sent| sent.button(label).is_some());
        match found {
            Some(sent) => self.press_on(sent, label),
            None => panic!("no button {label:?} in the chat:\n{}", self.transcript()),
        }
    }

    /// Waits for a button with this label and presses it.
    pub async fn press_when_shown(&self, label: &str) -> Injected {
        let sent = self.await_sent(&format!("a button {label:?}"), |sent| sent.button(label).is_some()).await;
        self.press_on(&sent, label)
    }

    /// Presses a button of a certain message, also of an old one.
    pub fn press_on(&self, sent: &Sent, label: &str) -> Injected {
        let Some(button) = sent.button(label) else { panic!("no button {label:?} on {}", sent.line()) };
        let Some(data) = &button.data else { panic!("the button {label:?} is a link") };
        self.press_data(sent.message_id, data)
    }

    /// A callback with any data, such as a forged one or one of an older version of the bot.
    pub fn press_data(&self, message_id: i64, data: &str) -> Injected {
        self.fake.shared.change(|state| {
            let id = format!("44{:016}", state.next_id());
            let mut query =
                json!({"id": id, "from": self.user, "chat_instance": "-3141592653589793238", "data": data});
            // Of a message that is gone the server tells only where it was.
            query["message"] = match state.messages.get(&(self.id(), message_id)) {
                Some(message) => message.clone(),
                None => json!({"chat": self.chat, "message_id": message_id, "date": 0}),
            };
            let callback = Callback {
                chat: self.id(),
                data: data.to_owned(),
                pressed: Instant::now(),
                answers: Vec::new(),
                stale: false,
            };
            state.callbacks.insert(id, callback);
            let update = state.queue_update("callback_query", query, self.user_id());
            Injected { update, message_id }
        })
    }
}
