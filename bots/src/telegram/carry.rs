//! Sending one part, and what Telegram's refusals mean.
use std::time::Duration;

use serde_json::{Value, json};

use super::Telegram;
use super::api::Failure;
use super::render;
use crate::sender::{Part, SendError, Shipment, TextPart};

const PATIENCE: Duration = Duration::from_secs(20);
/// While the token is refused, asking more often would not help.
const UNAUTHORIZED_MILLIS: i64 = 60_000;

/// In which form a text is tried.
#[derive(Clone, Copy, PartialEq)]
enum Form {
    Html,
    /// Our notation was refused.
    Plain,
    /// Our buttons were refused: their labels are written below.
    Bare,
}

impl Telegram {
    pub(super) async fn carry(&self, shipment: &Shipment<'_>) -> Result<String, SendError> {
        match self.carry_to(shipment.chat, shipment.part).await {
            // The group became a supergroup with another id: it is the same chat to everybody in it.
            Err(Failure::Refused { migrate_to: Some(chat), .. }) => {
                self.carry_to(&chat.to_string(), shipment.part).await.map_err(meaning)
            }
            other => other.map_err(meaning),
        }
    }

    async fn carry_to(&self, chat: &str, part: &Part) -> Result<String, Failure> {
        let answer = match part {
            Part::Text(text) => self.carry_text(chat, text).await?,
            Part::File(file) => self.carry_file(chat, file).await?,
        };
        Ok(answer["message_id"].as_i64().map_or_else(|| "unknown".into(), |id| id.to_string()))
    }

    async fn carry_text(&self, chat: &str, text: &TextPart) -> Result<Value, Failure> {
        let mut form = Form::Html;
        loop {
            let outcome = self.0.api.call("SendMessage", &body(chat, text, form), PATIENCE).await;
            match outcome {
                Err(failure) if simpler(form, &failure).is_some() => {
                    tracing::error!(%failure, "Telegram refuses our formatting; sending it plainer");
                    form = simpler(form, &failure).unwrap_or(Form::Bare);
                }
                other => return other,
            }
        }
    }
}

/// The next plainer form when this refusal is about form.
fn simpler(form: Form, failure: &Failure) -> Option<Form> {
    let Failure::Refused { code: 400, description, .. } = failure else { return None };
    let text = description.to_lowercase();
    let buttons = ["button", "keyboard", "reply markup"].iter().any(|word| text.contains(word));
    match form {
        Form::Html | Form::Plain if buttons => Some(Form::Bare),
        Form::Html if text.contains("entit") || text.contains("parse") || text.contains("tag") => {
            Some(Form::Plain)
        }
        _ => None,
    }
}

fn body(chat: &str, text: &TextPart, form: Form) -> Value {
    let chat: Value = chat.parse::<i64>().map_or_else(|_| json!(chat), |id| json!(id));
    let mut body = json!({ "chat_id": chat, "link_preview_options": { "is_disabled": true } });
    match form {
        Form::Html => {
            body["text"] = json!(text.markup);
            body["parse_mode"] = json!("HTML");
        }
        Form::Plain => body["text"] = json!(text.plain),
        Form::Bare => body["text"] = json!(with_labels(text)),
    }
    if let Some(keyboard) = render::keyboard(&text.rows).filter(|_| form != Form::Bare) {
        body["reply_markup"] = keyboard;
    }
    body
}

fn with_labels(text: &TextPart) -> String {
    let labels: Vec<String> = text
        .rows
        .iter()
        .flatten()
        .map(|b| b.url.as_ref().map_or_else(|| b.label.clone(), |url| format!("{}: {url}", b.label)))
        .collect();
    let all = format!("{}\n\n{}", text.plain, labels.join("\n"));
    // The words matter more than labels that would not fit.
    if crate::sender::layout::utf16(&all) <= 4096 { all } else { text.plain.clone() }
}

/// What a refusal means for the message and its chat.
pub(super) fn meaning(failure: Failure) -> SendError {
    let (code, description, retry_after) = match failure {
        Failure::Unreachable(text) => return SendError::Transient(text),
        Failure::Refused { code, description, retry_after, .. } => (code, description, retry_after),
    };
    if code == 429 {
        return SendError::RetryAfter {
            millis: retry_after.unwrap_or(1).clamp(1, 3600) * 1000,
            global: false,
        };
    }
    let lower = description.to_lowercase();
    let gone =
        ["chat not found", "peer_id_invalid", "user is deactivated", "chat was deleted", "user_id_invalid"];
    match code {
        403 => SendError::Blocked(description),
        400 if gone.iter().any(|text| lower.contains(text)) => SendError::Blocked(description),
        401 | 404 => {
            tracing::error!(description, "Telegram refuses the token; sending waits");
            SendError::RetryAfter { millis: UNAUTHORIZED_MILLIS, global: true }
        }
        409 => SendError::Transient(description),
        _ => SendError::Refused(format!("{code}: {description}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(code: i64, description: &str) -> Failure {
        Failure::Refused { code, description: description.into(), retry_after: Some(7), migrate_to: None }
    }

    #[test]
    fn refusals_are_told_apart() {
        let is = |code, text| meaning(refused(code, text));
        assert_eq!(is(429, "Too Many Requests"), SendError::RetryAfter { millis: 7000, global: false });
        assert!(matches!(is(403, "Forbidden: bot was blocked by the user"), SendError::Blocked(_)));
        assert!(matches!(is(400, "Bad Request: chat not found"), SendError::Blocked(_)));
        assert!(matches!(is(400, "Bad Request: message is too long"), SendError::Refused(_)));
        assert!(matches!(is(401, "Unauthorized"), SendError::RetryAfter { global: true, .. }));
        assert!(matches!(meaning(Failure::Unreachable("HTTP 502".into())), SendError::Transient(_)));
    }

    #[test]
    fn refused_formatting_becomes_plainer_and_never_loops() {
        let entities = refused(400, "Bad Request: can't parse entities: Unsupported start tag");
        assert!(simpler(Form::Html, &entities) == Some(Form::Plain));
        assert!(simpler(Form::Plain, &entities).is_none());
        let button = refused(400, "Bad Request: BUTTON_DATA_INVALID");
        assert!(simpler(Form::Html, &button) == Some(Form::Bare));
        assert!(simpler(Form::Bare, &button).is_none());
    }
}
