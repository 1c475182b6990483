//! What every page response gets, whoever wrote it: security headers, a drawn error page, the reader's
//! choices as cookies. And what no unsafe request gets past: its origin.
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};

use super::error::{PageError, draw};
use super::page::Page;
use crate::App;

const CONTENT_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
    font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Puts the layers on a router of pages.
pub fn guarded(router: Router<App>, app: &App) -> Router<App> {
    router.layer(from_fn_with_state(app.clone(), guard))
}

async fn guard(State(app): State<App>, request: Request, next: Next) -> Response {
    let page = Page::of(request.uri(), request.headers(), app.desk.clock.now());
    let choices = choices(&request);
    let allowed = request.method().is_safe() || same_origin(request.headers(), &app.desk.links.public_url);
    let json = wants_json(request.headers());
    let mut response = if allowed { next.run(request).await } else { PageError::Forbidden.into_response() };
    if !json {
        response = drawn(&page, response);
    }
    for choice in choices {
        response.headers_mut().append(header::SET_COOKIE, choice);
    }
    protect(&page, response.headers_mut());
    response
}

/// A refusal as a page for people: ours, and what axum says in plain words about a request it cannot read.
fn drawn(page: &Page, response: Response) -> Response {
    if let Some(error) = response.extensions().get::<PageError>().copied() {
        return draw(page, error);
    }
    let kind = response.headers().get(header::CONTENT_TYPE);
    let plain = kind.is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain"));
    let error = match response.status() {
        status if !status.is_client_error() || !plain => return response,
        StatusCode::PAYLOAD_TOO_LARGE => PageError::TooLarge,
        // Somebody reloads the address of a form: there is no page to look at.
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => PageError::NotFound,
        _ => PageError::BadRequest,
    };
    let mut told = draw(page, error);
    *told.status_mut() = response.status();
    if let Some(allow) = response.headers().get(header::ALLOW) {
        told.headers_mut().insert(header::ALLOW, allow.clone());
    }
    told
}

/// The headers of every page.
fn protect(page: &Page, headers: &mut HeaderMap) {
    let cache = if page.path.starts_with("/console") { "no-store" } else { "private, no-cache" };
    let fixed = [
        (header::CONTENT_SECURITY_POLICY, CONTENT_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // Links of tickets hold their key: it must not travel to other sites. Forms still send their origin.
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (header::CACHE_CONTROL, cache),
        (header::VARY, "cookie, accept-language"),
    ];
    for (name, value) in fixed {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
}

/// `?lang=` and `?theme=` are remembered for a year.
fn choices(request: &Request) -> Vec<HeaderValue> {
    let query = request.uri().query().unwrap_or_default();
    let mut cookies = Vec::new();
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        let value = match (name.as_ref(), value.as_ref()) {
            ("lang", tag) => crate::texts::Lang::parse(tag).map(|lang| lang.tag()),
            ("theme", "dark") => Some("dark"),
            ("theme", "light") => Some("light"),
            _ => None,
        };
        let cookie = value.map(|value| format!("{name}={value}; Path=/; Max-Age=31536000; SameSite=Lax"));
        cookies.extend(cookie.and_then(|c| HeaderValue::from_str(&c).ok()));
    }
    cookies
}

/// True when a browser says that the request comes from our own pages, or no browser says anything:
/// programs without cookies have nothing a foreign site could abuse.
fn same_origin(headers: &HeaderMap, public_url: &str) -> bool {
    let text = |name: HeaderName| headers.get(name).and_then(|v| v.to_str().ok());
    match text(header::ORIGIN) {
        Some(origin) => {
            let host = origin.split_once("://").map(|(_, host)| host);
            // A proxy in front may have its public name here; foreign pages cannot set this header on a form.
            let forwarded = text(HeaderName::from_static("x-forwarded-host"));
            let ours =
                || url::Url::parse(public_url).is_ok_and(|u| u.origin().ascii_serialization() == origin);
            host.is_some() && (host == text(header::HOST) || host == forwarded || ours())
        }
        None => {
            matches!(text(HeaderName::from_static("sec-fetch-site")), None | Some("same-origin" | "none"))
        }
    }
}

fn wants_json(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|v| v.to_str().ok())
        .is_some_and(|a| a.starts_with("application/json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(k, v)| (HeaderName::from_static(k), v.parse().unwrap())).collect()
    }

    fn from(headers: HeaderMap) -> bool {
        same_origin(&headers, "https://support.example")
    }

    #[test]
    fn a_form_of_another_site_is_refused() {
        assert!(from(headers(&[("host", "help.example"), ("origin", "https://help.example")])));
        assert!(!from(headers(&[("host", "help.example"), ("origin", "https://evil.example")])));
        assert!(!from(headers(&[("host", "help.example"), ("origin", "null")])));
        assert!(!from(headers(&[("host", "help.example"), ("sec-fetch-site", "cross-site")])));
        assert!(from(headers(&[("host", "help.example")])));
    }

    #[test]
    fn a_form_of_our_public_address_is_taken_whatever_name_the_proxy_gives_us() {
        let inside = |origin| headers(&[("host", "127.0.0.1:8080"), ("origin", origin)]);
        assert!(from(inside("https://support.example")));
        assert!(!from(inside("http://support.example")));
        assert!(!from(inside("https://support.example.evil")));
    }
}
