//! Lengths and offsets in UTF-16 units, the measure of everything in the Bot API, and entities found in plain text.
use serde_json::{Value, json};

pub fn utf16_len(text: &str) -> usize {
    text.encode_utf16().count()
}

/// The part of a text an entity covers; `None` when it begins or ends outside or inside a surrogate pair.
pub fn utf16_slice(text: &str, offset: usize, length: usize) -> Option<&str> {
    let begin = byte_at(text, offset)?;
    let end = byte_at(text, offset.checked_add(length)?)?;
    text.get(begin..end)
}

fn byte_at(text: &str, units: usize) -> Option<usize> {
    let mut passed = 0;
    for (index, character) in text.char_indices() {
        if passed == units {
            return Some(index);
        }
        passed += character.len_utf16();
    }
    (passed == units).then_some(text.len())
}

/// Commands, mentions and links, as the server marks them in what people write.
pub fn found_entities(text: &str) -> Vec<Value> {
    let mut entities = Vec::new();
    let mut offset = 0;
    for word in text.split_inclusive(char::is_whitespace) {
        let bare = word.trim_end();
        if let Some(kind) = kind_of(bare) {
            let length = utf16_len(bare);
            entities.push(json!({"type": kind, "offset": offset, "length": length}));
        }
        offset += utf16_len(word);
    }
    entities
}

fn kind_of(word: &str) -> Option<&'static str> {
    let named = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if word.starts_with("http://") || word.starts_with("https://") {
        return Some("url");
    }
    if let Some(name) = word.strip_prefix('@') {
        return (named(name) && name.len() >= 4).then_some("mention");
    }
    let command = word.strip_prefix('/')?;
    let (name, bot) = command.split_once('@').unwrap_or((command, "any_bot"));
    (named(name) && name.len() <= 32 && named(bot)).then_some("bot_command")
}
