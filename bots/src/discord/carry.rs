//! Sending one part: in place of an interaction's answer, behind it, or as a message of its own.
use reqwest::Method;
use serde_json::{Value, json};

use super::Discord;
use super::defer::Ack;
use super::render;
use super::rest::RestError;
use crate::sender::{Part, SendError, Shipment, TextPart};

mod file;

/// Do not unfold links; and only for its reader.
const NO_EMBEDS: u32 = 4;
const EPHEMERAL: u32 = 64;
/// Unknown webhook, unknown interaction, invalid webhook token, unknown message: too late to answer there.
const TOO_LATE: [i64; 4] = [10_015, 10_062, 50_027, 10_008];
/// Unknown channel, missing access, cannot send to this user, missing permissions.
const UNREACHABLE: [i64; 4] = [10_003, 50_001, 50_007, 50_013];

impl Discord {
    pub(super) async fn carry(&self, shipment: &Shipment<'_>) -> Result<String, SendError> {
        let answer = match shipment.ack.and_then(Ack::read) {
            Some(ack) => self.answer(&ack, shipment).await,
            None => self.post(shipment.chat, shipment).await,
        };
        let answer = answer.map_err(meaning)?;
        Ok(answer["id"].as_str().unwrap_or("unknown").to_owned())
    }

    /// Answers an interaction while its token lives; afterwards in the channel, or privately where
    /// nobody else should see it.
    async fn answer(&self, ack: &Ack, shipment: &Shipment<'_>) -> Result<Value, RestError> {
        self.0.deferrals.finished(&ack.token).await;
        let behind = format!("/webhooks/{}/{}", ack.application, ack.token);
        let outcome = if shipment.first && ack.edits_original {
            self.say(Method::PATCH, &format!("{behind}/messages/@original"), shipment, false).await
        } else if shipment.ephemeral || shipment.first {
            self.say(Method::POST, &behind, shipment, false).await
        } else {
            return self.post(shipment.chat, shipment).await;
        };
        match outcome {
            Err(RestError::Refused { code, .. }) if TOO_LATE.contains(&code) && shipment.ephemeral => {
                let chat = self.private_channel(&ack.user).await?;
                self.post(&chat, shipment).await
            }
            Err(RestError::Refused { code, .. }) if TOO_LATE.contains(&code) => {
                self.post(shipment.chat, shipment).await
            }
            other => other,
        }
    }

    async fn post(&self, channel: &str, shipment: &Shipment<'_>) -> Result<Value, RestError> {
        self.say(Method::POST, &format!("/channels/{channel}/messages"), shipment, true).await
    }

    async fn say(
        &self,
        method: Method,
        path: &str,
        shipment: &Shipment<'_>,
        ordinary: bool,
    ) -> Result<Value, RestError> {
        let text = match shipment.part {
            Part::File(file) => return self.carry_file(path, file, shipment, ordinary).await,
            Part::Text(text) => text,
        };
        let body = body(text, shipment, ordinary, false);
        match self.0.rest.send(method.clone(), path, &body).await {
            // Our form is refused: the words go without it.
            Err(RestError::Refused { status: 400, code: 50_035, message }) => {
                tracing::error!(message, "Discord refuses our formatting; sending it plain");
                self.0.rest.send(method, path, &self::body(text, shipment, ordinary, true)).await
            }
            other => other,
        }
    }
}

fn body(text: &TextPart, shipment: &Shipment<'_>, ordinary: bool, plain: bool) -> Value {
    let mut body = frame(shipment, ordinary);
    if plain {
        let labels: Vec<&str> = text.rows.iter().flatten().map(|b| b.label.as_str()).collect();
        let with_labels = format!("{}\n\n{}", text.plain, labels.join("\n"));
        let fits = crate::sender::layout::utf16(&with_labels) <= 2000;
        body["content"] = json!(if fits { with_labels.trim_end() } else { &text.plain });
    } else {
        body["content"] = json!(text.markup);
        if !text.rows.is_empty() {
            body["components"] = render::components(&text.rows);
        }
    }
    body
}

/// What every message has. A nonce makes a repeat harmless, which only ordinary messages know.
fn frame(shipment: &Shipment<'_>, ordinary: bool) -> Value {
    let mut body = json!({ "allowed_mentions": { "parse": [] }, "flags": NO_EMBEDS });
    if ordinary {
        body["nonce"] = json!(shipment.nonce);
        body["enforce_nonce"] = json!(true);
    } else if shipment.ephemeral {
        body["flags"] = json!(NO_EMBEDS | EPHEMERAL);
    }
    body
}

/// What a refusal means for the message and its chat.
pub(super) fn meaning(error: RestError) -> SendError {
    match error {
        RestError::Limited { millis, global } => SendError::RetryAfter { millis, global },
        RestError::Unreachable(text) => SendError::Transient(text),
        RestError::Refused { status: 401, message, .. } => {
            tracing::error!(message, "Discord refuses the token; sending waits");
            SendError::RetryAfter { millis: 60_000, global: true }
        }
        RestError::Refused { code, message, .. } if UNREACHABLE.contains(&code) => {
            SendError::Blocked(format!("{message} ({code})"))
        }
        RestError::Refused { status, code, message } => {
            SendError::Refused(format!("{status}/{code}: {message}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_are_told_apart() {
        let refused = |status, code| meaning(RestError::Refused { status, code, message: "no".into() });
        assert!(matches!(refused(403, 50_007), SendError::Blocked(_)));
        assert!(matches!(refused(404, 10_003), SendError::Blocked(_)));
        assert!(matches!(refused(400, 50_006), SendError::Refused(_)));
        assert!(matches!(refused(401, 0), SendError::RetryAfter { global: true, .. }));
        let limited = meaning(RestError::Limited { millis: 300, global: false });
        assert_eq!(limited, SendError::RetryAfter { millis: 300, global: false });
    }
}
