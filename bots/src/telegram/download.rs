//! Copying the bytes of a file somebody sent: `getFile`, then the download.
use std::time::Duration;

use bytes::Bytes;
use serde_json::{Value, json};

use super::Telegram;
use super::api::Failure;
use crate::sender::{FetchError, read_bounded};

const PATIENCE: Duration = Duration::from_secs(120);

impl Telegram {
    /// `source` is `{"file_id": …}`, which stays valid; the download path behind it does not.
    pub(super) async fn download(&self, source: &Value, limit: u64) -> Result<Bytes, FetchError> {
        let Some(file_id) = source["file_id"].as_str() else {
            return Err(FetchError::Gone("the attachment names no file_id".into()));
        };
        let file = self.0.api.call("GetFile", &json!({ "file_id": file_id }), Duration::from_secs(20)).await;
        let file = file.map_err(meaning)?;
        let path =
            file["file_path"].as_str().ok_or_else(|| FetchError::Transient("getFile gave no path".into()))?;
        // A path that ran out is of the moment, too: the next attempt asks for a new one.
        let response = self.0.api.open(path, PATIENCE).await;
        let response = response.map_err(|failure| FetchError::Transient(failure.to_string()))?;
        read_bounded(response, limit).await
    }
}

fn meaning(failure: Failure) -> FetchError {
    match &failure {
        Failure::Refused { code: 400, description, .. } if description.contains("too big") => {
            FetchError::TooLarge
        }
        Failure::Refused { code: 400 | 403, description, .. } => FetchError::Gone(description.clone()),
        Failure::Refused { .. } | Failure::Unreachable(_) => FetchError::Transient(failure.to_string()),
    }
}
