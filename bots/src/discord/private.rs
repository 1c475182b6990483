//! From a guild into a private chat: reports and tickets are nobody else's business.
use reqwest::Method;
use serde_json::{Value, json};

use super::Discord;
use super::defer::Ack;
use super::rest::RestError;
use super::words;
use crate::action::Action;
use crate::event::Event;

impl Discord {
    /// The private channel with a user; opening it twice gives the same one.
    pub(super) async fn private_channel(&self, user: &str) -> Result<String, RestError> {
        let body = json!({ "recipient_id": user });
        let channel = self.0.rest.send(Method::POST, "/users/@me/channels", &body).await?;
        let id = channel["id"].as_str().map(str::to_owned);
        id.ok_or_else(|| RestError::Unreachable("the private channel has no id".into()))
    }

    /// Replaces "is thinking" in the guild by a word on where it goes on. Nothing depends on it.
    pub(super) fn point_to_private(&self, ack: &Ack, locale: Option<&str>) {
        self.tell_at(ack, words::in_private(locale));
    }

    /// The event could not be kept: the person is asked to try again.
    pub(super) fn apologise(&self, ack: &Ack, locale: Option<&str>) {
        self.tell_at(ack, words::try_again(locale));
    }

    fn tell_at(&self, ack: &Ack, text: &'static str) {
        let (discord, ack) = (self.clone(), ack.clone());
        tokio::spawn(async move {
            discord.0.deferrals.finished(&ack.token).await;
            let behind = format!("/webhooks/{}/{}", ack.application, ack.token);
            let body: Value = json!({ "content": text, "flags": 64, "allowed_mentions": { "parse": [] } });
            let outcome = if ack.edits_original {
                let body = json!({ "content": text });
                discord.0.rest.send(Method::PATCH, &format!("{behind}/messages/@original"), &body).await
            } else {
                discord.0.rest.send(Method::POST, &behind, &body).await
            };
            if let Err(error) = outcome {
                tracing::debug!(%error, "a short word on an interaction did not arrive");
            }
        });
    }
}

/// What an event in a guild becomes in the private chat; nothing for what may stay public.
pub(super) fn private_form(event: &Event) -> Option<String> {
    match event {
        Event::Message { text, .. } => {
            let name = text.split_whitespace().next().unwrap_or_default();
            matches!(name, "/report" | "/human" | "/tickets" | "/status").then(|| text.clone())
        }
        Event::Pressed { action, .. } => match action.parse::<Action>().ok()? {
            Action::Report { .. } => Some("/report".into()),
            Action::Person { .. } | Action::PersonNow => Some("/human".into()),
            Action::Tickets => Some("/tickets".into()),
            Action::Status { number } => Some(format!("/status {number}")),
            _ => None,
        },
        _ => None,
    }
}
