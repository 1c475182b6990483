//! `/console/login`: the only page of the console without a session.
use std::net::IpAddr;
use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Form, FromRequestParts, Query, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use firstline_core::Error;
use firstline_core::staff::{self, Staff};
use serde::Deserialize;
use tokio::sync::Semaphore;

use super::attempts::Attempts;
use super::seat::{cookie_name, is_https};
use crate::App;
use crate::pages::error::PageResult;
use crate::pages::page::html_with;
use crate::pages::{Page, html, to};
use crate::serve::limits::client;

const SESSION_SECONDS: u32 = 12 * 3600;
/// Longer ones are wrong without being hashed.
pub const MAX_PASSWORD: usize = 256;
/// How many passwords are hashed at once: each takes 19 MiB and a core.
const HASHED_AT_ONCE: usize = 2;

/// What every log-in passes.
pub struct Door {
    attempts: Attempts,
    hashing: Arc<Semaphore>,
}

impl Default for Door {
    fn default() -> Door {
        Door { attempts: Attempts::default(), hashing: Arc::new(Semaphore::new(HASHED_AT_ONCE)) }
    }
}

#[derive(Template)]
#[template(path = "console/login.html")]
struct LoginPage {
    p: Page,
    email: String,
    next: String,
    problem: String,
}

#[derive(Deserialize)]
pub struct Wanted {
    #[serde(default)]
    next: String,
}

pub async fn show(p: Page, Query(wanted): Query<Wanted>) -> Response {
    html(&LoginPage { p, email: String::new(), next: wanted.next, problem: String::new() })
}

#[derive(Deserialize)]
pub struct Credentials {
    email: String,
    password: String,
    #[serde(default)]
    next: String,
}

/// Who knocks, where the server knows.
pub struct Peer(Option<IpAddr>);

impl FromRequestParts<App> for Peer {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Peer, Self::Rejection> {
        Ok(Peer(client(parts, app.config.trust_proxy)))
    }
}

pub async fn enter(
    State(app): State<App>,
    Extension(door): Extension<Arc<Door>>,
    p: Page,
    Peer(address): Peer,
    Form(given): Form<Credentials>,
) -> PageResult {
    if !door.attempts.begin(address, &given.email, app.desk.clock.now()) {
        let problem = p.t("login-too-many");
        return Ok(refuse(StatusCode::TOO_MANY_REQUESTS, p, given, problem));
    }
    let Some(member) = member(&app, &door, &given).await? else {
        let problem = p.t("login-wrong");
        return Ok(refuse(StatusCode::UNAUTHORIZED, p, given, problem));
    };
    door.attempts.succeeded(address, &given.email);
    // Always a new session: one planted before the log-in stays worthless.
    let token = staff::open_session(&app.desk.db, &app.desk.clock, &member.id).await?;
    Ok(with_cookie(&app, to(inside(&given.next)), &token, SESSION_SECONDS))
}

/// Whose password it is. Goes on when the browser has left, so that its place is not taken before it is free.
async fn member(app: &App, door: &Door, given: &Credentials) -> PageResult<Option<Staff>> {
    if given.password.chars().count() > MAX_PASSWORD {
        return Ok(None);
    }
    let place = door.hashing.clone().acquire_owned().await.map_err(gone)?;
    let (db, email, password) = (app.desk.db.clone(), given.email.clone(), given.password.clone());
    let checked = tokio::spawn(async move {
        let _place = place;
        staff::log_in(&db, &email, &password).await
    });
    Ok(checked.await.map_err(gone)??)
}

fn gone(error: impl std::fmt::Display) -> Error {
    Error::Unavailable(error.to_string())
}

/// The form again; switching the language there keeps where the way leads.
fn refuse(status: StatusCode, mut p: Page, given: Credentials, problem: String) -> Response {
    p.query = vec![("next".to_owned(), given.next.clone())];
    html_with(status, &LoginPage { p, email: given.email, next: given.next, problem })
}

/// Where to go after: only within the console, never to another site.
pub fn inside(next: &str) -> &str {
    let fine = (next == "/console" || next.starts_with("/console/") || next.starts_with("/console?"))
        && !next.starts_with("/console/login")
        && !next.chars().any(|c| c == '\\' || c.is_control());
    if fine { next } else { "/console" }
}

/// Sets the session cookie, or ends it with `seconds` 0.
pub fn with_cookie(app: &App, mut response: Response, token: &str, seconds: u32) -> Response {
    let secure = if is_https(app) { "; Secure" } else { "" };
    let cookie =
        format!("{}={token}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}", cookie_name(app));
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::inside;

    #[test]
    fn the_way_back_stays_on_our_site() {
        assert_eq!(inside("/console/tickets/FL-1001?x=1"), "/console/tickets/FL-1001?x=1");
        for foreign in [
            "https://evil.example",
            "//evil.example",
            "/\\evil",
            "/consoleevil",
            "/console/login",
            "/console/\u{1}",
            "",
        ] {
            assert_eq!(inside(foreign), "/console", "{foreign}");
        }
    }
}
