//! Registering slash commands.
use serde_json::{Value, json};

use super::api_error::{RestError, RestResult};
use super::server::RestCall;
use super::state::{Shared, State};
use super::{command_rules, json as objects};

pub fn call(shared: &Shared, call: &RestCall<'_>, application: &str, scope: &str) -> RestResult {
    if application != objects::APPLICATION_ID.to_string() {
        return Err(RestError::new(404, 10_002, "Unknown Application"));
    }
    match call.method {
        "GET" => Ok(Value::Array(shared.look().commands.get(scope).cloned().unwrap_or_default())),
        "PUT" => {
            let given = call.json.as_array().ok_or_else(|| RestError::required("commands"))?;
            command_rules::check_all(given)?;
            shared.change(|state| {
                let registered: Vec<Value> = given.iter().map(|command| register(state, command)).collect();
                state.commands.insert(scope.to_owned(), registered.clone());
                Ok(Value::Array(registered))
            })
        }
        "POST" => {
            command_rules::check(&call.json, "command")?;
            shared.change(|state| {
                let registered = register(state, &call.json);
                let listed = state.commands.entry(scope.to_owned()).or_default();
                listed.retain(|known| known["name"] != registered["name"]);
                listed.push(registered.clone());
                Ok(registered)
            })
        }
        _ => Err(RestError::new(405, 0, "405: Method Not Allowed")),
    }
}

/// The command as Discord keeps it. Overwriting keeps the id of a command with the same name.
fn register(state: &mut State, given: &Value) -> Value {
    let known = state
        .commands
        .values()
        .flatten()
        .find(|known| known["name"] == given["name"])
        .map(|known| known["id"].clone());
    let id = known.unwrap_or_else(|| json!(state.snowflake().to_string()));
    let mut command = given.clone();
    command["id"] = id;
    command["application_id"] = json!(objects::APPLICATION_ID.to_string());
    command["version"] = json!(state.snowflake().to_string());
    for (name, default) in [
        ("type", json!(1)),
        ("default_member_permissions", Value::Null),
        ("nsfw", json!(false)),
        ("options", json!([])),
        ("name_localizations", Value::Null),
        ("description_localizations", Value::Null),
    ] {
        if command.get(name).is_none() {
            command[name] = default;
        }
    }
    command
}

/// The registered command of this name that a person in this place would see.
pub fn visible(state: &State, guild: Option<u64>, name: &str) -> Option<Value> {
    let scopes = [Some("global".to_owned()), guild.map(|guild| guild.to_string())];
    let lists = scopes.into_iter().flatten().filter_map(|scope| state.commands.get(&scope));
    lists.flatten().find(|command| command["name"] == name).cloned()
}
