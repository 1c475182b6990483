//! What curators do with a gap: take it, dismiss it, close it by an article, open it again.
use firstline_core::store::Tx;
use firstline_core::{Clock, Error, Result, on_tx};
use serde_json::{Value, json};

use super::Gaps;
use crate::audit::{self, Deed};
use crate::workshop::Curator;

impl Gaps {
    /// Gives it to somebody (a staff id), or to nobody.
    pub async fn assign(&self, who: &Curator, id: &str, version: i64, assignee: Option<&str>) -> Result<()> {
        let mut tx = self.library().db().begin().await?;
        let title = lock(&mut tx, id, version).await?;
        on_tx!(&mut tx, c => sqlx::query("update kb_gap set assignee = $2 where id = $1")
            .bind(id).bind(assignee).execute(c).await.map(drop))?;
        self.note(&mut tx, who, "gap_assigned", (id, &title), json!({ "assignee": assignee })).await?;
        tx.commit().await
    }

    /// Puts it aside with a reason. Five more who ask open it again.
    pub async fn dismiss(&self, who: &Curator, id: &str, version: i64, reason: &str) -> Result<()> {
        who.must_publish("dismissing a gap")?;
        if reason.trim().is_empty() {
            return Err(Error::invalid("reason", "is empty; say why nobody needs to answer this"));
        }
        self.settle(who, id, version, "dismissed", "gap_dismissed", Some(reason.trim()), None).await
    }

    /// Closes it by an article customers can read.
    pub async fn close(&self, who: &Curator, id: &str, version: i64, article: &str) -> Result<()> {
        who.must_publish("closing a gap")?;
        let found = self.library().article(article.trim()).await?;
        let found = found.ok_or_else(|| Error::invalid("article", "is not a published article's id"))?;
        self.settle(who, id, version, "closed", "gap_closed", None, Some(&found.id)).await
    }

    /// Opens it again by hand.
    pub async fn reopen(&self, who: &Curator, id: &str, version: i64) -> Result<()> {
        let mut tx = self.library().db().begin().await?;
        let title = lock(&mut tx, id, version).await?;
        on_tx!(&mut tx, c => sqlx::query(
            "update kb_gap set state = 'open', settled_at = null, reopened = reopened + 1 where id = $1")
            .bind(id).execute(c).await.map(drop))?;
        self.note(&mut tx, who, "gap_reopened", (id, &title), json!({})).await?;
        tx.commit().await
    }

    #[expect(clippy::too_many_arguments, reason = "each is one column of the gap")]
    async fn settle(
        &self,
        who: &Curator,
        id: &str,
        version: i64,
        state: &str,
        action: &str,
        reason: Option<&str>,
        article_id: Option<&str>,
    ) -> Result<()> {
        let now = self.library().clock().now();
        let mut tx = self.library().db().begin().await?;
        let title = lock(&mut tx, id, version).await?;
        on_tx!(&mut tx, c => sqlx::query(
            "update kb_gap set state = $2, reason = $3, article_id = $4, settled_at = $5 where id = $1")
            .bind(id).bind(state).bind(reason).bind(article_id).bind(now).execute(c).await.map(drop))?;
        let actor = who.actor();
        let detail = json!({ "reason": reason });
        let deed =
            Deed { article_id, subject_id: Some(id), detail, ..Deed::of(&actor, action, "gap", &title) };
        audit::note(&mut tx, self.library().clock(), &deed).await?;
        tx.commit().await
    }

    async fn note(
        &self,
        tx: &mut Tx,
        who: &Curator,
        action: &str,
        (id, title): (&str, &str),
        detail: Value,
    ) -> Result<()> {
        let actor = who.actor();
        let deed = Deed { subject_id: Some(id), detail, ..Deed::of(&actor, action, "gap", title) };
        audit::note(tx, self.library().clock(), &deed).await
    }
}

/// Takes the gap for this change; gives its title.
async fn lock(tx: &mut Tx, id: &str, version: i64) -> Result<String> {
    let title: Option<String> = on_tx!(tx, c => sqlx::query_scalar(
        "update kb_gap set version = version + 1 where id = $1 and version = $2 returning title")
        .bind(id).bind(version).fetch_optional(c).await)?;
    title.ok_or_else(|| {
        Error::Conflict("the gap was changed by somebody else meanwhile; read it again".into())
    })
}

/// The draft begun for a gap was published: the gap closes with it.
pub(crate) async fn close_by(
    tx: &mut Tx,
    clock: &Clock,
    actor: &str,
    gap_id: &str,
    article_id: &str,
) -> Result<()> {
    let title: Option<String> = on_tx!(tx, c => sqlx::query_scalar(
        "update kb_gap set state = 'closed', reason = null, article_id = $2, settled_at = $3, version = version + 1 \
         where id = $1 and state <> 'closed' returning title")
        .bind(gap_id).bind(article_id).bind(clock.now()).fetch_optional(c).await)?;
    let Some(title) = title else { return Ok(()) };
    let deed = Deed {
        article_id: Some(article_id),
        subject_id: Some(gap_id),
        ..Deed::of(actor, "gap_closed", "gap", &title)
    };
    audit::note(tx, clock, &deed).await
}
