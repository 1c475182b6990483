//! An article as a row.
use firstline_core::Time;
use sqlx::FromRow;
use sqlx::types::Json;

use crate::article::{Article, ArticleKind, Draft};

#[derive(Clone, Debug, FromRow)]
pub(crate) struct ArticleRow {
    pub id: String,
    pub external_id: String,
    pub lang: String,
    #[sqlx(try_from = "String")]
    pub kind: ArticleKind,
    pub category: Option<String>,
    pub title: String,
    pub body_md: String,
    pub product: Option<String>,
    pub versions: Option<String>,
    pub tags: Json<Vec<String>>,
    pub codes: Json<Vec<String>>,
    pub symptoms: Json<Vec<String>>,
    pub questions: Json<Vec<String>>,
    pub frequent: bool,
    pub translates: Option<String>,
    pub revision: i64,
    pub change_no: i64,
    pub deleted: bool,
    pub created_at: Time,
    pub updated_at: Time,
}

impl ArticleRow {
    pub fn into_article(self) -> Article {
        Article {
            id: self.id,
            external_id: self.external_id,
            lang: self.lang,
            kind: self.kind,
            category: self.category,
            title: self.title,
            body_md: self.body_md,
            product: self.product,
            versions: self.versions,
            tags: self.tags.0,
            codes: self.codes.0,
            symptoms: self.symptoms.0,
            questions: self.questions.0,
            frequent: self.frequent,
            translates: self.translates,
            revision: self.revision,
            created_at: self.created_at,
            updated_at: self.updated_at,
        }
    }

    /// The row as it was at another revision, kept as `draft`.
    pub fn at_revision(self, revision: i64, draft: Draft, at: Time) -> Article {
        Article { revision, updated_at: at, ..with_words(self.into_article(), draft) }
    }

    /// The row as if it were live and said what `draft` says.
    pub fn saying(self, d: &Draft) -> ArticleRow {
        let d = d.clone();
        ArticleRow {
            kind: d.kind,
            category: d.category,
            title: d.title,
            body_md: d.body_md,
            product: d.product,
            versions: d.versions,
            tags: Json(d.tags),
            codes: Json(d.codes),
            symptoms: Json(d.symptoms),
            questions: Json(d.questions),
            frequent: d.frequent,
            translates: d.translates,
            deleted: false,
            ..self
        }
    }

    /// The words of this row, to compare with what somebody wants it to be.
    pub fn draft(&self) -> Draft {
        Draft {
            external_id: self.external_id.clone(),
            lang: self.lang.clone(),
            kind: self.kind,
            category: self.category.clone(),
            title: self.title.clone(),
            body_md: self.body_md.clone(),
            product: self.product.clone(),
            versions: self.versions.clone(),
            tags: self.tags.0.clone(),
            codes: self.codes.0.clone(),
            symptoms: self.symptoms.0.clone(),
            questions: self.questions.0.clone(),
            frequent: self.frequent,
            translates: self.translates.clone(),
        }
    }
}

/// `article` saying what `draft` says.
pub(crate) fn with_words(article: Article, draft: Draft) -> Article {
    Article {
        external_id: draft.external_id,
        lang: draft.lang,
        kind: draft.kind,
        category: draft.category,
        title: draft.title,
        body_md: draft.body_md,
        product: draft.product,
        versions: draft.versions,
        tags: draft.tags,
        codes: draft.codes,
        symptoms: draft.symptoms,
        questions: draft.questions,
        frequent: draft.frequent,
        translates: draft.translates,
        ..article
    }
}
