//! Reading the queue.
use firstline_core::{Result, on};

use super::{Gap, GapQuestion, GapState};
use crate::Library;

/// The gap queue of a library.
#[derive(Clone)]
pub struct Gaps {
    library: Library,
}

impl Library {
    /// Questions without an answer. Run `digest` first to see the newest.
    pub fn gaps(&self) -> Gaps {
        Gaps { library: self.clone() }
    }
}

macro_rules! gap_sql {
    ($rest:literal) => {
        concat!(
            "select g.id, g.state, g.title, g.lang, g.product, g.assignee, g.reason, g.article_id, g.settled_at, \
             g.reopened, g.version, g.first_at, g.last_at, \
             (select count(*) from kb_gap_question q where q.gap_id = g.id) as asked, \
             (select count(*) from kb_gap_question q where q.gap_id = g.id and q.at > coalesce(g.settled_at, 0)) as since \
             from kb_gap g ",
            $rest
        )
    };
}

impl Gaps {
    pub(crate) fn library(&self) -> &Library {
        &self.library
    }

    /// The gaps of a state, the most asked first. `assignee` narrows to somebody's.
    pub async fn list(&self, state: GapState, assignee: Option<&str>, limit: i64) -> Result<Vec<Gap>> {
        let rows = on!(self.library.db(), p => sqlx::query_as(gap_sql!(
            "where g.state = $1 and ($2 is null or g.assignee = $2) order by asked desc, g.last_at desc limit $3"))
            .bind(state.as_str()).bind(assignee).bind(limit).fetch_all(p).await)?;
        Ok(rows)
    }

    pub async fn get(&self, id: &str) -> Result<Option<Gap>> {
        let row = on!(self.library.db(), p => sqlx::query_as(gap_sql!("where g.id = $1"))
            .bind(id).fetch_optional(p).await)?;
        Ok(row)
    }

    /// The questions of a gap, newest first.
    pub async fn questions(&self, id: &str, limit: i64) -> Result<Vec<GapQuestion>> {
        let rows = on!(self.library.db(), p => sqlx::query_as(
            "select search_id, query, lang, why, article_id, at from kb_gap_question where gap_id = $1 order by at desc limit $2")
            .bind(id).bind(limit).fetch_all(p).await)?;
        Ok(rows)
    }

    /// How many are in each state, in the order of `GapState::ALL`.
    pub async fn counts(&self) -> Result<Vec<(GapState, i64)>> {
        let rows: Vec<(String, i64)> = on!(self.library.db(), p => sqlx::query_as(
            "select state, count(*) from kb_gap group by state").fetch_all(p).await)?;
        let count = |state: GapState| rows.iter().find(|(s, _)| s == state.as_str()).map_or(0, |(_, n)| *n);
        Ok(GapState::ALL.iter().map(|state| (*state, count(*state))).collect())
    }
}
