//! Channels and users over REST.
use serde_json::Value;

use super::api_error::{RestError, RestResult};
use super::json as objects;
use super::server::RestCall;
use super::state::{Channel, Shared, State};

/// The channel of a path.
pub fn find<'a>(state: &'a State, id: &str) -> Result<&'a Channel, RestError> {
    id.parse().ok().and_then(|id: u64| state.channels.get(&id)).ok_or_else(RestError::unknown_channel)
}

pub fn get(shared: &Shared, id: &str) -> RestResult {
    find(&shared.look(), id).map(objects::channel)
}

pub fn user(shared: &Shared, id: &str) -> RestResult {
    let user = id.parse().ok().and_then(|id: u64| shared.look().users.get(&id).cloned());
    user.ok_or_else(|| RestError::new(404, 10_013, "Unknown User"))
}

pub fn open_dm(shared: &Shared, call: &RestCall<'_>) -> RestResult {
    let recipient = match &call.json["recipient_id"] {
        Value::String(id) => id.parse().ok(),
        Value::Number(id) => id.as_u64(),
        _ => None,
    };
    let recipient: u64 = recipient.ok_or_else(|| RestError::required("recipient_id"))?;
    shared.change(|state| {
        let user = state.users.get(&recipient).cloned();
        let user = user.ok_or_else(|| RestError::new(400, 50_033, "Invalid Recipient(s)"))?;
        let id = state.dm_with(&user);
        Ok(objects::channel(&state.channels[&id]))
    })
}
