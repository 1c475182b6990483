//! The one form of all entries: which fields a kind has, from an entry and back.
use firstline_core::Time;
use firstline_kb::dictionary::entry::{Entry, Stored};
use jiff::civil::Date;
use serde::Deserialize;

use crate::pages::{Page, PageError};

/// What is typed. Lists are one item a line.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    pub words: String,
    pub article: String,
    pub product: String,
    pub lang: String,
    pub text: String,
    pub exact: String,
    pub from: String,
    pub until: String,
    /// `YYYY-MM-DD`, the last day it is in force; empty: for good.
    pub expires: String,
    pub version: String,
    /// `preview`, `save`, or `insist` where questions get worse.
    #[serde(rename = "do")]
    pub action: String,
}

impl Typed {
    /// The entry as it would be typed.
    pub fn of(p: &Page, stored: &Stored) -> Typed {
        let lines = |words: &[String]| words.join("\n");
        let mut typed = Typed { version: stored.version.to_string(), ..Typed::default() };
        match &stored.entry {
            Entry::Synonym { words } => typed.words = lines(words),
            Entry::Product { product, words } => {
                (typed.product, typed.words) = (product.clone(), lines(words))
            }
            Entry::Pin { questions, article, exact } => {
                (typed.words, typed.article) = (lines(questions), article.clone());
                typed.exact = if *exact { "on".into() } else { String::new() };
            }
            Entry::StopGap { questions: words, lang, text } | Entry::Talk { phrases: words, lang, text } => {
                (typed.words, typed.lang, typed.text) = (lines(words), lang.clone(), text.clone());
            }
            Entry::Sensitive { word } => typed.words = word.clone(),
            Entry::Frequent { article, product, from, until } => {
                (typed.article, typed.product) = (article.clone(), product.clone());
                (typed.from, typed.until) = (from.clone(), until.clone());
            }
            Entry::Settings(_) => {}
        }
        // The moment before it ends lies on its last day.
        let last = stored.until.map(|at| at.plus_millis(-1).timestamp().to_zoned(p.zone.clone()).date());
        typed.expires = last.map(|day| day.to_string()).unwrap_or_default();
        typed
    }

    /// What was typed as an entry of a kind. `NotFound` for a kind there is not.
    pub fn entry(&self, kind: &str) -> Result<Entry, PageError> {
        let words: Vec<String> = self.words.lines().map(str::to_owned).collect();
        let (article, product) = (self.article.clone(), self.product.clone());
        let (lang, text) = (self.lang.clone(), self.text.clone());
        Ok(match kind {
            "synonym" => Entry::Synonym { words },
            "product" => Entry::Product { product, words },
            "pin" => Entry::Pin { questions: words, article, exact: !self.exact.is_empty() },
            "stop_gap" => Entry::StopGap { questions: words, lang, text },
            "talk" => Entry::Talk { phrases: words, lang, text },
            "sensitive" => Entry::Sensitive { word: self.words.clone() },
            "frequent" => {
                Entry::Frequent { article, product, from: self.from.clone(), until: self.until.clone() }
            }
            _ => return Err(PageError::NotFound),
        })
    }

    /// The end of its last day where the reader is; `Err` for what is no day.
    pub fn ends(&self, p: &Page) -> Result<Option<Time>, ()> {
        if self.expires.trim().is_empty() {
            return Ok(None);
        }
        let day: Date = self.expires.trim().parse().map_err(|_| ())?;
        let next = day.tomorrow().map_err(|_| ())?.to_zoned(p.zone.clone()).map_err(|_| ())?;
        Ok(Some(Time::from_timestamp(next.timestamp())))
    }
}

/// Whether a kind has a field.
pub fn has(kind: &str, field: &str) -> bool {
    let fields: &[&str] = match kind {
        "synonym" | "sensitive" => &["words"],
        "product" => &["product", "words"],
        "pin" => &["words", "article", "exact", "expires"],
        "stop_gap" => &["words", "lang", "text", "expires"],
        "talk" => &["words", "lang", "text"],
        "frequent" => &["article", "product", "season"],
        _ => &[],
    };
    fields.contains(&field)
}

/// What the field of words is called for a kind, as the end of a text's key.
pub fn words_key(kind: &str) -> &'static str {
    match kind {
        "pin" | "stop_gap" => "dict-questions",
        "talk" => "dict-phrases",
        "sensitive" => "dict-word",
        _ => "dict-words",
    }
}
