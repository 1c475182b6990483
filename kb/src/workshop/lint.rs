//! What a curator should look at before a draft goes to review.
use firstline_core::{Result, on};
use jiff::civil::Date;
use pulldown_cmark::{Event, Parser, Tag};

use super::{State, Workshop};
use crate::article::{ArticleKind, Draft};
use crate::catalogue::model::{Product, Release};
use crate::catalogue::{self, Catalogue};
use crate::parts::Parts;
use crate::version::Range;
use crate::{language, markdown};

/// A chat shows no longer title without cutting it (characters).
const TITLE: usize = 60;

/// Something to look at. `key` names its text, `detail` the place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    pub key: &'static str,
    pub detail: String,
    /// Readers would be led astray: not only a matter of taste.
    pub grave: bool,
}

impl Remark {
    pub fn grave(key: &'static str, detail: impl Into<String>) -> Remark {
        Remark { key, detail: detail.into(), grave: true }
    }

    pub fn hint(key: &'static str, detail: impl Into<String>) -> Remark {
        Remark { key, detail: detail.into(), grave: false }
    }
}

impl Workshop {
    /// Looks at a draft; `id` is the article's, empty for a new one.
    pub async fn lint(&self, id: &str, draft: &Draft) -> Result<Vec<Remark>> {
        let mut remarks = of_words(draft);
        for link in links(&draft.body_md) {
            remarks.extend(self.dead(&link).await?);
        }
        remarks.extend(self.retired_versions(draft).await?);
        remarks.extend(self.untranslated(id, draft).await?);
        Ok(remarks)
    }

    /// A link of ours that leads nowhere, or to something retired.
    async fn dead(&self, link: &str) -> Result<Option<Remark>> {
        let Some(at) = link.find("/kb/") else { return Ok(None) };
        let rest = &link[at + 4..];
        if let Some(file) = rest.strip_prefix("files/") {
            let id = file.split('/').next().unwrap_or_default();
            return Ok(self.file(id).await?.is_none().then(|| Remark::grave("lint-dead-file", link)));
        }
        let id = rest.split(['?', '#', '/']).next().unwrap_or_default();
        Ok(match self.bench(id).await? {
            None => Some(Remark::grave("lint-dead-link", link)),
            Some(bench) if bench.work.state == State::Retired => {
                Some(Remark::grave("lint-retired-link", link))
            }
            Some(bench) if bench.work.live.is_none() => Some(Remark::grave("lint-unpublished-link", link)),
            Some(_) => None,
        })
    }

    /// It is only about versions nobody should use any more: withdrawn, or past their last day of support.
    async fn retired_versions(&self, draft: &Draft) -> Result<Option<Remark>> {
        let (Some(product), Some(text)) = (&draft.product, &draft.versions) else { return Ok(None) };
        let Ok(range) = Range::parse(text) else { return Ok(None) };
        let (db, clock) = self.library.store();
        let catalogue = Catalogue::new(db.clone(), clock.clone());
        let Some(graph) = catalogue.graph(product).await? else { return Ok(None) };
        let today = catalogue.today();
        let mut meant =
            graph.nodes.iter().filter(|node| node.in_line() && range.contains(node.version())).peekable();
        let over =
            meant.peek().is_some() && meant.all(|node| !is_kept_up(&graph.product, &node.release, today));
        Ok(over.then(|| Remark::grave("lint-retired-versions", text)))
    }

    async fn untranslated(&self, id: &str, draft: &Draft) -> Result<Option<Remark>> {
        let other = language::other(&draft.lang);
        if let Some(source) = &draft.translates {
            let known = self.library.article(source).await?;
            return Ok(known.is_none().then(|| Remark::grave("lint-source-missing", source)));
        }
        let translated: i64 = on!(self.library.db(), p => sqlx::query_scalar(
            "select count(*) from kb_article t join kb_article s on s.external_id = t.translates \
             where s.id = $1 and t.deleted = $2").bind(id).bind(false).fetch_one(p).await)?;
        Ok((translated == 0).then(|| Remark::hint("lint-translation-missing", other)))
    }
}

fn is_kept_up(product: &Product, release: &Release, on: Date) -> bool {
    let draft = &release.draft;
    let not_over = |end: Option<Date>| end.is_none_or(|end| on <= end);
    release.state == catalogue::model::State::Published
        && not_over(product.end_of_life)
        && not_over(draft.end_of_life)
        && product.channel(draft.channel_name()).is_none_or(|channel| channel.supported(on))
}

fn of_words(draft: &Draft) -> Vec<Remark> {
    let mut remarks = Vec::new();
    let parts = Parts::of(&draft.body_md);
    let is_trouble = matches!(draft.kind, ArticleKind::Troubleshooting | ArticleKind::ErrorCode);
    let has_steps = parts
        .as_ref()
        .is_none_or(|p| !(p.user.is_empty() && p.administrator.is_empty() && p.engineer.is_empty()));
    if draft.body_md.trim().is_empty() {
        remarks.push(Remark::grave("lint-empty", ""));
    } else if is_trouble && !has_steps {
        remarks.push(Remark::grave("lint-no-steps", ""));
    } else if parts
        .as_ref()
        .is_some_and(|p| p.user.is_empty() && !(p.administrator.is_empty() && p.engineer.is_empty()))
    {
        remarks.push(Remark::hint("lint-no-user-steps", ""));
    }
    if draft.title.chars().count() > TITLE {
        remarks.push(Remark::hint("lint-long-title", draft.title.chars().count().to_string()));
    }
    if draft.symptoms.is_empty() {
        remarks.push(Remark::hint("lint-no-symptoms", ""));
    }
    if let Some(range) = draft.versions.as_deref().filter(|range| Range::parse(range).is_err()) {
        remarks.push(Remark::grave("lint-versions", range));
    }
    for (address, words) in pictures(&draft.body_md) {
        if !markdown::is_own_picture(&address) {
            remarks.push(Remark::grave("lint-foreign-picture", &address));
        } else if words.trim().is_empty() {
            remarks.push(Remark::hint("lint-picture-words", &address));
        }
    }
    remarks
}

fn links(md: &str) -> Vec<String> {
    let mut found = Vec::new();
    for event in Parser::new(md) {
        if let Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) = event
            && (dest_url.starts_with("/kb/") || dest_url.contains("://") && dest_url.contains("/kb/"))
            && !found.contains(&dest_url.to_string())
        {
            found.push(dest_url.into_string());
        }
    }
    found
}

/// Address and words of each picture.
fn pictures(md: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let mut inside = false;
    for event in Parser::new(md) {
        match event {
            Event::Start(Tag::Image { dest_url, .. }) => {
                inside = true;
                found.push((dest_url.into_string(), String::new()));
            }
            Event::End(pulldown_cmark::TagEnd::Image) => inside = false,
            Event::Text(text) if inside => {
                found.iter_mut().last().into_iter().for_each(|(_, words)| words.push_str(&text))
            }
            _ => {}
        }
    }
    found
}
