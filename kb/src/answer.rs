//! Questions and answers as the conversation, the portal and the API see them.
use firstline_core::text_enum;
use serde::{Deserialize, Serialize};

use crate::article::ArticleKind;

/// What somebody wants to know.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Question {
    pub text: String,
    /// Language of the asker, `zh-CN` or `en`; `None`: by the script of the text.
    pub lang: Option<String>,
    pub product: Option<String>,
    pub version: Option<String>,
    pub kind: Option<ArticleKind>,
    pub limit: usize,
}

/// Something found. `score` lies between 0 and 1, comparable between questions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hit {
    pub id: String,
    pub external_id: String,
    pub kind: ArticleKind,
    pub lang: String,
    pub title: String,
    pub product: Option<String>,
    pub revision: i64,
    /// Plain text around the words that fit, about 160 characters.
    pub snippet: String,
    /// The same as HTML with `<mark>`.
    pub snippet_html: String,
    pub score: f32,
    /// Path on our site, `/kb/{id}`.
    pub path: String,
}

/// What gave a hit its score, in points: their sum is the score.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Points {
    /// Words and pairs of characters that question and article share, by how rare they are, how often they stand
    /// there, whether in the title, and how long the article is.
    pub words: f32,
    /// Likeness of the whole question to the title or to one of the ways users say it.
    pub likeness: f32,
    /// The article is about a code the question names.
    pub code: f32,
    /// The article is in another language than the asker's.
    pub language: f32,
    /// It is about another product.
    pub product: f32,
    /// It is about other versions.
    pub version: f32,
    /// A bare entry of a code stands behind the article that says what to do.
    pub entry: f32,
    /// What lies above 0.8 is pressed into the rest of the scale.
    pub scale: f32,
    /// What the dictionary did: synonyms, pins, entries of the register.
    pub dictionary: f32,
}

impl Points {
    pub fn sum(&self) -> f32 {
        let Points { words, likeness, code, language, product, version, entry, scale, dictionary } = *self;
        words + likeness + code + language + product + version + entry + scale + dictionary
    }
}

/// The outcome of a search.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Found {
    pub query: String,
    /// The query with typing errors mended, when that was needed.
    pub corrected: Option<String>,
    pub hits: Vec<Hit>,
    /// Articles that match at all; no more than 100 are looked at and counted.
    pub total: usize,
    /// Codes the question names that look like ours but are in no register and no article, as they were written.
    #[serde(default)]
    pub unknown_codes: Vec<String>,
    /// What is said instead of an answer.
    #[serde(default)]
    pub reply: Option<Reply>,
}

text_enum! {
    /// Why something is said instead of an answer.
    ReplyWhy ("reply") { SmallTalk = "small_talk", StopGap = "stop_gap", Sensitive = "sensitive" }
}

/// Words of a curator for a message that needs no search, or has no article yet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reply {
    pub why: ReplyWhy,
    /// Markdown.
    pub text_md: String,
    /// The sensitive word that was met.
    pub word: Option<String>,
}

/// What to do with a question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum Answer {
    /// This is it, with good confidence. `steps_md` is the passage that tells what to do.
    Direct {
        hit: Hit,
        steps_md: String,
        others: Vec<Hit>,
    },
    /// One of these, most likely.
    Choices {
        hits: Vec<Hit>,
    },
    /// Which one decides: the products the candidates are about.
    Ask {
        products: Vec<String>,
        hits: Vec<Hit>,
    },
    /// Not an answer, but what is to be said.
    Reply {
        reply: Reply,
    },
    Nothing,
}
