//! Stored bytes as an answer: headers, conditions, ranges and the body. The bytes behind an entity never
//! change, so its tag is their hash and nothing can be spliced from two versions.
use std::collections::VecDeque;
use std::time::{Duration, SystemTime};

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use firstline_core::{Error, Time};

use super::body::{FileBody, Piece};
use super::conditional::Validators;
use super::disposition::disposition;
use super::multipart;
use super::plan::{Plan, plan};
use super::range::Part;
use super::tally::Account;
use crate::App;
use crate::api::problem::Problem;
use crate::pages::PageError;

/// Whether a browser saves the bytes or draws them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Save,
    Show,
}

/// What is sent. `name` may hold anything.
pub struct Entity<'a> {
    pub sha256: &'a str,
    pub name: &'a str,
    pub media_type: &'a str,
    pub way: Way,
    /// When these bytes came under this address.
    pub modified: Time,
    pub cache: &'static str,
}

/// What an answer with bytes is, for those who count.
pub struct Sending {
    pub resumed: bool,
    pub reaches_end: bool,
    pub length: u64,
}

/// Answers a GET or HEAD. `account` is asked once bytes are going to be sent.
pub async fn send(
    app: &App,
    method: &Method,
    headers: &HeaderMap,
    entity: &Entity<'_>,
    account: impl FnOnce(&Sending) -> Option<Account>,
) -> Result<Response, PageError> {
    let (file, size) = app.desk.files.open(entity.sha256).await?;
    let validators = entity.validators();
    let plan = plan(method, headers, &validators, size);
    let mut head = entity.headers(&validators)?;
    let (status, pieces, length, sending) = match plan {
        Plan::NotModified => return Ok(not_modified(head)),
        Plan::Failed => return Ok(failed()),
        Plan::Unsatisfiable => return Ok(unsatisfiable(&head, size)),
        Plan::Whole => {
            let pieces =
                if size == 0 { VecDeque::new() } else { VecDeque::from([Piece::File { at: 0, len: size }]) };
            (StatusCode::OK, pieces, size, Sending { resumed: false, reaches_end: true, length: size })
        }
        Plan::Parts(parts) => {
            let (pieces, length) = partial(app, &parts, size, entity, &mut head)?;
            (StatusCode::PARTIAL_CONTENT, pieces, length, Sending::of(&parts, size, length))
        }
    };
    head.insert(header::CONTENT_LENGTH, length.into());
    if method == Method::HEAD {
        return Ok((status, head).into_response());
    }
    let account = account(&sending);
    Ok((status, head, Body::new(FileBody::new(file, pieces, length, account))).into_response())
}

impl Sending {
    fn of(parts: &[Part], size: u64, length: u64) -> Sending {
        Sending {
            resumed: parts.first().is_some_and(|p| p.first > 0),
            reaches_end: parts.iter().any(|p| p.last + 1 == size),
            length,
        }
    }
}

impl Entity<'_> {
    fn validators(&self) -> Validators {
        // Whole seconds: that is all an HTTP date can say.
        let seconds = (self.modified.millis() / 1000).max(0) as u64;
        let modified = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        Validators { etag: format!("\"{}\"", self.sha256), modified }
    }

    fn headers(&self, validators: &Validators) -> Result<HeaderMap, PageError> {
        let digest = STANDARD.encode(bytes_of(self.sha256)?);
        let mut head = HeaderMap::new();
        let mut put = |name: HeaderName, value: String| -> Result<(), PageError> {
            head.insert(name, HeaderValue::try_from(value).map_err(|_| PageError::Broken)?);
            Ok(())
        };
        put(header::CONTENT_TYPE, self.media_type.to_owned())?;
        put(header::CONTENT_DISPOSITION, disposition(self.way, self.name))?;
        put(header::ETAG, validators.etag.clone())?;
        put(header::LAST_MODIFIED, httpdate::fmt_http_date(validators.modified))?;
        put(header::ACCEPT_RANGES, "bytes".into())?;
        put(header::CACHE_CONTROL, self.cache.into())?;
        put(header::VARY, "cookie".into())?;
        put(header::X_CONTENT_TYPE_OPTIONS, "nosniff".into())?;
        put(header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".into())?;
        // RFC 9530, and for older programs RFC 3230: both of the whole, whatever part is sent.
        put(HeaderName::from_static("repr-digest"), format!("sha-256=:{digest}:"))?;
        put(HeaderName::from_static("digest"), format!("sha-256={digest}"))?;
        Ok(head)
    }
}

fn bytes_of(sha256: &str) -> Result<Vec<u8>, Error> {
    let pair = |at: usize| u8::from_str_radix(sha256.get(at..at + 2)?, 16).ok();
    let bytes: Option<Vec<u8>> = (0..sha256.len()).step_by(2).map(pair).collect();
    bytes.ok_or_else(|| Error::invalid("sha256", "must be hexadecimal digits"))
}

fn partial(
    app: &App,
    parts: &[Part],
    size: u64,
    entity: &Entity<'_>,
    head: &mut HeaderMap,
) -> Result<(VecDeque<Piece>, u64), PageError> {
    if let [part] = parts {
        head.insert(header::CONTENT_RANGE, value(format!("bytes {}-{}/{size}", part.first, part.last))?);
        return Ok((VecDeque::from([Piece::File { at: part.first, len: part.len() }]), part.len()));
    }
    let boundary = &app.desk.clock.secret()[..32];
    head.insert(header::CONTENT_TYPE, value(format!("multipart/byteranges; boundary={boundary}"))?);
    Ok(multipart::pieces(parts, size, entity.media_type, boundary))
}

fn value(text: String) -> Result<HeaderValue, PageError> {
    HeaderValue::try_from(text).map_err(|_| PageError::Broken)
}

/// 304 carries what a cache updates, and nothing about a body it does not have.
fn not_modified(mut head: HeaderMap) -> Response {
    head.remove(header::CONTENT_TYPE);
    head.remove(header::CONTENT_DISPOSITION);
    (StatusCode::NOT_MODIFIED, head).into_response()
}

fn failed() -> Response {
    Problem::new(StatusCode::PRECONDITION_FAILED, "the file is not the one you have a part of")
        .into_response()
}

fn unsatisfiable(head: &HeaderMap, size: u64) -> Response {
    let problem = Problem::new(StatusCode::RANGE_NOT_SATISFIABLE, format!("the file has {size} bytes"));
    let mut response = problem.into_response();
    if let Ok(range) = HeaderValue::try_from(format!("bytes */{size}")) {
        response.headers_mut().insert(header::CONTENT_RANGE, range);
    }
    for name in [header::ETAG, header::ACCEPT_RANGES, header::VARY] {
        if let Some(value) = head.get(&name) {
            response.headers_mut().insert(name, value.clone());
        }
    }
    response
}
