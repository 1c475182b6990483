//! An S3-compatible store in memory that believes nobody: every request's SigV4 signature is worked out anew, in the
//! header or in the address, and a wrong one is refused.
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

pub const KEY_ID: &str = "AKIATEST";
pub const SECRET: &str = "a-secret-of-the-store";

#[derive(Default)]
struct Inside {
    objects: HashMap<String, Vec<u8>>,
    parts: HashMap<String, BTreeMap<u32, Vec<u8>>>,
    refused: Vec<String>,
    /// Method and whether the address was signed.
    served: Vec<(String, bool)>,
}

#[derive(Clone)]
pub struct FakeS3 {
    pub url: String,
    inside: Arc<Mutex<Inside>>,
}

impl FakeS3 {
    pub async fn start() -> FakeS3 {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let fake = FakeS3 { url, inside: Arc::default() };
        let app = Router::new().fallback(serve).with_state(fake.clone());
        tokio::spawn(async move { axum::serve(listener, app).await.expect("serving") });
        fake
    }

    pub fn objects(&self) -> Vec<String> {
        self.inside.lock().expect("a lock").objects.keys().cloned().collect()
    }

    pub fn refused(&self) -> Vec<String> {
        self.inside.lock().expect("a lock").refused.clone()
    }

    /// How many requests of this method came with a signed address.
    pub fn by_link(&self, method: &str) -> usize {
        let inside = self.inside.lock().expect("a lock");
        inside.served.iter().filter(|(m, link)| m == method && *link).count()
    }
}

async fn serve(State(fake): State<FakeS3>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, 1 << 30).await.expect("a body").to_vec();
    let (path, query) = (parts.uri.path().to_owned(), parts.uri.query().unwrap_or_default().to_owned());
    let linked = query.contains("X-Amz-Signature=");
    if let Err(why) = signed(&parts.method, &path, &query, &parts.headers, &body) {
        fake.inside.lock().expect("a lock").refused.push(format!("{} {path}: {why}", parts.method));
        return (
            StatusCode::FORBIDDEN,
            format!("<Error><Code>SignatureDoesNotMatch</Code><Message>{why}</Message></Error>"),
        )
            .into_response();
    }
    let mut inside = fake.inside.lock().expect("a lock");
    inside.served.push((parts.method.to_string(), linked));
    let asked: HashMap<String, String> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    match parts.method {
        Method::PUT => put(&mut inside, &path, &asked, body),
        Method::POST => post(&mut inside, &path, &asked),
        Method::GET | Method::HEAD => get(&inside, &parts.method, &path, &asked, &parts.headers),
        _ => StatusCode::METHOD_NOT_ALLOWED.into_response(),
    }
}

fn put(inside: &mut Inside, path: &str, asked: &HashMap<String, String>, body: Vec<u8>) -> Response {
    let tag = [(header::ETAG, format!("\"{}\"", hex(&Sha256::digest(&body)[..16])))];
    match (asked.get("uploadId"), asked.get("partNumber")) {
        (Some(id), Some(number)) => {
            let parts = inside.parts.get_mut(id).expect("a begun upload");
            parts.insert(number.parse().expect("a number"), body);
        }
        _ => {
            inside.objects.insert(path.to_owned(), body);
        }
    }
    (StatusCode::OK, tag).into_response()
}

fn post(inside: &mut Inside, path: &str, asked: &HashMap<String, String>) -> Response {
    if asked.contains_key("uploads") {
        let id = format!("upload-{}", inside.parts.len());
        inside.parts.insert(id.clone(), BTreeMap::new());
        return format!(
            "<InitiateMultipartUploadResult><Bucket>b</Bucket><Key>k</Key><UploadId>{id}</UploadId></InitiateMultipartUploadResult>"
        )
        .into_response();
    }
    let parts = inside.parts.remove(&asked["uploadId"]).expect("a begun upload");
    inside.objects.insert(path.to_owned(), parts.into_values().flatten().collect());
    "<CompleteMultipartUploadResult><Location>l</Location><Bucket>b</Bucket><Key>k</Key><ETag>\"x\"</ETag></CompleteMultipartUploadResult>"
        .into_response()
}

fn get(
    inside: &Inside,
    method: &Method,
    path: &str,
    asked: &HashMap<String, String>,
    headers: &HeaderMap,
) -> Response {
    let Some(bytes) = inside.objects.get(path) else {
        return (StatusCode::NOT_FOUND, "<Error><Code>NoSuchKey</Code></Error>").into_response();
    };
    let mut answer = Response::builder()
        .header(header::ETAG, format!("\"{}\"", hex(&Sha256::digest(bytes)[..16])))
        .header(header::LAST_MODIFIED, "Mon, 09 Nov 2026 08:00:00 GMT");
    for (asked_for, name) in [
        ("response-content-disposition", header::CONTENT_DISPOSITION),
        ("response-content-type", header::CONTENT_TYPE),
    ] {
        if let Some(value) = asked.get(asked_for) {
            answer = answer.header(name, value);
        }
    }
    let range = headers.get(header::RANGE).and_then(|r| r.to_str().ok()?.strip_prefix("bytes="));
    let part = range.and_then(|r| r.split_once('-')).map(|(first, last)| {
        let first: usize = first.parse().expect("a number");
        (first, last.parse().unwrap_or(bytes.len() - 1).min(bytes.len() - 1))
    });
    let (status, sent) = match part {
        Some((first, last)) => {
            let said = format!("bytes {first}-{last}/{}", bytes.len());
            answer = answer.header(header::CONTENT_RANGE, said);
            (StatusCode::PARTIAL_CONTENT, bytes[first..=last].to_vec())
        }
        None => (StatusCode::OK, bytes.clone()),
    };
    answer = answer.status(status).header(header::CONTENT_LENGTH, sent.len());
    answer.body(if method == Method::HEAD { Body::empty() } else { Body::from(sent) }).expect("an answer")
}

/// AWS Signature Version 4, from its description.
fn signed(method: &Method, path: &str, query: &str, headers: &HeaderMap, body: &[u8]) -> Result<(), String> {
    let pairs: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let by_name = |name: &str| pairs.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone());
    let header = |name: &str| headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
    let (credential, names, given, date, payload) = match by_name("X-Amz-Signature") {
        Some(given) => {
            let part = |name: &str| by_name(name).ok_or(format!("no {name}"));
            let expires: u64 = part("X-Amz-Expires")?.parse().map_err(|_| "expires")?;
            if expires > 3600 {
                return Err("an address that works too long".into());
            }
            (
                part("X-Amz-Credential")?,
                part("X-Amz-SignedHeaders")?,
                given,
                part("X-Amz-Date")?,
                "UNSIGNED-PAYLOAD".to_owned(),
            )
        }
        None => {
            let said = header("authorization");
            let said = said.strip_prefix("AWS4-HMAC-SHA256 ").ok_or("no signature")?.to_owned();
            let part = |name: &str| {
                let found = said.split(',').map(str::trim).find_map(|p| p.strip_prefix(&format!("{name}=")));
                found.map(str::to_owned).ok_or(format!("no {name}"))
            };
            let payload = header("x-amz-content-sha256");
            if payload != "UNSIGNED-PAYLOAD" && payload != hex(&Sha256::digest(body)) {
                return Err("the body's hash is wrong".into());
            }
            (part("Credential")?, part("SignedHeaders")?, part("Signature")?, header("x-amz-date"), payload)
        }
    };
    let scope: Vec<&str> = credential.split('/').collect();
    let [key_id, day, region, service, "aws4_request"] = scope.as_slice() else {
        return Err("a broken scope".into());
    };
    if *key_id != KEY_ID || *service != "s3" || !date.starts_with(day) {
        return Err("another key, service or day".into());
    }
    let mut canonical: Vec<String> = pairs
        .iter()
        .filter(|(name, _)| name != "X-Amz-Signature")
        .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)))
        .collect();
    canonical.sort();
    let lines: String = names.split(';').map(|name| format!("{name}:{}\n", header(name).trim())).collect();
    let asked = format!("{method}\n{path}\n{}\n{lines}\n{names}\n{payload}", canonical.join("&"));
    let to_sign = format!(
        "AWS4-HMAC-SHA256\n{date}\n{day}/{region}/{service}/aws4_request\n{}",
        hex(&Sha256::digest(asked.as_bytes()))
    );
    let mut key = format!("AWS4{SECRET}").into_bytes();
    for part in [*day, *region, *service, "aws4_request"] {
        key = hmac(&key, part.as_bytes());
    }
    let right = hex(&hmac(&key, to_sign.as_bytes()));
    if right == given { Ok(()) } else { Err(format!("the signature is wrong over {asked}")) }
}

fn hmac(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any key fits");
    mac.update(message);
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn encoded(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    text.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}
