//! `/console/login`: the only page of the console without a session.
use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Form, FromRequestParts, Query, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use firstline_core::staff;
use serde::Deserialize;

use super::attempts::Attempts;
use super::seat::{cookie_name, is_https};
use crate::App;
use crate::pages::error::PageResult;
use crate::pages::page::html_with;
use crate::pages::{Page, html, to};
use crate::serve::limits::client;

const SESSION_SECONDS: u32 = 12 * 3600;

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

/// Who knocks; `-` where the server does not know.
pub struct Peer(String);

impl FromRequestParts<App> for Peer {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Peer, Self::Rejection> {
        let address = client(parts, app.config.trust_proxy);
        Ok(Peer(address.map_or_else(|| "-".to_owned(), |ip| ip.to_string())))
    }
}

pub async fn enter(
    State(app): State<App>,
    Extension(attempts): Extension<Arc<Attempts>>,
    p: Page,
    Peer(address): Peer,
    Form(given): Form<Credentials>,
) -> PageResult {
    let now = app.desk.clock.now();
    if attempts.too_many(&address, &given.email, now) {
        let problem = p.t("login-too-many");
        return Ok(refuse(StatusCode::TOO_MANY_REQUESTS, p, given, problem));
    }
    let Some(member) = staff::log_in(&app.desk.db, &given.email, &given.password).await? else {
        attempts.failed(&address, &given.email, now);
        let problem = p.t("login-wrong");
        return Ok(refuse(StatusCode::UNAUTHORIZED, p, given, problem));
    };
    attempts.succeeded(&given.email);
    // Always a new session: one planted before the log-in stays worthless.
    let token = staff::open_session(&app.desk.db, &app.desk.clock, &member.id).await?;
    Ok(with_cookie(&app, to(inside(&given.next)), &token, SESSION_SECONDS))
}

fn refuse(status: StatusCode, p: Page, given: Credentials, problem: String) -> Response {
    html_with(status, &LoginPage { p, email: given.email, next: given.next, problem })
}

/// Where to go after: only within the console, never to another site.
pub fn inside(next: &str) -> &str {
    let fine = (next == "/console" || next.starts_with("/console/") || next.starts_with("/console?"))
        && !next.starts_with("/console/login")
        && !next.contains(['\\', '\r', '\n']);
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
        for foreign in
            ["https://evil.example", "//evil.example", "/\\evil", "/consoleevil", "/console/login", ""]
        {
            assert_eq!(inside(foreign), "/console", "{foreign}");
        }
    }
}
