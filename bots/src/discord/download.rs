//! Copying the bytes of a file somebody sent. Addresses are signed and run out within a day.
use std::time::Duration;

use bytes::Bytes;
use serde_json::Value;

use super::Discord;
use crate::sender::{FetchError, explain, read_bounded};

const PATIENCE: Duration = Duration::from_secs(120);

impl Discord {
    /// `source` is `{"url": …}`; the address came from Discord's own gateway.
    pub(super) async fn download(&self, source: &Value, limit: u64) -> Result<Bytes, FetchError> {
        let Some(address) = source["url"].as_str() else {
            return Err(FetchError::Gone("the attachment names no address".into()));
        };
        let request = self.0.rest.client().get(address).timeout(PATIENCE);
        let response = request.send().await.map_err(|e| FetchError::Transient(explain(e)))?;
        match response.status().as_u16() {
            200..300 => read_bounded(response, limit).await,
            status @ (403 | 404 | 410) => {
                Err(FetchError::Gone(format!("HTTP {status}: the address has run out")))
            }
            status => Err(FetchError::Transient(format!("HTTP {status}"))),
        }
    }
}
