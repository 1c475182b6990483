//! The articles of the workshop, in shelves.
use firstline_core::{Result, Time, on, text_enum};

use super::rows::work_sql;
use super::{Work, Workshop};

text_enum! {
    /// A view of the list.
    Shelf ("shelf") {
        All = "all",
        Draft = "draft",
        InReview = "in_review",
        Published = "published",
        Retired = "retired",
        /// To be read again by now.
        Due = "due",
        /// Translations older than their source.
        Stale = "stale",
    }
}

/// A page of a shelf.
#[derive(Clone, Debug, Default)]
pub struct Listed<'a> {
    pub text: &'a str,
    pub lang: Option<&'a str>,
    pub owner: Option<&'a str>,
    pub offset: i64,
    pub limit: i64,
}

impl Workshop {
    /// A page of a shelf, changed last first.
    pub async fn list(&self, shelf: Shelf, q: &Listed<'_>) -> Result<Vec<Work>> {
        let like = format!("%{}%", q.text.trim().to_lowercase().replace(['%', '_'], " "));
        let now: Time = self.library.clock().now();
        let rows = on!(self.library.db(), p => sqlx::query_as(work_sql!(
            "where ($1 = 'all' or ($1 = 'due' and w.review_at is not null and w.review_at <= $2 and w.state <> 'retired') \
               or ($1 = 'published' and a.deleted = $8 and w.state <> 'retired') \
               or ($1 = 'stale' and a.deleted = $8 and a.source_revision is not null and exists \
                  (select 1 from kb_article s where s.external_id = a.translates and s.revision > a.source_revision)) \
               or ($1 <> 'published' and w.state = $1)) \
             and (lower(w.title) like $3 or lower(a.external_id) like $3) \
             and ($4 is null or a.lang = $4) and ($5 is null or w.owner = $5) \
             order by w.changed_at desc, w.article_id limit $6 offset $7"))
            .bind(shelf.as_str()).bind(now).bind(&like).bind(q.lang).bind(q.owner).bind(q.limit).bind(q.offset)
            .bind(false).fetch_all(p).await)?;
        Ok(rows)
    }

    /// Drafts begun to close a gap, changed last first.
    pub async fn begun_for(&self, gap_id: &str) -> Result<Vec<Work>> {
        let rows = on!(self.library.db(), p => sqlx::query_as(work_sql!("where w.gap_id = $1 order by w.changed_at desc"))
            .bind(gap_id).fetch_all(p).await)?;
        Ok(rows)
    }

    /// How many lie on each shelf, in the order of `Shelf::ALL`.
    pub async fn counts(&self) -> Result<Vec<(Shelf, i64)>> {
        let now: Time = self.library.clock().now();
        let mut counts = Vec::new();
        for shelf in Shelf::ALL {
            let n: i64 = on!(self.library.db(), p => sqlx::query_scalar(
                "select count(*) from kb_work w join kb_article a on a.id = w.article_id \
                 where ($1 = 'all' or ($1 = 'due' and w.review_at is not null and w.review_at <= $2 and w.state <> 'retired') \
                   or ($1 = 'published' and a.deleted = $3 and w.state <> 'retired') \
                   or ($1 = 'stale' and a.deleted = $3 and a.source_revision is not null and exists \
                      (select 1 from kb_article s where s.external_id = a.translates and s.revision > a.source_revision)) \
                   or ($1 <> 'published' and w.state = $1))")
                .bind(shelf.as_str()).bind(now).bind(false).fetch_one(p).await)?;
            counts.push((*shelf, n));
        }
        Ok(counts)
    }
}
