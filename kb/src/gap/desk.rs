//! Reading the queue.
use std::collections::HashMap;

use firstline_core::{Result, Time, on};

use super::{Gap, GapQuestion, GapState};
use crate::Library;

/// Other wordings are looked for among so many questions.
const RECENT: i64 = 20;

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
        self.asked_since(Time(0), state, assignee, limit).await
    }

    /// Those of them that were asked since a time.
    pub async fn asked_since(
        &self,
        since: Time,
        state: GapState,
        assignee: Option<&str>,
        limit: i64,
    ) -> Result<Vec<Gap>> {
        let rows = on!(self.library.db(), p => sqlx::query_as(gap_sql!(
            "where g.state = $1 and ($2 is null or g.assignee = $2) and g.last_at >= $4 \
             order by asked desc, g.last_at desc limit $3"))
            .bind(state.as_str()).bind(assignee).bind(limit).bind(since).fetch_all(p).await)?;
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

    /// Of each gap, up to `most` other wordings than its title, newest first; by the gap's id.
    pub async fn examples(&self, gaps: &[Gap], most: usize) -> Result<HashMap<String, Vec<String>>> {
        let mut found = HashMap::new();
        for gap in gaps.iter().filter(|gap| gap.asked > 1) {
            let mut wordings: Vec<String> = Vec::new();
            for question in self.questions(&gap.id, RECENT).await? {
                if question.query != gap.title && !wordings.contains(&question.query) && wordings.len() < most
                {
                    wordings.push(question.query);
                }
            }
            found.insert(gap.id.clone(), wordings);
        }
        Ok(found)
    }

    /// How many are in each state, in the order of `GapState::ALL`.
    pub async fn counts(&self) -> Result<Vec<(GapState, i64)>> {
        let rows: Vec<(String, i64)> = on!(self.library.db(), p => sqlx::query_as(
            "select state, count(*) from kb_gap group by state").fetch_all(p).await)?;
        let count = |state: GapState| rows.iter().find(|(s, _)| s == state.as_str()).map_or(0, |(_, n)| *n);
        Ok(GapState::ALL.iter().map(|state| (*state, count(*state))).collect())
    }
}
