//! Completions of `/search` while somebody types. Nothing is stored: what is typed is not said yet.
use serde_json::json;
use serenity::all::CommandInteraction;

use firstline_kb::Library;
use firstline_kb::suggest::{Suggestion, Typed};

use super::Discord;

/// Discord takes 25; more than a handful is no help on a phone.
const CHOICES: usize = 8;
/// Discord's limit of a choice (characters).
const LONGEST: usize = 100;

impl Discord {
    /// Where completions come from; without it there are none.
    pub fn suggest_from(&self, library: Library) {
        // Set once, when the process is wired.
        let _ = self.0.library.set(library);
    }

    /// Answers without making the gateway wait.
    pub(super) fn complete(&self, typing: &CommandInteraction) {
        let Some(library) = self.0.library.get().cloned() else { return };
        let Some(option) = typing.data.autocomplete() else { return };
        let lang = typing.locale.starts_with("zh").then(|| "zh-CN".to_string());
        let typed = Typed { text: option.value.to_string(), lang, product: None, limit: CHOICES };
        let path = format!("/interactions/{}/{}/callback", typing.id, typing.token);
        let discord = self.clone();
        tokio::spawn(async move {
            let found = library.suggest(&typed).await.unwrap_or_else(|error| {
                tracing::warn!(%error, "there are no completions now");
                Vec::new()
            });
            let body = json!({ "type": 8, "data": { "choices": choices(found) } });
            // Too late or refused: the person goes on typing, and the next letter asks again.
            if let Err(error) = discord.once(&path, &body).await {
                tracing::debug!(%error, "completions were not taken");
            }
        });
    }
}

fn choices(found: Vec<Suggestion>) -> Vec<serde_json::Value> {
    let mut titles: Vec<String> = Vec::new();
    for suggestion in found {
        let title: String = suggestion.title.chars().take(LONGEST).collect();
        if !titles.contains(&title) {
            titles.push(title);
        }
    }
    titles.into_iter().map(|title| json!({ "name": title, "value": title })).collect()
}
