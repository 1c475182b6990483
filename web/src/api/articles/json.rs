//! An article as JSON, in and out.
use firstline_core::Time;
use firstline_core::desk::Links;
use firstline_kb::article::{Article, ArticleKind, Draft};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::extract::{at_most, lang_tag};
use crate::api::problem::Problem;
use crate::api::schemas;

/// An article as somebody wants it to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewArticle, example = json!({
    "external_id": "en/e-2001-printer-offline", "lang": "en", "title": "E-2001: printer offline",
    "body_md": "## Steps\n1. Switch the printer on.", "product": "invoice", "tags": ["printer"]
}))]
pub struct ArticleIn {
    /// The id at its source; decides whether the article is new. A new one is made when absent.
    #[schema(min_length = 1, max_length = 512, pattern = r"^[^\u0000]*[^\s\u0000][^\u0000]*$")]
    pub external_id: Option<String>,
    #[schema(schema_with = schemas::lang)]
    lang: String,
    /// `troubleshooting` when absent.
    #[schema(schema_with = schemas::article_kind_or_null)]
    kind: Option<ArticleKind>,
    #[schema(max_length = 200, pattern = r"^[^\u0000]*$")]
    category: Option<String>,
    #[schema(min_length = 1, max_length = 1000, pattern = r"^[^\u0000]*[^\s\u0000][^\u0000]*$")]
    title: String,
    /// Markdown. The section "Steps" (步骤) is what an answer quotes.
    #[schema(max_length = 200000, pattern = r"^[^\u0000]*$")]
    body_md: String,
    #[schema(max_length = 200, pattern = r"^[^\u0000]*$")]
    product: Option<String>,
    /// To which versions it applies, such as `>=3.0`; to all when absent.
    #[schema(max_length = 200, pattern = r"^[^\u0000]*$")]
    versions: Option<String>,
    #[serde(default)]
    #[schema(schema_with = schemas::texts)]
    tags: Vec<String>,
    /// Error codes it explains; taken from the title when empty.
    #[serde(default)]
    #[schema(schema_with = schemas::texts)]
    codes: Vec<String>,
    /// Ways users say it.
    #[serde(default)]
    #[schema(schema_with = schemas::texts)]
    symptoms: Vec<String>,
    /// Other wordings of the question it answers.
    #[serde(default)]
    #[schema(schema_with = schemas::texts)]
    questions: Vec<String>,
    /// Offered as a tappable question at the start of a chat.
    #[serde(default)]
    frequent: bool,
    /// `external_id` of the article this one translates.
    #[schema(max_length = 512, pattern = r"^[^\u0000]*$")]
    translates: Option<String>,
}

/// An article at its newest revision.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Article)]
#[serde(deny_unknown_fields)]
pub struct ArticleOut {
    id: String,
    external_id: String,
    #[schema(schema_with = schemas::lang_tag)]
    lang: String,
    #[schema(schema_with = schemas::article_kind)]
    kind: ArticleKind,
    category: Option<String>,
    title: String,
    body_md: String,
    product: Option<String>,
    versions: Option<String>,
    tags: Vec<String>,
    codes: Vec<String>,
    symptoms: Vec<String>,
    questions: Vec<String>,
    frequent: bool,
    translates: Option<String>,
    /// Counts from 1; every change of the words is a new one.
    #[schema(minimum = 1)]
    revision: i64,
    #[schema(value_type = String, format = DateTime)]
    created_at: Time,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Time,
    /// The article's page.
    url: String,
}

impl ArticleIn {
    pub fn draft(self, external_id: String) -> Result<Draft, Problem> {
        at_most("body_md", Some(&self.body_md), 200_000)?;
        at_most("category", self.category.as_deref(), 200)?;
        at_most("product", self.product.as_deref(), 200)?;
        at_most("versions", self.versions.as_deref(), 200)?;
        at_most("translates", self.translates.as_deref(), 512)?;
        Ok(Draft {
            external_id,
            lang: lang_tag(&self.lang)?.to_owned(),
            kind: self.kind.unwrap_or(ArticleKind::Troubleshooting),
            category: self.category,
            title: self.title,
            body_md: self.body_md,
            product: self.product,
            versions: self.versions,
            tags: self.tags,
            codes: self.codes,
            symptoms: self.symptoms,
            questions: self.questions,
            frequent: self.frequent,
            translates: self.translates,
        })
    }
}

impl ArticleOut {
    pub fn new(links: &Links, a: Article) -> ArticleOut {
        ArticleOut {
            url: links.page(&format!("/kb/{}", a.id)),
            id: a.id,
            external_id: a.external_id,
            lang: a.lang,
            kind: a.kind,
            category: a.category,
            title: a.title,
            body_md: a.body_md,
            product: a.product,
            versions: a.versions,
            tags: a.tags,
            codes: a.codes,
            symptoms: a.symptoms,
            questions: a.questions,
            frequent: a.frequent,
            translates: a.translates,
            revision: a.revision,
            created_at: a.created_at,
            updated_at: a.updated_at,
        }
    }
}
