//! `Idempotency-Key`: the first answer to a key is given again, whatever happened to the thing since.
use axum::Json;
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use firstline_core::Clock;
use firstline_core::desk::{Begun, Idempotent};
use firstline_core::store::Tx;
use serde_json::Value;

use super::access::Caller;
use super::problem::Problem;

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// A request that may carry a key.
pub struct Once(Option<Idempotent>);

impl Once {
    /// `what` is method and path: the same key for another address is another request.
    pub fn new(caller: &Caller, headers: &HeaderMap, what: &str, body: &[u8]) -> Result<Once, Problem> {
        let Some(value) = headers.get(KEY) else { return Ok(Once(None)) };
        let key = value.to_str().ok().filter(|key| key.bytes().all(|b| b.is_ascii_graphic()));
        let key =
            key.ok_or_else(|| Problem::invalid("Idempotency-Key", "must be visible ASCII without blanks"))?;
        Ok(Once(Some(Idempotent::new(&caller.0.id, key, what, body)?)))
    }

    /// The earlier answer, if there is one; otherwise the caller does the work in `tx` and keeps its answer.
    pub async fn begin(&self, tx: &mut Tx, clock: &Clock) -> Result<Option<Answer>, Problem> {
        let Some(key) = &self.0 else { return Ok(None) };
        Ok(match key.begin(tx, clock).await? {
            Begun::First => None,
            Begun::Again(status, body) => Some(Answer { status, body, replayed: true }),
        })
    }

    /// Keeps the answer in the transaction of the effect.
    pub async fn keep(&self, tx: &mut Tx, status: StatusCode, body: Value) -> Result<Answer, Problem> {
        if let Some(key) = &self.0 {
            key.keep(tx, status.as_u16(), &body).await?;
        }
        Ok(Answer { status: status.as_u16(), body, replayed: false })
    }
}

/// What is answered, the first time and every time after.
pub struct Answer {
    status: u16,
    body: Value,
    replayed: bool,
}

impl Answer {
    /// `location` gives the path of the thing made from the answer's body.
    pub fn respond(self, location: impl Fn(&Value) -> Option<String>) -> Response {
        let place = location(&self.body).and_then(|path| HeaderValue::from_str(&path).ok());
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::CREATED);
        let mut response = (status, Json(self.body)).into_response();
        if let Some(place) = place {
            response.headers_mut().insert(LOCATION, place);
        }
        if self.replayed {
            response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
        }
        response
    }
}
