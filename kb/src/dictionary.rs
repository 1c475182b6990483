//! What staff taught the search, compiled for use: one snapshot in memory, replaced as a whole when an entry or
//! a code changes, here or in another process. Searching itself knows none of it: the library asks the
//! snapshot before and after (`dictionary/apply.rs`).
pub(crate) mod apply;
pub mod entry;
pub mod log;
pub(crate) mod phrase;
pub mod preview;
pub(crate) mod season;
pub mod sensitive;
pub(crate) mod store;
pub(crate) mod synonyms;

use std::collections::HashMap;

use firstline_core::store::Db;
use firstline_core::{Result, Time};

use self::entry::{Entry, Settings, Stored};
use self::phrase::{Phrase, Words, find_word, folded};
use self::synonyms::Synonyms;
use crate::answer::{Reply, ReplyWhy};
use crate::codes::book::{CodeBook, Known};
use crate::feedback::{self, Priors};
use crate::index::document::product_key;

/// The dictionary as of one change.
#[derive(Clone, Debug, Default)]
pub(crate) struct Dictionary {
    /// Number of the change it holds; -1 before it was loaded.
    pub change: i64,
    pub settings: Settings,
    pub synonyms: Synonyms,
    pub codes: CodeBook,
    /// Folded word → product, and the products' own names.
    products: Vec<(String, String)>,
    pins: Vec<Pin>,
    stop_gaps: Vec<StopGap>,
    talk: Vec<Talk>,
    /// Folded word, and as it was written.
    sensitive: Vec<(String, String)>,
    pub frequent: Vec<season::Frequent>,
    pub priors: Priors,
}

#[derive(Clone, Debug)]
struct Pin {
    questions: Vec<Words>,
    exact: bool,
    until: Option<Time>,
    /// Language → the id of the article in it.
    readings: HashMap<String, String>,
    /// The article that was named.
    own: String,
}

#[derive(Clone, Debug)]
struct StopGap {
    questions: Vec<Words>,
    lang: String,
    text: String,
    until: Option<Time>,
}

#[derive(Clone, Debug)]
struct Talk {
    phrases: Vec<Phrase>,
    lang: String,
    text: String,
}

impl Dictionary {
    /// Before anything was read.
    pub fn unread() -> Dictionary {
        Dictionary { change: -1, ..Dictionary::default() }
    }

    /// Reads everything.
    pub async fn load(db: &Db, change: i64) -> Result<Dictionary> {
        Dictionary::of(db, change, store::all(db).await?).await
    }

    /// With these entries instead of those stored.
    pub async fn of(db: &Db, change: i64, entries: Vec<Stored>) -> Result<Dictionary> {
        let mut codes = CodeBook::default();
        for (key, article_id, lang) in crate::codes::store::all_known(db).await? {
            codes.add(&key, Known { article_id, lang });
        }
        let mut dictionary = Dictionary { change, codes, ..Dictionary::default() };
        for prior in feedback::learn::all(db, feedback::LEAST_PEOPLE).await? {
            dictionary.priors.add(prior);
        }
        for stored in entries {
            dictionary.add(db, stored).await?;
        }
        Ok(dictionary)
    }

    /// Takes in one entry. Readings of articles are looked up now.
    async fn add(&mut self, db: &Db, stored: Stored) -> Result<()> {
        let until = stored.until;
        let said = |questions: &[String]| -> Vec<Words> {
            questions.iter().map(|q| Words::of(q)).filter(|w| !w.is_empty()).collect()
        };
        match stored.entry {
            Entry::Synonym { words } => self.synonyms.add(&words),
            Entry::Product { product, words } => {
                let names = words.iter().map(|w| folded(w)).chain([folded(&product)]);
                self.products.extend(names.map(|word| (word, product.clone())));
            }
            Entry::Pin { questions, article, exact } => {
                let readings = store::readings(db, &article).await?;
                let Some((_, own)) = readings.first().cloned() else { return Ok(()) };
                let readings = readings.into_iter().rev().collect();
                self.pins.push(Pin { questions: said(&questions), exact, until, readings, own });
            }
            Entry::StopGap { questions, lang, text } => {
                self.stop_gaps.push(StopGap { questions: said(&questions), lang, text, until });
            }
            Entry::Talk { phrases, lang, text } => {
                self.talk.push(Talk { phrases: phrases.iter().map(|p| Phrase::of(p)).collect(), lang, text });
            }
            Entry::Sensitive { word } => self.sensitive.push((folded(&word), word)),
            Entry::Frequent { article, product, from, until } => {
                let readings: HashMap<String, String> =
                    store::readings(db, &article).await?.into_iter().rev().collect();
                self.frequent.push(season::Frequent {
                    readings,
                    product: product_key(&product),
                    from,
                    until,
                });
            }
            Entry::Settings(settings) => self.settings = settings,
        }
        Ok(())
    }

    /// The product somebody means by a name of theirs; their name where it is in no list.
    pub fn product(&self, named: &str) -> String {
        let key = folded(named.trim());
        let known = self.products.iter().find(|(word, _)| *word == key);
        known.map_or_else(|| named.to_string(), |(_, product)| product.clone())
    }

    /// The one product a question names by its words, and the question without them. `None` when it names none
    /// or several.
    pub fn product_in(&self, text: &str) -> Option<(String, String)> {
        let text = folded(text);
        let mut named: Vec<&String> = self
            .products
            .iter()
            .filter(|(word, _)| find_word(&text, word).is_some())
            .map(|(_, p)| p)
            .collect();
        named.sort_unstable();
        named.dedup();
        match named.as_slice() {
            [one] => Some(((*one).clone(), self.without_products(&text))),
            _ => None,
        }
    }

    fn without_products(&self, text: &str) -> String {
        let mut rest = text.to_string();
        for (word, _) in &self.products {
            if let Some(at) = find_word(&rest, word) {
                rest.replace_range(at..at + word.len(), " ");
            }
        }
        rest.trim().to_string()
    }

    /// What is said instead of an answer: to a sensitive word, to small talk, or until there is an article.
    pub fn reply(&self, text: &str, lang: Option<&str>, now: Time) -> Option<Reply> {
        self.sensitive_reply(text, lang)
            .or_else(|| self.stop_gap(text, lang, now))
            .or_else(|| self.small_talk(text, lang))
    }

    fn sensitive_reply(&self, text: &str, lang: Option<&str>) -> Option<Reply> {
        if !self.settings.sensitive_on || self.sensitive.is_empty() {
            return None;
        }
        // The whole message, however long.
        let text = crate::analyze::variants::unify(&crate::analyze::fold::fold(text));
        let (_, word) = self.sensitive.iter().find(|(word, _)| find_word(&text, word).is_some())?;
        let said = if lang == Some("en") {
            &self.settings.sensitive_reply_en
        } else {
            &self.settings.sensitive_reply_zh
        };
        Some(Reply { why: ReplyWhy::Sensitive, text_md: said.clone(), word: Some(word.clone()) })
    }

    fn stop_gap(&self, text: &str, lang: Option<&str>, now: Time) -> Option<Reply> {
        let live = |gap: &&StopGap| is_live(gap.until, now) && speaks(&gap.lang, lang);
        let mut gaps = self.stop_gaps.iter().filter(live).peekable();
        gaps.peek()?;
        let asked = Words::of(text);
        let gap = gaps.find(|gap| gap.questions.iter().any(|q| q.within(&asked)))?;
        Some(Reply { why: ReplyWhy::StopGap, text_md: gap.text.clone(), word: None })
    }

    fn small_talk(&self, text: &str, lang: Option<&str>) -> Option<Reply> {
        if self.talk.is_empty() {
            return None;
        }
        let said = Phrase::of(text);
        let best = |talk: &Talk| talk.phrases.iter().map(|p| p.likeness(&said)).fold(0.0, f32::max);
        let scored = self.talk.iter().filter(|talk| speaks(&talk.lang, lang)).map(|talk| (best(talk), talk));
        let (likeness, talk) = scored.max_by(|a, b| a.0.total_cmp(&b.0))?;
        let text_md = talk.text.clone();
        (likeness >= self.settings.talk_threshold).then_some(Reply {
            why: ReplyWhy::SmallTalk,
            text_md,
            word: None,
        })
    }

    /// Ids of the articles that come first for a question, those of exact pins before the others.
    pub fn pinned(&self, text: &str, lang: Option<&str>, now: Time) -> Vec<String> {
        if self.pins.is_empty() {
            return Vec::new();
        }
        let asked = Words::of(text);
        let mut found: Vec<(bool, String)> = Vec::new();
        for pin in self.pins.iter().filter(|pin| is_live(pin.until, now)) {
            let same = pin.questions.contains(&asked);
            if same || (!pin.exact && pin.questions.iter().any(|q| q.within(&asked))) {
                let id = lang.and_then(|lang| pin.readings.get(lang)).unwrap_or(&pin.own);
                found.push((!same, id.clone()));
            }
        }
        found.sort();
        found.dedup_by(|a, b| a.1 == b.1);
        found.into_iter().map(|(_, id)| id).collect()
    }
}

fn is_live(until: Option<Time>, now: Time) -> bool {
    until.is_none_or(|until| now < until)
}

/// Whether an entry in a language is meant for somebody who speaks another, or one we do not know.
fn speaks(entry: &str, asker: Option<&str>) -> bool {
    entry.is_empty() || asker.is_none_or(|lang| lang == entry)
}
