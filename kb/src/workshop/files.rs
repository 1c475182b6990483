//! Pictures and files of articles. A customer may load one only while the live words of its article show it.
use firstline_core::{Error, Result, Time, files, on, on_tx};
use serde_json::json;
use sqlx::FromRow;

use super::{Curator, Workshop};

/// A file of an article; its bytes lie in the file store under `sha256`.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct ArticleFile {
    pub id: String,
    pub article_id: String,
    pub name: String,
    pub mime: String,
    /// Bytes.
    pub size: i64,
    pub sha256: String,
    /// When it was uploaded.
    pub at: Time,
}

impl ArticleFile {
    /// Path on our site; articles name it so.
    pub fn path(&self) -> String {
        let safe: String = self
            .name
            .chars()
            .map(|c| if c.is_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '-' })
            .collect();
        format!("/kb/files/{}/{safe}", self.id)
    }

    /// How an article shows it.
    pub fn markdown(&self) -> String {
        let name = self.name.replace(['[', ']', '\n'], " ");
        let sign = if self.mime.starts_with("image/") { "!" } else { "" };
        format!("{sign}[{name}]({})", self.path())
    }
}

impl Workshop {
    /// Puts a stored file to an article.
    pub async fn attach(
        &self,
        who: &Curator,
        article_id: &str,
        offer: &files::FileOffer,
    ) -> Result<ArticleFile> {
        let work = self.must(article_id).await?.work;
        let sha256 = offer.sha256.clone().ok_or_else(|| Error::invalid("file", "has no stored bytes"))?;
        let clock = self.library.clock();
        let file = ArticleFile {
            id: clock.id(),
            article_id: work.article_id.clone(),
            name: files::clean_name(&offer.name),
            mime: offer.mime.clone(),
            size: offer.size as i64,
            sha256,
            at: clock.now(),
        };
        let mut tx = self.library.db().begin().await?;
        on_tx!(&mut tx, c => sqlx::query(
            "insert into kb_picture (id, article_id, name, mime, size, sha256, author, at) values ($1, $2, $3, $4, $5, $6, $7, $8)")
            .bind(&file.id).bind(&file.article_id).bind(&file.name).bind(&file.mime).bind(file.size).bind(&file.sha256)
            .bind(who.actor()).bind(clock.now()).execute(c).await.map(drop))?;
        let detail = json!({ "file": file.name, "size": file.size });
        self.note(&mut tx, who, "attached", &work.article_id, &work.title, detail).await?;
        tx.commit().await?;
        Ok(file)
    }

    pub async fn files(&self, article_id: &str) -> Result<Vec<ArticleFile>> {
        let rows = on!(self.library.db(), p => sqlx::query_as(
            "select id, article_id, name, mime, size, sha256, at from kb_picture where article_id = $1 order by id")
            .bind(article_id).fetch_all(p).await)?;
        Ok(rows)
    }

    /// A file by its id, for staff.
    pub async fn file(&self, id: &str) -> Result<Option<ArticleFile>> {
        let row = on!(self.library.db(), p => sqlx::query_as(
            "select id, article_id, name, mime, size, sha256, at from kb_picture where id = $1")
            .bind(id).fetch_optional(p).await)?;
        Ok(row)
    }

    /// A file by its id, for anybody: only when a live article shows it.
    pub async fn shown_file(&self, id: &str) -> Result<Option<ArticleFile>> {
        let Some(file) = self.file(id).await? else { return Ok(None) };
        let path = format!("/kb/files/{id}/");
        let live: i64 = on!(self.library.db(), p => sqlx::query_scalar(
            "select count(*) from kb_article where deleted = $1 and (id = $2 or translates = \
             (select external_id from kb_article where id = $2)) and body_md like $3")
            .bind(false).bind(&file.article_id).bind(format!("%{path}%")).fetch_one(p).await)?;
        Ok((live > 0).then_some(file))
    }
}
