//! Asking before publishing: a small index in memory with what competes for some questions, once with the
//! words on the bench and once without. The same code ranks there as everywhere.
use std::collections::BTreeSet;
use std::sync::Arc;

use firstline_core::{Error, Result, Time, on};
use tantivy::Index;

use crate::answer::Question;
use crate::article::Draft;
use crate::dictionary::{Dictionary, apply};
use crate::index::index_error;
use crate::index::live::Live;
use crate::index::mark::Mark;
use crate::index::schema;
use crate::index::writer::{Work, Writer};
use crate::search::decide;
use crate::store::ArticleRow;
use crate::{Library, eval};

/// Of each question, so many rivals come along.
const RIVALS: usize = 8;
/// Rivals in all.
const MOST: usize = 400;
/// Other articles, so that rare words stay rare.
const BACKDROP: i64 = 200;

/// How a question fared.
#[derive(Clone, Debug, PartialEq)]
pub struct Tried {
    pub query: String,
    /// External ids of what was found, best first, at most ten.
    pub found: Vec<String>,
    /// `direct`, `choices`, `ask` or `nothing`.
    pub answer: &'static str,
}

impl Tried {
    /// The place of an article, from 1.
    pub fn place(&self, external_id: &str) -> Option<usize> {
        self.found.iter().position(|id| id == external_id).map(|at| at + 1)
    }
}

/// The rows that compete for some questions.
pub(crate) struct Field {
    rows: Vec<ArticleRow>,
    dictionary: Arc<Dictionary>,
    now: Time,
}

impl Field {
    /// What the live index finds for the questions, and a backdrop. `besides` is always among them when it is live.
    pub async fn of(library: &Library, questions: &[Question], besides: &str) -> Result<Field> {
        let mut ids: BTreeSet<String> = BTreeSet::from([besides.to_string()]);
        for question in questions {
            let found = library.search(&Question { limit: RIVALS, ..question.clone() }).await?;
            ids.extend(found.hits.into_iter().map(|hit| hit.id));
            if ids.len() >= MOST {
                break;
            }
        }
        let mut rows: Vec<ArticleRow> = on!(library.db(), p => sqlx::query_as(
            "select * from kb_article where deleted = $1 order by change_no desc limit $2")
            .bind(false).bind(BACKDROP).fetch_all(p).await)?;
        for id in ids {
            if rows.iter().any(|row| row.id == id) {
                continue;
            }
            let row: Option<ArticleRow> = on!(library.db(), p => sqlx::query_as(
                "select * from kb_article where id = $1 and deleted = $2")
                .bind(&id).bind(false).fetch_optional(p).await)?;
            rows.extend(row);
        }
        Ok(Field { rows, dictionary: library.dictionary(), now: library.clock().now() })
    }

    /// The same field with an article as it stands on the bench.
    pub fn with(&self, row: ArticleRow, draft: &Draft) -> Field {
        let mut rows: Vec<ArticleRow> = self.rows.iter().filter(|r| r.id != row.id).cloned().collect();
        rows.push(row.saying(draft));
        Field { rows, dictionary: self.dictionary.clone(), now: self.now }
    }

    /// Asks every question, on a thread of its own.
    pub async fn ask(self, questions: Vec<Question>) -> Result<Vec<Tried>> {
        let asked = tokio::task::spawn_blocking(move || {
            let live = index_of(&self.rows)?;
            questions.iter().map(|question| ask(&live, &self.dictionary, question, self.now)).collect()
        });
        asked.await.map_err(|e| index_error("try", e))?
    }
}

fn index_of(rows: &[ArticleRow]) -> Result<Live> {
    let (schema, _) = schema::build();
    let index = Index::create_in_ram(schema);
    let mut writer = Writer::on(&index, Work::Following)?;
    writer.apply(rows)?;
    writer.commit(Mark { schema: schema::VERSION, store: 0, rebuild: 0, change: 0 })?;
    Live::in_memory(index)
}

fn ask(live: &Live, dictionary: &Dictionary, question: &Question, now: Time) -> Result<Tried> {
    let question = Question { limit: 10, ..question.clone() };
    let outcome = apply::run(live, dictionary, &question, now)?;
    let answer = match decide::decide(&question, &outcome) {
        decide::Decision::Direct { .. } => "direct",
        decide::Decision::Choices(_) => "choices",
        decide::Decision::Ask { .. } => "ask",
        decide::Decision::Nothing => "nothing",
    };
    let found = outcome.found.hits.into_iter().map(|hit| hit.external_id).collect();
    Ok(Tried { query: question.text, found, answer })
}

/// The row of an article, published or not.
pub(crate) async fn row(library: &Library, id: &str) -> Result<ArticleRow> {
    let row: Option<ArticleRow> = on!(library.db(), p => sqlx::query_as("select * from kb_article where id = $1")
        .bind(id).fetch_optional(p).await)?;
    row.ok_or_else(|| Error::not_found("article", id))
}

/// A saved question as it is asked.
pub(crate) fn question_of(case: &eval::Case) -> Question {
    Question { text: case.query.clone(), lang: case.lang.clone(), limit: 10, ..Question::default() }
}
