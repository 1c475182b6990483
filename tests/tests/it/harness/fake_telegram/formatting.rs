//! Text as the server takes it: parsed, cleaned, measured, its entities checked.
use serde_json::{Value, json};

use super::api_error::ApiError;
use super::html::parse_html;
use super::text::{found_entities, utf16_len, utf16_slice};
use crate::harness::uploads::Body;

pub const TEXT_LIMIT: usize = 4096;
pub const CAPTION_LIMIT: usize = 1024;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Formatted {
    /// What people see.
    pub text: String,
    pub entities: Vec<Value>,
    /// What the bot wrote, markup included.
    pub source: String,
}

/// Reads `field` with `parse_mode` or the entities beside it.
pub fn read(body: &Body, field: &str, entities_field: &str) -> Result<Formatted, ApiError> {
    let source = body.text(field).unwrap_or_default();
    let mode = body.text("parse_mode").unwrap_or_default();
    let (text, mut entities) = match mode.to_lowercase().as_str() {
        "" => {
            let given =
                body.structure(entities_field).map_err(|_| unparsable("entities are not valid JSON"))?;
            let given = given.and_then(|value| value.as_array().cloned()).unwrap_or_default();
            check_entities(&source, &given)?;
            (source.clone(), given)
        }
        "html" => {
            let (text, entities) = parse_html(&source).map_err(unparsable)?;
            (text, entities.iter().map(super::html::Entity::to_json).collect())
        }
        "markdown" | "markdownv2" => {
            return Err(unparsable("this fake server speaks HTML and entities only"));
        }
        _ => return Err(ApiError::bad_request("unsupported parse_mode")),
    };
    let (text, cut) = clean(&text);
    entities.iter_mut().for_each(|entity| shift(entity, cut, utf16_len(&text)));
    entities.retain(|entity| entity["length"].as_u64() != Some(0));
    // Links and commands become tappable by themselves, also in what a bot sends.
    let marked = |found: &Value| entities.iter().any(|entity| entity["offset"] == found["offset"]);
    let found: Vec<Value> = found_entities(&text).into_iter().filter(|found| !marked(found)).collect();
    entities.extend(found);
    Ok(Formatted { text, entities, source })
}

pub fn check_text(formatted: &Formatted) -> Result<(), ApiError> {
    if formatted.text.is_empty() {
        return Err(ApiError::bad_request("message text is empty"));
    }
    if utf16_len(&formatted.text) > TEXT_LIMIT {
        return Err(ApiError::bad_request("message is too long"));
    }
    Ok(())
}

pub fn check_caption(formatted: &Formatted) -> Result<(), ApiError> {
    if utf16_len(&formatted.text) > CAPTION_LIMIT {
        return Err(ApiError::bad_request("message caption is too long"));
    }
    Ok(())
}

fn unparsable(reason: impl AsRef<str>) -> ApiError {
    ApiError::bad_request(format!("can't parse entities: {}", reason.as_ref()))
}

/// Without control characters and without spaces around; also how many units were cut off in front.
fn clean(text: &str) -> (String, usize) {
    let plain: String = text
        .chars()
        .filter(|character| *character != '\r')
        .map(|character| if character.is_control() && character != '\n' { ' ' } else { character })
        .collect();
    let front = plain.len() - plain.trim_start().len();
    (plain.trim().to_owned(), utf16_len(&plain[..front]))
}

fn shift(entity: &mut Value, cut: usize, text_length: usize) {
    let read =
        |name: &str| entity[name].as_u64().and_then(|number| usize::try_from(number).ok()).unwrap_or(0);
    let (begin, end) = (read("offset"), read("offset") + read("length"));
    let begin = begin.saturating_sub(cut).min(text_length);
    let end = end.saturating_sub(cut).min(text_length);
    entity["offset"] = json!(begin);
    entity["length"] = json!(end.saturating_sub(begin));
}

fn check_entities(text: &str, entities: &[Value]) -> Result<(), ApiError> {
    for entity in entities {
        if entity["type"].as_str().is_none_or(str::is_empty) {
            return Err(unparsable("Field \"type\" must be of type String"));
        }
        let number = |name: &str| entity[name].as_u64().and_then(|number| usize::try_from(number).ok());
        let (Some(offset), Some(length)) = (number("offset"), number("length")) else {
            return Err(ApiError::bad_request("ENTITY_BOUNDS_INVALID"));
        };
        if length == 0 || utf16_slice(text, offset, length).is_none() {
            return Err(ApiError::bad_request("ENTITY_BOUNDS_INVALID"));
        }
        if entity["type"] == "text_link" && entity["url"].as_str().is_none_or(str::is_empty) {
            return Err(unparsable("text_link without url"));
        }
    }
    Ok(())
}
