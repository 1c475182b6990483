//! What staff can teach the search, entry by entry.
use firstline_core::{Error, Result, Time};
use serde::{Deserialize, Serialize};

use crate::language;

/// Longer lists are somebody's text in the wrong place.
const MOST_WORDS: usize = 200;
const LONGEST_WORD: usize = 300;
const LONGEST_TEXT: usize = 4000;

/// One entry. Words and questions are compared folded, as questions are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Entry {
    /// Words that mean the same: whoever asks with one also finds what is written with another.
    Synonym {
        words: Vec<String>,
    },
    /// What people call a product; a question with one of these words is about it.
    Product {
        product: String,
        words: Vec<String>,
    },
    /// An article (its external id) that comes first for these questions.
    Pin {
        questions: Vec<String>,
        article: String,
        /// Only when the question says the same words; else also when it holds them among others.
        exact: bool,
    },
    /// A text that answers these questions until there is an article.
    StopGap {
        questions: Vec<String>,
        /// `zh-CN` or `en`; empty: whoever asks.
        lang: String,
        text: String,
    },
    /// Small talk: phrases and what is said to them.
    Talk {
        phrases: Vec<String>,
        lang: String,
        text: String,
    },
    /// A word that is answered with a reply of its own instead of a search.
    Sensitive {
        word: String,
    },
    /// An article offered before anything was asked (猜你想问).
    Frequent {
        article: String,
        /// Empty: for everybody; else for whoever uses this product.
        product: String,
        /// `MM-DD` each, both inclusive, over the turn of the year where `from` is later; empty: all year.
        from: String,
        until: String,
    },
    Settings(Settings),
}

/// How the dictionary behaves. There is one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// From this likeness on (0 to 1) a message is small talk.
    pub talk_threshold: f32,
    /// Whether sensitive words have any effect.
    pub sensitive_on: bool,
    /// What is said to them.
    pub sensitive_reply_zh: String,
    pub sensitive_reply_en: String,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            talk_threshold: 0.8,
            sensitive_on: false,
            sensitive_reply_zh: "这个问题我不便回答。与产品使用有关的问题请继续问我，也可以转人工。".into(),
            sensitive_reply_en:
                "I cannot answer that one. Ask me anything about using the product, or talk to a person."
                    .into(),
        }
    }
}

/// An entry as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    pub id: String,
    pub entry: Entry,
    /// After this it has no effect; `None`: for good.
    pub until: Option<Time>,
    /// Counts its changes from 1; a change names the one it was made from.
    pub version: i64,
    pub updated_at: Time,
}

/// The kinds that are listed, in the order of the console.
pub const KINDS: [&str; 7] = ["synonym", "product", "pin", "stop_gap", "talk", "sensitive", "frequent"];

impl Entry {
    pub fn kind(&self) -> &'static str {
        match self {
            Entry::Synonym { .. } => "synonym",
            Entry::Product { .. } => "product",
            Entry::Pin { .. } => "pin",
            Entry::StopGap { .. } => "stop_gap",
            Entry::Talk { .. } => "talk",
            Entry::Sensitive { .. } => "sensitive",
            Entry::Frequent { .. } => "frequent",
            Entry::Settings(_) => "settings",
        }
    }

    /// What people know it by: its first word or question, or the article it names.
    pub fn name(&self) -> &str {
        fn first(words: &[String]) -> &str {
            words.first().map_or("", String::as_str)
        }
        match self {
            Entry::Synonym { words } => first(words),
            Entry::Product { product, .. } => product,
            Entry::Pin { questions: words, .. }
            | Entry::StopGap { questions: words, .. }
            | Entry::Talk { phrases: words, .. } => first(words),
            Entry::Sensitive { word } => word,
            Entry::Frequent { article, .. } => article,
            Entry::Settings(_) => "",
        }
    }

    /// Trimmed and checked; `Invalid` names the field at fault.
    pub fn clean(self) -> Result<Entry> {
        Ok(match self {
            Entry::Synonym { words: given } => Entry::Synonym { words: words("words", given, 2)? },
            Entry::Product { product, words: given } => {
                Entry::Product { product: line("product", &product)?, words: words("words", given, 1)? }
            }
            Entry::Pin { questions, article, exact } => Entry::Pin {
                questions: words("questions", questions, 1)?,
                article: line("article", &article)?,
                exact,
            },
            Entry::StopGap { questions, lang, text: said } => Entry::StopGap {
                questions: words("questions", questions, 1)?,
                lang: tag(&lang)?,
                text: text(&said)?,
            },
            Entry::Talk { phrases, lang, text: said } => {
                Entry::Talk { phrases: words("phrases", phrases, 1)?, lang: tag(&lang)?, text: text(&said)? }
            }
            Entry::Sensitive { word } => Entry::Sensitive { word: line("word", &word)? },
            Entry::Frequent { article, product, from, until } => {
                let (from, until) = (day("from", &from)?, day("until", &until)?);
                if from.is_empty() != until.is_empty() {
                    return Err(Error::invalid("until", "a season needs both its first and its last day"));
                }
                Entry::Frequent {
                    article: line("article", &article)?,
                    product: squeeze(&product),
                    from,
                    until,
                }
            }
            Entry::Settings(settings) => Entry::Settings(settings.clean()?),
        })
    }
}

impl Settings {
    fn clean(self) -> Result<Settings> {
        if !(0.5..=1.0).contains(&self.talk_threshold) {
            return Err(Error::invalid("talk_threshold", "must lie between 0.5 and 1"));
        }
        Ok(Settings {
            sensitive_reply_zh: text(&self.sensitive_reply_zh)?,
            sensitive_reply_en: text(&self.sensitive_reply_en)?,
            ..self
        })
    }
}

/// One line without NUL, which PostgreSQL cannot store.
fn squeeze(text: &str) -> String {
    text.replace('\0', "").split_whitespace().collect::<Vec<_>>().join(" ")
}

fn line(field: &str, text: &str) -> Result<String> {
    let text = squeeze(text);
    if text.is_empty() {
        return Err(Error::invalid(field, "is empty"));
    }
    if text.chars().count() > LONGEST_WORD {
        return Err(Error::invalid(field, format!("is longer than {LONGEST_WORD} characters")));
    }
    Ok(text)
}

fn words(field: &str, given: Vec<String>, least: usize) -> Result<Vec<String>> {
    let mut clean: Vec<String> = Vec::new();
    for word in given.iter().map(|word| squeeze(word)).filter(|word| !word.is_empty()) {
        let word = line(field, &word)?;
        if !clean.contains(&word) {
            clean.push(word);
        }
    }
    match clean.len() {
        n if n < least => Err(Error::invalid(field, format!("needs at least {least}, one a line"))),
        n if n > MOST_WORDS => Err(Error::invalid(field, format!("takes at most {MOST_WORDS}"))),
        _ => Ok(clean),
    }
}

fn text(said: &str) -> Result<String> {
    let said = said.replace('\0', "").replace("\r\n", "\n").trim().to_string();
    match said.chars().count() {
        0 => Err(Error::invalid("text", "is empty; write what is said")),
        n if n > LONGEST_TEXT => {
            Err(Error::invalid("text", format!("is longer than {LONGEST_TEXT} characters")))
        }
        _ => Ok(said),
    }
}

fn tag(lang: &str) -> Result<String> {
    if lang.trim().is_empty() {
        return Ok(String::new());
    }
    language::canonical(lang)
        .map(str::to_string)
        .ok_or_else(|| Error::invalid("lang", format!("{lang:?} is none of: zh, zh-CN, en")))
}

/// `MM-DD`, or empty.
fn day(field: &str, text: &str) -> Result<String> {
    let text = squeeze(text);
    if text.is_empty() {
        return Ok(text);
    }
    let parts = text.split_once('-').and_then(|(m, d)| Some((m.parse::<u8>().ok()?, d.parse::<u8>().ok()?)));
    // 2024 had a 29 February.
    let valid = parts.is_some_and(|(m, d)| jiff::civil::Date::new(2024, m as i8, d as i8).is_ok());
    match parts {
        Some((m, d)) if valid => Ok(format!("{m:02}-{d:02}")),
        _ => Err(Error::invalid(field, format!("{text:?} is no day such as 03-01"))),
    }
}
