//! The whole catalogue as JSON manifests, one product a file or a few; import reads them back unchanged.
use std::path::Path;

use firstline_core::{Error, Result};
use serde_json::{Map, Value, json};

use super::Catalogue;
use super::model::{Audience, Release, State};

/// Releases in one file; a reader need not hold a hundred thousand at once.
const CHUNK: usize = 5000;

/// Writes everything to a folder and gives how many releases there were.
pub async fn export(catalogue: &Catalogue, folder: &Path) -> Result<usize> {
    let broken = |what: &Path, e: std::io::Error| Error::Unavailable(format!("{}: {e}", what.display()));
    std::fs::create_dir_all(folder).map_err(|e| broken(folder, e))?;
    let mut count = 0;
    for product in catalogue.products().await? {
        let releases = catalogue.whole(&product.key).await?;
        count += releases.len();
        let mut chunks: Vec<&[Release]> = releases.chunks(CHUNK).collect();
        if chunks.is_empty() {
            chunks.push(&[]);
        }
        for (n, chunk) in chunks.iter().enumerate() {
            let name =
                if n == 0 { format!("{}.json", product.key) } else { format!("{}.{n}.json", product.key) };
            let entries: Vec<Value> = chunk.iter().map(entry).collect::<Result<_>>()?;
            let manifest = if n == 0 {
                json!({ "product": [product], "release": entries })
            } else {
                json!({ "release": entries })
            };
            let path = folder.join(name);
            let text = serde_json::to_vec_pretty(&manifest)
                .map_err(|e| Error::invalid("catalogue", e.to_string()))?;
            std::fs::write(&path, text).map_err(|e| broken(&path, e))?;
        }
    }
    Ok(count)
}

fn entry(release: &Release) -> Result<Value> {
    let value = serde_json::to_value(&release.draft).map_err(|e| Error::invalid("release", e.to_string()))?;
    let Value::Object(mut map) = value else { return Ok(Value::Object(Map::new())) };
    map.insert("state".into(), release.state.as_str().into());
    if release.audience != Audience::Everyone {
        map.insert("audience".into(), release.audience.as_str().into());
        map.insert("chosen".into(), json!(release.chosen));
    }
    if let Some(at) = release.published_at {
        map.insert("published_at".into(), json!(at));
    }
    if release.state == State::Withdrawn {
        map.insert("withdrawn_at".into(), json!(release.withdrawn_at));
        map.insert("reason".into(), json!(release.reason));
    }
    Ok(Value::Object(map))
}
