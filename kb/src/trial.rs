//! Asking before publishing: a small index in memory with what competes for some questions, once with the
//! words on the bench and once without, and a library on trial that answers from it as every other does.
use std::collections::BTreeSet;
use std::sync::Arc;

use firstline_core::{Error, Result, on};
use tantivy::Index;

use crate::Library;
use crate::article::Draft;
use crate::eval::Case;
use crate::index::index_error;
use crate::index::live::Live;
use crate::index::mark::Mark;
use crate::index::schema;
use crate::index::writer::{Work, Writer};
use crate::library::Trial;
use crate::store::ArticleRow;

/// Of each question, so many rivals come along.
const RIVALS: usize = 8;
/// With so many rivals in all, only the first few of each further question come along.
const MOST: usize = 400;
const FEWER: usize = 5;
/// Other articles, so that rare words stay rare.
const BACKDROP: i64 = 200;

/// The rows that compete for some questions.
pub(crate) struct Field {
    rows: Vec<ArticleRow>,
}

impl Field {
    /// What the live index finds for the questions, and a backdrop. `besides` is always among them when it is live.
    pub async fn of(library: &Library, cases: &[Case], besides: &str) -> Result<Field> {
        let mut ids: BTreeSet<String> = BTreeSet::from([besides.to_string()]);
        for case in cases {
            // Every question has its rivals: one without would be answered rightly whatever stands on the bench.
            let most = if ids.len() < MOST { RIVALS } else { FEWER };
            let found = library.search(&case.question(most)).await?;
            ids.extend(found.hits.into_iter().map(|hit| hit.id));
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
        Ok(Field { rows })
    }

    /// The same field with an article as it stands on the bench.
    pub fn with(&self, row: ArticleRow, draft: &Draft) -> Field {
        let mut rows: Vec<ArticleRow> = self.rows.iter().filter(|r| r.id != row.id).cloned().collect();
        rows.push(row.saying(draft));
        Field { rows }
    }

    /// The library with only this field to search in.
    pub async fn library(self, library: &Library) -> Result<Library> {
        let built = tokio::task::spawn_blocking(move || index_of(&self.rows));
        let live = built.await.map_err(|e| index_error("try", e))??;
        let trial = Trial { live: Some(Arc::new(live)), ..Trial::default() };
        Ok(library.on_trial(trial))
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

/// The row of an article, published or not.
pub(crate) async fn row(library: &Library, id: &str) -> Result<ArticleRow> {
    let row: Option<ArticleRow> = on!(library.db(), p => sqlx::query_as("select * from kb_article where id = $1")
        .bind(id).fetch_optional(p).await)?;
    row.ok_or_else(|| Error::not_found("article", id))
}
