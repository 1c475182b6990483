//! A Bot API server on loopback: behaves like the real one for teloxide and for a whole firstline process.
//!
//! A test talks through [`Chat`] (what people do) and reads [`Sent`] (what the bot did). Limits, error texts and delivery
//! rules are those of the real server as far as Firstline can meet them.
mod album;
mod api_error;
mod buttons;
mod callbacks;
mod chat;
mod editing;
mod fault;
mod files;
mod formatting;
mod html;
mod json;
mod keyboard;
mod membership;
mod observe;
mod polling;
mod profile;
mod reactions;
mod receipts;
mod sending;
mod sent;
mod server;
mod state;
mod text;
mod updates;
mod webhook;
mod webhook_push;

use std::sync::Arc;

use tokio::task::AbortHandle;

pub use self::chat::{Chat, Injected};
pub use self::fault::Fault;
pub use self::html::parse_html;
pub use self::receipts::{Call, Receipt};
pub use self::sent::{Button, Sent};
use self::state::Shared;
use super::faults::Rule;
use super::loopback::{Exchange, Loopback};

/// The fake server. Clones share it; it stops when the last one goes.
#[derive(Clone)]
pub struct FakeTelegram {
    shared: Arc<Shared>,
    exchange: Exchange,
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

impl FakeTelegram {
    pub async fn start() -> Self {
        let listener = Loopback::bind().await;
        let exchange = listener.exchange();
        let shared = Arc::new(Shared::new(listener.address()));
        let serving = tokio::spawn(server::serve(listener, Arc::clone(&shared)));
        let pushing = tokio::spawn(webhook_push::run(Arc::clone(&shared)));
        let tasks = Tasks(vec![serving.abort_handle(), pushing.abort_handle()]);
        Self { shared, exchange, _tasks: Arc::new(tasks) }
    }

    /// What goes into `FIRSTLINE_TELEGRAM_API_URL` and `Bot::set_api_url`: the root before `/bot…`.
    pub fn url(&self) -> String {
        self.shared.root.clone()
    }

    pub fn token(&self) -> &'static str {
        state::TOKEN
    }

    /// The bot's name without the `@`.
    pub fn bot_username(&self) -> &'static str {
        json::BOT_USERNAME
    }

    /// Adds one line to the script of faults.
    pub fn fault(&self, rule: Rule<Fault>) {
        self.shared.script.add(rule);
    }

    /// Ends all scripted faults.
    pub fn heal(&self) {
        self.shared.script.heal();
    }

    /// Cuts every open connection, a waiting long poll too.
    pub fn cut_connections(&self) {
        self.exchange.cut_all();
    }

    /// While `true` the server is away: connections are closed as they come.
    pub fn away(&self, away: bool) {
        self.exchange.refuse(away);
        if away {
            self.exchange.cut_all();
        }
    }
}
