//! Sending a file: a picture as a photo, everything else as a document.
use std::time::Duration;

use bytes::Bytes;
use reqwest::multipart::{Form, Part};
use serde_json::Value;

use firstline_core::desk::NoticeFile;

use super::Telegram;
use super::api::Failure;

const PATIENCE: Duration = Duration::from_secs(120);
const PHOTO_LIMIT: i64 = 10 * 1024 * 1024;

impl Telegram {
    pub(super) async fn carry_file(&self, chat: &str, file: &NoticeFile) -> Result<Value, Failure> {
        let bytes = self.0.desk.files.get(&file.sha256).await.map_err(unreadable)?;
        let photo = matches!(file.mime.as_str(), "image/jpeg" | "image/png") && file.size <= PHOTO_LIMIT;
        if photo {
            match self.post_file("SendPhoto", "photo", chat, file, bytes.clone()).await {
                // Odd dimensions and the like: as a document it goes.
                Err(Failure::Refused { code: 400, description, .. }) if is_about_picture(&description) => {}
                other => return other,
            }
        }
        self.post_file("SendDocument", "document", chat, file, bytes).await
    }

    async fn post_file(
        &self,
        method: &str,
        field: &'static str,
        chat: &str,
        file: &NoticeFile,
        bytes: Bytes,
    ) -> Result<Value, Failure> {
        let form = Form::new().text("chat_id", chat.to_owned()).part(field, file_part(file, bytes));
        self.0.api.upload(method, form, PATIENCE).await
    }
}

/// The bytes under the file's name, with its media type where that is one.
fn file_part(file: &NoticeFile, bytes: Bytes) -> Part {
    let length = bytes.len() as u64;
    let part = || Part::stream_with_length(bytes.clone(), length).file_name(file.name.clone());
    part().mime_str(&file.mime).unwrap_or_else(|_| part())
}

fn is_about_picture(description: &str) -> bool {
    let text = description.to_lowercase();
    text.contains("photo") || text.contains("image")
}

/// The file store's faults are ours and of the moment; the message waits for them.
fn unreadable(error: firstline_core::Error) -> Failure {
    Failure::Unreachable(format!("the file cannot be read: {error}"))
}
