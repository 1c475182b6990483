//! Releases. What is published never changes: only its state, its audience and its reason do.
use firstline_core::store::{Db, Tx};
use firstline_core::{Clock, Error, Result, Time, on, on_tx, secret};
use sqlx::FromRow;
use sqlx::types::Json;

use super::{Saved, files, touch};
use crate::catalogue::model::{Audience, Draft, Release, State, Texts};

#[derive(Clone, Debug, FromRow)]
pub struct ReleaseRow {
    pub id: String,
    pub product_id: String,
    draft: Json<Draft>,
    content_hash: String,
    #[sqlx(try_from = "String")]
    pub state: State,
    #[sqlx(try_from = "String")]
    audience: Audience,
    chosen: Json<Vec<String>>,
    publish_at: Option<Time>,
    published_at: Option<Time>,
    withdrawn_at: Option<Time>,
    reason: Json<Texts>,
    revision: i64,
    updated_at: Time,
}

impl ReleaseRow {
    pub fn into_release(self) -> Release {
        Release {
            id: self.id,
            draft: self.draft.0,
            state: self.state,
            audience: self.audience,
            chosen: self.chosen.0,
            publish_at: self.publish_at,
            published_at: self.published_at,
            withdrawn_at: self.withdrawn_at,
            reason: self.reason.0,
            revision: self.revision,
            updated_at: self.updated_at,
        }
    }
}

/// How a release is to stand when it is written from outside.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    pub state: State,
    pub audience: Audience,
    pub chosen: Vec<String>,
    pub published_at: Option<Time>,
    pub withdrawn_at: Option<Time>,
    pub reason: Texts,
}

impl Standing {
    pub fn of(state: State) -> Standing {
        Standing {
            state,
            audience: Audience::Everyone,
            chosen: vec![],
            published_at: None,
            withdrawn_at: None,
            reason: Texts::default(),
        }
    }
}

/// The releases of a product without their files.
pub async fn of_product(db: &Db, product_id: &str) -> Result<Vec<Release>> {
    let rows: Vec<ReleaseRow> = on!(db, p => sqlx::query_as("select * from kb_release where product_id = $1")
        .bind(product_id).fetch_all(p).await)?;
    Ok(rows.into_iter().map(ReleaseRow::into_release).collect())
}

pub async fn by_id(db: &Db, id: &str) -> Result<Option<ReleaseRow>> {
    let row = on!(db, p => sqlx::query_as("select * from kb_release where id = $1").bind(id).fetch_optional(p).await)?;
    Ok(row)
}

/// Reads a release and holds its row until the transaction ends.
pub async fn lock(tx: &mut Tx, id: &str) -> Result<Option<ReleaseRow>> {
    let row = on_tx!(tx, c => sqlx::query_as("update kb_release set revision = revision where id = $1 returning *")
        .bind(id).fetch_optional(c).await)?;
    Ok(row)
}

async fn lock_version(tx: &mut Tx, product_id: &str, key: &str) -> Result<Option<ReleaseRow>> {
    let row = on_tx!(tx, c => sqlx::query_as(
        "update kb_release set revision = revision where product_id = $1 and version_key = $2 returning *")
        .bind(product_id).bind(key).fetch_optional(c).await)?;
    Ok(row)
}

/// The hash of all a release says, files included.
fn hash_of(draft: &Draft) -> Result<String> {
    let text = serde_json::to_vec(draft).map_err(|e| Error::invalid("release", e.to_string()))?;
    Ok(secret::sha256_hex(&text))
}

/// Writes a release that was checked. The same content again changes nothing; other content for one that
/// is published or withdrawn is a conflict.
pub async fn put(
    tx: &mut Tx,
    clock: &Clock,
    product_id: &str,
    draft: &Draft,
    stand: &Standing,
    actor: &str,
) -> Result<(String, Saved)> {
    let hash = hash_of(draft)?;
    let Some(row) = lock_version(tx, product_id, &draft.version.key()).await? else {
        let id = insert(tx, clock, product_id, draft, &hash, stand).await?;
        note(tx, clock, &id, actor, stand.state.as_str(), "").await?;
        return Ok((id, Saved::New));
    };
    let fixed = matches!(row.state, State::Published | State::Withdrawn);
    if row.content_hash == hash && (fixed || row.state == stand.state) {
        return Ok((row.id, Saved::Same));
    }
    if fixed {
        let word = row.state;
        return Err(Error::Conflict(format!(
            "{} {} is {word}, and what was published never changes; publish a new version instead",
            draft.product, draft.version
        )));
    }
    rewrite(tx, clock, &row.id, draft, &hash, stand).await?;
    note(tx, clock, &row.id, actor, "edited", "").await?;
    touch(tx, clock, product_id).await?;
    Ok((row.id, Saved::Changed))
}

async fn insert(
    tx: &mut Tx,
    clock: &Clock,
    product_id: &str,
    draft: &Draft,
    hash: &str,
    stand: &Standing,
) -> Result<String> {
    let id = clock.id();
    let bare = Draft { files: vec![], ..draft.clone() };
    let published_at = stand.published_at.or((stand.state == State::Published).then(|| clock.now()));
    on_tx!(tx, c => sqlx::query(
        "insert into kb_release (id, product_id, version_key, version, draft, content_hash, state, audience, chosen, \
         published_at, withdrawn_at, reason, revision, created_at, updated_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1, $13, $13)")
        .bind(&id).bind(product_id).bind(draft.version.key()).bind(draft.version.as_str()).bind(Json(&bare)).bind(hash)
        .bind(stand.state.as_str()).bind(stand.audience.as_str()).bind(Json(&stand.chosen)).bind(published_at)
        .bind(stand.withdrawn_at).bind(Json(&stand.reason)).bind(clock.now())
        .execute(c).await.map(drop))?;
    files::write(tx, &id, &draft.files).await?;
    touch(tx, clock, product_id).await?;
    Ok(id)
}

async fn rewrite(
    tx: &mut Tx,
    clock: &Clock,
    id: &str,
    draft: &Draft,
    hash: &str,
    stand: &Standing,
) -> Result<()> {
    let bare = Draft { files: vec![], ..draft.clone() };
    let published_at = stand.published_at.or((stand.state == State::Published).then(|| clock.now()));
    on_tx!(tx, c => sqlx::query(
        "update kb_release set version = $2, draft = $3, content_hash = $4, state = $5, audience = $6, chosen = $7, \
         published_at = $8, revision = revision + 1, updated_at = $9 where id = $1")
        .bind(id).bind(draft.version.as_str()).bind(Json(&bare)).bind(hash).bind(stand.state.as_str())
        .bind(stand.audience.as_str()).bind(Json(&stand.chosen)).bind(published_at).bind(clock.now())
        .execute(c).await.map(drop))?;
    files::write(tx, id, &draft.files).await
}

/// Replaces the content of a release that is not out yet, where nobody changed it since `revision`.
pub async fn edit(tx: &mut Tx, clock: &Clock, row: &ReleaseRow, draft: &Draft, actor: &str) -> Result<()> {
    let stand = Standing { audience: row.audience, chosen: row.chosen.0.clone(), ..Standing::of(row.state) };
    rewrite(tx, clock, &row.id, draft, &hash_of(draft)?, &stand).await?;
    on_tx!(tx, c => sqlx::query("update kb_release set version_key = $2 where id = $1")
        .bind(&row.id).bind(draft.version.key()).execute(c).await.map(drop))?;
    note(tx, clock, &row.id, actor, "edited", "").await?;
    touch(tx, clock, &row.product_id).await
}

/// Moves a locked release to another state; the caller has decided that it may.
pub async fn set_state(
    tx: &mut Tx,
    clock: &Clock,
    row: &ReleaseRow,
    state: State,
    reason: &Texts,
    actor: &str,
) -> Result<()> {
    let now = clock.now();
    let published_at =
        if state == State::Published { row.published_at.or(Some(now)) } else { row.published_at };
    let withdrawn_at = (state == State::Withdrawn).then_some(now);
    on_tx!(tx, c => sqlx::query(
        "update kb_release set state = $2, published_at = $3, withdrawn_at = $4, reason = $5, publish_at = $6, \
         revision = revision + 1, updated_at = $7 where id = $1")
        .bind(&row.id).bind(state.as_str()).bind(published_at).bind(withdrawn_at).bind(Json(reason))
        .bind(None::<i64>).bind(now).execute(c).await.map(drop))?;
    note(tx, clock, &row.id, actor, state.as_str(), reason.of("zh-CN")).await?;
    touch(tx, clock, &row.product_id).await
}

/// When it is to be published by itself; none takes the order back.
pub async fn schedule(
    tx: &mut Tx,
    clock: &Clock,
    row: &ReleaseRow,
    at: Option<Time>,
    actor: &str,
) -> Result<()> {
    on_tx!(tx, c => sqlx::query("update kb_release set publish_at = $2, revision = revision + 1, updated_at = $3 where id = $1")
        .bind(&row.id).bind(at).bind(clock.now()).execute(c).await.map(drop))?;
    let when = at.map(|t| t.to_string()).unwrap_or_default();
    note(tx, clock, &row.id, actor, "scheduled", &when).await?;
    touch(tx, clock, &row.product_id).await
}

pub async fn set_audience(
    tx: &mut Tx,
    clock: &Clock,
    row: &ReleaseRow,
    audience: Audience,
    chosen: &[String],
    actor: &str,
) -> Result<()> {
    on_tx!(tx, c => sqlx::query(
        "update kb_release set audience = $2, chosen = $3, revision = revision + 1, updated_at = $4 where id = $1")
        .bind(&row.id).bind(audience.as_str()).bind(Json(chosen)).bind(clock.now()).execute(c).await.map(drop))?;
    note(tx, clock, &row.id, actor, "audience", audience.as_str()).await?;
    touch(tx, clock, &row.product_id).await
}

async fn note(tx: &mut Tx, clock: &Clock, release: &str, actor: &str, what: &str, words: &str) -> Result<()> {
    on_tx!(tx, c => sqlx::query("insert into kb_release_event (id, release_id, at, actor, what, note) values ($1, $2, $3, $4, $5, $6)")
        .bind(clock.id()).bind(release).bind(clock.now()).bind(actor).bind(what).bind(words)
        .execute(c).await.map(drop))?;
    Ok(())
}

/// One line of a release's history.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct ReleaseEvent {
    pub at: Time,
    /// `staff:ID`, `import`, `schedule`.
    pub actor: String,
    pub what: String,
    pub note: String,
}

pub async fn history(db: &Db, release: &str) -> Result<Vec<ReleaseEvent>> {
    let rows = on!(db, p => sqlx::query_as("select at, actor, what, note from kb_release_event where release_id = $1 order by id")
        .bind(release).fetch_all(p).await)?;
    Ok(rows)
}
