//! What every page needs to know of its reader, and how a page becomes a response.
use askama::Template;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use axum_extra::extract::CookieJar;
use firstline_core::Time;
use firstline_kb::catalogue::Products;
use jiff::tz::TimeZone;
use url::form_urlencoded;

use super::{PageError, assets, clock_chip, icons, times};
use crate::App;
use crate::texts::Lang;

/// The reader's language, theme and zone, and where they are. Every template has one as `p`.
#[derive(Clone, Debug)]
pub struct Page {
    pub lang: Lang,
    /// `light`, `dark` or empty: as the system has it.
    pub theme: &'static str,
    pub zone: TimeZone,
    /// The zone is our guess: times say which one they are in.
    pub zone_guessed: bool,
    pub now: Time,
    pub path: String,
    /// The query of this page without `lang`, `theme` and `done`.
    pub query: Vec<(String, String)>,
    /// What was just done, told once: a key below `flash-`.
    pub flash: Option<String>,
    /// Its key, as the address has it.
    done: Option<String>,
    /// By key; empty where a page names none.
    pub products: Products,
}

impl FromRequestParts<App> for Page {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Page, Self::Rejection> {
        let now = app.desk.clock.now();
        let products = app.catalogue.lately().await;
        Ok(Page { products, ..Page::of(&parts.uri, &parts.headers, now) })
    }
}

impl Page {
    pub fn of(uri: &Uri, headers: &HeaderMap, now: Time) -> Page {
        let jar = CookieJar::from_headers(headers);
        let cookie = |name: &str| jar.get(name).map(|c| c.value().to_owned());
        let all: Vec<(String, String)> =
            form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
        let asked = |name: &str| all.iter().find(|(k, _)| k == name).map(|(_, v)| v.clone());
        let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).map(Lang::accepted);
        let lang = asked("lang").and_then(|v| Lang::parse(&v));
        let lang =
            lang.or_else(|| cookie("lang").and_then(|v| Lang::parse(&v))).or(accepted).unwrap_or_default();
        let zone = cookie("tz").and_then(|name| TimeZone::get(&name).ok());
        Page {
            lang,
            zone_guessed: zone.is_none(),
            theme: theme(asked("theme").or_else(|| cookie("theme")).as_deref()),
            zone: zone.unwrap_or_else(|| times::default_zone(lang)),
            now,
            products: Products::default(),
            path: own_path(uri.path()),
            flash: flash(lang, asked("done").as_deref()),
            done: asked("done"),
            query: all
                .into_iter()
                .filter(|(k, _)| !matches!(k.as_str(), "lang" | "theme" | "done"))
                .collect(),
        }
    }

    /// The same page in another language, as staff have it on their row.
    pub fn in_lang(mut self, lang: Lang) -> Page {
        self.lang = lang;
        self.flash = flash(lang, self.done.as_deref());
        self
    }

    pub fn t(&self, key: &str) -> String {
        self.lang.text(key)
    }

    /// A text with a count `n`.
    pub fn tn(&self, key: &str, n: &i64) -> String {
        self.lang.text_with(key, &[("n", (*n).into())])
    }

    /// A text with one value, called `value`.
    pub fn t1(&self, key: &str, value: &str) -> String {
        self.lang.text_with(key, &[("value", value.into())])
    }

    /// The text of a key made of a prefix and a stored word; the word itself where there is none.
    pub fn word(&self, prefix: &str, word: &str) -> String {
        self.lang.known(&format!("{prefix}-{word}")).unwrap_or_else(|| word.to_owned())
    }

    /// A product's name by its key; what is no key stays as somebody wrote it.
    pub fn product<'a>(&'a self, key: &'a str) -> &'a str {
        self.products.get(key).map_or(key, |p| p.name(self.lang.tag()))
    }

    /// `(key, name)` of every product, by name.
    pub fn products_by_name(&self) -> Vec<(&str, &str)> {
        let mut all: Vec<_> = self.products.keys().map(|key| (key.as_str(), self.product(key))).collect();
        all.sort_by_key(|(_, name)| *name);
        all
    }

    pub fn icon(&self, name: &str) -> &'static str {
        icons::icon(name)
    }

    pub fn channel_icon(&self, channel: &str) -> &'static str {
        icons::channel_icon(channel)
    }

    pub fn asset(&self, name: &str) -> String {
        assets::asset_path(name)
    }

    /// A `<time>` element: our best guess now, the browser's own zone where the script runs.
    pub fn time(&self, at: &Time) -> String {
        let exact = at.timestamp().to_zoned(self.zone.clone()).strftime("%Y-%m-%d %H:%M %:z");
        format!("<time datetime=\"{at}\" title=\"{exact}\">{}</time>", self.moment(*at))
    }

    /// The same without an element around it.
    pub fn moment(&self, at: Time) -> String {
        let text = times::moment(self.lang, &self.zone, at, self.now);
        if self.zone_guessed && self.lang == Lang::En { format!("{text} UTC") } else { text }
    }

    /// A `<time>` element with the day only.
    pub fn date(&self, at: &Time) -> String {
        format!("<time datetime=\"{at}\" data-day>{}</time>", times::date(self.lang, &self.zone, *at))
    }

    /// The zone all times of the page are in, such as `Asia/Shanghai`.
    pub fn zone_name(&self) -> &str {
        self.zone.iana_name().unwrap_or("UTC")
    }

    /// The day as a date field takes it.
    pub fn day(&self, at: &Time) -> String {
        at.timestamp().to_zoned(self.zone.clone()).date().to_string()
    }

    pub fn clock_chip(&self, clock: &firstline_core::ticket::ClockRow) -> clock_chip::Chip {
        clock_chip::of_clock(self.lang, clock, self.now)
    }

    /// Whether this page is `path` or lies below it.
    pub fn is_below(&self, path: &str) -> bool {
        self.path.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// This page again, with its query.
    pub fn address(&self) -> String {
        let pairs = self.query.iter().map(|(k, v)| (k.as_str(), v.as_str()));
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        if query.is_empty() { self.path.clone() } else { format!("{}?{query}", self.path) }
    }

    /// This page with one part of its query changed.
    pub fn here(&self, name: &str, value: &str) -> String {
        let kept = self.query.iter().filter(|(k, _)| k != name).map(|(k, v)| (k.as_str(), v.as_str()));
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(kept)
            .append_pair(name, value)
            .finish();
        format!("{}?{query}", self.path)
    }

    /// The theme the toggle leads to.
    pub fn next_theme(&self) -> &'static str {
        if self.theme == "dark" { "light" } else { "dark" }
    }
}

/// What was done, said once; nothing for a key nobody knows.
fn flash(lang: Lang, done: Option<&str>) -> Option<String> {
    done.and_then(|key| lang.known(&format!("flash-{key}")))
}

/// A path that stays on our site when a link names it: `//host` would lead to another.
fn own_path(path: &str) -> String {
    format!("/{}", path.trim_start_matches(['/', '\\']))
}

fn theme(name: Option<&str>) -> &'static str {
    match name {
        Some("light") => "light",
        Some("dark") => "dark",
        _ => "",
    }
}

/// A rendered page.
pub fn html(template: &impl Template) -> Response {
    html_with(StatusCode::OK, template)
}

pub fn html_with(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(body) => (status, Html(body)).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page could not be rendered");
            PageError::Broken.into_response()
        }
    }
}

/// A redirect after a form: the browser fetches the page anew, so a reload repeats nothing.
pub fn to(path: &str) -> Response {
    axum::response::Redirect::to(path).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(uri: &str, headers: &[(header::HeaderName, &str)]) -> Page {
        let map = headers.iter().map(|(k, v)| (k.clone(), v.parse().unwrap())).collect();
        Page::of(&uri.parse().unwrap(), &map, Time(0))
    }

    #[test]
    fn the_query_wins_over_the_cookie_over_the_browser() {
        let both = [(header::COOKIE, "lang=en; theme=dark"), (header::ACCEPT_LANGUAGE, "zh-CN")];
        assert_eq!(page("/?lang=zh", &both).lang, Lang::ZhCn);
        assert_eq!(page("/", &both).lang, Lang::En);
        assert_eq!(page("/", &both).theme, "dark");
        assert_eq!(page("/", &both[1..]).lang, Lang::ZhCn);
        assert_eq!(page("/", &[]).lang, Lang::ZhCn);
    }

    #[test]
    fn what_was_done_is_said_in_the_language_of_the_page() {
        let at = page("/console/kb?done=kb-saved", &[(header::ACCEPT_LANGUAGE, "en")]);
        assert_eq!(at.flash.as_deref(), Some("Saved."));
        assert_eq!(at.in_lang(Lang::ZhCn).flash.as_deref(), Some("已保存。"));
    }

    #[test]
    fn switching_the_language_keeps_the_question() {
        let page = page("/search?q=E-1042&lang=en&done=sent", &[]);
        assert_eq!(page.here("lang", "zh-CN"), "/search?q=E-1042&lang=zh-CN");
        assert_eq!(page.address(), "/search?q=E-1042");
    }

    #[test]
    fn the_links_of_a_page_nobody_knows_stay_on_our_site() {
        let mut page = page("/", &[]);
        for path in ["//evil.example/x", "/\\evil.example/x", "///evil.example/x"] {
            page.path = own_path(path);
            assert_eq!(page.here("lang", "en"), "/evil.example/x?lang=en");
        }
    }
}
