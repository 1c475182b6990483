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
