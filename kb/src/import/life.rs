//! What a file says of an article's life besides its words: state, owner, date of review, a stale translation.
use firstline_core::{Error, Result, Time, on, on_tx, staff};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use sqlx::types::Json;

use super::AUTHOR;
use crate::article::Draft;
use crate::store;
use crate::workshop::State;
use crate::{Library, Upserted};

/// The keys of a file beside the words.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Life {
    pub state: Option<State>,
    /// E-mail of a member of staff.
    pub owner: Option<String>,
    /// A day, `2026-12-01`.
    pub review: Option<Date>,
    /// The translation is older than its source.
    pub stale: bool,
}

impl Life {
    /// Reads the keys; an unknown state or a day that is none is an error with its key.
    pub fn read(
        state: Option<&str>,
        owner: Option<String>,
        review: Option<&str>,
        stale: bool,
    ) -> Result<Life> {
        let day = |text: &str| {
            text.trim()
                .parse()
                .map_err(|_| Error::invalid("review", format!("{text:?} is not a day such as 2026-12-01")))
        };
        Ok(Life {
            state: state.map(|s| s.trim().to_lowercase().parse()).transpose()?,
            owner: owner.map(|o| o.trim().to_lowercase()).filter(|o| !o.is_empty()),
            review: review.map(day).transpose()?,
            stale,
        })
    }

    /// Its words are not for customers.
    pub fn is_unpublished(&self) -> bool {
        self.state.is_some_and(|s| s != State::Published)
    }

    fn says_nothing_more(&self) -> bool {
        self.owner.is_none() && self.review.is_none() && !self.stale
    }

    /// Writes owner, date and staleness of an article that was stored.
    pub async fn settle(&self, library: &Library, id: &str) -> Result<()> {
        if self.says_nothing_more() {
            return Ok(());
        }
        let owner = match &self.owner {
            None => None,
            Some(email) => {
                staff::all(library.db()).await?.into_iter().find(|s| s.email == *email).map(|s| s.id)
            }
        };
        let review = self
            .review
            .and_then(|day| day.to_zoned(TimeZone::UTC).ok())
            .map(|z| Time::from_timestamp(z.timestamp()));
        let mut tx = library.db().begin().await?;
        on_tx!(&mut tx, c => sqlx::query(
            "update kb_work set owner = coalesce($2, owner), review_at = coalesce($3, review_at) where article_id = $1")
            .bind(id).bind(&owner).bind(review).execute(c).await.map(drop))?;
        if self.stale {
            // Older than any revision of its source.
            on_tx!(&mut tx, c => sqlx::query("update kb_article set source_revision = 0 where id = $1 and source_revision is null")
                .bind(id).execute(c).await.map(drop))?;
        }
        tx.commit().await
    }
}

/// Stores words that customers are not to see: on the bench, as a draft or as what is retired. The same
/// again changes nothing.
pub(super) async fn put_on_bench(
    library: &Library,
    draft: &Draft,
    state: State,
) -> Result<(Upserted, String)> {
    let draft = store::clean(draft)?;
    let clock = library.clock();
    let now = clock.now();
    let mut tx = library.db().begin().await?;
    let change = store::take_changes(&mut tx, 1).await?;
    let known: Option<(String, String, i64, i64, bool)> = on_tx!(&mut tx, c => sqlx::query_as(
        "select w.article_id, w.state, w.head, w.last, a.deleted from kb_work w join kb_article a on a.id = w.article_id \
         where a.external_id = $1").bind(&draft.external_id).fetch_optional(c).await)?;
    let (id, new, revision) = match &known {
        None => {
            let id = clock.id();
            store::insert_unseen(&mut tx, &id, &draft, change, now).await?;
            on_tx!(&mut tx, c => sqlx::query(
                "insert into kb_work (article_id, state, title, head, last, base, version, changed_by, changed_at) \
                 values ($1, $2, $3, 1, 1, 0, 1, $4, $5)")
                .bind(&id).bind(state.as_str()).bind(&draft.title).bind(AUTHOR).bind(now).execute(c).await.map(drop))?;
            (id, true, 1)
        }
        Some((id, old, head, last, deleted)) => {
            let words: Option<Json<Draft>> = on_tx!(&mut tx, c => sqlx::query_scalar(
                "select draft from kb_revision where article_id = $1 and revision = $2")
                .bind(id).bind(head).fetch_optional(c).await)?;
            let live_is_to_go = state == State::Retired && !deleted;
            if words.is_some_and(|w| w.0 == draft) && *old == state.as_str() && !live_is_to_go {
                tx.rollback().await?;
                let row = crate::trial::row(library, id).await?;
                return Ok((Upserted::Same(row.into_article()), id.clone()));
            }
            on_tx!(&mut tx, c => sqlx::query(
                "update kb_work set state = $2, title = $3, head = $4, last = $4, version = version + 1, changed_by = $5, \
                 changed_at = $6 where article_id = $1")
                .bind(id).bind(state.as_str()).bind(&draft.title).bind(last + 1).bind(AUTHOR).bind(now)
                .execute(c).await.map(drop))?;
            if live_is_to_go {
                on_tx!(&mut tx, c => sqlx::query("update kb_article set deleted = $2, change_no = $3, updated_at = $4 where id = $1")
                    .bind(id).bind(true).bind(change).bind(now).execute(c).await.map(drop))?;
            }
            (id.clone(), false, last + 1)
        }
    };
    on_tx!(&mut tx, c => sqlx::query(
        "insert into kb_revision (article_id, revision, draft, author, at) values ($1, $2, $3, $4, $5)")
        .bind(&id).bind(revision).bind(Json(&draft)).bind(AUTHOR).bind(now).execute(c).await.map(drop))?;
    tx.commit().await?;
    library.tell_changed();
    let article = crate::trial::row(library, &id).await?.into_article();
    Ok((if new { Upserted::New(article) } else { Upserted::Changed(article) }, id))
}

/// What an export writes of an article's life.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Told {
    pub article_id: String,
    #[sqlx(try_from = "String")]
    pub state: State,
    pub head: i64,
    pub live: Option<i64>,
    pub owner_email: Option<String>,
    pub review_at: Option<Time>,
    pub stale: i64,
}

/// A page of them by id.
pub(crate) async fn told(library: &Library, after: &str, limit: i64) -> Result<Vec<Told>> {
    let rows = on!(library.db(), p => sqlx::query_as(
        "select w.article_id, w.state, w.head, case when a.deleted then null else a.revision end as live, \
         s.email as owner_email, w.review_at, (select count(*) from kb_article src where src.external_id = a.translates \
         and a.source_revision is not null and src.revision > a.source_revision) as stale \
         from kb_work w join kb_article a on a.id = w.article_id left join staff s on s.id = w.owner \
         where w.article_id > $1 order by w.article_id limit $2")
        .bind(after).bind(limit).fetch_all(p).await)?;
    Ok(rows)
}
