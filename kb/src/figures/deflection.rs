//! What became of everything that was asked in a period: each question counts once, and only a word of the
//! asker's own makes it solved.
use std::collections::{BTreeMap, HashMap, HashSet};

use firstline_core::{Result, Time, on, ticket};
use serde::Serialize;

use crate::Library;

const PAGE: i64 = 5000;
const WEEK: i64 = 7 * 24 * 3600 * 1000;
/// A ticket opened so soon after a question is its outcome.
const SOON: i64 = 24 * 3600 * 1000;

/// The outcomes of a period; each question is in one of them, in this order of precedence.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Deflection {
    /// Questions that were answered, or found nothing.
    pub asked: i64,
    /// Asked the same again within seven days, whatever was said before.
    pub came_back: i64,
    /// Asked for a person, or a ticket followed within a day.
    pub person: i64,
    /// Said that it is solved.
    pub solved: i64,
    /// Said that it is not, and went no further.
    pub still_broken: i64,
    /// Nothing was found, and nothing was said.
    pub nothing: i64,
    /// Said nothing. This is not solved.
    pub silent: i64,
    /// Tickets that one person solved.
    pub tickets_first: i64,
    /// Tickets that went through more hands.
    pub tickets_later: i64,
    /// Tickets not solved yet.
    pub tickets_open: i64,
}

impl Deflection {
    /// Confirmed solved of everything asked, between 0 and 1; `None` when nothing was asked.
    pub fn confirmed_share(&self) -> Option<f64> {
        (self.asked > 0).then(|| self.solved as f64 / self.asked as f64)
    }

    /// P6-07: of the problems with a known outcome, how many the first line solved: confirmed by the asker, or
    /// a ticket that its first person solved. Silence is in neither part.
    pub fn first_line_share(&self) -> Option<f64> {
        let first = self.solved + self.tickets_first;
        let known = first + self.tickets_later + self.tickets_open;
        (known > 0).then(|| first as f64 / known as f64)
    }

    fn add(&mut self, other: &Deflection) {
        self.asked += other.asked;
        self.came_back += other.came_back;
        self.person += other.person;
        self.solved += other.solved;
        self.still_broken += other.still_broken;
        self.nothing += other.nothing;
        self.silent += other.silent;
        self.tickets_first += other.tickets_first;
        self.tickets_later += other.tickets_later;
        self.tickets_open += other.tickets_open;
    }
}

/// A week of the period.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Week {
    pub begins: Time,
    pub figures: Deflection,
}

/// A question as far as its outcome needs it.
type Question = (String, Option<String>, String, Time);

impl Library {
    /// The outcomes of what was asked from `from` until before `until`, in all and by week. Run `digest` first.
    pub async fn deflection(&self, from: Time, until: Time) -> Result<(Deflection, Vec<Week>)> {
        let verdicts = self.verdicts(from, until).await?;
        let returned = self.returned(from, until).await?;
        let opened = opened(self, from, until.plus_millis(SOON)).await?;
        let mut weeks: BTreeMap<i64, Deflection> = BTreeMap::new();
        let mut cursor = (from.plus_millis(-1), String::new());
        loop {
            let page = self.questions(&cursor, until).await?;
            let Some(last) = page.last() else { break };
            cursor = (last.3, last.0.clone());
            for question in &page {
                let week = weeks.entry((question.3.0 - from.0) / WEEK).or_default();
                count(week, question, verdicts.get(&question.0), returned.contains(&question.0), &opened);
            }
        }
        for outcome in ticket::first_line::outcomes(self.db(), from, until).await? {
            let week = weeks.entry((outcome.at.0 - from.0) / WEEK).or_default();
            match outcome.solved_by_first {
                Some(true) => week.tickets_first += 1,
                Some(false) => week.tickets_later += 1,
                None => week.tickets_open += 1,
            }
        }
        let mut all = Deflection::default();
        weeks.values().for_each(|week| all.add(week));
        let weeks = weeks
            .into_iter()
            .map(|(n, figures)| Week { begins: from.plus_millis(n * WEEK), figures })
            .collect();
        Ok((all, weeks))
    }

    async fn questions(&self, after: &(Time, String), until: Time) -> Result<Vec<Question>> {
        let rows = on!(self.db(), p => sqlx::query_as(
            "select id, answer, who, at from kb_search where (at > $1 or (at = $1 and id > $2)) and at < $3 \
             and answer in ('direct', 'choices', 'ask', 'nothing') order by at, id limit $4")
            .bind(after.0).bind(&after.1).bind(until).bind(PAGE).fetch_all(p).await)?;
        Ok(rows)
    }

    /// The verdicts on each search of the period.
    async fn verdicts(&self, from: Time, until: Time) -> Result<HashMap<String, Vec<String>>> {
        let rows: Vec<(String, String)> = on!(self.db(), p => sqlx::query_as(
            "select v.search_id, v.verdict from kb_verdict v join kb_search s on s.id = v.search_id \
             where s.at >= $1 and s.at < $2 order by v.at, v.id").bind(from).bind(until).fetch_all(p).await)?;
        let mut found: HashMap<String, Vec<String>> = HashMap::new();
        for (search, verdict) in rows {
            found.entry(search).or_default().push(verdict);
        }
        Ok(found)
    }

    async fn returned(&self, from: Time, until: Time) -> Result<HashSet<String>> {
        let rows: Vec<String> = on!(self.db(), p => sqlx::query_scalar(
            "select r.search_id from kb_return r join kb_search s on s.id = r.search_id where s.at >= $1 and s.at < $2")
            .bind(from).bind(until).fetch_all(p).await)?;
        Ok(rows.into_iter().collect())
    }
}

/// When tickets were opened from a conversation.
async fn opened(library: &Library, from: Time, until: Time) -> Result<HashMap<String, Vec<Time>>> {
    let mut found: HashMap<String, Vec<Time>> = HashMap::new();
    for (conversation, at) in ticket::first_line::opened(library.db(), from, until).await? {
        found.entry(conversation).or_default().push(at);
    }
    Ok(found)
}

fn count(
    week: &mut Deflection,
    (_, answer, who, at): &Question,
    said: Option<&Vec<String>>,
    returned: bool,
    opened: &HashMap<String, Vec<Time>>,
) {
    let last = said.and_then(|said| said.iter().rev().find(|v| !matches!(v.as_str(), "chosen" | "next")));
    let solved = last.is_some_and(|v| v == "solved");
    let asked_person = said.is_some_and(|said| said.iter().any(|v| v == "asked_for_person"));
    let ticket = opened.get(who).is_some_and(|all| all.iter().any(|t| *t >= *at && t.since(*at) <= SOON));
    week.asked += 1;
    let figure = if returned {
        &mut week.came_back
    } else if asked_person || (ticket && !solved) {
        &mut week.person
    } else if solved {
        &mut week.solved
    } else if last.is_some() {
        &mut week.still_broken
    } else if answer.as_deref() == Some("nothing") {
        &mut week.nothing
    } else {
        &mut week.silent
    };
    *figure += 1;
}
