//! `parse_mode=HTML` as the server reads it, with its words for what is wrong.
//!
//! Written after the published cases of the server's own tests (`platform-specs/td-format-vectors.json.gz`); a
//! self-check runs them all.
mod reader;

use serde_json::{Value, json};

use self::reader::Reader;
use super::text::utf16_len;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entity {
    pub kind: &'static str,
    pub offset: usize,
    pub length: usize,
    /// Link address, language of code, id of an emoji.
    pub argument: String,
}

impl Entity {
    pub fn to_json(&self) -> Value {
        let mut entity = json!({"type": self.kind, "offset": self.offset, "length": self.length});
        match self.kind {
            "text_link" => entity["url"] = json!(self.argument),
            "pre" if !self.argument.is_empty() => entity["language"] = json!(self.argument),
            "custom_emoji" => entity["custom_emoji_id"] = json!(self.argument),
            _ => {}
        }
        entity
    }
}

struct Open {
    tag: String,
    argument: String,
    offset: usize,
    begin: usize,
}

/// Text and entities, or the server's complaint.
pub fn parse_html(source: &str) -> Result<(String, Vec<Entity>), String> {
    let mut reader = Reader::new(source);
    let mut text: Vec<u8> = Vec::with_capacity(source.len());
    let mut offset = 0;
    let mut open: Vec<Open> = Vec::new();
    let mut entities: Vec<Entity> = Vec::new();
    while !reader.at_end() {
        let begin = reader.position();
        match reader.peek() {
            b'&' => {
                if let Some(character) = reader.character_reference()? {
                    offset += character.len_utf16();
                    text.extend(character.encode_utf8(&mut [0; 4]).as_bytes());
                } else {
                    offset += 1;
                    text.push(b'&');
                    reader.step();
                }
            }
            b'<' if reader.at_end_tag() => {
                let closing = open.pop().ok_or(format!("Unexpected end tag at byte offset {begin}"))?;
                reader.end_tag(&closing.tag)?;
                if offset > closing.offset {
                    let covered = String::from_utf8_lossy(&text[closing.begin..]).into_owned();
                    close(&closing, offset - closing.offset, &covered, &mut entities);
                }
            }
            b'<' => {
                let (tag, argument) = reader.start_tag()?;
                open.push(Open { tag, argument, offset, begin: text.len() });
            }
            byte => {
                // Count at the first byte of each character; four-byte ones are surrogate pairs.
                if byte & 0xC0 != 0x80 {
                    offset += if byte >= 0xF0 { 2 } else { 1 };
                }
                text.push(byte);
                reader.step();
            }
        }
    }
    if let Some(unclosed) = open.last() {
        return Err(format!("Can't find end tag corresponding to start tag \"{}\"", unclosed.tag));
    }
    entities.sort_by_key(|entity| (entity.offset, usize::MAX - entity.length));
    let text = String::from_utf8(text).map_err(|_| "Text must be encoded in UTF-8".to_owned())?;
    debug_assert_eq!(offset, utf16_len(&text));
    Ok((text, entities))
}

fn close(tag: &Open, length: usize, covered: &str, entities: &mut Vec<Entity>) {
    let mut argument = tag.argument.clone();
    let kind = match tag.tag.as_str() {
        "b" | "strong" => "bold",
        "i" | "em" => "italic",
        "s" | "strike" | "del" => "strikethrough",
        "u" | "ins" => "underline",
        "tg-spoiler" | "span" => "spoiler",
        "tg-emoji" => "custom_emoji",
        "tg-time" => "date_time",
        "blockquote" if argument.is_empty() => "blockquote",
        "blockquote" => "expandable_blockquote",
        "a" => {
            if argument.is_empty() {
                argument = covered.to_owned();
            }
            if !super::keyboard::is_web_link(&argument) {
                return;
            }
            "text_link"
        }
        inner @ ("pre" | "code") => {
            let other = if inner == "pre" { "code" } else { "pre" };
            // <pre><code class="language-x"> around the same words is one block of code with a language.
            let same = entities
                .last_mut()
                .filter(|last| last.kind == other && last.offset == tag.offset && last.length == length);
            if let Some(last) = same {
                let language = if argument.is_empty() { last.argument.clone() } else { argument.clone() };
                if !language.is_empty() {
                    last.kind = "pre";
                    last.argument = language;
                    return;
                }
            }
            inner_kind(inner)
        }
        _ => return,
    };
    entities.push(Entity { kind, offset: tag.offset, length, argument });
}

fn inner_kind(tag: &str) -> &'static str {
    if tag == "pre" { "pre" } else { "code" }
}
