//! Sending a file; one that is larger than Discord takes becomes a link to our own site.
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use firstline_core::desk::NoticeFile;

use super::super::rest::RestError;
use super::super::{Discord, render};
use super::frame;
use crate::sender::Shipment;

/// What a bot may attach without a boosted guild.
const LIMIT: i64 = 10 * 1024 * 1024;

impl Discord {
    pub(super) async fn carry_file(
        &self,
        path: &str,
        file: &NoticeFile,
        shipment: &Shipment<'_>,
        ordinary: bool,
    ) -> Result<Value, RestError> {
        let mut body = frame(shipment, ordinary);
        if file.size > LIMIT {
            body["content"] = json!(format!("📎 {}\n{}", render::escape(&file.name), self.link(file)));
            return self.0.rest.send(reqwest::Method::POST, path, &body).await;
        }
        let bytes = self.0.desk.files.get(&file.sha256).await;
        let bytes = bytes.map_err(|e| RestError::Unreachable(format!("the file cannot be read: {e}")))?;
        let length = bytes.len() as u64;
        let part = || Part::stream_with_length(bytes.clone(), length).file_name(file.name.clone());
        let part = part().mime_str(&file.mime).unwrap_or_else(|_| part());
        body["attachments"] = json!([{ "id": 0, "filename": file.name }]);
        let form = Form::new().text("payload_json", body.to_string()).part("files[0]", part);
        self.0.rest.upload(path, form).await
    }

    fn link(&self, file: &NoticeFile) -> String {
        let links = &self.0.desk.links;
        let name: String = url::form_urlencoded::byte_serialize(file.name.as_bytes()).collect();
        let key = links.attachment_key(&file.attachment_id);
        links.page(&format!("/files/{}/{}?key={key}", file.attachment_id, name.replace('+', "%20")))
    }
}
