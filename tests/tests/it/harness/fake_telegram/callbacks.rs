//! Callback queries: pressed by people, answered by the bot once and in time.
use std::time::Instant;

use serde_json::json;

use super::FakeTelegram;
use super::api_error::{ApiError, ApiResult};
use super::state::Shared;
use super::text::utf16_len;
use crate::harness::uploads::Body;

#[derive(Clone, Debug)]
pub struct Callback {
    pub chat: i64,
    pub data: String,
    pub pressed: Instant,
    pub answers: Vec<CallbackAnswer>,
    /// The server has given up waiting: answering now is an error.
    pub stale: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallbackAnswer {
    pub text: Option<String>,
    pub alert: bool,
}

pub fn answer(shared: &Shared, body: &Body) -> ApiResult {
    let text = body.text("text");
    if text.as_deref().is_some_and(|text| utf16_len(text) > 200) {
        return Err(ApiError::bad_request("MESSAGE_TOO_LONG"));
    }
    let id = body.text("callback_query_id").unwrap_or_default();
    shared.change(|state| {
        let callback = state.callbacks.get_mut(&id).filter(|callback| !callback.stale);
        let callback = callback.ok_or_else(|| {
            ApiError::bad_request("query is too old and response timeout expired or query ID is invalid")
        })?;
        callback.answers.push(CallbackAnswer { text, alert: body.flag("show_alert") });
        Ok(json!(true))
    })
}

impl FakeTelegram {
    /// Lets every callback query pressed so far run out: the spinning button has stopped, answers are refused.
    pub fn let_callbacks_expire(&self) {
        self.shared.change(|state| state.callbacks.values_mut().for_each(|callback| callback.stale = true));
    }

    /// Data of the buttons that still spin because the bot has not answered. Every query deserves an answer.
    pub fn unanswered_callbacks(&self) -> Vec<String> {
        let state = self.shared.look();
        state
            .callbacks
            .values()
            .filter(|callback| callback.answers.is_empty())
            .map(|callback| callback.data.clone())
            .collect()
    }

    /// The answers to presses in a chat, oldest press first.
    pub fn callback_answers(&self, chat: i64) -> Vec<CallbackAnswer> {
        let state = self.shared.look();
        let mut pressed: Vec<&Callback> =
            state.callbacks.values().filter(|callback| callback.chat == chat).collect();
        pressed.sort_by_key(|callback| callback.pressed);
        pressed.into_iter().flat_map(|callback| callback.answers.clone()).collect()
    }

    /// Waits until no button spins any more.
    pub async fn await_callbacks_answered(&self) {
        let done = || self.unanswered_callbacks().is_empty().then_some(());
        self.shared
            .signal
            .until(done, || format!("answers to callbacks {:?}", self.unanswered_callbacks()))
            .await;
    }
}
