//! What an interaction's token is good for after the first answer: the original message and follow-ups.
use serde_json::Value;

use super::api_error::{RestError, RestResult};
use super::interactions::{self, Interaction};
use super::messages::{self, Draft};
use super::sent::Via;
use super::server::RestCall;
use super::state::{Shared, State};
use super::{json as objects, message_rules, sessions};

/// The answered interaction of a token.
fn interaction(state: &State, token: &str) -> Result<Interaction, RestError> {
    let found = state.interactions.values().find(|interaction| interaction.token == token);
    let found = found.ok_or_else(|| RestError::new(404, 10_015, "Unknown Webhook"))?;
    if !found.is_usable() {
        return Err(RestError::new(401, 50_027, "Invalid Webhook Token"));
    }
    // Before the first answer there is nothing to follow up on.
    if found.ack.is_none() {
        return Err(RestError::new(404, 10_015, "Unknown Webhook"));
    }
    Ok(found.clone())
}

pub fn follow_up(shared: &Shared, call: &RestCall<'_>, token: &str) -> RestResult {
    shared.change(|state| {
        let interaction = interaction(state, token)?;
        message_rules::check(&call.json, &call.files, false)?;
        let draft = Draft {
            channel: interaction.channel,
            body: &call.json,
            files: &call.files,
            via: Via::FollowUp,
            interaction: Some(interaction.id),
            ephemeral: call.json["flags"].as_u64().unwrap_or(0) & 64 != 0,
            at: call.at,
        };
        messages::post(state, shared, draft)
    })
}

/// GET, PATCH and DELETE of `@original` or of a follow-up.
pub fn one(shared: &Shared, call: &RestCall<'_>, token: &str, message: &str) -> RestResult {
    shared.change(|state| {
        let interaction = interaction(state, token)?;
        let id = match message {
            "@original" => interaction.original,
            id => Some(id.parse().map_err(|_| RestError::unknown_message())?),
        };
        match (call.method, id) {
            // The deferred answer comes now: "is thinking" becomes the message.
            ("PATCH", None) => fulfil(state, shared, call, &interaction),
            ("PATCH", Some(id)) => messages::edit(state, shared, id, call),
            ("GET", Some(id)) => {
                let message = state.messages.get(&id).ok_or_else(RestError::unknown_message)?;
                Ok(sessions::readable(state, message))
            }
            ("DELETE", Some(id)) => {
                messages::delete(state, id);
                Ok(Value::Null)
            }
            _ => Err(RestError::unknown_message()),
        }
    })
}

fn fulfil(state: &mut State, shared: &Shared, call: &RestCall<'_>, interaction: &Interaction) -> RestResult {
    message_rules::check(&call.json, &call.files, false)?;
    let message = interactions::respond(state, shared, interaction, &call.json, call, interaction.ephemeral)?;
    if let Some(known) = state.interactions.get_mut(&interaction.id) {
        known.original = Some(objects::id_of(&message));
    }
    Ok(message)
}
