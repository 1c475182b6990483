//! The editor's form: an article's words as fields, as one text or in its parts.
use firstline_kb::Draft;
use firstline_kb::article::ArticleKind;
use firstline_kb::parts::Parts;
use serde::Deserialize;

use super::filled;
use crate::pages::PageError;

/// What the form holds, as it was sent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Words {
    /// The article's; empty for a new one. Only the preview asks for it.
    pub id: String,
    pub version: String,
    pub title: String,
    pub lang: String,
    pub kind: String,
    pub category: String,
    pub product: String,
    pub versions: String,
    pub tags: String,
    pub codes: String,
    /// One a line.
    pub asks: String,
    /// Curated wordings, one a line.
    pub questions: String,
    pub frequent: String,
    pub translates: String,
    /// `parts` or `text`.
    pub form: String,
    pub body: String,
    pub symptoms: String,
    pub cause: String,
    pub user: String,
    pub administrator: String,
    pub engineer: String,
    pub applies: String,
    pub rest: String,
    pub note: String,
    pub gap: String,
    /// The revision of the source a translator read.
    pub source_revision: String,
    /// `save`, `preview`, `submit`, `text` or `parts`.
    pub r#do: String,
}

impl Words {
    /// The form of an article as it is; in parts where it is made of them.
    pub fn of(draft: &Draft, version: i64) -> Words {
        let lines = |items: &[String], by: &str| items.join(by);
        let words = Words {
            version: version.to_string(),
            title: draft.title.clone(),
            lang: draft.lang.clone(),
            kind: draft.kind.to_string(),
            category: draft.category.clone().unwrap_or_default(),
            product: draft.product.clone().unwrap_or_default(),
            versions: draft.versions.clone().unwrap_or_default(),
            tags: lines(&draft.tags, ", "),
            codes: lines(&draft.codes, ", "),
            asks: lines(&draft.symptoms, "\n"),
            questions: lines(&draft.questions, "\n"),
            frequent: if draft.frequent { "on".into() } else { String::new() },
            translates: draft.translates.clone().unwrap_or_default(),
            body: draft.body_md.clone(),
            ..Words::default()
        };
        words.in_parts()
    }

    /// The parts of the text, where it is made of them; else the text as it is.
    pub fn in_parts(self) -> Words {
        match Parts::of(&self.text()) {
            Some(parts) => Words {
                form: "parts".into(),
                symptoms: parts.symptoms,
                cause: parts.cause,
                user: parts.user,
                administrator: parts.administrator,
                engineer: parts.engineer,
                applies: parts.applies,
                rest: parts.rest,
                ..self
            },
            None => Words { form: "text".into(), ..self },
        }
    }

    pub fn in_one_text(self) -> Words {
        Words { body: self.text(), form: "text".into(), ..self }
    }

    pub fn is_parts(&self) -> bool {
        self.form == "parts"
    }

    /// The body in Markdown.
    pub fn text(&self) -> String {
        if !self.is_parts() {
            return self.body.clone();
        }
        let plain = |text: &String| text.replace("\r\n", "\n");
        let parts = Parts {
            symptoms: plain(&self.symptoms),
            cause: plain(&self.cause),
            user: plain(&self.user),
            administrator: plain(&self.administrator),
            engineer: plain(&self.engineer),
            applies: plain(&self.applies),
            rest: plain(&self.rest),
        };
        parts.write(&self.lang)
    }

    /// The words as an article; `external_id` is the workshop's business.
    pub fn draft(&self) -> Result<Draft, PageError> {
        let kind = if self.kind.is_empty() { Ok(ArticleKind::Troubleshooting) } else { self.kind.parse() };
        let some = |text: &str| filled(text).map(str::to_owned);
        let items = |parts: &mut dyn Iterator<Item = &str>| -> Vec<String> {
            parts.filter_map(filled).map(str::to_owned).collect()
        };
        let list = |text: &str| items(&mut text.split([',', '，', '、', ';', '；', '\n']));
        let lines = |text: &str| items(&mut text.lines());
        Ok(Draft {
            external_id: String::new(),
            lang: if self.lang.is_empty() { "zh-CN".into() } else { self.lang.clone() },
            kind: kind.map_err(|_| PageError::BadRequest)?,
            category: some(&self.category),
            title: self.title.clone(),
            body_md: self.text(),
            product: some(&self.product),
            versions: some(&self.versions),
            tags: list(&self.tags),
            codes: list(&self.codes),
            symptoms: lines(&self.asks),
            questions: lines(&self.questions),
            frequent: !self.frequent.is_empty(),
            translates: some(&self.translates),
        })
    }
}
