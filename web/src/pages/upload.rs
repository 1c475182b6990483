//! Forms with files: everything is read and looked at first, and only then do files go to the store.
use std::collections::HashMap;
use std::time::Duration;

use axum::extract::Multipart;
use axum::extract::multipart::{Field, MultipartError};
use axum::http::StatusCode;
use bytes::{Bytes, BytesMut};
use firstline_core::files::{FileOffer, MAX_BYTES, clean_name};

use super::PageError;
use crate::App;

/// The most files taken in one message.
pub const MAX_FILES: usize = 5;

/// The largest body of such a form: its files are held in memory until they are stored.
pub const MAX_BODY: usize = 2 * MAX_BYTES as usize;

/// The largest body of a form without files; 8000 characters fit however they are escaped.
pub const SMALL_BODY: usize = 128 * 1024;

/// A line that brings nothing for so long is broken.
const SILENCE: Duration = Duration::from_secs(60);
/// Longer names of types than this are made up.
const MAX_MIME: usize = 127;

#[derive(Debug, Default)]
pub struct Form {
    pub fields: HashMap<String, String>,
    pub files: Vec<Sent>,
}

/// A file as it came, not yet stored.
#[derive(Debug)]
pub struct Sent {
    name: String,
    mime: String,
    body: Bytes,
}

impl Form {
    /// A field without the space around it; empty where it is missing.
    pub fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", |v| v.trim())
    }

    /// The id the page made for this form.
    pub fn id(&self) -> Result<&str, PageError> {
        Some(self.field("id")).filter(|id| id_fits(id)).ok_or(PageError::BadRequest)
    }

    /// Nothing was written and nothing chosen.
    pub fn says_nothing(&self) -> bool {
        self.field("text").is_empty() && self.files.is_empty()
    }

    /// The first file's name and bytes, for what is read and not kept.
    pub fn first_file(&self) -> Option<(&str, &Bytes)> {
        self.files.first().map(|f| (f.name.as_str(), &f.body))
    }

    /// Stores the files; call it when the rest of the form is known to be right.
    pub async fn store(&mut self, app: &App) -> Result<Vec<FileOffer>, PageError> {
        let mut offers = Vec::new();
        for file in std::mem::take(&mut self.files) {
            let size = file.body.len() as u64;
            let sha256 = Some(app.desk.files.put(file.body).await?);
            let (name, mime) = (file.name, file.mime);
            offers.push(FileOffer { name, mime, size, sha256, source: serde_json::Value::Null });
        }
        Ok(offers)
    }
}

/// Whether a page can have made this id: the same id twice is the same message.
pub fn id_fits(id: &str) -> bool {
    (8..=40).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

/// Reads the form. Too many or too large files are refused as a whole, so that nobody believes a file
/// arrived that did not.
pub async fn read(mut parts: Multipart) -> Result<Form, PageError> {
    let mut form = Form::default();
    while let Some(field) = soon(parts.next_field()).await? {
        let name = field.name().unwrap_or_default().to_owned();
        let Some(file_name) = field.file_name().map(clean_name) else {
            form.fields.insert(name, soon(field.text()).await?);
            continue;
        };
        let mime = field.content_type().filter(|m| m.len() <= MAX_MIME);
        let mime = mime.unwrap_or("application/octet-stream").to_owned();
        let body = within_limit(field).await?;
        // A file field left empty arrives as a file without bytes.
        if body.is_empty() {
            continue;
        }
        if form.files.len() == MAX_FILES {
            return Err(PageError::TooLarge);
        }
        form.files.push(Sent { name: file_name, mime, body });
    }
    Ok(form)
}

async fn within_limit(mut field: Field<'_>) -> Result<Bytes, PageError> {
    let mut body = BytesMut::new();
    while let Some(chunk) = soon(field.chunk()).await? {
        if (body.len() + chunk.len()) as u64 > MAX_BYTES {
            return Err(PageError::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

/// The next part of the form, if it comes before the line counts as broken.
async fn soon<T>(part: impl Future<Output = Result<T, MultipartError>>) -> Result<T, PageError> {
    match tokio::time::timeout(SILENCE, part).await {
        Ok(Ok(part)) => Ok(part),
        Ok(Err(error)) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => Err(PageError::TooLarge),
        Ok(Err(_)) | Err(_) => Err(PageError::BadRequest),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_without_an_id_of_ours_is_refused() {
        let with = |id: &str| Form { fields: HashMap::from([("id".into(), id.into())]), files: Vec::new() };
        assert_eq!(with("0123456789abcdef").id(), Ok("0123456789abcdef"));
        for id in ["", "short", "has spaces inside", &"x".repeat(41)] {
            assert_eq!(with(id).id(), Err(PageError::BadRequest), "{id}");
        }
        assert_eq!(Form::default().id(), Err(PageError::BadRequest));
    }
}
