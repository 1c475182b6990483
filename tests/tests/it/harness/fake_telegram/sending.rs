//! sendMessage, sendPhoto, sendDocument, sendChatAction.
use std::time::Instant;

use serde_json::{Value, json};

use super::api_error::{ApiError, ApiResult};
use super::formatting::{self, Formatted};
use super::sent::Sent;
use super::state::{Shared, State};
use super::{files, json as objects, keyboard};
use crate::harness::uploads::{Body, Upload};

/// Actions of sendChatAction.
const ACTIONS: [&str; 11] = [
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
];

/// The chat a call is for, if the bot may write there.
pub fn writable_chat(state: &State, body: &Body) -> Result<i64, ApiError> {
    if body.text("chat_id").is_none_or(|text| text.is_empty()) {
        return Err(ApiError::bad_request("chat_id is empty"));
    }
    let id = body.integer("chat_id").ok_or_else(|| ApiError::bad_request("chat not found"))?;
    let chat = state.chats.get(&id).ok_or_else(|| ApiError::bad_request("chat not found"))?;
    if !chat.blocked {
        return Ok(id);
    }
    Err(match chat.json["type"].as_str() {
        Some("private") => ApiError::blocked(),
        _ => ApiError::new(403, "Forbidden: bot was kicked from the supergroup chat"),
    })
}

pub fn message(shared: &Shared, body: &Body, at: Instant) -> ApiResult {
    let text = formatting::read(body, "text", "entities")?;
    formatting::check_text(&text)?;
    let markup = keyboard::read(body)?;
    shared.change(|state| {
        let chat = writable_chat(state, body)?;
        post(state, Draft { method: "sendmessage", chat, text, markup, file: None, at }, body)
    })
}

/// sendPhoto and sendDocument: uploads, known file ids and (unread) web addresses.
pub fn file(shared: &Shared, body: &Body, at: Instant, kind: &'static str) -> ApiResult {
    let text = formatting::read(body, "caption", "caption_entities")?;
    formatting::check_caption(&text)?;
    let markup = keyboard::read(body)?;
    shared.change(|state| {
        let chat = writable_chat(state, body)?;
        let upload = files::uploaded(state, body, kind)?;
        let method = if kind == "photo" { "sendphoto" } else { "senddocument" };
        post(state, Draft { method, chat, text, markup, file: Some((kind, upload)), at }, body)
    })
}

pub fn chat_action(shared: &Shared, body: &Body) -> ApiResult {
    let action = body.text("action").unwrap_or_default();
    if !ACTIONS.contains(&action.as_str()) {
        return Err(ApiError::bad_request("wrong parameter action in request"));
    }
    writable_chat(&shared.look(), body)?;
    Ok(json!(true))
}

struct Draft {
    method: &'static str,
    chat: i64,
    text: Formatted,
    markup: Option<Value>,
    file: Option<(&'static str, Upload)>,
    at: Instant,
}

fn post(state: &mut State, draft: Draft, body: &Body) -> ApiResult {
    let reply_to = replied_message(state, draft.chat, body)?;
    let id = state.next_id();
    let mut message = objects::message(id, &state.chats[&draft.chat].json, &objects::bot_user());
    if let Some(original) = reply_to.and_then(|id| state.messages.get(&(draft.chat, id))) {
        message["reply_to_message"] = objects::quoted(original);
    }
    if let Some((kind, upload)) = &draft.file {
        message[kind] = files::store(state, kind, upload);
    }
    set_text(&mut message, &draft.text, draft.file.is_some());
    // Only inline keyboards stay with the message.
    if let Some(markup) = draft.markup.as_ref().filter(|markup| markup.get("inline_keyboard").is_some()) {
        message["reply_markup"] = markup.clone();
    }
    state.messages.insert((draft.chat, id), message.clone());
    state.sent.push(Sent {
        chat: draft.chat,
        message_id: id,
        method: draft.method.to_owned(),
        text: draft.text.text,
        source: draft.text.source,
        buttons: keyboard::buttons(draft.markup.as_ref()),
        reply_to,
        file: draft.file.map(|(_, upload)| upload),
        at: draft.at,
        earlier: Vec::new(),
        edited_at: None,
        deleted: false,
        json: message.clone(),
    });
    Ok(message)
}

pub fn set_text(message: &mut Value, text: &Formatted, is_caption: bool) {
    let (words, marks) = if is_caption { ("caption", "caption_entities") } else { ("text", "entities") };
    if let Some(fields) = message.as_object_mut() {
        fields.remove(words);
        fields.remove(marks);
    }
    if !text.text.is_empty() {
        message[words] = json!(text.text);
    }
    if !text.entities.is_empty() {
        message[marks] = json!(text.entities);
    }
}

/// The message answered to: `reply_parameters`, or the older field.
fn replied_message(state: &State, chat: i64, body: &Body) -> Result<Option<i64>, ApiError> {
    let parameters = body
        .structure("reply_parameters")
        .map_err(|_| ApiError::bad_request("can't parse reply parameters JSON object"))?;
    let from_parameters = parameters.as_ref().and_then(|parameters| parameters["message_id"].as_i64());
    let Some(id) = from_parameters.or_else(|| body.integer("reply_to_message_id")) else { return Ok(None) };
    if state.messages.contains_key(&(chat, id)) {
        return Ok(Some(id));
    }
    let tolerant = parameters.is_some_and(|parameters| parameters["allow_sending_without_reply"] == true);
    if tolerant || body.flag("allow_sending_without_reply") {
        return Ok(None);
    }
    Err(ApiError::bad_request("message to be replied not found"))
}
