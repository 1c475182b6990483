//! A member of staff at work: who, in which session. Handlers that take a `Seat` are for staff only;
//! those that change something take a `Signed` form, which also carries the session's token.
use axum::extract::{Form, FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use firstline_core::secret;
use firstline_core::staff::{self, Right, Role};
use firstline_core::ticket::Actor;
use firstline_kb::Curator;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use url::form_urlencoded::byte_serialize;

use crate::App;
use crate::pages::{Page, PageError, to};
use crate::texts::Lang;

#[derive(Clone, Debug)]
pub struct Seat {
    pub id: String,
    pub name: String,
    pub role: Role,
    pub lang: Lang,
    /// The token every form of this session carries.
    pub csrf: String,
    /// The cookie's value, to end the session.
    pub token: String,
}

impl Seat {
    pub fn actor(&self) -> Actor {
        Actor::Staff(self.id.clone())
    }

    /// As the knowledge base knows them.
    pub fn curator(&self) -> Curator {
        Curator { id: self.id.clone(), role: self.role }
    }

    pub fn may(&self, right: Right) -> bool {
        self.role.may(right)
    }

    /// Refuses those whose work this is not.
    pub fn must(&self, right: Right) -> Result<(), PageError> {
        if self.may(right) { Ok(()) } else { Err(PageError::Forbidden) }
    }

    pub fn signed(&self, csrf: &str) -> Result<(), PageError> {
        if secret::same(&self.csrf, csrf) { Ok(()) } else { Err(PageError::Forbidden) }
    }

    async fn of(app: &App, headers: &HeaderMap) -> Result<Option<Seat>, PageError> {
        let Some(token) = cookie(app, headers) else { return Ok(None) };
        let Some(session) = staff::session_of(&app.desk.db, &app.desk.clock, &token).await? else {
            return Ok(None);
        };
        let (member, csrf) = (session.staff, session.csrf);
        let lang = Lang::parse(&member.lang).unwrap_or_default();
        Ok(Some(Seat { id: member.id, name: member.name, role: member.role, lang, csrf, token }))
    }
}

/// The session cookie's name: the prefix makes browsers refuse it without TLS or for other paths.
pub fn cookie_name(app: &App) -> &'static str {
    if is_https(app) { "__Host-staff" } else { "staff" }
}

pub fn is_https(app: &App) -> bool {
    app.desk.links.public_url.starts_with("https:")
}

fn cookie(app: &App, headers: &HeaderMap) -> Option<String> {
    CookieJar::from_headers(headers).get(cookie_name(app)).map(|c| c.value().to_owned())
}

/// Somebody without a session: a page leads to the log-in and back, anything else is refused.
fn turn_away(parts: &Parts) -> Response {
    if parts.method != Method::GET || parts.uri.path().ends_with("/events") {
        return PageError::Forbidden.into_response();
    }
    let wanted = parts.uri.path_and_query().map_or("/console", |p| p.as_str());
    let next: String = byte_serialize(wanted.as_bytes()).collect();
    to(&format!("/console/login?next={next}"))
}

impl FromRequestParts<App> for Seat {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Seat, Response> {
        match Seat::of(app, &parts.headers).await {
            Ok(Some(seat)) => Ok(seat),
            Ok(None) => Err(turn_away(parts)),
            Err(error) => Err(error.into_response()),
        }
    }
}

/// A page of the console: its reader's language is the one on their row.
pub struct Console {
    pub seat: Seat,
    pub page: Page,
}

impl FromRequestParts<App> for Console {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Console, Response> {
        let seat = Seat::from_request_parts(parts, app).await?;
        let Ok(page) = Page::from_request_parts(parts, app).await;
        let page = page.in_lang(seat.lang);
        Ok(Console { seat, page })
    }
}

/// A form whose token fits the session.
pub struct Signed<T> {
    pub seat: Seat,
    pub form: T,
}

#[derive(Deserialize)]
struct WithToken<T> {
    #[serde(default)]
    csrf: String,
    #[serde(flatten)]
    form: T,
}

impl<T: DeserializeOwned> FromRequest<App> for Signed<T> {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<Signed<T>, Response> {
        let (mut parts, body) = request.into_parts();
        let seat = Seat::from_request_parts(&mut parts, app).await?;
        let Form(sent) = Form::<WithToken<T>>::from_request(Request::from_parts(parts, body), app)
            .await
            .map_err(|_| PageError::BadRequest.into_response())?;
        seat.signed(&sent.csrf).map_err(IntoResponse::into_response)?;
        Ok(Signed { seat, form: sent.form })
    }
}
