//! Attachments of both sides, served by the fake under links that can run out.
use axum::body::Bytes;
use axum::http::header::CONTENT_TYPE;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::state::{Shared, State};
use crate::harness::uploads::Upload;

pub struct StoredFile {
    pub mime: String,
    pub bytes: Bytes,
    /// Links are signed and end after a day; a test may end them at once.
    pub expired: bool,
}

/// Keeps files and returns the message's list of them.
pub fn store_all(state: &mut State, shared: &Shared, channel: u64, files: &[Upload]) -> Value {
    Value::Array(
        files.iter().map(|file| store(state, shared, channel, file, file.bytes.len() as u64)).collect(),
    )
}

/// Keeps one file under the size the platform shall tell.
pub fn store(state: &mut State, shared: &Shared, channel: u64, file: &Upload, size: u64) -> Value {
    let id = state.snowflake();
    // Discord keeps letters, digits, dot, dash and underscore of a name.
    let safe = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '_' };
    let name: String = file.name.chars().map(safe).collect();
    let path = format!("/attachments/{channel}/{id}/{name}");
    let stored = StoredFile { mime: file.mime.clone(), bytes: file.bytes.clone(), expired: false };
    state.files.insert(path.clone(), stored);
    let url = format!("{}{path}?ex=7fffffff&is=60000000&hm=00", shared.root);
    let mut attachment = json!({
        "id": id.to_string(), "filename": name, "title": file.name, "size": size, "url": url, "proxy_url": url,
        "content_type": file.mime,
    });
    if file.mime.starts_with("image/") {
        attachment["width"] = json!(1280);
        attachment["height"] = json!(960);
    }
    attachment
}

pub fn download(shared: &Shared, uri: &Uri) -> Response {
    let state = shared.look();
    // Without its signature a link is no link.
    let signed = uri.query().is_some_and(|query| query.contains("hm="));
    match state.files.get(uri.path()).filter(|file| signed && !file.expired) {
        Some(file) => ([(CONTENT_TYPE, file.mime.clone())], file.bytes.clone()).into_response(),
        None => (StatusCode::NOT_FOUND, "This content is no longer available.").into_response(),
    }
}
