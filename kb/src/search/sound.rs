//! Mends what was written by its sound: Latin letters for Chinese (`kaipiao`, `kp`), and characters put in for
//! others that are read the same (`登路` for `登录`). Only words the index knows are put in, and only for what it
//! does not know.
use tantivy::{Searcher, Term};

use super::spell::Mended;
use crate::analyze::sound::{self, LONGEST_WORD};
use crate::analyze::stem::Stems;
use crate::analyze::tokens::{Piece, plain, spans};
use crate::analyze::variants::unify;
use crate::analyze::{segment, stop};
use crate::index::schema::Fields;

/// Longer questions are no Chinese in Latin letters (characters).
const SHORT: usize = 48;
/// Characters of a question that are looked at for wrong ones, and words that are put in; each costs a look-up.
const REACH: usize = 200;
const MENDED_AT_MOST: usize = 8;
/// Words read for one sound.
const WORDS_READ: usize = 3000;
/// Initials stand for so many words at most, a sound for so many; those beside the most usual one must be about
/// as usual.
const BY_INITIALS: usize = 3;
const BY_SOUND: usize = 2;
const AS_USUAL: u64 = 4;
/// Two characters that stand side by side in more than one of so many articles are no slip; and so many times more
/// articles must have the word that is put in for them.
const RARE: u64 = 2000;
const FAR_MORE: u64 = 40;

/// `original` and its folded form with such words replaced; both have the same characters in the same places.
/// `lang`: the language the asker is known to write; English words are no Chinese sounds.
pub(crate) fn mend(
    original: &str,
    folded: &str,
    lang: Option<&str>,
    searcher: &Searcher,
    fields: &Fields,
) -> tantivy::Result<Option<Mended>> {
    let index = Sounds { searcher, fields };
    let pieces = spans(folded);
    let by_letters = lang != Some("en") && original.chars().nth(SHORT).is_none() && index.speaks(&pieces)?;
    let mut found: Vec<Put> = Vec::new();
    let mut read = 0;
    for (start, piece) in pieces {
        if found.len() >= MENDED_AT_MOST || read > REACH {
            break;
        }
        match piece {
            Piece::Word(word) if by_letters => {
                if let Some(words) = index.of_letters(&plain(word))? {
                    found.push(Put { start, end: start + word.len(), words });
                }
            }
            Piece::Word(_) => {}
            Piece::Han(run) => {
                read += run.chars().count();
                index.of_run(run, start, &mut found)?;
            }
        }
    }
    Ok((!found.is_empty()).then(|| write(original, folded, found)))
}

/// Words for a stretch of the folded text (bytes); the first is shown.
struct Put {
    start: usize,
    end: usize,
    words: Vec<String>,
}

fn write(original: &str, folded: &str, found: Vec<Put>) -> Mended {
    let mut mended = Mended { text: String::new(), shown: String::new(), words: Vec::new() };
    let mut written = original.chars();
    let mut copied = 0;
    for put in found {
        let between = &folded[copied..put.start];
        mended.text.push_str(between);
        mended.text.push_str(&put.words.join(" "));
        mended.shown.extend(written.by_ref().take(between.chars().count()));
        mended.shown.push_str(put.words.first().map_or("", String::as_str));
        written.by_ref().take(folded[put.start..put.end].chars().count()).for_each(drop);
        copied = put.end;
        mended.words.extend(put.words);
    }
    mended.text.push_str(&folded[copied..]);
    mended.shown.extend(written);
    mended
}

struct Sounds<'a> {
    searcher: &'a Searcher,
    fields: &'a Fields,
}

impl Sounds<'_> {
    /// Whether Latin words may be Chinese by its sound: only where most of them are not known here.
    fn speaks(&self, pieces: &[(usize, Piece<'_>)]) -> tantivy::Result<bool> {
        let (mut known, mut unknown) = (0, 0);
        for (_, piece) in pieces {
            let Piece::Word(word) = piece else { continue };
            if stop::is_stop(word) || word.len() < 2 || !word.bytes().all(|b| b.is_ascii_lowercase()) {
                continue;
            }
            if self.known_latin(word)? { known += 1 } else { unknown += 1 }
        }
        Ok(unknown > known)
    }

    fn known_latin(&self, word: &str) -> tantivy::Result<bool> {
        if self.searcher.doc_freq(&Term::from_field_text(self.fields.spell, word))? > 0 {
            return Ok(true);
        }
        // Another form of a word that stands here.
        let mut stems = Stems::default();
        Ok(self.searcher.doc_freq(&Term::from_field_text(self.fields.words, stems.stem(word)))? > 0)
    }

    /// The Chinese words Latin letters stand for.
    fn of_letters(&self, word: &str) -> tantivy::Result<Option<Vec<String>>> {
        if word.len() < 2 || stop::is_stop(word) || self.known_latin(word)? {
            return Ok(None);
        }
        if let Some(spoken) = sound::split(word, false)
            && spoken.syllables.len() > 1
        {
            return self.of_syllables(&spoken.syllables);
        }
        if word.len() <= LONGEST_WORD && sound::may_be_initials(word) {
            let words = self.words(word, None)?;
            return Ok(usual(words, BY_INITIALS));
        }
        Ok(None)
    }

    /// The longest words first; `None` when some syllable belongs to no word.
    fn of_syllables(&self, syllables: &[&str]) -> tantivy::Result<Option<Vec<String>>> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < syllables.len() {
            let longest = LONGEST_WORD.min(syllables.len() - at);
            let mut taken = None;
            for n in (2..=longest).rev() {
                let words = self.words(&syllables[at..at + n].concat(), Some(n))?;
                if let Some(words) = usual(words, BY_SOUND) {
                    taken = Some((n, words));
                    break;
                }
            }
            let Some((n, words)) = taken else { return Ok(None) };
            found.extend(words);
            at += n;
        }
        Ok(Some(found))
    }

    /// The known words behind a sound or initials, with how many articles have each.
    fn words(&self, key: &str, length: Option<usize>) -> tantivy::Result<Vec<(u64, String)>> {
        let prefix = format!("{key}=");
        let mut found: Vec<(u64, String)> = Vec::new();
        for segment in self.searcher.segment_readers() {
            let index = segment.inverted_index(self.fields.spell)?;
            let mut stream = index.terms().range().ge(prefix.as_bytes()).into_stream()?;
            for _ in 0..WORDS_READ {
                if !stream.advance() {
                    break;
                }
                let Some(word) = std::str::from_utf8(stream.key()).ok().and_then(|t| t.strip_prefix(&prefix))
                else {
                    break;
                };
                if length.is_some_and(|n| word.chars().count() != n) {
                    continue;
                }
                let known = u64::from(stream.value().doc_freq);
                match found.iter_mut().find(|(_, w)| w == word) {
                    Some((sum, _)) => *sum += known,
                    None => found.push((known, word.to_string())),
                }
            }
        }
        found.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        Ok(found)
    }

    /// Wrong characters of a Chinese run: two that stand side by side nowhere, within a word of the same sound.
    fn of_run(&self, run: &str, start: usize, found: &mut Vec<Put>) -> tantivy::Result<()> {
        // What is another word here is no slip.
        if unify(run) != run {
            return Ok(());
        }
        let bounds: Vec<usize> = run.char_indices().map(|(at, _)| at).chain([run.len()]).collect();
        let chars = bounds.len() - 1;
        let mut at = 0;
        while at + 1 < chars.min(REACH) && found.len() < MENDED_AT_MOST {
            let pair = &run[bounds[at]..bounds[at + 2]];
            let known = self.searcher.doc_freq(&Term::from_field_text(self.fields.grams, pair))?;
            match self.around(run, &bounds, at, known)? {
                Some((from, to, word)) => {
                    // What was put in before may reach into this one.
                    if found.last().is_none_or(|last| last.end <= start + bounds[from]) {
                        found.push(Put {
                            start: start + bounds[from],
                            end: start + bounds[to],
                            words: vec![word],
                        });
                    }
                    at = to;
                }
                None => at += 1,
            }
        }
        Ok(())
    }

    /// The word that was meant where a pair of characters stands that is hardly known.
    fn around(
        &self,
        run: &str,
        bounds: &[usize],
        at: usize,
        known: u64,
    ) -> tantivy::Result<Option<(usize, usize, String)>> {
        if known.saturating_mul(RARE) > self.searcher.num_docs() {
            return Ok(None);
        }
        let chars = bounds.len() - 1;
        for n in (2..=LONGEST_WORD).rev() {
            for from in (at + 2).saturating_sub(n)..=at {
                let to = from + n;
                if to > chars || from + 1 < at {
                    continue;
                }
                if between_words(run, bounds, from, to) {
                    continue;
                }
                let written = &run[bounds[from]..bounds[to]];
                if let Some(word) = self.meant(written, known)? {
                    return Ok(Some((from, to, word)));
                }
            }
        }
        Ok(None)
    }

    /// A word of the same sound that shares a character with what is written, and is far better known.
    fn meant(&self, written: &str, known: u64) -> tantivy::Result<Option<String>> {
        if segment::is_word(written) {
            return Ok(None);
        }
        for sound in sound::of_word(written) {
            for (articles, word) in self.words(&sound, Some(written.chars().count()))? {
                let shared = word.chars().zip(written.chars()).filter(|(a, b)| a == b).count();
                if word == written {
                    return Ok(None);
                }
                if shared > 0 && articles > known.saturating_mul(FAR_MORE).max(2) {
                    return Ok(Some(word));
                }
            }
        }
        Ok(None)
    }
}

/// Whether a stretch only holds the end of one word and the beginning of the next: `错无` in `报错无效` is no slip.
fn between_words(run: &str, bounds: &[usize], from: usize, to: usize) -> bool {
    let chars = bounds.len() - 1;
    from > 0
        && to < chars
        && (2..=LONGEST_WORD)
            .any(|n| from + 1 >= n && segment::is_word(&run[bounds[from + 1 - n]..bounds[from + 1]]))
        && (2..=LONGEST_WORD)
            .any(|n| to - 1 + n <= chars && segment::is_word(&run[bounds[to - 1]..bounds[to - 1 + n]]))
}

/// The most usual words.
fn usual(words: Vec<(u64, String)>, most: usize) -> Option<Vec<String>> {
    let best = words.first()?.0;
    Some(words.into_iter().take_while(|(n, _)| n * AS_USUAL >= best).take(most).map(|(_, w)| w).collect())
}
