//! What a change of the dictionary would do to the saved questions, seen before it is made: every question asked
//! twice, on the index in use, with the dictionary in force and with the one on trial.
use std::sync::Arc;

use firstline_core::{Result, Time};

use super::entry::{Entry, Stored};
use super::{Dictionary, log, store};
use crate::Library;
use crate::eval::{self, Effect};
use crate::library::Trial;

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
        let dictionary = Some(Arc::new(self.dictionary_with(change).await?));
        let cases = self.saved_cases().await?;
        let before = eval::ask(self, &cases, &mut |_| {}).await?;
        let trial = self.on_trial(Trial { dictionary, ..Trial::default() });
        let after = eval::ask(&trial, &cases, &mut |_| {}).await?;
        Ok(Effect::of(&before, &after))
    }

    async fn dictionary_with(&self, change: Change<'_>) -> Result<Dictionary> {
        let (db, now) = (&self.0.db, self.0.clock.now());
        let without = match &change {
            Change::Replace { id, .. } | Change::Remove { id } => Some(*id),
            Change::Add { entry: Entry::Settings(_), .. } => Some(store::SETTINGS),
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
}
