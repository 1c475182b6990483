//! Parsing requests: JSON bodies and query strings, with refusals that name the field.
use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::header::{ACCEPT_LANGUAGE, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;

use super::problem::Problem;

/// A JSON body, parsed, and its bytes for the idempotency hash.
pub struct Body<T> {
    pub value: T,
    pub bytes: Bytes,
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Body<T>, Problem> {
        if !is_json(request.headers()) {
            let detail = "send the body as JSON with Content-Type: application/json";
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail));
        }
        let bytes =
            Bytes::from_request(request, state).await.map_err(|e| Problem::new(e.status(), e.body_text()))?;
        if has_nul(&bytes) {
            return Err(Problem::invalid("body", "must not contain the character U+0000"));
        }
        let Json(value) = Json::from_bytes(&bytes).map_err(|e| refusal(e.status(), &e.body_text()))?;
        Ok(Body { value, bytes })
    }
}

/// A query string; unknown parameters are refused, so that a slip of the finger is noticed.
pub struct Params<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Params<T>, Problem> {
        match Query::try_from_uri(&parts.uri) {
            Ok(Query(value)) => Ok(Params(value)),
            Err(e) => Err(refusal(StatusCode::UNPROCESSABLE_ENTITY, &e.body_text())),
        }
    }
}

/// The one variable part of the path, decoded.
pub struct Segment(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Segment {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Segment, Problem> {
        match Path::from_request_parts(parts, state).await {
            Ok(Path(text)) => Ok(Segment(text)),
            Err(e) => Err(Problem::new(e.status(), e.body_text())),
        }
    }
}

/// The language of texts in an answer, from `Accept-Language`: Chinese when it is asked for first, else English.
pub struct AnswerLang(pub &'static str);

impl<S: Send + Sync> FromRequestParts<S> for AnswerLang {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<AnswerLang, Self::Rejection> {
        let wanted = parts.headers.get(ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let chinese = wanted.trim_start().to_ascii_lowercase().starts_with("zh");
        Ok(AnswerLang(if chinese { "zh-CN" } else { "en" }))
    }
}

/// A tag of Chinese or English, with or without script and region, as the tag articles have.
pub fn lang_tag(lang: &str) -> Result<&'static str, Problem> {
    let known = firstline_kb::language::canonical(lang);
    known.ok_or_else(|| {
        Problem::invalid("lang", "must be zh or en, with or without a script or region: zh-TW")
    })
}

/// Refuses a text longer than `max` characters.
pub fn at_most(field: &str, text: Option<&str>, max: usize) -> Result<(), Problem> {
    match text.map(|t| t.chars().count()) {
        Some(n) if n > max => {
            Err(Problem::invalid(field, format!("has {n} characters, at most {max} are taken")))
        }
        _ => Ok(()),
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let value = headers.get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let media = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    media == "application/json" || (media.starts_with("application/") && media.ends_with("+json"))
}

/// Whether a JSON text holds the escape of U+0000, which PostgreSQL cannot store (a raw one is no JSON).
fn has_nul(json: &[u8]) -> bool {
    let escape = b"\\u0000";
    json.windows(escape.len()).enumerate().any(|(at, window)| {
        let slashes = json[..at].iter().rev().take_while(|b| **b == b'\\').count();
        window == escape && slashes % 2 == 0
    })
}

/// axum's text is "Failed to deserialize …: field: reason" or "…: unknown field `x`, …".
fn refusal(status: StatusCode, text: &str) -> Problem {
    let reason = text.split_once(": ").map_or(text, |(_, rest)| rest);
    let (field, reason) = field_of(reason);
    let reason = reason.split(" at line ").next().unwrap_or(reason);
    match field {
        Some(field) => Problem::new(status, format!("{field}: {reason}")).with_error(field, reason),
        None => Problem::new(status, reason),
    }
}

fn field_of(reason: &str) -> (Option<String>, &str) {
    let quoted = |after: &str| {
        let rest = reason.split_once(after)?.1;
        rest.split_once('`').map(|(name, _)| name.to_owned())
    };
    let path = reason.split_once(": ").filter(|(head, _)| is_path(head));
    let named =
        ["unknown field `", "missing field `", "duplicate field `"].iter().find_map(|words| quoted(words));
    let rest = path.map_or(reason, |(_, rest)| rest);
    match (path, named) {
        // `customer: missing field `email`` is about `customer.email`.
        (Some((head, _)), Some(name))
            if head != name && head != "." && !head.ends_with(&format!(".{name}")) =>
        {
            (Some(format!("{head}.{name}")), rest)
        }
        (Some((".", _)) | None, Some(name)) => (Some(name), rest),
        (Some((head, _)), _) if head != "." => (Some(head.to_owned()), rest),
        _ => (None, rest),
    }
}

fn is_path(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'[' | b']'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Outer {
        #[expect(dead_code, reason = "only parsed")]
        title: String,
        #[expect(dead_code, reason = "only parsed")]
        inner: Option<Inner>,
    }

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        #[expect(dead_code, reason = "only parsed")]
        email: String,
    }

    fn field(json: &str) -> Option<String> {
        let e = Json::<Outer>::from_bytes(json.as_bytes()).unwrap_err();
        let reason = e.body_text();
        field_of(reason.split_once(": ").unwrap().1).0
    }

    #[test]
    fn a_refusal_names_the_field() {
        assert_eq!(field(r#"{"titel": "x"}"#).as_deref(), Some("titel"));
        assert_eq!(field(r#"{}"#).as_deref(), Some("title"));
        assert_eq!(field(r#"{"title": 5}"#).as_deref(), Some("title"));
        assert_eq!(field(r#"{"title": "x", "inner": {}}"#).as_deref(), Some("inner.email"));
        assert_eq!(field(r#"{"title": "x", "inner": {"mail": 1}}"#).as_deref(), Some("inner.mail"));
        assert_eq!(field(r#"{"title": "x", "inner": {"email": 1}}"#).as_deref(), Some("inner.email"));
    }

    #[test]
    fn finds_the_escape_that_cannot_be_stored_and_not_the_words_for_it() {
        assert!(has_nul(br#"{"a": "x\u0000"}"#));
        assert!(has_nul(br#"{"a": "\\\u0000"}"#));
        assert!(!has_nul(br#"{"a": "\\u0000"}"#));
    }
}
