//! Forms with files: fields as text, files into the store.
use std::collections::HashMap;

use axum::extract::Multipart;
use axum::extract::multipart::Field;
use bytes::{Bytes, BytesMut};
use firstline_core::files::{FileOffer, MAX_BYTES, clean_name};

use super::PageError;
use crate::App;

/// The most files taken in one message.
pub const MAX_FILES: usize = 5;

/// The largest body of such a form: its files are held in memory until they are stored.
pub const MAX_BODY: usize = 2 * MAX_BYTES as usize;

#[derive(Debug, Default)]
pub struct Form {
    pub fields: HashMap<String, String>,
    pub files: Vec<FileOffer>,
}

impl Form {
    /// A field without the space around it; empty where it is missing.
    pub fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", |v| v.trim())
    }
}

/// Reads the form and stores its files. Too many or too large ones are refused as a whole, so that
/// nobody believes a file arrived that did not.
pub async fn read(app: &App, mut parts: Multipart) -> Result<Form, PageError> {
    let mut form = Form::default();
    while let Some(field) = parts.next_field().await.map_err(|e| refused(e.status()))? {
        let name = field.name().unwrap_or_default().to_owned();
        match field.file_name().map(clean_name) {
            None => {
                let text = field.text().await.map_err(|e| refused(e.status()))?;
                form.fields.insert(name, text);
            }
            Some(file_name) => {
                let mime = field.content_type().unwrap_or("application/octet-stream").to_owned();
                let body = within_limit(field).await?;
                // A file field left empty arrives as a file without bytes.
                if body.is_empty() {
                    continue;
                }
                if form.files.len() == MAX_FILES {
                    return Err(PageError::TooLarge);
                }
                form.files.push(store(app, file_name, mime, body).await?);
            }
        }
    }
    Ok(form)
}

async fn within_limit(mut field: Field<'_>) -> Result<Bytes, PageError> {
    let mut body = BytesMut::new();
    while let Some(chunk) = field.chunk().await.map_err(|e| refused(e.status()))? {
        if (body.len() + chunk.len()) as u64 > MAX_BYTES {
            return Err(PageError::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

async fn store(app: &App, name: String, mime: String, body: Bytes) -> Result<FileOffer, PageError> {
    let size = body.len() as u64;
    let sha256 = app.desk.files.put(body).await?;
    Ok(FileOffer { name, mime, size, sha256: Some(sha256), source: serde_json::Value::Null })
}

fn refused(status: axum::http::StatusCode) -> PageError {
    if status == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
        PageError::TooLarge
    } else {
        PageError::BadRequest
    }
}
