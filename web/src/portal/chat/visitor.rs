//! Who holds a chat: an opaque cookie of 256 random bits.
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use axum_extra::extract::CookieJar;
use firstline_core::secret::sha256_hex;

use crate::App;

const COOKIE: &str = "chat";
const YEAR_SECONDS: u32 = 31_536_000;

pub struct Visitor {
    token: String,
    /// The cookie is not in the browser yet.
    new: bool,
}

impl Visitor {
    /// The visitor of a request, if they were here before.
    pub fn known(headers: &HeaderMap) -> Option<Visitor> {
        let jar = CookieJar::from_headers(headers);
        let token = jar.get(COOKIE)?.value().to_owned();
        let valid = token.len() == 64 && token.bytes().all(|b| b.is_ascii_hexdigit());
        valid.then_some(Visitor { token, new: false })
    }

    pub fn known_or_new(app: &App, headers: &HeaderMap) -> Visitor {
        Visitor::known(headers).unwrap_or_else(|| Visitor { token: app.desk.clock.secret(), new: true })
    }

    /// The chat's id in the store.
    pub fn chat(&self) -> String {
        sha256_hex(self.token.as_bytes())
    }

    /// Gives a new visitor their cookie.
    pub fn remember(&self, app: &App, mut response: Response) -> Response {
        let secure = if app.desk.links.public_url.starts_with("https:") { "; Secure" } else { "" };
        let cookie = format!(
            "{COOKIE}={}; Path=/; Max-Age={YEAR_SECONDS}; HttpOnly; SameSite=Lax{secure}",
            self.token
        );
        if self.new
            && let Ok(value) = HeaderValue::from_str(&cookie)
        {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
        response
    }
}
