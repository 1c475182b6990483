//! The calls a bot makes about itself: getMe, its command list, descriptions, getChat.
use serde_json::{Value, json};

use super::api_error::{ApiError, ApiResult};
use super::json as objects;
use super::state::Shared;
use super::{FakeTelegram, text};
use crate::harness::uploads::Body;

/// Setters whose effect no story reads.
const ACCEPTED: [&str; 7] = [
    "setmydescription",
    "setmyshortdescription",
    "setmyname",
    "setchatmenubutton",
    "setmydefaultadministratorrights",
    "logout",
    "close",
];

pub fn call(shared: &Shared, method: &str, body: &Body) -> ApiResult {
    match method {
        "getme" => Ok(objects::me(shared.look().reads_all_group_messages)),
        "setmycommands" => set_commands(shared, body),
        "getmycommands" => {
            let kept = shared.look().commands.get(&scope(body)?).cloned();
            Ok(kept.unwrap_or_else(|| json!([])))
        }
        "deletemycommands" => {
            let scope = scope(body)?;
            shared.change(|state| state.commands.remove(&scope));
            Ok(json!(true))
        }
        "getchat" => {
            let id = body.integer("chat_id").unwrap_or_default();
            let chat = shared.look().chats.get(&id).map(|chat| chat.json.clone());
            chat.ok_or_else(|| ApiError::bad_request("chat not found"))
        }
        accepted if ACCEPTED.contains(&accepted) => Ok(json!(true)),
        _ => Err(ApiError::new(404, "Not Found: method not found")),
    }
}

/// Commands are kept per scope and language; this is the key.
fn scope(body: &Body) -> Result<String, ApiError> {
    let language = body.text("language_code").unwrap_or_default();
    // Two letters only: "zh-CN" is refused by the real server as well.
    if !(language.is_empty() || language.len() == 2 && language.chars().all(|c| c.is_ascii_lowercase())) {
        return Err(ApiError::bad_request("invalid language code specified"));
    }
    let scope = body.structure("scope").map_err(|_| ApiError::bad_request("can't parse BotCommandScope"))?;
    let scope = scope.filter(|scope| scope["type"] != "default");
    Ok(format!("{language}{}", scope.map(|scope| scope.to_string()).unwrap_or_default()))
}

fn set_commands(shared: &Shared, body: &Body) -> ApiResult {
    let commands = body.structure("commands").ok().flatten().and_then(|value| value.as_array().cloned());
    let commands = commands.ok_or_else(|| ApiError::bad_request("can't parse commands JSON array"))?;
    if commands.len() > 100 {
        return Err(ApiError::bad_request("BOT_COMMANDS_TOO_MUCH"));
    }
    for command in &commands {
        let name = command["command"].as_str().unwrap_or_default();
        let letters = name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        if name.is_empty() || name.len() > 32 || !letters {
            return Err(ApiError::bad_request("BOT_COMMAND_INVALID"));
        }
        let description = text::utf16_len(command["description"].as_str().unwrap_or_default());
        if !(1..=256).contains(&description) {
            return Err(ApiError::bad_request("BOT_COMMAND_DESCRIPTION_INVALID"));
        }
    }
    let scope = scope(body)?;
    shared.change(|state| state.commands.insert(scope, Value::Array(commands)));
    Ok(json!(true))
}

impl FakeTelegram {
    /// The names in the bot's command menu for a language (`""` is the default one).
    pub fn commands(&self, language: &str) -> Vec<String> {
        let state = self.shared.look();
        let listed = state.commands.get(language).and_then(Value::as_array).cloned().unwrap_or_default();
        listed.iter().filter_map(|command| command["command"].as_str().map(str::to_owned)).collect()
    }
}
