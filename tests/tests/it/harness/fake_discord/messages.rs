//! Messages over REST: create, edit, delete, read back.
use std::time::Instant;

use serde_json::{Value, json};

use super::api_error::{RestError, RestResult};
use super::sent::{Sent, Via};
use super::server::RestCall;
use super::state::{Shared, State};
use super::{attachments, channels, components, json as objects, message_rules, sessions};
use crate::harness::uploads::Upload;
use crate::harness::wall_clock::unix_millis;

/// A message the bot wants in a channel.
pub struct Draft<'a> {
    pub channel: u64,
    pub body: &'a Value,
    pub files: &'a [Upload],
    pub via: Via,
    pub interaction: Option<u64>,
    pub ephemeral: bool,
    pub at: Instant,
}

pub fn create(shared: &Shared, call: &RestCall<'_>, channel: &str) -> RestResult {
    shared.change(|state| {
        let channel = channels::find(state, channel)?;
        if channel.refuses {
            return Err(RestError::cannot_dm());
        }
        let channel = channel.id;
        message_rules::check(&call.json, &call.files, false)?;
        if let Some(earlier) = repeated(state, channel, &call.json) {
            return Ok(earlier);
        }
        let (body, files) = (&call.json, call.files.as_slice());
        post(
            state,
            shared,
            Draft {
                channel,
                body,
                files,
                via: Via::Channel,
                interaction: None,
                ephemeral: false,
                at: call.at,
            },
        )
    })
}

/// With `enforce_nonce` the same nonce makes no second message: the first one is the answer.
fn repeated(state: &State, channel: u64, body: &Value) -> Option<Value> {
    let nonce = nonce(body).filter(|_| body["enforce_nonce"] == true)?;
    let earlier =
        state.sent.iter().find(|sent| sent.channel == channel && sent.nonce.as_ref() == Some(&nonce))?;
    state.messages.get(&earlier.message_id).cloned()
}

fn nonce(body: &Value) -> Option<String> {
    match &body["nonce"] {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Puts a checked message into its channel and tells the gateway.
pub fn post(state: &mut State, shared: &Shared, draft: Draft<'_>) -> RestResult {
    let reply_to = referenced(state, draft.channel, draft.body)?;
    let id = state.snowflake();
    let mut message = objects::message(id, draft.channel, &objects::bot_user());
    for name in ["content", "embeds", "components", "nonce"] {
        if !draft.body[name].is_null() {
            message[name] = draft.body[name].clone();
        }
    }
    message["components"] = components::numbered(&message["components"]);
    message["attachments"] = attachments::store_all(state, shared, draft.channel, draft.files);
    if let Some(reply_to) = reply_to {
        message["type"] = json!(19);
        message["message_reference"] =
            json!({"channel_id": draft.channel.to_string(), "message_id": reply_to.to_string()});
    }
    if draft.ephemeral {
        message["flags"] = json!(64);
        state.ephemeral.insert(id);
    }
    if draft.via != Via::Channel {
        message["application_id"] = json!(objects::APPLICATION_ID.to_string());
        message["webhook_id"] = json!(objects::APPLICATION_ID.to_string());
    }
    state.messages.insert(id, message.clone());
    state.sent.push(Sent {
        channel: draft.channel,
        message_id: id,
        via: draft.via,
        interaction: draft.interaction,
        content: message["content"].as_str().unwrap_or_default().to_owned(),
        buttons: components::buttons(&message),
        files: draft.files.to_vec(),
        ephemeral: draft.ephemeral,
        reply_to,
        nonce: nonce(draft.body),
        at: draft.at,
        earlier: Vec::new(),
        edited_at: None,
        deleted: false,
        json: message.clone(),
    });
    if !draft.ephemeral {
        sessions::dispatch_message(state, "MESSAGE_CREATE", &message);
    }
    Ok(message)
}

fn referenced(state: &State, channel: u64, body: &Value) -> Result<Option<u64>, RestError> {
    let reference = &body["message_reference"];
    let id = match &reference["message_id"] {
        Value::String(text) => text.parse().ok(),
        Value::Number(number) => number.as_u64(),
        _ => None,
    };
    let Some(id) = id else { return Ok(None) };
    let known =
        state.messages.get(&id).is_some_and(|message| message["channel_id"] == json!(channel.to_string()));
    match known {
        true => Ok(Some(id)),
        false if reference["fail_if_not_exists"] == false => Ok(None),
        false => {
            Err(RestError::invalid_form("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message"))
        }
    }
}

/// GET, PATCH and DELETE of one message.
pub fn one(shared: &Shared, call: &RestCall<'_>, channel: &str, message: &str) -> RestResult {
    shared.change(|state| {
        let channel = channels::find(state, channel)?.id;
        let id: u64 = message.parse().map_err(|_| RestError::unknown_message())?;
        let message =
            state.messages.get(&id).filter(|message| message["channel_id"] == json!(channel.to_string()));
        let message = message.cloned().ok_or_else(RestError::unknown_message)?;
        let own = message["author"]["id"] == json!(objects::BOT_ID.to_string());
        match call.method {
            "GET" => Ok(sessions::readable(state, &message)),
            "PATCH" if !own => {
                Err(RestError::new(403, 50_005, "Cannot edit a message authored by another user"))
            }
            "PATCH" => edit(state, shared, id, call),
            "DELETE" => {
                delete(state, id);
                Ok(Value::Null)
            }
            _ => Err(RestError::new(405, 0, "405: Method Not Allowed")),
        }
    })
}

pub fn edit(state: &mut State, shared: &Shared, id: u64, call: &RestCall<'_>) -> RestResult {
    message_rules::check(&call.json, &call.files, true)?;
    let mut message = state.messages.get(&id).cloned().ok_or_else(RestError::unknown_message)?;
    for name in ["content", "embeds", "components"] {
        if let Some(value) = call.json.get(name) {
            message[name] =
                if name == "content" { json!(value.as_str().unwrap_or_default()) } else { value.clone() };
        }
    }
    message["components"] = components::numbered(&message["components"]);
    if !call.files.is_empty() {
        let channel = objects::id_of(&json!({"id": message["channel_id"]}));
        message["attachments"] = attachments::store_all(state, shared, channel, &call.files);
    }
    message["edited_timestamp"] = json!(objects::timestamp(unix_millis()));
    state.messages.insert(id, message.clone());
    if let Some(sent) = state.sent.iter_mut().find(|sent| sent.message_id == id) {
        let now = message["content"].as_str().unwrap_or_default().to_owned();
        sent.earlier.push(std::mem::replace(&mut sent.content, now));
        sent.buttons = components::buttons(&message);
        sent.edited_at = Some(call.at);
        sent.json = message.clone();
    }
    if !state.ephemeral.contains(&id) {
        sessions::dispatch_message(state, "MESSAGE_UPDATE", &message);
    }
    Ok(message)
}

pub fn delete(state: &mut State, id: u64) {
    if let Some(message) = state.messages.remove(&id) {
        let event = json!({"id": message["id"], "channel_id": message["channel_id"]});
        sessions::dispatch_message(state, "MESSAGE_DELETE", &event);
    }
    if let Some(sent) = state.sent.iter_mut().find(|sent| sent.message_id == id) {
        sent.deleted = true;
    }
}

/// `?limit&after&before`: newest first, whatever was asked.
pub fn list(shared: &Shared, call: &RestCall<'_>, channel: &str) -> RestResult {
    let state = shared.look();
    let channel = channels::find(&state, channel)?.id.to_string();
    let number =
        |name: &str| call.query.get(name).and_then(Value::as_str).and_then(|text| text.parse::<u64>().ok());
    let limit = number("limit").unwrap_or(50);
    if !(1..=100).contains(&limit) {
        return Err(RestError::invalid_form(
            "limit",
            "NUMBER_TYPE_MAX",
            "int value should be between 1 and 100.",
        ));
    }
    let limit = usize::try_from(limit).unwrap_or(100);
    let inside = |id: u64| {
        number("after").is_none_or(|after| id > after) && number("before").is_none_or(|before| id < before)
    };
    let here = state.messages.iter().filter(|(id, message)| {
        message["channel_id"] == channel.as_str() && inside(**id) && !state.ephemeral.contains(id)
    });
    let mut found: Vec<Value> = here.map(|(_, message)| sessions::readable(&state, message)).collect();
    // After a message come the oldest that follow it; otherwise the newest there are.
    if number("after").is_some() {
        found.truncate(limit);
        found.reverse();
    } else {
        found.reverse();
        found.truncate(limit);
    }
    Ok(Value::Array(found))
}
