//! A text in both languages.
use serde::{Deserialize, Deserializer, Serialize};

/// Chinese and English; either may be empty and the other then stands for both.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Texts {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub zh: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub en: String,
}

impl Texts {
    pub fn new(zh: &str, en: &str) -> Texts {
        Texts { zh: zh.into(), en: en.into() }
    }

    /// A text whose language is that of its script.
    pub fn of_script(text: &str) -> Texts {
        match crate::language::guess(text) {
            Some("zh-CN") => Texts::new(text, ""),
            _ => Texts::new("", text),
        }
    }

    /// In `zh-CN` or `en`; the other language where there is no such text.
    pub fn of(&self, lang: &str) -> &str {
        let (first, second) =
            if lang.starts_with("zh") { (&self.zh, &self.en) } else { (&self.en, &self.zh) };
        if first.trim().is_empty() { second } else { first }
    }

    pub fn is_empty(&self) -> bool {
        self.zh.trim().is_empty() && self.en.trim().is_empty()
    }
}

impl<'de> Deserialize<'de> for Texts {
    /// From `{zh, en}` or from one text for both.
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Texts, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Given {
            One(String),
            Both(Both),
        }
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Both {
            #[serde(default, alias = "zh-CN", alias = "zh_CN")]
            zh: String,
            #[serde(default)]
            en: String,
        }
        Ok(match Given::deserialize(d)? {
            Given::One(text) => Texts::of_script(&text),
            Given::Both(Both { zh, en }) => Texts { zh, en },
        })
    }
}
