//! The channels a message can come by, as a crash test sees them.
mod discord;
mod rest;
mod telegram;
mod web_chat;

use std::path::Path;

use crate::harness::process::{Process, Recipe};

pub use discord::Discord;
pub use rest::Rest;
pub use telegram::{TelegramPolling, TelegramWebhook};
pub use web_chat::WebChat;

pub trait Channel {
    /// Starts the platform's fake.
    async fn open() -> Self;
    /// Adds what the process needs to know of it.
    fn settings(&mut self, recipe: Recipe, data: &Path) -> Recipe;
    /// The customer's one message.
    async fn send(&mut self, process: &Process, text: &str);
    /// What a platform or a careful client does after a broken connection.
    async fn deliver_again(&mut self, process: &Process);
    /// Waits for the ticket's number.
    async fn told_number(&self, process: &Process) -> String;
    /// How many messages told it.
    async fn times_told(&self, process: &Process, number: &str) -> usize;
}

/// The first `FL-…` in a text.
fn number_in(text: &str) -> Option<String> {
    let at = text.find("FL-")?;
    let digits: String = text[at + 3..].chars().take_while(char::is_ascii_digit).collect();
    (!digits.is_empty()).then(|| format!("FL-{digits}"))
}
