//! What other help centres export: Zendesk's article JSON, and pages of HTML.
use std::path::Path;

use firstline_core::{Error, Result};
use serde::Deserialize;
use serde_json::Value;

use super::batch::{Batch, Origin};
use super::html::to_markdown;
use super::life::Life;
use super::{Progress, Unit};
use crate::article::{ArticleKind, Draft};
use crate::language;
use crate::workshop::State;

/// An article as Zendesk's help centre gives it; other keys are left alone.
#[derive(Deserialize)]
struct Article {
    id: Value,
    title: Option<String>,
    #[serde(alias = "name")]
    name: Option<String>,
    body: Option<String>,
    locale: Option<String>,
    source_locale: Option<String>,
    #[serde(default)]
    label_names: Vec<String>,
    #[serde(default)]
    draft: bool,
    #[serde(default)]
    outdated: bool,
}

/// `{"articles": […]}`, `{"article": {…}}` or a bare list.
pub(super) async fn json(
    batch: &mut Batch<'_>,
    path: &Path,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<()> {
    let unreadable = |what: String| Error::invalid(path.display().to_string(), what);
    let bytes = std::fs::read(path).map_err(|e| unreadable(format!("cannot be read: {e}")))?;
    let whole: Value = serde_json::from_slice(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes))
        .map_err(|e| unreadable(format!("is not JSON: {e}")))?;
    let items = match whole {
        Value::Array(items) => items,
        Value::Object(mut all) => match (all.remove("articles"), all.remove("article")) {
            (Some(Value::Array(items)), _) => items,
            (_, Some(one)) => vec![one],
            _ => {
                return Err(unreadable(
                    "has neither `articles` nor `article`; export the articles as JSON".into(),
                ));
            }
        },
        _ => return Err(unreadable("is neither a list nor an object of articles".into())),
    };
    let total = items.len() as u64;
    for (number, item) in (1..).zip(items) {
        match serde_json::from_value(item)
            .map_err(|e| (None, format!("is not an article: {e}")))
            .and_then(draft)
        {
            Ok((draft, life)) => {
                let origin = Origin { file: path.to_path_buf(), line: Some(number) };
                batch.add_with(draft, life, origin).await?;
            }
            Err((key, what)) => {
                batch.bad(path.to_path_buf(), Some(number), key, format!("article {number}: {what}"))
            }
        }
        progress(Progress { done: number, total, unit: Unit::Articles });
    }
    Ok(())
}

fn draft(article: Article) -> std::result::Result<(Draft, Life), (Option<&'static str>, String)> {
    let missing = |key: &'static str| (Some(key), format!("is missing; every article needs `{key}`"));
    let id = match &article.id {
        Value::String(id) => id.clone(),
        Value::Number(id) => id.to_string(),
        _ => return Err(missing("id")),
    };
    let title = article.title.or(article.name).ok_or_else(|| missing("title"))?;
    let body_md = to_markdown(&article.body.ok_or_else(|| missing("body"))?);
    let guess = || language::guess(&title).or_else(|| language::guess(&body_md)).unwrap_or("en").to_string();
    let (lang, translates) = match (&article.locale, &article.source_locale) {
        (Some(locale), Some(source)) if !locale.eq_ignore_ascii_case(source) => {
            (locale.clone(), Some(format!("zendesk/{id}")))
        }
        (Some(locale), _) => (locale.clone(), None),
        (None, _) => (guess(), None),
    };
    let external_id = match &translates {
        Some(source) => format!("{source}/{}", lang.to_lowercase()),
        None => format!("zendesk/{id}"),
    };
    let life =
        Life { state: article.draft.then_some(State::Draft), stale: article.outdated, ..Life::default() };
    Ok((
        Draft {
            external_id,
            lang,
            kind: ArticleKind::Troubleshooting,
            category: None,
            title,
            body_md,
            product: None,
            versions: None,
            tags: article.label_names,
            codes: Vec::new(),
            symptoms: Vec::new(),
            questions: Vec::new(),
            frequent: false,
            translates,
        },
        life,
    ))
}

/// A page of HTML: its title, and what its body says.
pub(super) async fn page(batch: &mut Batch<'_>, path: &Path, name: &str) -> Result<()> {
    let text = match std::fs::read(path).map_err(|e| e.to_string()).and_then(|b| super::text::decode(&b)) {
        Ok(text) => text,
        Err(why) => {
            batch.bad(path.to_path_buf(), None, None, why);
            return Ok(());
        }
    };
    let inner = |name: &str| {
        let lower = text.to_ascii_lowercase();
        let start = lower.find(&format!("<{name}"))?;
        let start = start + lower[start..].find('>')? + 1;
        let end = lower[start..].find(&format!("</{name}"))? + start;
        Some(text[start..end].to_string())
    };
    let title = inner("h1").or_else(|| inner("title")).map(|t| crate::markdown::to_text(&to_markdown(&t)));
    let Some(title) = title.map(|t| t.replace('\n', " ")).filter(|t| !t.trim().is_empty()) else {
        batch.bad(
            path.to_path_buf(),
            Some(1),
            Some("title"),
            "is missing; the page needs a <title> or an <h1>",
        );
        return Ok(());
    };
    let body = ["article", "main", "body"].iter().find_map(|n| inner(n)).unwrap_or(text.clone());
    let body_md = to_markdown(&body);
    let lang = language::guess(&title).or_else(|| language::guess(&body_md)).unwrap_or("en").to_string();
    let draft = Draft {
        external_id: name.to_string(),
        lang,
        kind: ArticleKind::Troubleshooting,
        category: None,
        title,
        body_md,
        product: None,
        versions: None,
        tags: Vec::new(),
        codes: Vec::new(),
        symptoms: Vec::new(),
        questions: Vec::new(),
        frequent: false,
        translates: None,
    };
    batch.add(draft, Origin { file: path.to_path_buf(), line: None }).await
}
