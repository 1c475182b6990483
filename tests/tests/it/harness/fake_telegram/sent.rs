//! What the bot did, as people in the chat see it now: edits applied, deletions marked.
use std::time::Instant;

use serde_json::Value;

use crate::harness::uploads::Upload;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Button {
    pub label: String,
    pub data: Option<String>,
    pub url: Option<String>,
}

#[derive(Clone, Debug)]
pub struct Sent {
    pub chat: i64,
    pub message_id: i64,
    /// The method that made it, in lower case: `sendmessage`, `sendphoto`, `senddocument`.
    pub method: String,
    /// Text or caption as people see it now.
    pub text: String,
    /// The same as the bot wrote it, markup included.
    pub source: String,
    pub buttons: Vec<Vec<Button>>,
    pub reply_to: Option<i64>,
    pub file: Option<Upload>,
    /// When the call that sent it came in.
    pub at: Instant,
    /// What the text was before each edit, oldest first.
    pub earlier: Vec<String>,
    pub edited_at: Option<Instant>,
    pub deleted: bool,
    /// The message object as it stands.
    pub json: Value,
}

impl Sent {
    /// Labels of all buttons, row by row.
    pub fn labels(&self) -> Vec<&str> {
        self.buttons.iter().flatten().map(|button| button.label.as_str()).collect()
    }

    /// The button with this label; failing that, the only one whose label contains it.
    pub fn button(&self, label: &str) -> Option<&Button> {
        let all = || self.buttons.iter().flatten();
        if let Some(exact) = all().find(|button| button.label == label) {
            return Some(exact);
        }
        let mut containing = all().filter(|button| button.label.contains(label));
        containing.next().filter(|_| containing.next().is_none())
    }

    pub fn says(&self, part: &str) -> bool {
        self.text.contains(part)
    }

    /// The kinds and covered words of its entities, such as `("bold", "FL-1024")`.
    pub fn entities(&self) -> Vec<(String, String)> {
        let listed = self.json.get("entities").or_else(|| self.json.get("caption_entities"));
        let number =
            |value: &Value| value.as_u64().and_then(|number| usize::try_from(number).ok()).unwrap_or(0);
        listed
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .map(|entity| {
                let words = super::text::utf16_slice(
                    &self.text,
                    number(&entity["offset"]),
                    number(&entity["length"]),
                );
                (entity["type"].as_str().unwrap_or_default().to_owned(), words.unwrap_or_default().to_owned())
            })
            .collect()
    }

    /// One line a person can read, for messages of failing tests and for transcripts.
    pub fn line(&self) -> String {
        let file = self.file.as_ref().map(|file| format!(" [file {}]", file.name)).unwrap_or_default();
        let labels = self.labels();
        let buttons = if labels.is_empty() { String::new() } else { format!(" {labels:?}") };
        let gone = if self.deleted { " (deleted)" } else { "" };
        format!("#{} {}{file}{buttons}{gone}", self.message_id, self.text)
    }
}
