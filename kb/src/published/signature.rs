//! Signatures that come beside files: `patch.zip.minisig` signs the hosted `patch.zip`.
use firstline_core::files::Files;
use firstline_core::store::Db;
use firstline_core::{Result, on};

use super::inspect::{Flaw, FlawKind};
use super::{FileState, HostedFile, set_signature};
use crate::genuine::{PublicKey, minisign};

/// The name of the file that `name` signs.
pub fn signs(name: &str) -> Option<&str> {
    name.strip_suffix(".minisig").filter(|signed| !signed.is_empty())
}

/// Keeps a signature with the hosted file it belongs to. With a key it must be the vendor's and of that file's bytes;
/// without one only its form is checked, and nothing that is out already gets another signature.
pub async fn attach(
    db: &Db,
    files: &Files,
    key: Option<&PublicKey>,
    signed: &str,
    text: &str,
) -> Result<std::result::Result<HostedFile, Flaw>> {
    let named: Vec<HostedFile> = on!(db, p => sqlx::query_as(
        "select * from kb_file where name = $1 and state <> 'withdrawn' order by created_at desc, id desc limit 20")
        .bind(signed).fetch_all(p).await)?;
    if named.is_empty() {
        return Ok(Err(Flaw::new(FlawKind::Unsigned, signed, "send the file itself first")));
    }
    for file in named {
        let fits = match key {
            Some(key) => verified(files, key, &file, text).await?,
            None => {
                minisign::looks_right(text) && (file.state == FileState::Draft || file.signature.is_none())
            }
        };
        if fits {
            set_signature(db, &file.id, text).await?;
            return Ok(Ok(file));
        }
    }
    Ok(Err(Flaw::new(
        FlawKind::Signature,
        signed,
        "not a prehashed minisign signature of these bytes by the release key",
    )))
}

async fn verified(files: &Files, key: &PublicKey, file: &HostedFile, text: &str) -> Result<bool> {
    let path = files.path(&file.sha256)?;
    let (key, text, signed) = (key.clone(), text.to_owned(), file.name.clone());
    let checked = tokio::task::spawn_blocking(move || {
        let hash = std::fs::File::open(&path).and_then(minisign::prehash)?;
        Ok::<_, std::io::Error>(minisign::verify(&key, &hash, &signed, &text).is_ok())
    });
    Ok(matches!(checked.await, Ok(Ok(true))))
}
