//! Figures told honestly: per article and revision, and of everything asked in a period. Silence is its own
//! figure and never counts as solved (P6-07).
mod deflection;

use std::collections::BTreeMap;

use firstline_core::store::Tx;
use firstline_core::{Clock, Error, Result, on, on_tx, text_enum};
use serde::Serialize;

use crate::Library;

pub use deflection::{Deflection, Week};

text_enum! {
    /// Why an article did not help.
    Reason ("reason") {
        OtherProblem = "other_problem",
        Unclear = "unclear",
        DidNotWork = "did_not_work",
        Outdated = "outdated",
        NoRights = "no_rights",
        Other = "other",
    }
}

/// The words beside a reason are cut here (characters).
const LONGEST: usize = 1000;

/// How a revision of an article does.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct RevisionFigures {
    pub revision: i64,
    /// Searches that showed it, at any place.
    pub shown: i64,
    /// Of those, at the first.
    pub first: i64,
    pub chosen: i64,
    pub solved: i64,
    pub still_broken: i64,
    /// It came first and the same person asked the same again within seven days.
    pub came_back: i64,
    /// Reasons given, with how often.
    pub reasons: BTreeMap<String, i64>,
}

impl RevisionFigures {
    /// Of those who said anything, how many it helped; `None` when nobody did.
    pub fn share(&self) -> Option<f64> {
        let said = self.solved + self.still_broken;
        (said > 0).then(|| self.solved as f64 / said as f64)
    }
}

/// What somebody said about an article that did not help.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct Feedback {
    pub revision: i64,
    pub reason: String,
    pub words: String,
    pub at: firstline_core::Time,
}

/// Notes why an article did not help. Another reason after the same search takes the place of the first.
pub async fn record_reason(
    tx: &mut Tx,
    clock: &Clock,
    article_id: &str,
    revision: i64,
    search_id: Option<&str>,
    reason: Reason,
    words: &str,
) -> Result<()> {
    let words: String = words.replace('\0', "").trim().chars().take(LONGEST).collect();
    if let Some(search) = search_id {
        on_tx!(tx, c => sqlx::query(
            "delete from kb_feedback where search_id = $1 and article_id = $2 and (words = '' or words = $3)")
            .bind(search).bind(article_id).bind(&words).execute(c).await.map(drop))?;
    }
    on_tx!(tx, c => sqlx::query(
        "insert into kb_feedback (id, article_id, revision, search_id, reason, words, at) values ($1, $2, $3, $4, $5, $6, $7)")
        .bind(clock.id()).bind(article_id).bind(revision).bind(search_id).bind(reason.as_str()).bind(&words)
        .bind(clock.now()).execute(c).await.map(drop))?;
    Ok(())
}

impl Library {
    /// The figures of an article, a row a revision, newest first. Run `digest` first to have the newest.
    pub async fn figures(&self, article_id: &str) -> Result<Vec<RevisionFigures>> {
        let mut rows: BTreeMap<i64, RevisionFigures> = BTreeMap::new();
        let row =
            |rows: &mut BTreeMap<i64, RevisionFigures>, revision: i64, add: &dyn Fn(&mut RevisionFigures)| {
                let figures = rows.entry(revision).or_default();
                figures.revision = revision;
                add(figures);
            };
        let shown: Vec<(i64, i64, i64)> = on!(self.db(), p => sqlx::query_as(
            "select revision, count(*), cast(sum(case when rank = 1 then 1 else 0 end) as bigint) from kb_shown \
             where article_id = $1 group by revision").bind(article_id).fetch_all(p).await)?;
        for (revision, n, first) in shown {
            row(&mut rows, revision, &|f| (f.shown, f.first) = (n, first));
        }
        let said: Vec<(i64, String, i64)> = on!(self.db(), p => sqlx::query_as(
            "select s.revision, v.verdict, count(distinct v.search_id) from kb_verdict v \
             join kb_shown s on s.search_id = v.search_id and s.article_id = v.article_id \
             where v.article_id = $1 group by s.revision, v.verdict").bind(article_id).fetch_all(p).await)?;
        for (revision, verdict, n) in said {
            row(&mut rows, revision, &|f| match verdict.as_str() {
                "solved" => f.solved = n,
                "still_broken" => f.still_broken = n,
                "chosen" => f.chosen = n,
                _ => {}
            });
        }
        let back: Vec<(i64, i64)> = on!(self.db(), p => sqlx::query_as(
            "select s.revision, count(*) from kb_shown s join kb_return r on r.search_id = s.search_id \
             where s.article_id = $1 and s.rank = 1 group by s.revision").bind(article_id).fetch_all(p).await)?;
        for (revision, n) in back {
            row(&mut rows, revision, &|f| f.came_back = n);
        }
        let reasons: Vec<(i64, String, i64)> = on!(self.db(), p => sqlx::query_as(
            "select revision, reason, count(*) from kb_feedback where article_id = $1 group by revision, reason")
            .bind(article_id).fetch_all(p).await)?;
        for (revision, reason, n) in reasons {
            row(&mut rows, revision, &|f| {
                f.reasons.insert(reason.clone(), n);
            });
        }
        Ok(rows.into_values().rev().collect())
    }

    /// What people wrote about an article, newest first.
    pub async fn feedback(&self, article_id: &str, limit: i64) -> Result<Vec<Feedback>> {
        let rows = on!(self.db(), p => sqlx::query_as(
            "select revision, reason, words, at from kb_feedback where article_id = $1 order by at desc limit $2")
            .bind(article_id).bind(limit).fetch_all(p).await)?;
        Ok(rows)
    }
}

/// A reason by its word; anything else is a mistake of the caller.
pub fn reason(text: &str) -> Result<Reason> {
    text.parse().map_err(|_| Error::invalid("reason", format!("{text:?} is no reason we know")))
}
