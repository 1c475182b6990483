//! Suggestions while somebody types: titles of articles that hold every word typed so far, the last one as it
//! begins; Chinese ones also by how they sound (`suggest/sound.rs`). Read from the index alone; no database, no
//! spelling, a few milliseconds at a hundred thousand articles.
mod sound;

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use firstline_core::Result;
use serde::{Deserialize, Serialize};
use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, BoostQuery, Occur, Query, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{Searcher, Term};

use crate::analyze::code;
use crate::analyze::fold::fold;
use crate::analyze::tokens::{Piece, grams, pieces, plain};
use crate::article::ArticleKind;
use crate::index::document::{Facts, product_key};
use crate::index::index_error;
use crate::index::live::Live;
use crate::index::schema::Fields;
use crate::language;
use crate::search::columns::{Column, card};
use crate::store::ArticleRow;

/// Articles that are looked at to find the best few.
const LOOKED_AT: usize = 64;
/// Words that begin as typed: as many are looked at, and so many of them searched for.
const WORDS_READ: usize = 3000;
const WORDS: usize = 40;
/// Longer input is a question, not the beginning of one (characters).
const REACH: usize = 80;
/// Words of it that are looked for.
const WORDS_TYPED: usize = 12;

/// What somebody has typed so far.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    pub text: String,
    /// `zh-CN` or `en`; `None`: by the script of the text, else any.
    pub lang: Option<String>,
    pub product: Option<String>,
    pub limit: usize,
}

/// An article to offer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Suggestion {
    pub id: String,
    pub title: String,
    pub kind: ArticleKind,
    pub lang: String,
    pub product: Option<String>,
    /// Path on our site, `/kb/{id}`.
    pub path: String,
}

/// The tokens an article is suggested by: every word, character and pair of its title, its curated questions and
/// its codes; where its title begins; its language.
pub(crate) fn tokens(row: &ArticleRow) -> String {
    let title = fold(&row.title);
    let mut all: Vec<String> = vec![format!("@{}", row.lang)];
    for text in std::iter::once(title.clone()).chain(row.questions.iter().map(|q| fold(q))) {
        add(&text, &mut all);
    }
    all.extend(row.codes.iter().flat_map(|c| code::keys(c)));
    all.extend(sound::start(&title));
    let start: String = start(&title);
    all.extend(
        (1..=start.chars().count()).map(|n| format!("^{}", start.chars().take(n).collect::<String>())),
    );
    all.sort_unstable();
    all.dedup();
    all.join(" ")
}

fn add(folded: &str, all: &mut Vec<String>) {
    for piece in pieces(folded) {
        match piece {
            Piece::Word(word) => all.push(plain(word)),
            Piece::Han(run) => {
                all.extend(grams(run).map(str::to_string));
                sound::tokens(run, all);
            }
        }
    }
}

/// The first letters of a text, as far as the index knows where a title begins.
fn start(folded: &str) -> String {
    folded.chars().filter(|c| c.is_alphanumeric()).take(3).collect()
}

/// The best suggestions. Blocks for a few milliseconds at most.
pub(crate) fn suggest(live: &Live, typed: &Typed) -> Result<Vec<Suggestion>> {
    let failed = |e: tantivy::TantivyError| index_error("suggest", e);
    let reach: String = typed.text.chars().take(REACH).collect();
    let folded = fold(&reach);
    let searcher = live.searcher();
    let lang = match typed.lang.as_deref().and_then(language::canonical) {
        Some(lang) => Language::Said(lang),
        None => Language::Guessed(language::guess(&reach)),
    };
    let Some(query) = query(&searcher, &live.fields, &folded, lang).map_err(failed)? else {
        return Ok(Vec::new());
    };
    let top = searcher.search(&query, &TopDocs::with_limit(LOOKED_AT).order_by_score()).map_err(failed)?;
    let mut columns: HashMap<u32, Column> = HashMap::new();
    let mut found = Vec::with_capacity(top.len());
    for (_, address) in top {
        let segment = address.segment_ord;
        let column = match columns.entry(segment) {
            Entry::Occupied(open) => open.into_mut(),
            Entry::Vacant(new) => new.insert(Column::open(searcher.segment_reader(segment)).map_err(failed)?),
        };
        let facts = column.facts(address.doc_id).map_err(|e| index_error("suggest", e))?;
        found.push((order(&facts, folded.trim(), typed.product.as_deref()), facts, address));
    }
    found.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.external_id.cmp(&b.1.external_id)));
    found.dedup_by(|a, b| title_of(&a.1) == title_of(&b.1));
    let best = found.into_iter().take(typed.limit.max(1));
    best.map(|(_, _, address)| {
        let card = card(&searcher, &live.fields, address)?;
        Ok(Suggestion {
            path: format!("/kb/{}", card.id),
            id: card.id,
            title: card.title,
            kind: card.kind,
            lang: card.lang,
            product: card.product,
        })
    })
    .collect()
}

fn title_of(facts: &Facts) -> &str {
    facts.asks.lines().next().unwrap_or_default()
}

/// Smaller is better: the asker's product before every product before others, a title that begins so, one that holds it, another wording that does; then
/// the shorter title.
fn order(facts: &Facts, typed: &str, product: Option<&str>) -> (usize, usize, usize) {
    let title = title_of(facts);
    let place = if title.starts_with(typed) {
        0
    } else if title.contains(typed) {
        1
    } else if facts.asks.contains(typed) {
        2
    } else {
        match sound::place(title, typed) {
            Some(0) => 0,
            Some(_) => 1,
            None => 3,
        }
    };
    let other = match product.map(product_key) {
        Some(own) if own != facts.product => 1 + usize::from(!facts.product.is_empty()),
        _ => 0,
    };
    (other, place, title.chars().count())
}

/// The language of the asker: said by them, or guessed by the script. Latin letters may be Chinese by its sound.
#[derive(Clone, Copy)]
enum Language {
    Said(&'static str),
    Guessed(Option<&'static str>),
}

type Clauses = Vec<(Occur, Box<dyn Query>)>;

/// Every word typed, the last one as a beginning; titles that begin so before others.
fn query(
    searcher: &Searcher,
    fields: &Fields,
    folded: &str,
    lang: Language,
) -> tantivy::Result<Option<Box<dyn Query>>> {
    let all: Vec<Piece<'_>> = pieces(folded).take(WORDS_TYPED).collect();
    let mut must: Clauses = Vec::new();
    let mut by_sound = false;
    for (at, piece) in all.iter().enumerate() {
        let Piece::Word(word) = piece else {
            exactly(fields, piece, &mut must);
            continue;
        };
        // Still being typed, unless something follows it.
        let open = at + 1 == all.len() && folded.ends_with(word);
        let (word, mut any) = (plain(word), Clauses::new());
        if !matches!(lang, Language::Said("en"))
            && let Some(sounds) = sound::query(searcher, fields, &word, open)?
        {
            by_sound = true;
            any.push((Occur::Should, sounds));
        }
        if !open {
            any.push((Occur::Should, term(fields, &word)));
        } else if let Some(words) = beginning(searcher, fields, &word)? {
            any.push((Occur::Should, words));
        }
        if any.is_empty() {
            return Ok(None);
        }
        must.push((Occur::Must, Box::new(BooleanQuery::new(any))));
    }
    if must.is_empty() {
        return Ok(None);
    }
    match lang {
        Language::Said(lang) => must.push((Occur::Must, term(fields, &format!("@{lang}")))),
        Language::Guessed(Some(lang)) if !by_sound => {
            must.push((Occur::Must, term(fields, &format!("@{lang}"))));
        }
        Language::Guessed(_) => {}
    }
    let begins = start(folded);
    if !begins.is_empty() {
        must.push((Occur::Should, Box::new(BoostQuery::new(term(fields, &format!("^{begins}")), 10.0))));
    }
    if by_sound
        && let Some(start) = all.first().and_then(|p| match p {
            Piece::Word(word) => sound::start_typed(word),
            Piece::Han(_) => None,
        })
    {
        must.push((Occur::Should, Box::new(BoostQuery::new(term(fields, &start), 10.0))));
    }
    Ok(Some(Box::new(BooleanQuery::new(must))))
}

fn exactly(fields: &Fields, piece: &Piece<'_>, must: &mut Clauses) {
    match piece {
        Piece::Word(word) => must.push((Occur::Must, term(fields, &plain(word)))),
        Piece::Han(run) => {
            let single = run.chars().nth(1).is_none();
            let parts = grams(run).filter(|g| single || g.chars().nth(1).is_some());
            must.extend(parts.map(|gram| (Occur::Must, term(fields, gram))));
        }
    }
}

fn term(fields: &Fields, token: &str) -> Box<dyn Query> {
    Box::new(TermQuery::new(Term::from_field_text(fields.suggest, token), IndexRecordOption::Basic))
}

/// Any of the words that begin like this, the most usual ones.
fn beginning(searcher: &Searcher, fields: &Fields, prefix: &str) -> tantivy::Result<Option<Box<dyn Query>>> {
    let mut known: HashMap<String, u32> = HashMap::new();
    for segment in searcher.segment_readers() {
        let index = segment.inverted_index(fields.suggest)?;
        let mut stream = index.terms().range().ge(prefix.as_bytes()).into_stream()?;
        for _ in 0..WORDS_READ {
            if !stream.advance() || !stream.key().starts_with(prefix.as_bytes()) {
                break;
            }
            if let Ok(word) = std::str::from_utf8(stream.key()) {
                *known.entry(word.to_string()).or_default() += stream.value().doc_freq;
            }
        }
    }
    let mut words: Vec<(String, u32)> = known.into_iter().collect();
    words.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    words.truncate(WORDS);
    let any: Clauses = words.iter().map(|(word, _)| (Occur::Should, term(fields, word))).collect();
    Ok((!any.is_empty()).then(|| -> Box<dyn Query> { Box::new(BooleanQuery::new(any)) }))
}
