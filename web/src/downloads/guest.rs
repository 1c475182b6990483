//! A customer who opened a link of theirs: a signed cookie that says which person, for a month.
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use axum_extra::extract::CookieJar;
use firstline_core::secret;

use crate::App;

const COOKIE: &str = "guest";
const SECONDS: i64 = 30 * 24 * 3600;

/// Gives the holder of a person's link the cookie.
pub fn remember(app: &App, person_id: &str, mut response: Response) -> Response {
    let links = &app.desk.links;
    let expires = app.desk.clock.now().millis() / 1000 + SECONDS;
    let secure = if links.public_url.starts_with("https:") { "; Secure" } else { "" };
    let key = links.guest_key(person_id, expires);
    let cookie = format!(
        "{COOKIE}={person_id}.{expires}.{key}; Path=/; Max-Age={SECONDS}; HttpOnly; SameSite=Lax{secure}"
    );
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

/// The id of the person whose cookie this is.
pub fn person_id(app: &App, headers: &HeaderMap) -> Option<String> {
    let jar = CookieJar::from_headers(headers);
    let mut words = jar.get(COOKIE)?.value().split('.');
    let (person_id, expires, key) = (words.next()?, words.next()?.parse().ok()?, words.next()?);
    let right = app.desk.links.guest_key(person_id, expires);
    let now = app.desk.clock.now().millis() / 1000;
    (secret::same(&right, key) && now < expires).then(|| person_id.to_owned())
}
