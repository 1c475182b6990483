//! The documented limits of a message body.
use serde_json::Value;

use super::api_error::RestError;
use super::components;
use crate::harness::uploads::Upload;

const CONTENT_LIMIT: usize = 2000;
const EMBEDS_LIMIT: usize = 6000;
/// Without a boosted server, for one request.
const UPLOAD_LIMIT: usize = 10 * 1024 * 1024;

/// Checks a new message, or an edit, which may leave everything out.
pub fn check(body: &Value, files: &[Upload], is_edit: bool) -> Result<(), RestError> {
    let content = body["content"].as_str().unwrap_or_default();
    if content.chars().count() > CONTENT_LIMIT {
        return Err(RestError::too_long("content", CONTENT_LIMIT));
    }
    check_embeds(&body["embeds"])?;
    components::check(&body["components"])?;
    check_nonce(&body["nonce"])?;
    if files.len() > 10 {
        return Err(RestError::bad_length("attachments", 0, 10));
    }
    if files.iter().map(|file| file.bytes.len()).sum::<usize>() > UPLOAD_LIMIT {
        return Err(RestError::new(413, 40_005, "Request entity too large"));
    }
    let nothing = |name: &str| body[name].as_array().is_none_or(Vec::is_empty);
    let empty =
        content.trim().is_empty() && nothing("embeds") && nothing("components") && nothing("sticker_ids");
    if empty && files.is_empty() && !is_edit && body["poll"].is_null() {
        return Err(RestError::new(400, 50_006, "Cannot send an empty message"));
    }
    Ok(())
}

fn check_nonce(nonce: &Value) -> Result<(), RestError> {
    match nonce.as_str() {
        Some(text) if text.chars().count() > 25 => Err(RestError::too_long("nonce", 25)),
        _ => Ok(()),
    }
}

fn check_embeds(embeds: &Value) -> Result<(), RestError> {
    let embeds = embeds.as_array().cloned().unwrap_or_default();
    if embeds.len() > 10 {
        return Err(RestError::bad_length("embeds", 0, 10));
    }
    let mut total = 0;
    for (index, embed) in embeds.iter().enumerate() {
        let mut measure = |text: &Value, name: &str, most: usize| {
            let length = text.as_str().unwrap_or_default().chars().count();
            total += length;
            if length > most {
                Err(RestError::too_long(&format!("embeds.{index}.{name}"), most))
            } else {
                Ok(())
            }
        };
        measure(&embed["title"], "title", 256)?;
        measure(&embed["description"], "description", 4096)?;
        measure(&embed["footer"]["text"], "footer.text", 2048)?;
        measure(&embed["author"]["name"], "author.name", 256)?;
        let fields = embed["fields"].as_array().cloned().unwrap_or_default();
        if fields.len() > 25 {
            return Err(RestError::bad_length(&format!("embeds.{index}.fields"), 0, 25));
        }
        for (number, field) in fields.iter().enumerate() {
            for (name, most) in [("name", 256), ("value", 1024)] {
                if field[name].as_str().is_none_or(str::is_empty) {
                    return Err(RestError::required(&format!("embeds.{index}.fields.{number}.{name}")));
                }
                measure(&field[name], &format!("fields.{number}.{name}"), most)?;
            }
        }
    }
    if total > EMBEDS_LIMIT {
        let message = "Embed size exceeds maximum size of 6000";
        return Err(RestError::invalid_form("embeds", "MAX_EMBED_SIZE_EXCEEDED", message));
    }
    Ok(())
}
