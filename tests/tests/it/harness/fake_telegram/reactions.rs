//! setMessageReaction: one emoji of the allowed set.
use serde_json::json;

use super::api_error::{ApiError, ApiResult};
use super::sending::writable_chat;
use super::state::Shared;
use crate::harness::uploads::Body;

/// Those of the allowed set a support bot might use; the full list is in the Bot API's documentation.
const ALLOWED: [&str; 16] =
    ["👍", "👎", "❤", "🔥", "🥰", "👏", "😁", "🤔", "🎉", "🙏", "👌", "👀", "💯", "🤝", "✍", "🫡"];

pub fn set(shared: &Shared, body: &Body) -> ApiResult {
    let reaction =
        body.structure("reaction").map_err(|_| ApiError::bad_request("can't parse reaction types"))?;
    let reactions = reaction.and_then(|value| value.as_array().cloned()).unwrap_or_default();
    if reactions.len() > 1 {
        return Err(ApiError::bad_request("REACTIONS_TOO_MANY"));
    }
    let emoji = reactions.first().and_then(|reaction| reaction["emoji"].as_str());
    if emoji.is_some_and(|emoji| !ALLOWED.contains(&emoji)) {
        return Err(ApiError::bad_request("REACTION_INVALID"));
    }
    let state = shared.look();
    let chat = writable_chat(&state, body)?;
    let id = body.integer("message_id").unwrap_or_default();
    if !state.messages.contains_key(&(chat, id)) {
        return Err(ApiError::bad_request("message to react not found"));
    }
    Ok(json!(true))
}
