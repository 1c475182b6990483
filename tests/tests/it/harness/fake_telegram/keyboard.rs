//! Keyboards under messages: what the server accepts as an inline keyboard.
use serde_json::Value;

use super::api_error::ApiError;
use super::sent::Button;
use crate::harness::uploads::Body;

/// Fields of which a button has exactly one.
const ACTIONS: [&str; 10] = [
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
];

/// The checked `reply_markup` of a call; `None` where it has none.
pub fn read(body: &Body) -> Result<Option<Value>, ApiError> {
    let markup = body
        .structure("reply_markup")
        .map_err(|_| ApiError::bad_request("can't parse reply keyboard markup JSON object"))?;
    let Some(markup) = markup else { return Ok(None) };
    if let Some(rows) = markup.get("inline_keyboard") {
        check(rows)?;
    }
    Ok(Some(markup))
}

fn check(rows: &Value) -> Result<(), ApiError> {
    let invalid =
        |reason: &str| ApiError::bad_request(format!("can't parse inline keyboard button: {reason}"));
    let rows = rows.as_array().ok_or_else(|| invalid("field \"inline_keyboard\" must be of type Array"))?;
    let mut count = 0;
    for row in rows {
        let row = row.as_array().ok_or_else(|| invalid("a row must be of type Array"))?;
        if row.len() > 8 {
            return Err(ApiError::bad_request("reply markup is too long"));
        }
        for button in row {
            count += 1;
            check_button(button)?;
        }
    }
    if count > 100 {
        return Err(ApiError::bad_request("reply markup is too long"));
    }
    Ok(())
}

fn check_button(button: &Value) -> Result<(), ApiError> {
    let label = button["text"].as_str().unwrap_or_default();
    if label.trim().is_empty() {
        return Err(ApiError::bad_request(
            "can't parse inline keyboard button: Field \"text\" must be non-empty",
        ));
    }
    let actions: Vec<&str> = ACTIONS.into_iter().filter(|action| button.get(action).is_some()).collect();
    match actions.as_slice() {
        ["callback_data"] => {
            let data = button["callback_data"].as_str().unwrap_or_default();
            if data.is_empty() || data.len() > 64 {
                return Err(ApiError::bad_request("BUTTON_DATA_INVALID"));
            }
        }
        ["url"] => {
            let link = button["url"].as_str().unwrap_or_default();
            if !is_web_link(link) {
                let reason = format!("inline keyboard button URL '{link}' is invalid: Wrong HTTP URL");
                return Err(ApiError::bad_request(reason));
            }
        }
        [_] => {}
        [] => {
            return Err(ApiError::bad_request(
                "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
            ));
        }
        _ => {
            return Err(ApiError::bad_request(
                "can't parse inline keyboard button: exactly one action must be used",
            ));
        }
    }
    Ok(())
}

/// What the server takes as a link: a host with a dot in it, so `localhost` is refused while `127.0.0.1` passes.
pub fn is_web_link(link: &str) -> bool {
    if link.starts_with("tg://") || link.starts_with("mailto:") {
        return true;
    }
    if link.is_empty() || link.chars().any(char::is_whitespace) {
        return false;
    }
    let full = if link.contains("://") { link.to_owned() } else { format!("http://{link}") };
    let Ok(parsed) = url::Url::parse(&full) else { return false };
    let host = parsed.host_str().unwrap_or_default();
    matches!(parsed.scheme(), "http" | "https") && (host.contains('.') || host.contains(':'))
}

/// The buttons as people see them.
pub fn buttons(markup: Option<&Value>) -> Vec<Vec<Button>> {
    let text = |button: &Value, name: &str| button[name].as_str().map(str::to_owned);
    let rows = markup.and_then(|markup| markup["inline_keyboard"].as_array());
    rows.into_iter()
        .flatten()
        .map(|row| {
            row.as_array()
                .into_iter()
                .flatten()
                .map(|button| Button {
                    label: text(button, "text").unwrap_or_default(),
                    data: text(button, "callback_data"),
                    url: text(button, "url"),
                })
                .collect()
        })
        .collect()
}
