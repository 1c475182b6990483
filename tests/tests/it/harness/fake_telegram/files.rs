//! Files of both sides: uploads kept, getFile with its limit, downloads.
use axum::body::Bytes;
use serde_json::{Value, json};

use super::api_error::{ApiError, ApiResult};
use super::state::{Shared, State};
use crate::harness::uploads::{Body, Upload};

/// The largest file a bot may download.
pub const DOWNLOAD_LIMIT: u64 = 20 * 1024 * 1024;
const PHOTO_LIMIT: usize = 10 * 1024 * 1024;
const DOCUMENT_LIMIT: usize = 50 * 1024 * 1024;

pub struct StoredFile {
    pub path: String,
    pub upload: Upload,
    /// As the server tells it; larger than the bytes kept where a test plays a huge file.
    pub size: u64,
    /// Download addresses end after an hour; a test may end them at once.
    pub expired: bool,
}

/// Keeps a file and returns the object that goes into the message.
pub fn store(state: &mut State, kind: &str, upload: &Upload) -> Value {
    store_sized(state, kind, upload, upload.bytes.len() as u64)
}

pub fn store_sized(state: &mut State, kind: &str, upload: &Upload, size: u64) -> Value {
    let number = state.next_id();
    let folder = if kind == "photo" { "photos" } else { "documents" };
    let ending = upload.name.rsplit_once('.').map_or("bin", |(_, ending)| ending);
    let path = format!("{folder}/file_{number}.{ending}");
    let file_id = format!("FILE-{kind}-{number}");
    state.files.insert(file_id.clone(), StoredFile { path, upload: upload.clone(), size, expired: false });
    let unique = format!("U{number}");
    if kind != "photo" {
        return json!({"file_id": file_id, "file_unique_id": unique, "file_name": upload.name, "mime_type": upload.mime, "file_size": size});
    }
    // A photo is a list of sizes, smallest first; the thumbnail has an id of its own.
    let thumbnail = format!("FILE-thumbnail-{number}");
    let stored = StoredFile {
        path: format!("thumbnails/file_{number}.jpg"),
        upload: upload.clone(),
        size,
        expired: false,
    };
    state.files.insert(thumbnail.clone(), stored);
    json!([
        {"file_id": thumbnail, "file_unique_id": format!("T{number}"), "width": 90, "height": 67, "file_size": size.min(1200)},
        {"file_id": file_id, "file_unique_id": unique, "width": 1280, "height": 960, "file_size": size},
    ])
}

/// The file a sendPhoto or sendDocument carries: in a part of its own name, by `attach://`, or by a known id.
pub fn uploaded(state: &State, body: &Body, kind: &str) -> Result<Upload, ApiError> {
    let reference = body.text(kind).unwrap_or_default();
    let part = reference.strip_prefix("attach://").unwrap_or(kind);
    let upload = body.files.iter().find(|file| file.field == part).cloned();
    let upload = upload.or_else(|| state.files.get(&reference).map(|file| file.upload.clone()));
    let upload = upload.ok_or_else(|| match reference.is_empty() {
        true => ApiError::bad_request(format!("there is no {kind} in the request")),
        false => ApiError::bad_request("wrong file identifier/HTTP URL specified"),
    })?;
    let limit = if kind == "photo" { PHOTO_LIMIT } else { DOCUMENT_LIMIT };
    if upload.bytes.len() > limit {
        return Err(ApiError::new(413, "Request Entity Too Large"));
    }
    if upload.bytes.is_empty() {
        return Err(ApiError::bad_request("file must be non-empty"));
    }
    Ok(upload)
}

pub fn get_file(shared: &Shared, body: &Body) -> ApiResult {
    let file_id = body.text("file_id").unwrap_or_default();
    let state = shared.look();
    let file = state.files.get(&file_id);
    let file =
        file.ok_or_else(|| ApiError::bad_request("wrong file_id or the file is temporarily unavailable"))?;
    if file.size > DOWNLOAD_LIMIT {
        return Err(ApiError::bad_request("file is too big"));
    }
    Ok(
        json!({"file_id": file_id, "file_unique_id": format!("U-{file_id}"), "file_size": file.size, "file_path": file.path}),
    )
}

pub fn download(shared: &Shared, path: &str) -> Option<Bytes> {
    let state = shared.look();
    let file = state.files.values().find(|file| file.path == path && !file.expired)?;
    Some(file.upload.bytes.clone())
}
