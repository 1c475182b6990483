//! Saved questions with the articles that answer them: what a publication must not make worse.
use firstline_core::store::Tx;
use firstline_core::{Error, Result, Time, on, on_tx};
use serde_json::json;
use sqlx::FromRow;
use sqlx::types::Json;

use crate::audit::{self, Deed};
use crate::eval::Case;
pub use crate::trial::Tried;
use crate::trial::{Field, question_of, row};
use crate::workshop::{Curator, Workshop};

/// Of more saved questions the newest are asked; a publication is not to take minutes.
const MOST_CASES: i64 = 300;
const MOST_LINES: usize = 2000;
/// A right article below this place is as good as not found.
const SEEN: usize = 5;

/// A saved question that would be answered worse. Places count from 1; `None`: not among the first five.
#[derive(Clone, Debug, PartialEq)]
pub struct Regression {
    pub query: String,
    pub expected: Vec<String>,
    pub before: Option<usize>,
    pub after: Option<usize>,
}

/// A saved question.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct Saved {
    pub id: String,
    pub query: String,
    pub lang: Option<String>,
    pub relevant: Json<Vec<String>>,
    pub author: String,
    pub at: Time,
}

/// What an upload of questions did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Uploaded {
    pub taken: usize,
    /// `(line, what is wrong)`.
    pub bad: Vec<(usize, String)>,
}

impl Workshop {
    /// The saved questions, newest first.
    pub async fn cases(&self, limit: i64) -> Result<Vec<Saved>> {
        let rows = on!(self.library().db(), p => sqlx::query_as(
            "select id, query, lang, relevant, author, at from kb_gate_question order by at desc, id desc limit $1")
            .bind(limit).fetch_all(p).await)?;
        Ok(rows)
    }

    /// Adds questions from lines of JSON (`{id, query, relevant: [external ids], lang}`); the same id again
    /// replaces. A line that cannot be used is named, the rest goes on.
    pub async fn save_cases(&self, who: &Curator, lines: &str) -> Result<Uploaded> {
        self.save_cases_as(&who.actor(), lines).await
    }

    pub(crate) async fn save_cases_as(&self, actor: &str, lines: &str) -> Result<Uploaded> {
        let mut done = Uploaded::default();
        let mut cases = Vec::new();
        for (number, line) in (1..).zip(lines.lines().take(MOST_LINES)) {
            let line = line.trim_start_matches('\u{feff}').trim();
            if line.is_empty() {
                continue;
            }
            match serde_json::from_str::<Case>(line) {
                Ok(case) if case.relevant.is_empty() => done.bad.push((number, "relevant: is empty".into())),
                Ok(case) if case.query.trim().is_empty() => done.bad.push((number, "query: is empty".into())),
                Ok(case) => cases.push(case),
                Err(e) => done.bad.push((number, e.to_string())),
            }
        }
        let mut tx = self.library().db().begin().await?;
        for case in &cases {
            self.put_case(&mut tx, actor, case).await?;
        }
        done.taken = cases.len();
        let detail = json!({ "questions": done.taken, "bad": done.bad.len() });
        self.note_besides(&mut tx, actor, "questions_saved", "", detail).await?;
        tx.commit().await?;
        Ok(done)
    }

    async fn put_case(&self, tx: &mut Tx, actor: &str, case: &Case) -> Result<()> {
        let clock = self.library().clock();
        let id = if case.id.trim().is_empty() { clock.id() } else { case.id.replace('\0', "") };
        on_tx!(tx, c => sqlx::query(
            "insert into kb_gate_question (id, query, lang, relevant, author, at) values ($1, $2, $3, $4, $5, $6) \
             on conflict (id) do update set query = excluded.query, lang = excluded.lang, relevant = excluded.relevant, \
             author = excluded.author, at = excluded.at")
            .bind(id).bind(case.query.replace('\0', "")).bind(&case.lang).bind(Json(&case.relevant))
            .bind(actor).bind(clock.now()).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Forgets a saved question.
    pub async fn drop_case(&self, who: &Curator, id: &str) -> Result<()> {
        let mut tx = self.library().db().begin().await?;
        let query: Option<String> = on_tx!(&mut tx, c => sqlx::query_scalar(
            "delete from kb_gate_question where id = $1 returning query").bind(id).fetch_optional(c).await)?;
        let query = query.ok_or_else(|| Error::not_found("question", id))?;
        self.note_besides(&mut tx, &who.actor(), "question_dropped", &query, json!({})).await?;
        tx.commit().await
    }

    /// The saved questions that would be answered worse with the words on the bench.
    pub async fn check(&self, article_id: &str) -> Result<Vec<Regression>> {
        let cases: Vec<Case> = self.cases(MOST_CASES).await?.into_iter().map(case_of).collect();
        if cases.is_empty() {
            return Ok(Vec::new());
        }
        let Some(bench) = self.bench(article_id).await? else {
            return Err(Error::not_found("article", article_id));
        };
        let questions: Vec<_> = cases.iter().map(question_of).collect();
        let field = Field::of(self.library(), &questions, article_id).await?;
        let changed = field.with(row(self.library(), article_id).await?, &bench.head.draft.0);
        let before = field.ask(questions.clone()).await?;
        let after = changed.ask(questions).await?;
        Ok(cases
            .iter()
            .zip(before.iter().zip(&after))
            .filter_map(|(case, (b, a))| worse(case, b, a))
            .collect())
    }

    /// What the words on the bench would do for some questions.
    pub async fn try_questions(&self, article_id: &str, queries: &[String]) -> Result<Vec<Tried>> {
        let bench = self.bench(article_id).await?.ok_or_else(|| Error::not_found("article", article_id))?;
        let case = |query: &String| Case {
            id: String::new(),
            query: query.clone(),
            relevant: Vec::new(),
            lang: None,
            tags: Vec::new(),
        };
        let questions: Vec<_> = queries.iter().map(|q| question_of(&case(q))).collect();
        let field = Field::of(self.library(), &questions, article_id).await?;
        field.with(row(self.library(), article_id).await?, &bench.head.draft.0).ask(questions).await
    }

    /// Notes a deed that is about no article.
    pub(crate) async fn note_besides(
        &self,
        tx: &mut Tx,
        actor: &str,
        action: &str,
        subject: &str,
        detail: serde_json::Value,
    ) -> Result<()> {
        audit::note(tx, self.library().clock(), &Deed { actor, action, article_id: None, subject, detail })
            .await
    }
}

fn case_of(saved: Saved) -> Case {
    Case { id: saved.id, query: saved.query, relevant: saved.relevant.0, lang: saved.lang, tags: Vec::new() }
}

/// A first place lost, or a place among those people look at.
fn worse(case: &Case, before: &Tried, after: &Tried) -> Option<Regression> {
    let place = |tried: &Tried| {
        case.relevant.iter().filter_map(|id| tried.place(id)).min().filter(|place| *place <= SEEN)
    };
    let (b, a) = (place(before), place(after));
    let lost = match (b, a) {
        (Some(_), None) => true,
        (Some(1), Some(after)) => after > 1,
        _ => false,
    };
    lost.then(|| Regression {
        query: case.query.clone(),
        expected: case.relevant.clone(),
        before: b,
        after: a,
    })
}
