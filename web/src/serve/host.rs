//! The `Host` header (RFC 9112, 3.2): a request that does not say once and well whom it means is refused. The
//! HTTP library lets all of them through.
use axum::extract::Request;
use axum::http::{StatusCode, Version, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::api::problem::Problem;

/// Middleware: 400 for a missing, doubled or malformed `Host`. HTTP/1.0 may leave it out.
pub async fn check(request: Request, next: Next) -> Response {
    let mut hosts = request.headers().get_all(header::HOST).iter();
    let fault = match (hosts.next(), hosts.next()) {
        (Some(_), Some(_)) => Some("there is more than one Host header"),
        (Some(host), None) if !is_host(host.as_bytes()) => {
            Some("the Host header is neither a name nor an address")
        }
        (None, _) if request.version() == Version::HTTP_11 => Some("the Host header is missing"),
        _ => None,
    };
    match fault {
        Some(fault) => Problem::new(StatusCode::BAD_REQUEST, fault).into_response(),
        None => next.run(request).await,
    }
}

/// `uri-host [ ":" port ]` of RFC 3986, not empty.
fn is_host(host: &[u8]) -> bool {
    if let Some(rest) = host.strip_prefix(b"[") {
        let Some(end) = rest.iter().position(|b| *b == b']') else { return false };
        let (address, behind) = rest.split_at(end);
        let text = std::str::from_utf8(address).unwrap_or_default();
        return text.parse::<std::net::Ipv6Addr>().is_ok() && is_port(&behind[1..]);
    }
    let end = host.iter().position(|b| *b == b':').unwrap_or(host.len());
    let (name, port) = host.split_at(end);
    !name.is_empty() && is_name(name) && is_port(port)
}

fn is_name(name: &[u8]) -> bool {
    let mut at = 0;
    while at < name.len() {
        let hex = |i: usize| name.get(i).is_some_and(u8::is_ascii_hexdigit);
        match name[at] {
            b'%' if hex(at + 1) && hex(at + 2) => at += 3,
            b if b.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=".contains(&b) => at += 1,
            _ => return false,
        }
    }
    name.len() <= 255
}

/// Nothing, or a colon with at most a port behind it.
fn is_port(port: &[u8]) -> bool {
    let Some(digits) = port.strip_prefix(b":") else { return port.is_empty() };
    digits.is_empty()
        || digits.iter().all(u8::is_ascii_digit)
            && std::str::from_utf8(digits).is_ok_and(|d| d.parse::<u16>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_names_or_addresses_with_a_port_or_without() {
        for host in
            ["help.example", "127.0.0.1:8080", "[::1]", "[2001:db8::1]:443", "localhost:", "a_b", "x%20y"]
        {
            assert!(is_host(host.as_bytes()), "{host}");
        }
        for host in [
            "", ":80", "a b", "a/b", "u@a", "a:b", "a:99999", "a:80:81", "[::1", "[x]", "[::1]x", "a,b:x",
            "a?b", "a#b", "%zz", "häuser", "a\tb",
        ] {
            assert!(!is_host(host.as_bytes()), "{host}");
        }
    }
}
