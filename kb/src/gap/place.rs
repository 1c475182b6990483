//! Putting a question where it belongs: to the gap it is another wording of, or to a new one.
use firstline_core::store::Tx;
use firstline_core::{Clock, Result, Time, on_tx};
use serde_json::json;
use sqlx::FromRow;
use sqlx::types::Json;

use super::profile::{ALIKE, Profile, Wording};
use super::{GapState, Why};
use crate::audit::{self, Deed};
use crate::language;

/// A dismissed gap is opened again when so many asked since.
const DISMISSED_RETURNS: i64 = 5;
/// Questions longer than this are cut in the queue (characters).
const LONGEST: usize = 300;

/// A question that found nothing, or whose answer was rejected.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub search_id: String,
    pub query: String,
    pub lang: Option<String>,
    pub product: Option<String>,
    pub why: Why,
    pub article_id: Option<String>,
    pub at: Time,
}

/// A gap as far as placing needs it; the digest keeps all of them while it runs.
#[derive(Clone, Debug, FromRow)]
pub(crate) struct Known {
    pub id: String,
    #[sqlx(try_from = "String")]
    pub state: GapState,
    pub title: String,
    pub settled_at: Option<Time>,
    pub profile: Json<Profile>,
}

/// Places one question; false when it was placed before or says nothing.
pub(crate) async fn place(tx: &mut Tx, clock: &Clock, known: &mut Vec<Known>, asked: &Asked) -> Result<bool> {
    let wording = Wording::of(&asked.query);
    if wording.is_empty() || is_placed(tx, &asked.search_id).await? {
        return Ok(false);
    }
    let failed = asked.article_id.as_deref();
    let nearest = known
        .iter()
        .enumerate()
        .map(|(i, gap)| (i, gap.profile.likeness(&wording, failed)))
        .filter(|(_, likeness)| *likeness >= ALIKE)
        .max_by(|a, b| a.1.total_cmp(&b.1));
    let at = match nearest {
        Some((i, _)) => i,
        None => {
            known.push(begin(tx, clock, asked, &wording).await?);
            known.len() - 1
        }
    };
    let gap = &mut known[at];
    let learned = gap.profile.learn(wording, failed);
    add(tx, &gap.id, asked).await?;
    on_tx!(tx, c => sqlx::query(
        "update kb_gap set last_at = case when last_at < $2 then $2 else last_at end, \
         profile = case when $3 then $4 else profile end where id = $1")
        .bind(&gap.id).bind(asked.at).bind(learned).bind(&gap.profile).execute(c).await.map(drop))?;
    reopen_if_back(tx, clock, gap, asked).await?;
    Ok(true)
}

async fn is_placed(tx: &mut Tx, search_id: &str) -> Result<bool> {
    let known: Option<String> = on_tx!(tx, c => sqlx::query_scalar(
        "select gap_id from kb_gap_question where search_id = $1").bind(search_id).fetch_optional(c).await)?;
    Ok(known.is_some())
}

async fn begin(tx: &mut Tx, clock: &Clock, asked: &Asked, wording: &Wording) -> Result<Known> {
    let known = Known {
        id: clock.id(),
        state: GapState::Open,
        title: short(&asked.query),
        settled_at: None,
        profile: Json(Profile::begin(wording.clone(), asked.article_id.as_deref())),
    };
    on_tx!(tx, c => sqlx::query(
        "insert into kb_gap (id, state, title, lang, product, profile, version, first_at, last_at) \
         values ($1, 'open', $2, $3, $4, $5, 1, $6, $6)")
        .bind(&known.id).bind(&known.title).bind(lang(asked)).bind(&asked.product).bind(&known.profile)
        .bind(asked.at).execute(c).await.map(drop))?;
    Ok(known)
}

async fn add(tx: &mut Tx, gap_id: &str, asked: &Asked) -> Result<()> {
    on_tx!(tx, c => sqlx::query(
        "insert into kb_gap_question (search_id, gap_id, query, lang, why, article_id, at) values ($1, $2, $3, $4, $5, $6, $7)")
        .bind(&asked.search_id).bind(gap_id).bind(short(&asked.query)).bind(lang(asked)).bind(asked.why.as_str())
        .bind(&asked.article_id).bind(asked.at).execute(c).await.map(drop))?;
    Ok(())
}

/// A closed gap is back with the first question after it was closed; a dismissed one when several insist.
async fn reopen_if_back(tx: &mut Tx, clock: &Clock, gap: &mut Known, asked: &Asked) -> Result<()> {
    let Some(settled) = gap.settled_at.filter(|settled| asked.at > *settled) else { return Ok(()) };
    if gap.state == GapState::Dismissed {
        let since: i64 = on_tx!(tx, c => sqlx::query_scalar(
            "select count(*) from kb_gap_question where gap_id = $1 and at > $2")
            .bind(&gap.id).bind(settled).fetch_one(c).await)?;
        if since < DISMISSED_RETURNS {
            return Ok(());
        }
    }
    on_tx!(tx, c => sqlx::query(
        "update kb_gap set state = 'open', settled_at = null, reopened = reopened + 1, version = version + 1 where id = $1")
        .bind(&gap.id).execute(c).await.map(drop))?;
    let detail = json!({ "was": gap.state, "question": short(&asked.query) });
    let deed =
        Deed { subject_id: Some(&gap.id), detail, ..Deed::of("system", "gap_reopened", "gap", &gap.title) };
    audit::note(tx, clock, &deed).await?;
    gap.state = GapState::Open;
    gap.settled_at = None;
    Ok(())
}

fn short(query: &str) -> String {
    let line: Vec<&str> = query.split_whitespace().collect();
    line.join(" ").chars().take(LONGEST).collect()
}

fn lang(asked: &Asked) -> &str {
    language::guess(&asked.query).or(asked.lang.as_deref()).unwrap_or("en")
}
