//! The YAML above an article, read and written. Other keys than ours are somebody else's and are left alone.
use serde::{Deserialize, Deserializer};

use super::life::Life;
use crate::article::{ArticleKind, Draft};
use crate::workshop::State;

/// The keys of `Draft`; `id` is the external id.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct FrontMatter {
    #[serde(alias = "external_id")]
    pub id: Option<String>,
    pub lang: Option<String>,
    pub kind: Option<String>,
    pub category: Option<String>,
    pub title: Option<String>,
    pub product: Option<String>,
    #[serde(alias = "version")]
    pub versions: Option<String>,
    #[serde(deserialize_with = "one_or_many")]
    pub tags: Vec<String>,
    #[serde(alias = "error_codes", deserialize_with = "one_or_many")]
    pub codes: Vec<String>,
    #[serde(deserialize_with = "one_or_many")]
    pub symptoms: Vec<String>,
    #[serde(deserialize_with = "one_or_many")]
    pub questions: Vec<String>,
    pub frequent: bool,
    pub translates: Option<String>,
    /// `draft`, `in_review`, `published` (when absent) or `retired`.
    pub state: Option<String>,
    /// E-mail of who cares for it.
    pub owner: Option<String>,
    /// A day.
    pub review: Option<String>,
    /// A translation older than its source.
    pub stale: bool,
}

impl FrontMatter {
    /// What it says of the article's life.
    pub fn life(&self) -> firstline_core::Result<Life> {
        Life::read(self.state.as_deref(), self.owner.clone(), self.review.as_deref(), self.stale)
    }
}

/// A list, one item without brackets, or nothing.
pub(crate) fn one_or_many<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Item {
        Text(String),
        Whole(i64),
        Broken(f64),
    }
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Given {
        Many(Vec<Item>),
        One(Item),
        None(()),
    }
    let text = |item: Item| match item {
        Item::Text(text) => text,
        Item::Whole(n) => n.to_string(),
        Item::Broken(n) => n.to_string(),
    };
    Ok(match Given::deserialize(d)? {
        Given::Many(items) => items.into_iter().map(text).collect(),
        Given::One(item) => text(item).split([',', '，', '、', ';', '；']).map(str::to_string).collect(),
        Given::None(()) => Vec::new(),
    })
}

/// The YAML and the body of a Markdown file, when it begins with front matter.
pub(crate) fn split(text: &str) -> Option<(&str, &str)> {
    let rest = text.strip_prefix('\u{feff}').unwrap_or(text).strip_prefix("---")?;
    let rest = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix('\n'))?;
    let mut at = 0;
    for line in rest.split_inclusive('\n') {
        if matches!(line.trim_end(), "---" | "...") {
            return Some((&rest[..at], &rest[at + line.len()..]));
        }
        at += line.len();
    }
    None
}

/// An article as a Markdown file with front matter.
pub(crate) fn write(draft: &Draft, life: &Life) -> String {
    let mut text = String::from("---\n");
    let mut line = |key: &str, value: Option<String>| {
        if let Some(value) = value {
            text.push_str(&format!("{key}: {value}\n"));
        }
    };
    let optional = |value: &Option<String>| value.as_deref().map(scalar);
    let list = |items: &[String]| (!items.is_empty()).then(|| sequence(items));
    line("id", Some(scalar(&draft.external_id)));
    line("lang", Some(scalar(&draft.lang)));
    line("title", Some(scalar(&draft.title)));
    line("kind", Some(draft.kind.to_string()));
    line("category", optional(&draft.category));
    line("product", optional(&draft.product));
    line("versions", optional(&draft.versions));
    line("tags", list(&draft.tags));
    line("codes", list(&draft.codes));
    line("symptoms", list(&draft.symptoms));
    line("questions", list(&draft.questions));
    line("frequent", draft.frequent.then(|| "true".to_string()));
    line("translates", optional(&draft.translates));
    line("state", life.state.filter(|s| *s != State::Published).map(|s| s.to_string()));
    line("owner", optional(&life.owner));
    line("review", life.review.map(|day| scalar(&day.to_string())));
    line("stale", life.stale.then(|| "true".to_string()));
    text.push_str("---\n");
    text.push_str(&draft.body_md);
    text.push('\n');
    text
}

fn sequence(items: &[String]) -> String {
    format!("[{}]", items.iter().map(|i| scalar(i)).collect::<Vec<_>>().join(", "))
}

/// Plain where YAML surely reads the same back, else in double quotes: a JSON string is YAML too.
fn scalar(text: &str) -> String {
    let first = text.chars().next().is_some_and(char::is_alphabetic);
    let inner = text.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '/' | '.' | ' '));
    let word =
        ["true", "false", "null", "yes", "no", "on", "off", "y", "n"].contains(&text.to_lowercase().as_str());
    let number = text.parse::<f64>().is_ok();
    if first && inner && !word && !number && !text.ends_with(' ') {
        text.to_string()
    } else {
        // A string always becomes JSON.
        serde_json::to_string(text).unwrap_or_default()
    }
}

/// The kind somebody named, or why it is none.
pub(crate) fn kind(named: Option<&str>, otherwise: ArticleKind) -> firstline_core::Result<ArticleKind> {
    named.map_or(Ok(otherwise), |name| name.trim().to_lowercase().replace('-', "_").parse())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_front_matter_from_the_body() {
        assert_eq!(split("---\nid: a\n---\nbody\n---\nmore"), Some(("id: a\n", "body\n---\nmore")));
        assert_eq!(split("\u{feff}---\r\nid: a\r\n---\r\nb"), Some(("id: a\r\n", "b")));
        assert_eq!(split("# no front matter"), None);
        assert_eq!(split("---\nnever closed"), None);
    }

    #[test]
    fn reads_what_people_write() {
        let yaml = "id: x\nversions: \">=3.0\"\ntags: [a, 8443 端口, 12]\ncodes: E-1\nsymptoms:\n  - one\n  - two\nauthor: somebody\n";
        let read: FrontMatter = serde_saphyr::from_str(yaml).unwrap();
        assert_eq!(read.tags, ["a", "8443 端口", "12"]);
        assert_eq!((read.codes.len(), read.symptoms.len()), (1, 2));
        let versions: FrontMatter = serde_saphyr::from_str("versions: 3.0\nid: 1042\n").unwrap();
        assert_eq!((versions.versions.as_deref(), versions.id.as_deref()), (Some("3.0"), Some("1042")));
    }

    #[test]
    fn writes_what_it_reads() {
        for text in [
            "a: b",
            "true",
            "1.5",
            "x \"y\" \\ z",
            "# no",
            "中文，标点",
            "tab\there",
            "- dash",
            "0x1F",
            "名 字",
            "",
        ] {
            let yaml = format!("title: {}\n", scalar(text));
            let read: FrontMatter = serde_saphyr::from_str(&yaml).unwrap_or_else(|e| panic!("{yaml}: {e}"));
            assert_eq!(read.title.as_deref().unwrap_or_default(), text, "{yaml}");
        }
    }
}
