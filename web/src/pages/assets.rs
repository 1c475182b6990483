//! Stylesheet and scripts, inside the binary. Their URL holds a hash of their content, so browsers may
//! keep them for ever and a new release is seen at once.
use std::sync::LazyLock;

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use firstline_core::secret::sha256_hex;

use crate::App;

const YEAR: &str = "public, max-age=31536000, immutable";

/// One file served under `/assets/`.
pub struct Asset {
    name: &'static str,
    kind: &'static str,
    body: &'static str,
    hash: String,
}

static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    let css = concat!(
        include_str!("../../assets/tokens.css"),
        include_str!("../../assets/base.css"),
        include_str!("../../assets/parts.css"),
        include_str!("../../assets/portal.css"),
        include_str!("../../assets/console.css"),
        include_str!("../../assets/service.css"),
        include_str!("../../assets/dict.css"),
        include_str!("../../assets/workshop.css"),
        include_str!("../../assets/uploads.css"),
        include_str!("../../assets/touch.css"),
        include_str!("../../assets/print.css"),
    );
    vec![
        asset("app.css", "text/css; charset=utf-8", css),
        asset("app.js", "text/javascript; charset=utf-8", include_str!("../../assets/app.js")),
        asset("chat.js", "text/javascript; charset=utf-8", include_str!("../../assets/chat.js")),
        asset("console.js", "text/javascript; charset=utf-8", include_str!("../../assets/console.js")),
        asset("suggest.js", "text/javascript; charset=utf-8", include_str!("../../assets/suggest.js")),
        asset("uploads.js", "text/javascript; charset=utf-8", include_str!("../../assets/uploads.js")),
        asset("workshop.js", "text/javascript; charset=utf-8", include_str!("../../assets/workshop.js")),
        asset("mark.svg", "image/svg+xml", include_str!("../../assets/mark.svg")),
    ]
});

fn asset(name: &'static str, kind: &'static str, body: &'static str) -> Asset {
    Asset { name, kind, body, hash: sha256_hex(body.as_bytes())[..16].to_owned() }
}

/// The versioned path of an asset, such as `/assets/0123456789abcdef/app.css`.
pub fn asset_path(name: &str) -> String {
    let hash = ASSETS.iter().find(|a| a.name == name).map_or("missing", |a| &a.hash);
    format!("/assets/{hash}/{name}")
}

/// Serves `/assets/{hash}/{name}`.
pub fn assets_router() -> Router<App> {
    Router::new().route("/assets/{hash}/{name}", get(serve)).route("/favicon.ico", get(favicon))
}

async fn favicon(headers: HeaderMap) -> Response {
    ASSETS
        .iter()
        .find(|a| a.name == "mark.svg")
        .map_or_else(missing, |a| answer(a, &headers, "max-age=86400"))
}

/// An old hash still gets the present file (a page from before a release), but not for ever.
async fn serve(Path((hash, name)): Path<(String, String)>, headers: HeaderMap) -> Response {
    let Some(asset) = ASSETS.iter().find(|a| a.name == name) else { return missing() };
    answer(asset, &headers, if asset.hash == hash { YEAR } else { "no-cache" })
}

fn missing() -> Response {
    StatusCode::NOT_FOUND.into_response()
}

fn answer(asset: &Asset, headers: &HeaderMap, cache: &str) -> Response {
    let etag = format!("\"{}\"", asset.hash);
    let known = headers.get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok()).is_some_and(|seen| {
        seen.split(',').any(|tag| tag.trim().trim_start_matches("W/") == etag || tag.trim() == "*")
    });
    let fixed = [
        (header::ETAG, etag),
        (header::CACHE_CONTROL, cache.to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    if known {
        return (StatusCode::NOT_MODIFIED, fixed).into_response();
    }
    (fixed, [(header::CONTENT_TYPE, asset.kind)], asset.body).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The dark colours stand twice in the stylesheet, for the system's choice and the reader's.
    #[test]
    fn both_dark_themes_are_the_same() {
        let css = include_str!("../../assets/tokens.css");
        let block = |start: &str| -> Vec<String> {
            let from = css.find(start).expect("the block") + start.len();
            let body = css[from..].split('}').next().unwrap_or_default();
            body.lines().map(|l| l.trim().to_owned()).filter(|l| l.contains(':')).collect()
        };
        let (system, chosen) =
            (block(":root:not([data-theme=\"light\"]) {"), block(":root[data-theme=\"dark\"] {"));
        assert_eq!(system, chosen);
        assert!(system.len() > 20);
    }

    /// The colours of a theme by token.
    fn colours(css: &str, start: &str) -> std::collections::HashMap<String, [f64; 3]> {
        let block = css.split(start).nth(1).and_then(|rest| rest.split('}').next()).expect("the block");
        let channel = |hex: &str, at: usize| {
            let part = f64::from(u8::from_str_radix(&hex[at..at + 2], 16).expect("a colour")) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        let line = |line: &str| {
            let (name, value) = line.trim().strip_prefix("--")?.split_once(": #")?;
            let hex = value.trim_end_matches(';');
            Some((name.to_owned(), [channel(hex, 0), channel(hex, 2), channel(hex, 4)]))
        };
        block.lines().filter_map(line).collect()
    }

    /// WCAG 2.2, 1.4.3 and 1.4.11: words 4.5 : 1, borders of controls and marks 3 : 1.
    #[test]
    fn words_and_controls_stand_out_in_both_themes() {
        let css = include_str!("../../assets/tokens.css");
        let light = colours(css, ":root {");
        let mut dark = light.clone();
        dark.extend(colours(css, ":root[data-theme=\"dark\"] {"));
        let words = ["text", "muted", "link", "good", "warn", "bad"];
        let mut pairs: Vec<(&str, &str, f64)> = Vec::new();
        for ground in ["bg", "surface", "raised", "sunken", "accent-soft", "note-soft"] {
            pairs.extend(words[..3].iter().map(|word| (*word, ground, 4.5)));
        }
        for ground in ["bg", "surface", "raised", "sunken"] {
            pairs.extend(words[3..].iter().map(|word| (*word, ground, 4.5)));
            pairs.extend([("border-strong", ground, 3.0), ("focus", ground, 3.0)]);
        }
        pairs.extend([("on-accent", "accent", 4.5), ("on-accent", "accent-hover", 4.5)]);
        pairs.extend([("accent-soft-text", "accent-soft", 4.5), ("note", "note-soft", 4.5)]);
        pairs.extend([("good", "good-soft", 4.5), ("warn", "warn-soft", 4.5), ("bad", "bad-soft", 4.5)]);
        pairs.extend([("on-bad", "bad-solid", 4.5), ("mark-text", "mark", 4.5), ("star", "surface", 3.0)]);
        let light_of = |c: [f64; 3]| 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2] + 0.05;
        for (theme, colours) in [("light", &light), ("dark", &dark)] {
            for (front, ground, least) in &pairs {
                let (a, b) = (light_of(colours[*front]), light_of(colours[*ground]));
                let contrast = a.max(b) / a.min(b);
                assert!(contrast >= *least, "{theme}: {front} on {ground} is {contrast:.2} : 1");
            }
        }
    }

    #[test]
    fn the_path_changes_with_the_content() {
        let path = asset_path("app.css");
        assert!(
            path.starts_with("/assets/") && path.ends_with("/app.css") && path.len() == 8 + 16 + 8,
            "{path}"
        );
    }
}
