//! Rows of buttons and menus under messages: what Discord accepts, and what people see of it.
use std::collections::BTreeSet;

use serde_json::Value;

use super::api_error::RestError;
use super::sent::Button;

const ROW: u64 = 1;
const BUTTON: u64 = 2;
const SELECTS: [u64; 5] = [3, 5, 6, 7, 8];
const LINK: u64 = 5;

pub fn check(rows: &Value) -> Result<(), RestError> {
    if rows.is_null() {
        return Ok(());
    }
    let Some(rows) = rows.as_array() else {
        return Err(RestError::invalid_form("components", "LIST_TYPE_CONVERT", "Only iterables may be used"));
    };
    if rows.len() > 5 {
        return Err(RestError::bad_length("components", 0, 5));
    }
    let mut ids = BTreeSet::new();
    for (index, row) in rows.iter().enumerate() {
        let path = format!("components.{index}");
        if row["type"].as_u64() != Some(ROW) {
            let message = "Value of field \"type\" must be one of (1,).";
            return Err(RestError::invalid_form(&path, "UNION_TYPE_CHOICES", message));
        }
        check_row(row, &format!("{path}.components"), &mut ids)?;
    }
    Ok(())
}

fn check_row(row: &Value, path: &str, ids: &mut BTreeSet<String>) -> Result<(), RestError> {
    let parts = row["components"].as_array().cloned().unwrap_or_default();
    if parts.is_empty() || parts.len() > 5 {
        return Err(RestError::bad_length(path, 1, 5));
    }
    for (index, part) in parts.iter().enumerate() {
        let path = format!("{path}.{index}");
        let kind = part["type"].as_u64().unwrap_or(0);
        if kind == BUTTON {
            check_button(part, &path, ids)?;
        } else if SELECTS.contains(&kind) {
            // A menu fills its row.
            if parts.len() > 1 {
                let message = "The specified component exceeds the maximum width";
                return Err(RestError::invalid_form(&path, "COMPONENT_LAYOUT_WIDTH_EXCEEDED", message));
            }
            check_select(part, &path, ids)?;
        } else {
            return Err(RestError::invalid_form(&path, "UNION_TYPE_CHOICES", "Unknown component type"));
        }
    }
    Ok(())
}

fn check_button(button: &Value, path: &str, ids: &mut BTreeSet<String>) -> Result<(), RestError> {
    let label = button["label"].as_str().unwrap_or_default();
    if label.chars().count() > 80 {
        return Err(RestError::too_long(&format!("{path}.label"), 80));
    }
    if label.is_empty() && button["emoji"].is_null() {
        return Err(RestError::invalid_form(
            path,
            "BUTTON_COMPONENT_LABEL_REQUIRED",
            "A label or emoji is required",
        ));
    }
    match button["style"].as_u64() {
        Some(1..=4) => check_custom_id(button, path, ids),
        Some(LINK) => {
            let link = button["url"].as_str().unwrap_or_default();
            let known = ["http://", "https://", "discord://"].iter().any(|scheme| link.starts_with(scheme));
            if !known || link.len() > 512 {
                let message = "Not a well formed URL.";
                return Err(RestError::invalid_form(&format!("{path}.url"), "URL_TYPE_INVALID_URL", message));
            }
            Ok(())
        }
        _ => Err(RestError::required(&format!("{path}.style"))),
    }
}

fn check_select(menu: &Value, path: &str, ids: &mut BTreeSet<String>) -> Result<(), RestError> {
    check_custom_id(menu, path, ids)?;
    if menu["placeholder"].as_str().is_some_and(|text| text.chars().count() > 150) {
        return Err(RestError::too_long(&format!("{path}.placeholder"), 150));
    }
    if menu["type"].as_u64() != Some(3) {
        return Ok(());
    }
    let options = menu["options"].as_array().cloned().unwrap_or_default();
    if options.is_empty() || options.len() > 25 {
        return Err(RestError::bad_length(&format!("{path}.options"), 1, 25));
    }
    let mut values = BTreeSet::new();
    for (index, option) in options.iter().enumerate() {
        let path = format!("{path}.options.{index}");
        for (name, least) in [("label", 1), ("value", 1), ("description", 0)] {
            let length = option[name].as_str().unwrap_or_default().chars().count();
            if length > 100 || length < least {
                return Err(RestError::bad_length(&format!("{path}.{name}"), least, 100));
            }
        }
        if !values.insert(option["value"].as_str().unwrap_or_default().to_owned()) {
            let message = "The specified option value is already used";
            return Err(RestError::invalid_form(
                &format!("{path}.value"),
                "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
                message,
            ));
        }
    }
    Ok(())
}

fn check_custom_id(part: &Value, path: &str, ids: &mut BTreeSet<String>) -> Result<(), RestError> {
    let id = part["custom_id"].as_str().unwrap_or_default();
    let path = format!("{path}.custom_id");
    if id.is_empty() || id.chars().count() > 100 {
        return Err(RestError::bad_length(&path, 1, 100));
    }
    if !ids.insert(id.to_owned()) {
        let message = "Component custom id cannot be duplicated";
        return Err(RestError::invalid_form(&path, "COMPONENT_CUSTOM_ID_DUPLICATED", message));
    }
    Ok(())
}

/// Components as Discord keeps them: every part with a number, in the order of reading.
pub fn numbered(rows: &Value) -> Value {
    let mut rows = rows.clone();
    let mut next = 0;
    number(&mut rows, &mut next);
    rows
}

fn number(parts: &mut Value, next: &mut u64) {
    for part in parts.as_array_mut().into_iter().flatten() {
        *next += 1;
        if part.get("id").is_none() {
            part["id"] = Value::from(*next);
        }
        if part.get("components").is_some() {
            number(&mut part["components"], next);
        }
    }
}

/// The buttons of a message, row by row.
pub fn buttons(message: &Value) -> Vec<Vec<Button>> {
    let text = |part: &Value, name: &str| part[name].as_str().map(str::to_owned);
    rows(message)
        .into_iter()
        .map(|row| {
            row.iter()
                .filter(|part| part["type"] == BUTTON)
                .map(|part| Button {
                    label: text(part, "label").unwrap_or_default(),
                    custom_id: text(part, "custom_id"),
                    url: text(part, "url"),
                    disabled: part["disabled"] == true,
                })
                .collect()
        })
        .collect()
}

/// The part of a message with this custom id.
pub fn find(message: &Value, custom_id: &str) -> Option<Value> {
    rows(message).into_iter().flatten().find(|part| part["custom_id"] == custom_id)
}

/// The menu with an option of this label, and the option's value.
pub fn option(message: &Value, label: &str) -> Option<(Value, String)> {
    rows(message).into_iter().flatten().find_map(|part| {
        let options = part["options"].as_array()?;
        let option = options.iter().find(|option| option["label"] == label)?;
        Some((part.clone(), option["value"].as_str()?.to_owned()))
    })
}

fn rows(message: &Value) -> Vec<Vec<Value>> {
    let rows = message["components"].as_array().cloned().unwrap_or_default();
    rows.iter().map(|row| row["components"].as_array().cloned().unwrap_or_default()).collect()
}
