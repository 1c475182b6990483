//! The two languages we speak.
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Lang {
    #[default]
    #[serde(rename = "zh-CN")]
    Zh,
    #[serde(rename = "en")]
    En,
}

impl Lang {
    /// The tag that is stored and sent: `zh-CN` or `en`.
    pub fn tag(self) -> &'static str {
        match self {
            Lang::Zh => "zh-CN",
            Lang::En => "en",
        }
    }

    /// The language of an IETF tag such as `zh-hans` or `en_GB`; `None` when it is neither of ours.
    pub fn known(tag: &str) -> Option<Lang> {
        let lower = tag.trim().to_ascii_lowercase();
        match lower.split(['-', '_', '.']).next() {
            Some("zh" | "cn" | "中文" | "汉语" | "chinese") => Some(Lang::Zh),
            Some("en" | "英文" | "英语" | "english") => Some(Lang::En),
            _ => None,
        }
    }
}

impl From<&str> for Lang {
    /// Somebody whose language we do not speak is answered in English; without any tag, in Chinese.
    fn from(tag: &str) -> Lang {
        if tag.trim().is_empty() { Lang::Zh } else { Lang::known(tag).unwrap_or(Lang::En) }
    }
}

impl From<&String> for Lang {
    fn from(tag: &String) -> Lang {
        Lang::from(tag.as_str())
    }
}

impl From<Option<&str>> for Lang {
    fn from(tag: Option<&str>) -> Lang {
        Lang::from(tag.unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_tags_that_platforms_send() {
        for tag in ["zh", "zh-CN", "zh-hans", "zh-TW", "ZH_cn.UTF-8", "中文"] {
            assert_eq!(Lang::from(tag), Lang::Zh, "{tag}");
        }
        for tag in ["en", "en-US", "en_GB", "fr"] {
            assert_eq!(Lang::from(tag), Lang::En, "{tag}");
        }
        assert_eq!(Lang::known("fr"), None);
    }
}
