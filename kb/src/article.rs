//! Articles: what they are.
use serde::{Deserialize, Serialize};

use firstline_core::{Time, text_enum};

text_enum! {
    ArticleKind ("kind") {
        Troubleshooting = "troubleshooting",
        Question = "question",
        ErrorCode = "error_code",
        ReleaseNotice = "release_notice",
        Manual = "manual",
        Tip = "tip",
    }
}

/// An article at one revision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Article {
    pub id: String,
    /// The id at its source; unique.
    pub external_id: String,
    /// `zh-CN` or `en`.
    pub lang: String,
    pub kind: ArticleKind,
    pub category: Option<String>,
    pub title: String,
    pub body_md: String,
    pub product: Option<String>,
    pub versions: Option<String>,
    pub tags: Vec<String>,
    pub codes: Vec<String>,
    /// Ways users say it.
    pub symptoms: Vec<String>,
    /// Other wordings of the question it answers, written by curators (相似问).
    pub questions: Vec<String>,
    /// Offered as a tappable question at the start of a chat.
    pub frequent: bool,
    /// External id of the article this one translates.
    pub translates: Option<String>,
    /// Counts from 1; every change of the words is a new one.
    pub revision: i64,
    pub created_at: Time,
    pub updated_at: Time,
}

/// What somebody wants an article to be. `external_id` decides whether it is new.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    pub external_id: String,
    pub lang: String,
    pub kind: ArticleKind,
    pub category: Option<String>,
    pub title: String,
    pub body_md: String,
    pub product: Option<String>,
    pub versions: Option<String>,
    pub tags: Vec<String>,
    pub codes: Vec<String>,
    pub symptoms: Vec<String>,
    /// Absent from revisions older than the field.
    #[serde(default)]
    pub questions: Vec<String>,
    pub frequent: bool,
    pub translates: Option<String>,
}

impl From<&Article> for Draft {
    fn from(a: &Article) -> Draft {
        Draft {
            external_id: a.external_id.clone(),
            lang: a.lang.clone(),
            kind: a.kind,
            category: a.category.clone(),
            title: a.title.clone(),
            body_md: a.body_md.clone(),
            product: a.product.clone(),
            versions: a.versions.clone(),
            tags: a.tags.clone(),
            codes: a.codes.clone(),
            symptoms: a.symptoms.clone(),
            questions: a.questions.clone(),
            frequent: a.frequent,
            translates: a.translates.clone(),
        }
    }
}
