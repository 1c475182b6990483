//! Saved questions: questions with known answers. Before an article is published or an entry of the dictionary is
//! kept, they show what that would do; `kb eval` and the console ask them as they stand.
use firstline_core::store::Tx;
use firstline_core::{Error, Result, Time, on, on_tx};
use serde_json::json;
use sqlx::FromRow;
use sqlx::types::Json;

use crate::audit::{self, Deed};
use crate::eval::Case;
use crate::workshop::Curator;
use crate::{Library, language};

/// So many there may be: each is asked twice before a publication, which is not to take minutes.
pub const MOST: usize = 500;
const LONGEST_QUERY: usize = 2000;

/// A saved question.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct SavedQuestion {
    pub id: String,
    pub query: String,
    pub lang: Option<String>,
    pub product: Option<String>,
    pub version: Option<String>,
    /// External ids of the articles that answer it.
    pub relevant: Json<Vec<String>>,
    pub tags: Json<Vec<String>>,
    pub author: String,
    pub at: Time,
}

impl SavedQuestion {
    pub fn case(&self) -> Case {
        Case {
            id: self.id.clone(),
            query: self.query.clone(),
            relevant: self.relevant.0.clone(),
            lang: self.lang.clone(),
            product: self.product.clone(),
            version: self.version.clone(),
            tags: self.tags.0.clone(),
        }
    }
}

/// What an upload of questions did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Uploaded {
    pub taken: usize,
    /// `(line, what is wrong)`.
    pub bad: Vec<(usize, String)>,
}

impl Library {
    /// The saved questions, newest first.
    pub async fn saved_questions(&self) -> Result<Vec<SavedQuestion>> {
        let rows = on!(self.db(), p => sqlx::query_as("select * from kb_saved_question order by at desc, id desc")
            .fetch_all(p).await)?;
        Ok(rows)
    }

    /// The same as they are asked, newest first.
    pub async fn saved_cases(&self) -> Result<Vec<Case>> {
        Ok(self.saved_questions().await?.iter().map(SavedQuestion::case).collect())
    }

    /// Adds questions from lines of JSON, the form of `kb eval`; the same id again replaces. A line that cannot be
    /// used is named, the rest goes on.
    pub async fn save_questions(&self, who: &Curator, lines: &str) -> Result<Uploaded> {
        who.must_publish("saving questions")?;
        self.save_questions_as(&who.actor(), lines).await
    }

    pub(crate) async fn save_questions_as(&self, actor: &str, lines: &str) -> Result<Uploaded> {
        let mut done = Uploaded::default();
        let mut cases = Vec::new();
        for (number, line) in (1..).zip(lines.lines()) {
            let line = line.trim_start_matches('\u{feff}').trim();
            if line.is_empty() {
                continue;
            }
            let read = serde_json::from_str(line).map_err(|e| e.to_string());
            match read.and_then(|case: Case| clean(case).map_err(|e| e.to_string())) {
                Ok(case) => cases.push((number, case)),
                Err(what) => done.bad.push((number, what)),
            }
        }
        let mut tx = self.db().begin().await?;
        let mut free = MOST.saturating_sub(count(&mut tx).await?);
        for (number, case) in &cases {
            match self.put_question(&mut tx, actor, case, free > 0).await? {
                Put::New => free -= 1,
                Put::Replaced => {}
                Put::Full => {
                    done.bad.push((*number, format!("there are {MOST} already; keep the most telling ones")));
                    continue;
                }
            }
            done.taken += 1;
        }
        done.bad.sort_by_key(|(number, _)| *number);
        if done.taken > 0 {
            let detail = json!({ "questions": done.taken, "bad": done.bad.len() });
            let deed = Deed { detail, ..Deed::of(actor, "questions_saved", "question", "") };
            audit::note(&mut tx, self.clock(), &deed).await?;
        }
        tx.commit().await?;
        Ok(done)
    }

    async fn put_question(&self, tx: &mut Tx, actor: &str, case: &Case, may_add: bool) -> Result<Put> {
        let id = if case.id.is_empty() { self.clock().id() } else { case.id.clone() };
        let known: Option<String> = on_tx!(tx, c => sqlx::query_scalar("select id from kb_saved_question where id = $1")
            .bind(&id).fetch_optional(c).await)?;
        if known.is_none() && !may_add {
            return Ok(Put::Full);
        }
        on_tx!(tx, c => sqlx::query(
            "insert into kb_saved_question (id, query, lang, product, version, relevant, tags, author, at) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (id) do update set query = excluded.query, \
             lang = excluded.lang, product = excluded.product, version = excluded.version, relevant = excluded.relevant, \
             tags = excluded.tags, author = excluded.author, at = excluded.at")
            .bind(id).bind(&case.query).bind(&case.lang).bind(&case.product).bind(&case.version)
            .bind(Json(&case.relevant)).bind(Json(&case.tags)).bind(actor).bind(self.clock().now())
            .execute(c).await.map(drop))?;
        Ok(if known.is_some() { Put::Replaced } else { Put::New })
    }

    /// Forgets a saved question.
    pub async fn drop_question(&self, who: &Curator, id: &str) -> Result<()> {
        who.must_publish("removing a saved question")?;
        let mut tx = self.db().begin().await?;
        let query: Option<String> = on_tx!(&mut tx, c => sqlx::query_scalar(
            "delete from kb_saved_question where id = $1 returning query").bind(id).fetch_optional(c).await)?;
        let Some(query) = query else { return tx.rollback().await };
        let actor = who.actor();
        let deed = Deed::of(&actor, "question_dropped", "question", &query);
        audit::note(&mut tx, self.clock(), &deed).await?;
        tx.commit().await
    }
}

enum Put {
    New,
    Replaced,
    Full,
}

async fn count(tx: &mut Tx) -> Result<usize> {
    let n: i64 =
        on_tx!(tx, c => sqlx::query_scalar("select count(*) from kb_saved_question").fetch_one(c).await)?;
    Ok(n as usize)
}

/// Trimmed and checked; `Invalid` names the key.
fn clean(case: Case) -> Result<Case> {
    // PostgreSQL cannot store NUL.
    let text = |text: &str| text.replace('\0', "").trim().to_string();
    let some = |given: Option<String>| given.map(|t| text(&t)).filter(|t| !t.is_empty());
    let list = |given: &[String]| given.iter().map(|t| text(t)).filter(|t| !t.is_empty()).collect::<Vec<_>>();
    let lang = match some(case.lang) {
        None => None,
        Some(lang) => Some(
            language::canonical(&lang)
                .ok_or_else(|| Error::invalid("lang", format!("{lang:?} is none of: zh, zh-CN, en")))?
                .to_string(),
        ),
    };
    let clean = Case {
        id: text(&case.id),
        query: text(&case.query),
        relevant: list(&case.relevant),
        lang,
        product: some(case.product),
        version: some(case.version),
        tags: list(&case.tags),
    };
    match &clean {
        c if c.relevant.is_empty() => Err(Error::invalid("relevant", "names no article")),
        c if c.query.is_empty() => Err(Error::invalid("query", "is empty")),
        c if c.query.chars().count() > LONGEST_QUERY => {
            Err(Error::invalid("query", format!("is longer than {LONGEST_QUERY} characters")))
        }
        _ => Ok(clean),
    }
}
