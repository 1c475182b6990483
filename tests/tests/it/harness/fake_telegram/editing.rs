//! editMessageText, editMessageReplyMarkup, deleteMessage.
use std::time::Instant;

use serde_json::{Value, json};

use super::api_error::{ApiError, ApiResult};
use super::sending::{set_text, writable_chat};
use super::state::{Shared, State};
use super::{formatting, json as objects, keyboard};
use crate::harness::uploads::Body;
use crate::harness::wall_clock::unix_seconds;

const NOT_MODIFIED: &str = "message is not modified: specified new message content and reply markup are exactly the same as a \
                            current content and reply markup of the message";

pub fn text(shared: &Shared, body: &Body, at: Instant) -> ApiResult {
    let text = formatting::read(body, "text", "entities")?;
    formatting::check_text(&text)?;
    let markup = keyboard::read(body)?;
    shared.change(|state| {
        let key = editable(state, body)?;
        let mut message = state.messages[&key].clone();
        if message.get("text").is_none() {
            return Err(ApiError::bad_request("there is no text in the message to edit"));
        }
        set_text(&mut message, &text, false);
        // An edit without a keyboard takes the keyboard away.
        set_markup(&mut message, markup.as_ref());
        finish(state, key, message, at, Some(&text.source))
    })
}

pub fn reply_markup(shared: &Shared, body: &Body, at: Instant) -> ApiResult {
    let markup = keyboard::read(body)?;
    shared.change(|state| {
        let key = editable(state, body)?;
        let mut message = state.messages[&key].clone();
        set_markup(&mut message, markup.as_ref());
        finish(state, key, message, at, None)
    })
}

pub fn delete(shared: &Shared, body: &Body) -> ApiResult {
    shared.change(|state| {
        let chat = writable_chat(state, body)?;
        let id = body.integer("message_id").unwrap_or_default();
        state
            .messages
            .remove(&(chat, id))
            .ok_or_else(|| ApiError::bad_request("message to delete not found"))?;
        if let Some(sent) = state.sent.iter_mut().find(|sent| (sent.chat, sent.message_id) == (chat, id)) {
            sent.deleted = true;
        }
        Ok(json!(true))
    })
}

fn editable(state: &State, body: &Body) -> Result<(i64, i64), ApiError> {
    let chat = writable_chat(state, body)?;
    let key = (chat, body.integer("message_id").unwrap_or_default());
    let message =
        state.messages.get(&key).ok_or_else(|| ApiError::bad_request("message to edit not found"))?;
    if message["from"]["id"] != json!(objects::BOT_ID) {
        return Err(ApiError::bad_request("message can't be edited"));
    }
    Ok(key)
}

fn set_markup(message: &mut Value, markup: Option<&Value>) {
    let rows = markup.and_then(|markup| markup["inline_keyboard"].as_array());
    match markup.filter(|_| rows.is_some_and(|rows| !rows.is_empty())) {
        Some(markup) => message["reply_markup"] = markup.clone(),
        None => {
            message.as_object_mut().map(|fields| fields.remove("reply_markup"));
        }
    }
}

fn finish(
    state: &mut State,
    key: (i64, i64),
    mut message: Value,
    at: Instant,
    source: Option<&str>,
) -> ApiResult {
    if state.messages.get(&key) == Some(&message) {
        return Err(ApiError::bad_request(NOT_MODIFIED));
    }
    message["edit_date"] = json!(unix_seconds());
    state.messages.insert(key, message.clone());
    if let Some(sent) = state.sent.iter_mut().find(|sent| (sent.chat, sent.message_id) == key) {
        if let Some(source) = source {
            let now = message["text"].as_str().unwrap_or_default().to_owned();
            sent.earlier.push(std::mem::replace(&mut sent.text, now));
            source.clone_into(&mut sent.source);
        }
        sent.buttons = keyboard::buttons(message.get("reply_markup"));
        sent.edited_at = Some(at);
        sent.json = message.clone();
    }
    Ok(message)
}
