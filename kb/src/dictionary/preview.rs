//! What a change of the dictionary would do to saved questions, seen before it is made: every question asked twice, on
//! the index in use, with the dictionary in force and with the one on trial.
use std::sync::Arc;

use firstline_core::{Error, Result, Time, on, on_tx};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use sqlx::types::Json;

use super::entry::{Entry, Stored};
use super::{Dictionary, log, store};
use crate::{Library, Question, language};

/// Questions asked for one preview; each costs two searches.
const MOST: i64 = 300;
/// Places that are looked at.
const PLACES: usize = 10;

/// A question and the external ids of articles that answer it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Saved {
    pub id: String,
    pub query: String,
    #[serde(default)]
    pub lang: Option<String>,
    pub relevant: Vec<String>,
}

/// Shares between 0 and 1 over all saved questions.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Shares {
    /// The first hit is right.
    pub first: f64,
    /// A right one is among the first five.
    pub five: f64,
}

/// A question whose answer moved: its place before and after, from 1; none: not among the first ten.
#[derive(Clone, Debug, PartialEq)]
pub struct Moved {
    pub query: String,
    pub before: Option<usize>,
    pub after: Option<usize>,
}

impl Moved {
    pub fn is_better(&self) -> bool {
        let place = |p: Option<usize>| p.unwrap_or(usize::MAX);
        place(self.after) < place(self.before)
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Effect {
    pub questions: usize,
    pub before: Shares,
    pub after: Shares,
    pub moved: Vec<Moved>,
}

/// A change that is not made yet.
#[derive(Clone, Debug)]
pub enum Change<'a> {
    Add { entry: Entry, until: Option<Time> },
    Replace { id: &'a str, entry: Entry, until: Option<Time> },
    Remove { id: &'a str },
}

impl Library {
    /// What a change would do to the saved questions.
    pub async fn preview(&self, change: Change<'_>) -> Result<Effect> {
        let trial = Library(self.0.clone(), Some(Arc::new(self.on_trial(change).await?)));
        let saved = self.saved_questions().await?;
        let mut effect = Effect { questions: saved.len(), ..Effect::default() };
        for question in saved {
            let before = self.place_of(&question).await?;
            let after = trial.place_of(&question).await?;
            add(&mut effect.before, before);
            add(&mut effect.after, after);
            if before != after {
                effect.moved.push(Moved { query: question.query, before, after });
            }
        }
        let n = effect.questions.max(1) as f64;
        for shares in [&mut effect.before, &mut effect.after] {
            (shares.first, shares.five) = (shares.first / n, shares.five / n);
        }
        Ok(effect)
    }

    async fn on_trial(&self, change: Change<'_>) -> Result<Dictionary> {
        let (db, now) = (&self.0.db, self.0.clock.now());
        let without = match &change {
            Change::Replace { id, .. } | Change::Remove { id } => Some(*id),
            Change::Add { .. } => None,
        };
        let mut entries = store::all(db).await?;
        entries.retain(|stored| Some(stored.id.as_str()) != without);
        if let Change::Add { entry, until } | Change::Replace { entry, until, .. } = change {
            let entry = entry.clean()?;
            entries.push(Stored { id: "trial".into(), entry, until, version: 0, updated_at: now });
        }
        Dictionary::of(db, log::changes(db).await?, entries).await
    }

    /// The place of the first right article, from 1, among the first ten.
    async fn place_of(&self, saved: &Saved) -> Result<Option<usize>> {
        let question = Question {
            text: saved.query.clone(),
            lang: saved.lang.clone(),
            limit: PLACES,
            ..Question::default()
        };
        let hits = self.search(&question).await?.hits;
        Ok(hits.iter().position(|hit| saved.relevant.contains(&hit.external_id)).map(|at| at + 1))
    }

    /// The saved questions, oldest first.
    pub async fn saved_questions(&self) -> Result<Vec<Saved>> {
        let rows: Vec<SavedRow> = on!(&self.0.db, p => sqlx::query_as(
            "select id, query, lang, relevant from kb_saved_question order by created_at, id limit $1")
            .bind(MOST).fetch_all(p).await)?;
        Ok(rows.into_iter().map(SavedRow::into_saved).collect())
    }

    /// Replaces the saved questions by what lines of JSON say (`{id, query, relevant, lang}`); `Invalid` names the
    /// first line that is none.
    pub async fn save_questions(&self, lines: &str) -> Result<usize> {
        let saved = read(lines)?;
        let mut tx = self.0.db.begin().await?;
        on_tx!(&mut tx, c => sqlx::query("delete from kb_saved_question").execute(c).await.map(drop))?;
        for question in &saved {
            on_tx!(&mut tx, c => sqlx::query(
                "insert into kb_saved_question (id, query, lang, relevant, created_at) values ($1, $2, $3, $4, $5)")
                .bind(&question.id).bind(&question.query).bind(&question.lang).bind(Json(&question.relevant))
                .bind(self.0.clock.now()).execute(c).await.map(drop))?;
        }
        tx.commit().await?;
        Ok(saved.len())
    }
}

fn read(lines: &str) -> Result<Vec<Saved>> {
    let mut saved: Vec<Saved> = Vec::new();
    for (number, line) in (1..).zip(lines.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        let wrong = |what: String| Error::invalid(format!("line {number}"), what);
        let question: Saved =
            serde_json::from_str(line.trim().trim_start_matches('\u{feff}')).map_err(|e| {
                wrong(format!(
                    "is no question such as {{\"id\": \"1\", \"query\": \"…\", \"relevant\": [\"…\"]}}: {e}"
                ))
            })?;
        if saved.iter().any(|known| known.id == question.id) {
            return Err(wrong(format!("the id {:?} was already given", question.id)));
        }
        if question.lang.as_deref().is_some_and(|lang| language::canonical(lang).is_none()) {
            return Err(wrong("lang is none of: zh, zh-CN, en".into()));
        }
        saved.push(question);
    }
    if saved.len() > MOST as usize {
        return Err(Error::invalid("questions", format!("are more than {MOST}; keep the most telling ones")));
    }
    Ok(saved)
}

#[derive(FromRow)]
struct SavedRow {
    id: String,
    query: String,
    lang: Option<String>,
    relevant: Json<Vec<String>>,
}

impl SavedRow {
    fn into_saved(self) -> Saved {
        Saved { id: self.id, query: self.query, lang: self.lang, relevant: self.relevant.0 }
    }
}

fn add(shares: &mut Shares, place: Option<usize>) {
    shares.first += f64::from(u8::from(place == Some(1)));
    shares.five += f64::from(u8::from(place.is_some_and(|p| p <= 5)));
}
