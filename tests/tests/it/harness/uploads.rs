//! Request bodies as platforms receive them: JSON, urlencoded or multipart, read into fields and files.
use axum::body::Bytes;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header::CONTENT_TYPE;
use serde_json::{Map, Value};

/// A file of a multipart body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    pub field: String,
    pub name: String,
    pub mime: String,
    pub bytes: Bytes,
}

/// The fields of a body, whatever its form, and the files with it.
#[derive(Clone, Debug, Default)]
pub struct Body {
    /// The whole JSON value, for bodies that are not an object (Discord's command list).
    pub json: Value,
    pub fields: Map<String, Value>,
    pub files: Vec<Upload>,
}

impl Body {
    /// Reads query and body. An unreadable body is an error text.
    pub async fn read(request: Request) -> Result<Self, String> {
        let mut body = Self::default();
        if let Some(query) = request.uri().query() {
            body.add_pairs(query.as_bytes());
        }
        let kind =
            request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if kind.starts_with("multipart/form-data") {
            body.read_multipart(request).await?;
        } else if kind.starts_with("application/x-www-form-urlencoded") {
            let bytes = Bytes::from_request(request, &()).await.map_err(|error| error.to_string())?;
            body.add_pairs(&bytes);
        } else {
            let bytes = Bytes::from_request(request, &()).await.map_err(|error| error.to_string())?;
            if !bytes.is_empty() {
                body.json = serde_json::from_slice(&bytes).map_err(|error| error.to_string())?;
            }
            if let Value::Object(fields) = &body.json {
                body.fields.extend(fields.clone());
            }
        }
        Ok(body)
    }

    fn add_pairs(&mut self, encoded: &[u8]) {
        for (name, value) in url::form_urlencoded::parse(encoded) {
            self.fields.insert(name.into_owned(), Value::String(value.into_owned()));
        }
    }

    async fn read_multipart(&mut self, request: Request) -> Result<(), String> {
        let mut parts = Multipart::from_request(request, &()).await.map_err(|error| error.to_string())?;
        while let Some(part) = parts.next_field().await.map_err(|error| error.to_string())? {
            let field = part.name().unwrap_or_default().to_owned();
            let mime = part.content_type().unwrap_or("application/octet-stream").to_owned();
            let name = part.file_name().map(str::to_owned);
            let bytes = part.bytes().await.map_err(|error| error.to_string())?;
            match name {
                Some(name) => self.files.push(Upload { field, name, mime, bytes }),
                None => {
                    let text = String::from_utf8(bytes.to_vec()).map_err(|error| error.to_string())?;
                    self.fields.insert(field, Value::String(text));
                }
            }
        }
        Ok(())
    }

    /// A number, given as a number or as text.
    pub fn integer(&self, name: &str) -> Option<i64> {
        match self.fields.get(name)? {
            Value::Number(number) => number.as_i64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    pub fn text(&self, name: &str) -> Option<String> {
        match self.fields.get(name)? {
            Value::Null => None,
            Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        }
    }

    /// A boolean, given as such or as the texts the Bot API accepts.
    pub fn flag(&self, name: &str) -> bool {
        match self.fields.get(name) {
            Some(Value::Bool(value)) => *value,
            Some(Value::String(text)) => matches!(text.to_lowercase().as_str(), "true" | "yes" | "1"),
            _ => false,
        }
    }

    /// An object or array, given as such or as JSON text. `Err` is text that is no JSON.
    pub fn structure(&self, name: &str) -> Result<Option<Value>, String> {
        match self.fields.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if text.is_empty() => Ok(None),
            Some(Value::String(text)) => {
                serde_json::from_str(text).map(Some).map_err(|error| error.to_string())
            }
            Some(other) => Ok(Some(other.clone())),
        }
    }
}
