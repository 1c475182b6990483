//! Interactions: opened by people, answered by the bot once and within three seconds.
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::api_error::{RestError, RestResult};
use super::command_rules::check_choices;
use super::message_rules;
use super::messages::{self, Draft};
use super::sent::Via;
use super::server::RestCall;
use super::state::{Shared, State};

/// For this long the token of an interaction is good for more messages.
const TOKEN_LIFE: Duration = Duration::from_secs(15 * 60);

/// Kinds of interactions.
pub const COMMAND: u64 = 2;
pub const COMPONENT: u64 = 3;
pub const AUTOCOMPLETE: u64 = 4;
pub const MODAL_SUBMIT: u64 = 5;

/// The bot's first answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Ack {
    /// 4 message, 5 deferred message, 6 deferred update, 7 update, 8 autocomplete choices, 9 form.
    pub kind: u64,
    pub at: Instant,
    /// The `data` of the answer.
    pub data: Value,
}

#[derive(Clone, Debug)]
pub struct Interaction {
    pub id: u64,
    pub token: String,
    pub kind: u64,
    pub channel: u64,
    pub user: u64,
    pub opened: Instant,
    /// The message whose button was pressed.
    pub source: Option<u64>,
    pub ack: Option<Ack>,
    /// The message that `@original` means.
    pub original: Option<u64>,
    pub ephemeral: bool,
    /// A test has let its time run out.
    pub expired: bool,
}

impl Interaction {
    pub fn is_usable(&self) -> bool {
        !self.expired && self.opened.elapsed() < TOKEN_LIFE
    }

    /// How long the bot took for its first answer.
    pub fn answered_after(&self) -> Option<Duration> {
        self.ack.as_ref().map(|ack| ack.at.duration_since(self.opened))
    }
}

pub fn callback(shared: &Shared, call: &RestCall<'_>, id: &str, token: &str) -> RestResult {
    shared.change(|state| {
        let id: u64 = id.parse().map_err(|_| RestError::unknown_interaction())?;
        let interaction =
            state.interactions.get(&id).filter(|interaction| interaction.token == token).cloned();
        let interaction = interaction.ok_or_else(RestError::unknown_interaction)?;
        if interaction.ack.is_some() {
            return Err(RestError::already_acknowledged());
        }
        if interaction.expired || call.at.duration_since(interaction.opened) > state.answer_within {
            return Err(RestError::unknown_interaction());
        }
        let kind = call.json["type"].as_u64().unwrap_or(0);
        check_kind(&interaction, kind)?;
        let data = call.json["data"].clone();
        let ephemeral = data["flags"].as_u64().unwrap_or(0) & 64 != 0;
        let original = answer(state, shared, call, &interaction, kind, &data, ephemeral)?;
        let interaction = state.interactions.get_mut(&id).expect("a known interaction");
        interaction.ack = Some(Ack { kind, at: call.at, data });
        interaction.original = original;
        interaction.ephemeral = ephemeral;
        if call.query.get("with_response").is_some_and(|value| value == "true") {
            let resource = original.and_then(|id| state.messages.get(&id));
            return Ok(json!({"interaction": {"id": id.to_string(), "type": interaction_kind(state, id)},
                "resource": {"type": kind, "message": resource}}));
        }
        Ok(Value::Null)
    })
}

fn interaction_kind(state: &State, id: u64) -> u64 {
    state.interactions.get(&id).map_or(0, |interaction| interaction.kind)
}

/// Which first answers each kind of interaction takes.
fn check_kind(interaction: &Interaction, kind: u64) -> Result<(), RestError> {
    let allowed = match interaction.kind {
        COMMAND => [4, 5, 9].contains(&kind),
        COMPONENT => [4, 5, 6, 7, 9].contains(&kind),
        AUTOCOMPLETE => kind == 8,
        MODAL_SUBMIT => [4, 5].contains(&kind) || interaction.source.is_some() && [6, 7].contains(&kind),
        _ => false,
    };
    if allowed {
        return Ok(());
    }
    let message = format!("The callback type {kind} does not fit the interaction type {}", interaction.kind);
    Err(RestError::invalid_form("type", "INTERACTION_CALLBACK_TYPE_INVALID", &message))
}

/// Does what the answer says; returns the message that becomes `@original`.
fn answer(
    state: &mut State,
    shared: &Shared,
    call: &RestCall<'_>,
    interaction: &Interaction,
    kind: u64,
    data: &Value,
    ephemeral: bool,
) -> Result<Option<u64>, RestError> {
    match kind {
        4 => {
            message_rules::check(data, &call.files, false)?;
            let message = respond(state, shared, interaction, data, call, ephemeral)?;
            Ok(Some(super::json::id_of(&message)))
        }
        6 => Ok(interaction.source),
        7 => {
            let source = interaction.source.ok_or_else(RestError::unknown_message)?;
            let edit = RestCall {
                json: data.clone(),
                files: call.files.clone(),
                query: call.query.clone(),
                ..*call
            };
            messages::edit(state, shared, source, &edit)?;
            Ok(Some(source))
        }
        8 => check_choices(data, "data").map(|()| None),
        9 => check_form(data).map(|()| None),
        _ => Ok(None),
    }
}

/// Posts the message that answers an interaction.
pub fn respond(
    state: &mut State,
    shared: &Shared,
    interaction: &Interaction,
    body: &Value,
    call: &RestCall<'_>,
    ephemeral: bool,
) -> RestResult {
    let draft = Draft {
        channel: interaction.channel,
        body,
        files: &call.files,
        via: Via::Response,
        interaction: Some(interaction.id),
        ephemeral,
        at: call.at,
    };
    messages::post(state, shared, draft)
}

fn check_form(data: &Value) -> Result<(), RestError> {
    let title = data["title"].as_str().unwrap_or_default().chars().count();
    if !(1..=45).contains(&title) {
        return Err(RestError::bad_length("data.title", 1, 45));
    }
    if !(1..=100).contains(&data["custom_id"].as_str().unwrap_or_default().chars().count()) {
        return Err(RestError::bad_length("data.custom_id", 1, 100));
    }
    match data["components"].as_array().map_or(0, Vec::len) {
        1..=5 => Ok(()),
        _ => Err(RestError::bad_length("data.components", 1, 5)),
    }
}
