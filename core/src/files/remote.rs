//! Files in an S3-compatible store. What comes in is hashed on this machine's disk first and sent from there.
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::path::Path as Place;
use object_store::signer::{SignedUrlOptions, Signer};
use object_store::{GetOptions, GetRange, ObjectStore, ObjectStoreExt, WriteMultipart};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::Files;
use crate::{Error, Result};

/// What is sent at a time; S3 takes no smaller parts but the last, in bytes.
const PART: usize = 8 * 1024 * 1024;
/// Parts on their way at once.
const PARTS: usize = 2;
/// How long a signed address works: long enough to begin, and a download that began goes on.
const SIGNED_FOR: Duration = Duration::from_secs(15 * 60);

/// Where the store is and how it knows us.
#[derive(Clone)]
pub struct S3 {
    /// `https://s3.eu-central-1.amazonaws.com`, `http://127.0.0.1:9000`
    pub endpoint: String,
    pub bucket: String,
    pub region: String,
    pub key_id: String,
    pub secret: String,
    /// Customers may be sent to the store with signed addresses.
    pub redirect: bool,
}

/// Cheap to clone.
#[derive(Clone)]
pub struct Remote {
    store: Arc<AmazonS3>,
    redirect: bool,
}

impl Files {
    /// An S3-compatible store; `folder` holds what is on its way.
    pub fn s3(folder: &Path, s3: &S3) -> Result<Files> {
        std::fs::create_dir_all(folder)
            .map_err(|e| Error::Config(format!("file folder {}: {e}", folder.display())))?;
        // Fails when there is one already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let store = AmazonS3Builder::new()
            .with_endpoint(&s3.endpoint)
            .with_bucket_name(&s3.bucket)
            .with_region(&s3.region)
            .with_access_key_id(&s3.key_id)
            .with_secret_access_key(&s3.secret)
            .with_allow_http(s3.endpoint.starts_with("http:"))
            .build()
            .map_err(|e| Error::Config(format!("the S3 store: {e}")))?;
        let store = Arc::new(store);
        let remote = Remote { store: store.clone(), redirect: s3.redirect };
        Ok(Files { store, folder: folder.into(), remote: Some(remote) })
    }
}

impl Remote {
    /// Sends a file. In parts it appears whole or not at all.
    pub(super) async fn send(&self, from: &Path, to: &Place, size: u64) -> Result<()> {
        let mut file = tokio::fs::File::open(from).await.map_err(|e| unreadable(from, &e))?;
        if size <= PART as u64 {
            let mut bytes = Vec::with_capacity(size as usize);
            file.read_to_end(&mut bytes).await.map_err(|e| unreadable(from, &e))?;
            self.store.put(to, bytes.into()).await?;
            return Ok(());
        }
        let mut parts = WriteMultipart::new_with_chunk_size(self.store.put_multipart(to).await?, PART);
        let mut chunk = vec![0; 1024 * 1024];
        loop {
            match file.read(&mut chunk).await {
                Ok(0) => break,
                Ok(read) => {
                    parts.wait_for_capacity(PARTS).await?;
                    parts.write(&chunk[..read]);
                }
                Err(error) => {
                    parts.abort().await?;
                    return Err(unreadable(from, &error));
                }
            }
        }
        parts.finish().await?;
        Ok(())
    }

    pub(super) async fn size(&self, place: &Place) -> Result<u64> {
        Ok(self.store.head(place).await.map_err(gone)?.size)
    }

    /// A part of the bytes as they come.
    pub async fn stream(&self, place: &Place, part: Range<u64>) -> Result<BoxStream<'static, Result<Bytes>>> {
        let options = GetOptions { range: Some(GetRange::Bounded(part)), ..GetOptions::default() };
        let got = self.store.get_opts(place, options).await.map_err(gone)?;
        Ok(got.into_stream().map_err(Error::from).boxed())
    }

    pub(super) async fn fetch(&self, place: &Place, to: &Path) -> Result<()> {
        let mut bytes = self.store.get(place).await.map_err(gone)?.into_stream();
        let mut file = tokio::fs::File::create(to).await.map_err(|e| unreadable(to, &e))?;
        while let Some(chunk) = bytes.try_next().await? {
            file.write_all(&chunk).await.map_err(|e| unreadable(to, &e))?;
        }
        file.flush().await.map_err(|e| unreadable(to, &e))
    }

    pub(super) async fn signed_url(
        &self,
        place: &Place,
        disposition: &str,
        media_type: &str,
    ) -> Result<Option<String>> {
        if !self.redirect {
            return Ok(None);
        }
        let options = SignedUrlOptions::new().with_query([
            ("response-content-disposition", disposition),
            ("response-content-type", media_type),
        ]);
        let url = self.store.signed_url_opts(reqwest_s3::Method::GET, place, SIGNED_FOR, &options).await?;
        Ok(Some(url.to_string()))
    }
}

fn gone(error: object_store::Error) -> Error {
    match error {
        object_store::Error::NotFound { path, .. } => Error::not_found("stored file", path),
        other => Error::Files(other),
    }
}

fn unreadable(path: &Path, error: &std::io::Error) -> Error {
    Error::Unavailable(format!("{}: {error}", path.display()))
}
