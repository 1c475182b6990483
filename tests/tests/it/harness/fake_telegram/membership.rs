//! People block the bot and come back; groups add it and throw it out.
use serde_json::{Value, json};

use super::chat::{Chat, Injected};
use super::json::bot_user;
use crate::harness::wall_clock::unix_seconds;

impl Chat {
    /// The person blocks the bot (in a group: an administrator removes it). Sending is refused from now on.
    pub fn blocks_bot(&self) -> Injected {
        let now = if self.chat["type"] == "private" { "kicked" } else { "left" };
        self.member_changes("member", now, true)
    }

    pub fn unblocks_bot(&self) -> Injected {
        self.member_changes("kicked", "member", false)
    }

    fn member_changes(&self, before: &str, after: &str, blocked: bool) -> Injected {
        self.fake.shared.change(|state| {
            state.chats.get_mut(&self.id()).expect("a known chat").blocked = blocked;
            let change = json!({
                "chat": self.chat,
                "from": self.user,
                "date": unix_seconds(),
                "old_chat_member": member(before),
                "new_chat_member": member(after),
            });
            let update = state.queue_update("my_chat_member", change, self.user_id());
            Injected { update, message_id: 0 }
        })
    }
}

fn member(status: &str) -> Value {
    let mut member = json!({"user": bot_user(), "status": status});
    if status == "kicked" {
        member["until_date"] = json!(0);
    }
    member
}
