//! The documented limits of slash commands.
use std::collections::BTreeSet;

use serde_json::Value;

use super::api_error::RestError;

/// Options that hold further options.
const SUB_COMMANDS: [u64; 2] = [1, 2];

pub fn check_all(commands: &[Value]) -> Result<(), RestError> {
    if commands.len() > 100 {
        return Err(RestError::new(400, 30_032, "Maximum number of application commands reached (100)"));
    }
    let mut names = BTreeSet::new();
    for (index, command) in commands.iter().enumerate() {
        check(command, &index.to_string())?;
        let key =
            (command["name"].as_str().unwrap_or_default().to_owned(), command["type"].as_u64().unwrap_or(1));
        if !names.insert(key) {
            let message = "Application command names must be unique";
            let path = format!("{index}.name");
            return Err(RestError::invalid_form(&path, "APPLICATION_COMMANDS_DUPLICATE_NAME", message));
        }
    }
    Ok(())
}

pub fn check(command: &Value, path: &str) -> Result<(), RestError> {
    // Menu commands (types 2 and 3) have neither description nor the strict names.
    if command["type"].as_u64().unwrap_or(1) != 1 {
        return Ok(());
    }
    check_named(command, path)?;
    if letters(command) > 8000 {
        let message = "Application command size exceeds 8000";
        return Err(RestError::invalid_form(path, "APPLICATION_COMMAND_TOO_LARGE", message));
    }
    check_options(&command["options"], path)
}

fn check_named(part: &Value, path: &str) -> Result<(), RestError> {
    check_name(&part["name"], &format!("{path}.name"))?;
    check_description(&part["description"], &format!("{path}.description"))?;
    for (language, name) in part["name_localizations"].as_object().into_iter().flatten() {
        check_name(name, &format!("{path}.name_localizations.{language}"))?;
    }
    for (language, text) in part["description_localizations"].as_object().into_iter().flatten() {
        check_description(text, &format!("{path}.description_localizations.{language}"))?;
    }
    Ok(())
}

fn check_name(name: &Value, path: &str) -> Result<(), RestError> {
    let name = name.as_str().unwrap_or_default();
    let allowed = |c: char| matches!(c, '-' | '_' | '\'') || (c.is_alphanumeric() && !c.is_uppercase());
    if !(1..=32).contains(&name.chars().count()) {
        return Err(RestError::bad_length(path, 1, 32));
    }
    if name.chars().all(allowed) {
        return Ok(());
    }
    Err(RestError::invalid_form(path, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid"))
}

fn check_description(text: &Value, path: &str) -> Result<(), RestError> {
    match text.as_str().unwrap_or_default().chars().count() {
        1..=100 => Ok(()),
        _ => Err(RestError::bad_length(path, 1, 100)),
    }
}

fn check_options(options: &Value, path: &str) -> Result<(), RestError> {
    let options = options.as_array().cloned().unwrap_or_default();
    if options.len() > 25 {
        return Err(RestError::bad_length(&format!("{path}.options"), 0, 25));
    }
    let mut optional_seen = false;
    let mut names = BTreeSet::new();
    for (index, option) in options.iter().enumerate() {
        let path = format!("{path}.options.{index}");
        check_named(option, &path)?;
        if !names.insert(option["name"].as_str().unwrap_or_default().to_owned()) {
            let message = "Option name is already used";
            return Err(RestError::invalid_form(
                &path,
                "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS",
                message,
            ));
        }
        let is_sub_command = option["type"].as_u64().is_some_and(|kind| SUB_COMMANDS.contains(&kind));
        if option["required"] == true && optional_seen {
            let message = "Required options must be placed before non-required options";
            return Err(RestError::invalid_form(
                &path,
                "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
                message,
            ));
        }
        optional_seen |= option["required"] != true && !is_sub_command;
        check_choices(option, &path)?;
        if is_sub_command {
            check_options(&option["options"], &path)?;
        }
    }
    Ok(())
}

pub fn check_choices(option: &Value, path: &str) -> Result<(), RestError> {
    let choices = option["choices"].as_array().cloned().unwrap_or_default();
    if choices.len() > 25 {
        return Err(RestError::bad_length(&format!("{path}.choices"), 0, 25));
    }
    if !choices.is_empty() && option["autocomplete"] == true {
        let message = "Autocomplete and choices cannot be used together";
        return Err(RestError::invalid_form(path, "APPLICATION_COMMAND_AUTOCOMPLETE_WITH_CHOICES", message));
    }
    for (index, choice) in choices.iter().enumerate() {
        let path = format!("{path}.choices.{index}");
        if !(1..=100).contains(&choice["name"].as_str().unwrap_or_default().chars().count()) {
            return Err(RestError::bad_length(&format!("{path}.name"), 1, 100));
        }
        if choice["value"].as_str().is_some_and(|value| value.chars().count() > 100) {
            return Err(RestError::too_long(&format!("{path}.value"), 100));
        }
    }
    Ok(())
}

/// Characters that count towards a command's 8000: names, descriptions, choices, below it too.
fn letters(part: &Value) -> usize {
    let own = |name: &str| part[name].as_str().unwrap_or_default().chars().count();
    let inner = |name: &str| part[name].as_array().into_iter().flatten().map(letters).sum::<usize>();
    own("name") + own("description") + own("value") + inner("options") + inner("choices")
}
