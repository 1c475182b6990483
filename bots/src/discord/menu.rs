//! The slash commands, in English with Chinese names for what they do.
use reqwest::Method;
use serde_json::json;
use serenity::all::{CommandOptionType, CreateCommand, CreateCommandOption};

use super::Discord;
use crate::sender::commands::{COMMANDS, Command};

impl Discord {
    /// Registers the commands for all guilds and private chats. Without them words still work: a refusal
    /// is only logged.
    pub(super) async fn list_commands(&self) {
        let Some(identity) = self.0.identity.get() else { return };
        let path = format!("/applications/{}/commands", identity.application);
        let commands: Vec<CreateCommand> = COMMANDS.iter().map(command).collect();
        if let Err(error) = self.0.rest.send(Method::PUT, &path, &json!(commands)).await {
            tracing::warn!(%error, "the slash commands were not registered");
        }
    }
}

fn command(of: &Command) -> CreateCommand {
    let command = CreateCommand::new(of.name)
        .description(of.en)
        .description_localized("zh-CN", of.zh_cn)
        .description_localized("zh-TW", of.zh_tw);
    match option(of.name) {
        Some(option) => command.add_option(option),
        None => command,
    }
}

fn option(name: &str) -> Option<CreateCommandOption> {
    let text = |name: &str, en: &str, zh_cn: &str, zh_tw: &str| {
        CreateCommandOption::new(CommandOptionType::String, name, en)
            .description_localized("zh-CN", zh_cn)
            .description_localized("zh-TW", zh_tw)
    };
    match name {
        "search" => {
            let option = text(
                "words",
                "What it is about, or an error code",
                "问题描述或错误代码",
                "問題描述或錯誤代碼",
            );
            Some(option.required(true).max_length(500).set_autocomplete(true))
        }
        "status" => {
            let option = text(
                "number",
                "The ticket's number, such as FL-1024",
                "工单号,例如 FL-1024",
                "工單號,例如 FL-1024",
            );
            Some(option.required(false).max_length(20))
        }
        "lang" => {
            let option = text("language", "The language to speak", "使用的语言", "使用的語言");
            Some(option.required(false).add_string_choice("中文", "zh-CN").add_string_choice("English", "en"))
        }
        _ => None,
    }
}

/// A command as the same words somebody would have typed: `/status FL-1024`.
pub(super) fn as_words(name: &str, values: &[String]) -> String {
    let words: Vec<&str> = values.iter().map(|v| v.trim()).filter(|v| !v.is_empty()).collect();
    if words.is_empty() { format!("/{name}") } else { format!("/{name} {}", words.join(" ")) }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn every_command_keeps_discords_limits() {
        for of in &COMMANDS {
            let json: Value = serde_json::to_value(command(of)).unwrap();
            assert!((1..=100).contains(&json["description"].as_str().unwrap().chars().count()));
            assert_eq!(json["description_localizations"].as_object().unwrap().len(), 2);
        }
        assert_eq!(as_words("status", &["FL-1024".into()]), "/status FL-1024");
        assert_eq!(as_words("start", &[]), "/start");
    }
}
