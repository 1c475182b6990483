//! Translations: bound to the revision of the source they were written from, stale once it is older.
use firstline_core::store::Tx;
use firstline_core::{Error, Result, on, on_tx};
use serde_json::json;

use super::{Bench, Curator, Workshop, rows};
use crate::article::{Article, Draft};
use crate::language;

/// How a published article stands to the one it translates.
#[derive(Clone, Debug, PartialEq)]
pub struct Translation {
    /// Our id of the source, which is live.
    pub source_id: String,
    pub source_lang: String,
    /// The source was published anew since.
    pub stale: bool,
}

/// A source and its translation beside each other.
#[derive(Clone, Debug, PartialEq)]
pub struct Side {
    pub source: Article,
    /// What the translation was written from, where that is not what is live now.
    pub from: Option<Draft>,
    /// The translation on the bench, when there is one.
    pub bench: Option<Bench>,
    pub lang: String,
}

impl Workshop {
    /// `None` for an article that translates nothing that is live.
    pub async fn translation_of(&self, article: &Article) -> Result<Option<Translation>> {
        let Some(source) = &article.translates else { return Ok(None) };
        let row: Option<(String, String, i64, Option<i64>)> = on!(self.library.db(), p => sqlx::query_as(
            "select s.id, s.lang, s.revision, t.source_revision from kb_article s join kb_article t on t.id = $2 \
             where s.external_id = $1 and s.deleted = $3")
            .bind(source).bind(&article.id).bind(false).fetch_optional(p).await)?;
        Ok(row.map(|(source_id, source_lang, live, bound)| Translation {
            source_id,
            source_lang,
            stale: bound.is_some_and(|bound| bound < live),
        }))
    }

    /// A live article and its translation into the other language, to work on beside each other. Opened on
    /// a translation, its source is the left side.
    pub async fn beside(&self, id: &str) -> Result<Side> {
        let bench = self.must(id).await?;
        let source_id = bench.head.draft.translates.clone();
        let source = match &source_id {
            Some(of) => self.library.article(of).await?,
            None => self.library.article(&bench.work.article_id).await?,
        };
        let source = source.ok_or_else(|| {
            Error::Conflict("the source is not published; publish it before it is translated".into())
        })?;
        let lang = language::other(&source.lang).to_string();
        let bench = match source_id {
            Some(_) => Some(bench),
            None => self.translated_into(&source, &lang).await?,
        };
        let from = match bench.as_ref().and_then(|b| b.head.source_revision) {
            Some(n) if n != source.revision => {
                rows::revision(self.library.db(), &source.id, n).await?.map(|r| r.draft.0)
            }
            _ => None,
        };
        Ok(Side { source, from, bench, lang })
    }

    /// The translation of `source` on the bench, published or not.
    async fn translated_into(&self, source: &Article, lang: &str) -> Result<Option<Bench>> {
        let live: Option<String> = on!(self.library.db(), p => sqlx::query_scalar(
            "select id from kb_article where lang = $2 and (translates = $1 or external_id = $3) order by deleted, id limit 1")
            .bind(&source.external_id).bind(lang).bind(translated_id(&source.external_id, lang)).fetch_optional(p).await)?;
        match live {
            Some(id) => self.bench(&id).await,
            None => Ok(None),
        }
    }

    /// Writes or rewrites a translation of a live article, bound to the revision the translator read.
    pub async fn translate(
        &self,
        who: &Curator,
        source_id: &str,
        source_revision: i64,
        version: i64,
        draft: &Draft,
    ) -> Result<super::Saved> {
        let side = self.beside(source_id).await?;
        let draft = Draft {
            lang: side.lang.clone(),
            translates: Some(side.source.external_id.clone()),
            external_id: translated_id(&side.source.external_id, &side.lang),
            ..draft.clone()
        };
        match side.bench {
            Some(bench) => {
                let id = bench.work.article_id;
                self.save(who, &id, version, &draft, "", Some(source_revision)).await
            }
            None => {
                let bench = self.create(who, &draft, "", None).await?;
                self.bind(&bench.work.article_id, bench.head.revision, source_revision).await?;
                Ok(super::Saved::Saved(self.must(&bench.work.article_id).await?))
            }
        }
    }

    async fn bind(&self, id: &str, revision: i64, source_revision: i64) -> Result<()> {
        let mut tx = self.library.db().begin().await?;
        on_tx!(&mut tx, c => sqlx::query(
            "update kb_revision set source_revision = $3 where article_id = $1 and revision = $2")
            .bind(id).bind(revision).bind(source_revision).execute(c).await.map(drop))?;
        tx.commit().await
    }

    /// The live translation still says what the source says: it is bound to the live revision as it is.
    pub async fn confirm_translation(&self, who: &Curator, id: &str) -> Result<()> {
        who.must_publish("confirming a translation")?;
        let bench = self.must(id).await?;
        let Some(live) = &bench.live else { return Err(Error::Conflict("it is not published".into())) };
        let mut tx = self.library.db().begin().await?;
        let source = self.source_now(&mut tx, &Draft::from(live)).await?;
        on_tx!(&mut tx, c => sqlx::query("update kb_article set source_revision = $2 where id = $1")
            .bind(id).bind(source).execute(c).await.map(drop))?;
        on_tx!(&mut tx, c => sqlx::query(
            "update kb_revision set source_revision = $3 where article_id = $1 and revision = $2")
            .bind(id).bind(live.revision).bind(source).execute(c).await.map(drop))?;
        let detail = json!({ "revision": live.revision, "source_revision": source });
        self.note(&mut tx, who, "translation_confirmed", id, &live.title, detail).await?;
        tx.commit().await
    }

    /// The live revision of what a draft translates.
    pub(super) async fn source_now(&self, tx: &mut Tx, draft: &Draft) -> Result<Option<i64>> {
        let Some(source) = &draft.translates else { return Ok(None) };
        let revision = on_tx!(tx, c => sqlx::query_scalar(
            "select revision from kb_article where external_id = $1 and deleted = $2")
            .bind(source).bind(false).fetch_optional(c).await)?;
        Ok(revision)
    }
}

/// `zh/x` becomes `en/x`; an id without a language gets one in front.
fn translated_id(source: &str, lang: &str) -> String {
    let short = if lang == "en" { "en" } else { "zh" };
    let bare = ["zh-CN/", "zh/", "en/"].iter().find_map(|prefix| source.strip_prefix(prefix));
    format!("{short}/{}", bare.unwrap_or(source))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_translation_has_its_own_id() {
        assert_eq!(translated_id("zh/e-1042", "en"), "en/e-1042");
        assert_eq!(translated_id("kb/0190", "zh-CN"), "zh/kb/0190");
    }
}
