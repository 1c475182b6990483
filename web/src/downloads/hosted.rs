//! `GET|HEAD /downloads/{sha256 or id}/{file name}`: who may have which file, and what everybody else is told.
use askama::Template;
use axum::Extension;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{ConnectInfo, Path, Query, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use firstline_core::people;
use firstline_kb::published::{self, Asker, FileAccess, FileState, HostedFile, Link};
use serde::Deserialize;

use super::asker::asker;
use super::entity::{Entity, Sending, Way, send};
use super::tally::Account;
use crate::App;
use crate::pages::error::PageResult;
use crate::pages::page::html_with;
use crate::pages::{Page, PageError};
use crate::serve::wire::Line;

/// Kept by whoever likes, but asked for again each time: a withdrawn file must stop at once.
const FOR_EVERYONE: &str = "public, no-cache";
const FOR_ONE: &str = "private, no-cache";

/// The proof of an expiring link.
#[derive(Default, Deserialize)]
pub struct Proof {
    until: Option<String>,
    #[serde(rename = "for")]
    who: Option<String>,
    key: Option<String>,
}

/// What a reader is told instead of the file; keys below `download-`.
#[derive(Clone, Copy)]
enum Refusal {
    SignIn,
    LinkEnded,
    NotChosen,
    Withdrawn,
}

impl Refusal {
    fn word(self) -> &'static str {
        match self {
            Refusal::SignIn => "sign-in",
            Refusal::LinkEnded => "link-ended",
            Refusal::NotChosen => "not-chosen",
            Refusal::Withdrawn => "withdrawn",
        }
    }

    fn status(self) -> StatusCode {
        match self {
            Refusal::Withdrawn => StatusCode::GONE,
            _ => StatusCode::FORBIDDEN,
        }
    }
}

#[derive(Template)]
#[template(path = "portal/downloads/refused.html")]
struct Refused {
    p: Page,
    name: String,
    word: &'static str,
    reason: String,
}

pub async fn serve(
    State(app): State<App>,
    p: Page,
    method: Method,
    headers: HeaderMap,
    line: Option<Extension<ConnectInfo<Line>>>,
    path: Result<Path<(String, String)>, PathRejection>,
    proof: Result<Query<Proof>, QueryRejection>,
) -> PageResult {
    // What cannot even be decoded is the name of no file.
    let Path((key, name)) = path.map_err(|_| PageError::NotFound)?;
    let (file, signature) = find(&app, &key, &name).await?;
    let proof = proof.map(|Query(proof)| proof).unwrap_or_default();
    let who = match allowed(&app, &headers, &file, &proof).await? {
        Ok(who) => who,
        Err(refusal) => return Ok(refuse(p, file, refusal)),
    };
    if let Some(text) = signature {
        return Ok(text.into_response());
    }
    let entity = Entity {
        sha256: &file.sha256,
        name: &file.name,
        media_type: &file.media_type,
        way: Way::Save,
        modified: file.published_at.unwrap_or(file.created_at),
        cache: if file.access == FileAccess::Everyone { FOR_EVERYONE } else { FOR_ONE },
    };
    let account = |sending: &Sending| {
        let Extension(ConnectInfo(line)) = line?;
        Some(Account {
            file_id: file.id.clone(),
            who,
            resumed: sending.resumed,
            reaches_end: sending.reaches_end,
            length: sending.length,
            written: line.written,
            begun_at: Default::default(),
            tally: app.tally.clone(),
        })
    };
    send(&app, &method, &headers, &entity, account).await
}

/// The file of this name, or the file whose signature has this name with that signature.
async fn find(app: &App, key: &str, name: &str) -> Result<(HostedFile, Option<String>), PageError> {
    if let Some(file) = published::by_address(&app.desk.db, key, name).await? {
        return Ok((file, None));
    }
    let signed = name.strip_suffix(".minisig").ok_or(PageError::NotFound)?;
    let file = published::by_address(&app.desk.db, key, signed).await?.ok_or(PageError::NotFound)?;
    let signature = file.signature.clone().ok_or(PageError::NotFound)?;
    Ok((file, Some(signature)))
}

/// In whose name the file goes out, or why it does not. A draft is not there for anybody but staff.
async fn allowed(
    app: &App,
    headers: &HeaderMap,
    file: &HostedFile,
    proof: &Proof,
) -> Result<Result<String, Refusal>, PageError> {
    if file.state == FileState::Withdrawn {
        return Ok(Err(Refusal::Withdrawn));
    }
    let asker = asker(app, headers).await?;
    if file.state == FileState::Draft && !matches!(asker, Asker::Staff(_)) {
        return Err(PageError::NotFound);
    }
    let linked = proof.of(app, file).await?;
    if let Some(Ok(who)) = linked {
        return Ok(Ok(who));
    }
    if published::may_have(&app.desk.db, file, &asker).await? {
        return Ok(Ok(asker.key()));
    }
    Ok(Err(match (linked, asker) {
        (Some(_), _) => Refusal::LinkEnded,
        (None, Asker::Anybody) => Refusal::SignIn,
        (None, _) => Refusal::NotChosen,
    }))
}

impl Proof {
    /// `None` without a link; else in whose name it lets the file go, or that it does not.
    async fn of(&self, app: &App, file: &HostedFile) -> Result<Option<Result<String, ()>>, PageError> {
        let Some(key) = &self.key else { return Ok(None) };
        let Some(expires) = self.until.as_ref().and_then(|u| u.parse().ok()) else {
            return Ok(Some(Err(())));
        };
        let link = Link { expires, who: self.who.clone().unwrap_or_default() };
        if !link.holds(&app.desk.links, file, key, app.desk.clock.now()) {
            return Ok(Some(Err(())));
        }
        let person = people::by_id(&app.desk.db, &link.who).await?;
        Ok(Some(Ok(person.map_or_else(|| "link".to_owned(), |person| format!("person:{}", person.id)))))
    }
}

/// What the reader of a withdrawn file is told.
pub fn withdrawn(p: Page, file: HostedFile) -> Response {
    refuse(p, file, Refusal::Withdrawn)
}

fn refuse(p: Page, file: HostedFile, refusal: Refusal) -> Response {
    let shown = Refused { p, name: file.name, word: refusal.word(), reason: file.reason.unwrap_or_default() };
    html_with(refusal.status(), &shown)
}
