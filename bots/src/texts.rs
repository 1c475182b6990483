//! Texts for people, in zh-CN and en, from the Fluent files in `bots/texts`, compiled in.
mod entitlement;
mod lang;
mod severity;
mod time;

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use fluent_templates::Loader;
use fluent_templates::fluent_bundle::FluentValue;
use unic_langid::LanguageIdentifier;

pub use entitlement::{cause_word, day, entitlement_lines, money};
pub use lang::Lang;
pub use severity::{level, severity_reason};
pub use time::{date, length, span, when};

fluent_templates::static_loader! {
    static LOCALES = {
        locales: "./texts",
        fallback_language: "en",
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

static ZH: LazyLock<LanguageIdentifier> = LazyLock::new(|| unic_langid::langid!("zh-CN"));
static EN: LazyLock<LanguageIdentifier> = LazyLock::new(|| unic_langid::langid!("en"));

/// An argument of a text: `("number", "FL-1024".into())`.
pub type Arg<'a> = (&'static str, FluentValue<'a>);

/// The text `key` in a language, with its variables filled in.
pub fn t(lang: impl Into<Lang>, key: &str, args: &[Arg<'_>]) -> String {
    let id: &LanguageIdentifier = match lang.into() {
        Lang::Zh => &ZH,
        Lang::En => &EN,
    };
    let args: HashMap<Cow<'static, str>, FluentValue<'_>> =
        args.iter().map(|(name, value)| (Cow::Borrowed(*name), value.clone())).collect();
    LOCALES.lookup_with_args(id, key, &args)
}

/// The text `key` without variables.
pub fn tt(lang: impl Into<Lang>, key: &str) -> String {
    t(lang, key, &[])
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::path::Path;

    /// Key to the variables it uses.
    fn keys(lang: &str) -> BTreeMap<String, BTreeSet<String>> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("texts").join(lang);
        let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for file in std::fs::read_dir(folder).unwrap() {
            let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
            let mut key = String::new();
            for line in text.lines().filter(|l| !l.starts_with('#')) {
                if let Some((name, _)) = line.split_once(" =").filter(|_| !line.starts_with([' ', '['])) {
                    key = name.to_string();
                    assert!(!found.contains_key(&key), "{lang}: {key} twice");
                }
                let variables = found.entry(key.clone()).or_default();
                variables.extend(
                    line.split("{ $").skip(1).filter_map(|v| v.split([' ', '}']).next()).map(str::to_owned),
                );
            }
        }
        found
    }

    /// Every string in this crate's source that looks like a key: words joined by hyphens, the first of
    /// them one that keys begin with.
    fn used(folder: &Path, beginnings: &BTreeSet<String>, found: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                used(&path, beginnings, found);
            } else if !path.ends_with("texts.rs") {
                let source = std::fs::read_to_string(&path).unwrap();
                let strings = source.split('"').filter(|s| s.contains('-') && !s.ends_with('-'));
                let words = strings.filter(|s| s.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'));
                found.extend(
                    words.filter(|s| beginnings.contains(s.split('-').next().unwrap())).map(str::to_owned),
                );
            }
        }
    }

    #[test]
    fn both_languages_have_the_same_keys_and_variables() {
        assert_eq!(keys("zh-CN"), keys("en"));
    }

    #[test]
    fn every_text_that_is_used_exists() {
        let known: BTreeSet<String> = keys("en").into_keys().collect();
        let beginnings = known.iter().filter_map(|k| k.split('-').next()).map(str::to_owned).collect();
        let mut wanted = BTreeSet::new();
        used(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &beginnings, &mut wanted);
        let missing: Vec<&String> = wanted.difference(&known).collect();
        assert!(missing.is_empty(), "no text for {missing:?}");
        assert!(wanted.len() > 100, "{}", wanted.len());
    }
}
