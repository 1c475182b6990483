//! A complete upload is looked over by a process of its own and becomes a hosted draft, or is refused with the
//! reason. Beginning twice, dying and beginning again give the same.
use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use firstline_core::Error;
use firstline_kb::genuine::minisign;
use firstline_kb::published::inspect::{Flaw, FlawKind, Looked};
use firstline_kb::published::signature;
use firstline_kb::published::upload::{self, Upload};

use super::busy::Busy;
use super::receive::remove;
use crate::App;
use crate::extraction;

/// No signature file is longer, in bytes.
const MOST_SIGNATURE: i64 = 8 * 1024;

/// Whoever finishes an upload, until it is dropped: also when finishing panics.
struct Finishing {
    busy: Arc<Busy>,
    id: String,
}

impl Drop for Finishing {
    fn drop(&mut self) {
        self.busy.finished(&self.id);
    }
}

/// Begins, unless somebody is at it already.
pub fn begin(app: &App, busy: &Arc<Busy>, upload: &Upload) {
    if !busy.finish(&upload.id) {
        return;
    }
    let finishing = Finishing { busy: busy.clone(), id: upload.id.clone() };
    let (app, upload) = (app.clone(), upload.clone());
    tokio::spawn(async move {
        let _finishing = finishing;
        if let Err(error) = finish(&app, &upload).await {
            // Still open: the page asks again, and with that it is tried again.
            tracing::warn!(%error, upload = upload.id, "an upload could not be finished");
        }
    });
}

async fn finish(app: &App, upload: &Upload) -> Result<()> {
    let (db, files, clock) = (&app.desk.db, &app.desk.files, &app.desk.clock);
    let place = files.incoming(&upload.place()).await?;
    let beside = files.incoming(&format!("looked-{}", clock.id())).await?;
    let looked = match extraction::inspection(&place, &upload.name, &beside).await? {
        Ok(looked) => looked,
        Err(flaw) => return refuse(app, upload, &flaw).await,
    };
    if let Some(signed) = signature::signs(&upload.name) {
        return sign(app, upload, signed, &place, &looked).await;
    }
    match upload::accept(db, files, clock, upload, &place, &looked).await {
        Ok(_) => Ok(()),
        Err(Error::Conflict(why)) => refuse(app, upload, &Flaw::new(FlawKind::Withdrawn, "", why)).await,
        Err(error) => Err(error.into()),
    }
}

async fn refuse(app: &App, upload: &Upload, flaw: &Flaw) -> Result<()> {
    upload::refuse(&app.desk.db, &app.desk.clock, &upload.id, flaw).await?;
    Ok(remove(app, upload).await?)
}

async fn sign(app: &App, upload: &Upload, signed: &str, place: &Path, looked: &Looked) -> Result<()> {
    if upload.size > MOST_SIGNATURE {
        return refuse(app, upload, &Flaw::new(FlawKind::Signature, "", "longer than any signature")).await;
    }
    let Ok(text) = String::from_utf8(tokio::fs::read(place).await?) else {
        return refuse(app, upload, &Flaw::new(FlawKind::Signature, "", "no UTF-8 text")).await;
    };
    let key = app.config.release_key.as_deref().and_then(minisign::public_key);
    let (db, files, clock) = (&app.desk.db, &app.desk.files, &app.desk.clock);
    match signature::attach(db, files, key.as_ref(), signed, &text).await? {
        Err(flaw) => refuse(app, upload, &flaw).await,
        Ok(file) => {
            upload::settle(db, clock, &upload.id, &file.id, looked).await?;
            Ok(remove(app, upload).await?)
        }
    }
}
