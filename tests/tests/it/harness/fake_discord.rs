//! A Discord on loopback: REST and gateway, for the real serenity client and for a whole firstline process.
//!
//! A test talks through [`Seat`] (a person in a channel) and reads [`Sent`] (what the bot did). Limits, error codes, the
//! three seconds of an interaction and the privacy of message content are those of the platform.
mod api_error;
mod attachments;
mod channels;
mod command_rules;
mod commands;
mod components;
mod control;
mod fault;
mod gateway;
mod interactions;
mod json;
mod message_rules;
mod messages;
mod observe;
mod people;
mod presses;
mod seat;
mod sent;
mod server;
mod sessions;
mod slash;
mod state;
mod webhooks;

use std::sync::Arc;

use tokio::task::AbortHandle;

pub use self::fault::Fault;
pub use self::interactions::{Ack, Interaction};
pub use self::seat::Seat;
pub use self::sent::{Button, Sent, Via};
use self::state::Shared;
use super::faults::Rule;
use super::loopback::{Exchange, Loopback};

/// The fake platform. Clones share it; it stops when the last one goes.
#[derive(Clone)]
pub struct FakeDiscord {
    shared: Arc<Shared>,
    rest: Exchange,
    gateway: Exchange,
    _tasks: Arc<Tasks>,
}

struct Tasks(Vec<AbortHandle>);

impl Drop for Tasks {
    fn drop(&mut self) {
        for task in &self.0 {
            task.abort();
        }
    }
}

impl FakeDiscord {
    pub async fn start() -> Self {
        let (rest, gateway) = (Loopback::bind().await, Loopback::bind().await);
        let (rest_lines, gateway_lines) = (rest.exchange(), gateway.exchange());
        let shared = Arc::new(Shared::new(rest.address(), gateway.address()));
        let serving = tokio::spawn(server::serve(rest, Arc::clone(&shared)));
        let listening = tokio::spawn(gateway::serve(gateway, Arc::clone(&shared)));
        let tasks = Tasks(vec![serving.abort_handle(), listening.abort_handle()]);
        Self { shared, rest: rest_lines, gateway: gateway_lines, _tasks: Arc::new(tasks) }
    }

    /// What goes into `FIRSTLINE_DISCORD_API_BASE` and serenity's `proxy`: the root before `/api/v10`.
    pub fn api_base(&self) -> String {
        self.shared.root.clone()
    }

    pub fn token(&self) -> &'static str {
        state::TOKEN
    }

    pub fn application_id(&self) -> u64 {
        json::APPLICATION_ID
    }

    pub fn bot_user_id(&self) -> u64 {
        json::BOT_ID
    }

    /// Adds one line to the script of faults. Methods are routes without their ids, such as `POST channels/messages`,
    /// `POST interactions/callback`, `PATCH webhooks/messages/@original`, `GET gateway`.
    pub fn fault(&self, rule: Rule<Fault>) {
        self.shared.script.add(rule);
    }

    /// Ends all scripted faults.
    pub fn heal(&self) {
        self.shared.script.heal();
    }
}
