//! Texts of the pages, zh-CN and en, from `web/texts`. A test compares the keys of both languages and
//! finds every key a template asks for.
use std::borrow::Cow;
use std::collections::HashMap;

use fluent_templates::fluent_bundle::FluentValue;
use fluent_templates::{LanguageIdentifier, Loader, langid};

fluent_templates::static_loader! {
    static TEXTS = {
        locales: "./texts",
        fallback_language: "en",
        // Isolation marks are for mixed writing directions; here they only get in the way of copying.
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

static ZH_CN: LanguageIdentifier = langid!("zh-CN");
static EN: LanguageIdentifier = langid!("en");

/// A language the pages are written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    #[default]
    ZhCn,
    En,
}

impl Lang {
    pub const ALL: [Lang; 2] = [Lang::ZhCn, Lang::En];

    /// The tag used in rows, links and the `lang` attribute.
    pub fn tag(self) -> &'static str {
        match self {
            Lang::ZhCn => "zh-CN",
            Lang::En => "en",
        }
    }

    pub fn other(self) -> Lang {
        match self {
            Lang::ZhCn => Lang::En,
            Lang::En => Lang::ZhCn,
        }
    }

    /// What speakers call it.
    pub fn own_name(self) -> &'static str {
        match self {
            Lang::ZhCn => "中文",
            Lang::En => "English",
        }
    }

    /// Reads `zh`, `zh-Hans`, `zh_CN`, `en`, `en-GB` and so on.
    pub fn parse(tag: &str) -> Option<Lang> {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or_default();
        match primary.to_ascii_lowercase().as_str() {
            "zh" => Some(Lang::ZhCn),
            "en" => Some(Lang::En),
            _ => None,
        }
    }

    /// The best of an `Accept-Language` header (RFC 9110, 12.5.4). Readers of neither language get English.
    pub fn accepted(header: &str) -> Lang {
        let mut best: Option<(f32, Lang)> = None;
        for part in header.split(',') {
            let (tag, parameters) = part.split_once(';').unwrap_or((part, ""));
            let quality =
                parameters.trim().strip_prefix("q=").and_then(|q| q.parse().ok()).unwrap_or(1.0_f32);
            let Some(lang) = Lang::parse(tag).filter(|_| quality > 0.0) else { continue };
            if best.is_none_or(|(seen, _)| quality > seen) {
                best = Some((quality, lang));
            }
        }
        best.map_or(Lang::En, |(_, lang)| lang)
    }

    fn id(self) -> &'static LanguageIdentifier {
        match self {
            Lang::ZhCn => &ZH_CN,
            Lang::En => &EN,
        }
    }

    /// The text of a key.
    pub fn text(self, key: &str) -> String {
        TEXTS.lookup(self.id(), key)
    }

    /// The text of a key if there is one; for keys made from data.
    pub fn known(self, key: &str) -> Option<String> {
        TEXTS.try_lookup(self.id(), key)
    }

    /// The text of a key with its values filled in.
    pub fn text_with(self, key: &str, values: &[(&'static str, FluentValue<'_>)]) -> String {
        let values: HashMap<Cow<'static, str>, FluentValue> =
            values.iter().map(|(name, value)| (Cow::Borrowed(*name), value.clone())).collect();
        TEXTS.lookup_with_args(self.id(), key, &values)
    }
}

#[cfg(test)]
mod tests;
