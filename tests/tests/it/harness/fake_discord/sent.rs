//! What the bot did, as people in the channel see it now: edits applied, deletions marked.
use std::time::Instant;

use serde_json::Value;

use crate::harness::uploads::Upload;

/// The way a message came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Via {
    Channel,
    /// The answer to an interaction.
    Response,
    /// A later message of an interaction.
    FollowUp,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Button {
    pub label: String,
    pub custom_id: Option<String>,
    pub url: Option<String>,
    pub disabled: bool,
}

#[derive(Clone, Debug)]
pub struct Sent {
    pub channel: u64,
    pub message_id: u64,
    pub via: Via,
    pub interaction: Option<u64>,
    pub content: String,
    pub buttons: Vec<Vec<Button>>,
    pub files: Vec<Upload>,
    /// Seen by one person only.
    pub ephemeral: bool,
    pub reply_to: Option<u64>,
    pub nonce: Option<String>,
    /// When the call that sent it came in.
    pub at: Instant,
    /// What the content was before each edit, oldest first.
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

    /// Content and the words of all embeds.
    pub fn text(&self) -> String {
        let mut parts = vec![self.content.clone()];
        for embed in self.json["embeds"].as_array().into_iter().flatten() {
            let fields = embed["fields"].as_array().cloned().unwrap_or_default();
            let own = [&embed["title"], &embed["description"], &embed["footer"]["text"]];
            parts.extend(own.into_iter().filter_map(|text| text.as_str().map(str::to_owned)));
            for field in &fields {
                parts.extend(
                    ["name", "value"].iter().filter_map(|name| field[name].as_str().map(str::to_owned)),
                );
            }
        }
        parts.retain(|part| !part.is_empty());
        parts.join("\n")
    }

    pub fn says(&self, part: &str) -> bool {
        self.text().contains(part)
    }

    /// One line a person can read, for messages of failing tests and for transcripts.
    pub fn line(&self) -> String {
        let files: String = self.files.iter().map(|file| format!(" [file {}]", file.name)).collect();
        let labels = self.labels();
        let buttons = if labels.is_empty() { String::new() } else { format!(" {labels:?}") };
        let gone = if self.deleted { " (deleted)" } else { "" };
        format!("#{} {}{files}{buttons}{gone}", self.message_id, self.text())
    }
}
