//! What every page response gets, whoever wrote it: security headers, a drawn error page, the reader's
//! choices as cookies. And what no unsafe request gets past: its origin.
use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};

use super::error::{PageError, draw};
use super::page::Page;
use crate::App;

const CONTENT_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
    font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Puts the layers on a router of pages.
pub fn guarded(router: Router<App>) -> Router<App> {
    router.layer(from_fn(guard))
}

async fn guard(request: Request, next: Next) -> Response {
    let page = Page::of(request.uri(), request.headers(), firstline_core::Time::default());
    let choices = choices(&request);
    let allowed = request.method().is_safe() || same_origin(request.headers());
    let json = wants_json(request.headers());
    let mut response = if allowed { next.run(request).await } else { PageError::Forbidden.into_response() };
    if let Some(error) = response.extensions().get::<PageError>().copied()
        && !json
    {
        response = draw(&page, error);
    }
    for choice in choices {
        response.headers_mut().append(header::SET_COOKIE, choice);
    }
    protect(&page, response.headers_mut());
    response
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
fn same_origin(headers: &HeaderMap) -> bool {
    let text = |name: HeaderName| headers.get(name).and_then(|v| v.to_str().ok());
    match text(header::ORIGIN) {
        Some(origin) => {
            let host = origin.split_once("://").map(|(_, host)| host);
            // A proxy in front may have its public name here; foreign pages cannot set this header on a form.
            let forwarded = text(HeaderName::from_static("x-forwarded-host"));
            host.is_some() && (host == text(header::HOST) || host == forwarded)
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

    #[test]
    fn a_form_of_another_site_is_refused() {
        assert!(same_origin(&headers(&[("host", "help.example"), ("origin", "https://help.example")])));
        assert!(!same_origin(&headers(&[("host", "help.example"), ("origin", "https://evil.example")])));
        assert!(!same_origin(&headers(&[("host", "help.example"), ("origin", "null")])));
        assert!(!same_origin(&headers(&[("host", "help.example"), ("sec-fetch-site", "cross-site")])));
        assert!(same_origin(&headers(&[("host", "help.example")])));
    }
}
