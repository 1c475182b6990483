//! Chinese titles suggested by how they sound: `~kaipiao` for two neighbouring characters, `=kp` for the initials
//! of a word and what follows it. Both are tokens of the field of suggestions beside the written ones.
use tantivy::query::{BooleanQuery, Occur, Query};
use tantivy::{Searcher, Term};

use super::{Clauses, beginning, term};
use crate::analyze::segment;
use crate::analyze::sound::{self, Spoken};
use crate::analyze::tokens::{Piece, pieces};
use crate::index::schema::Fields;

/// Initials are kept for so many characters from the beginning of a word.
const INITIALS: usize = 4;

/// The tokens a Chinese run is found by when its sound is typed.
pub(super) fn tokens(run: &str, all: &mut Vec<String>) {
    let chars: Vec<char> = run.chars().collect();
    let readings: Vec<Vec<String>> = chars.iter().map(|c| sound::readings(*c)).collect();
    for (at, first) in readings.iter().enumerate() {
        let after = readings.get(at + 1).map(Vec::as_slice).unwrap_or_default();
        for one in first {
            all.extend(after.iter().map(|two| format!("~{one}{two}")));
            if after.is_empty() {
                all.push(format!("~{one}"));
            }
        }
    }
    for start in word_starts(run) {
        let letters = readings[start..].iter().map_while(|r| r.first()?.chars().next());
        let letters: String = letters.take(INITIALS).collect();
        all.extend((2..=letters.len()).map(|n| format!("={}", &letters[..n])));
    }
}

/// Where the words of a run begin (characters).
fn word_starts(run: &str) -> Vec<usize> {
    let bounds: Vec<usize> = run.char_indices().map(|(byte, _)| byte).collect();
    let mut starts: Vec<usize> = segment::words(run)
        .into_iter()
        .map(|word| (word.as_ptr() as usize).saturating_sub(run.as_ptr() as usize))
        .filter_map(|byte| bounds.binary_search(&byte).ok())
        .collect();
    starts.sort_unstable();
    starts.dedup();
    starts
}

/// How a title begins, as far as that is kept, for those who type its initials.
pub(super) fn start(folded: &str) -> Vec<String> {
    let Some(Piece::Han(run)) = pieces(folded).next() else { return Vec::new() };
    let letters = run.chars().map_while(|c| sound::readings(c).first()?.chars().next());
    let letters: String = letters.take(3).collect();
    (2..=letters.len()).map(|n| format!("^={}", &letters[..n])).collect()
}

/// The first letters of the syllables somebody typed: a title that begins so comes first.
pub(super) fn start_typed(word: &str) -> Option<String> {
    let spoken = sound::split(word, true);
    let letters: String = match &spoken {
        Some(spoken) if spoken.syllables.len() > 1 => {
            spoken.syllables.iter().filter_map(|s| s.chars().next()).take(3).collect()
        }
        _ if is_initials(word) => word.chars().take(3).collect(),
        _ => return None,
    };
    Some(format!("^={letters}"))
}

fn is_initials(word: &str) -> bool {
    (2..=INITIALS).contains(&word.len()) && sound::may_be_initials(word)
}

/// Titles with a word that sounds or begins as typed; `None` where no title does. `open`: still being typed.
pub(super) fn query(
    searcher: &Searcher,
    fields: &Fields,
    word: &str,
    open: bool,
) -> tantivy::Result<Option<Box<dyn Query>>> {
    let mut any: Clauses = Vec::new();
    if word.len() > 1
        && let Some(spoken) = sound::split(word, open)
        && let Some(all) = syllables(searcher, fields, &spoken, open)?
    {
        any.push((Occur::Should, all));
    }
    if is_initials(word) {
        let initials = format!("={word}");
        if stands(searcher, fields, &initials)? {
            any.push((Occur::Should, term(fields, &initials)));
        }
    }
    Ok((!any.is_empty()).then(|| -> Box<dyn Query> { Box::new(BooleanQuery::new(any)) }))
}

/// Whether any title has this token.
fn stands(searcher: &Searcher, fields: &Fields, token: &str) -> tantivy::Result<bool> {
    Ok(searcher.doc_freq(&Term::from_field_text(fields.suggest, token))? > 0)
}

/// Every pair of syllables, the last as it begins.
fn syllables(
    searcher: &Searcher,
    fields: &Fields,
    spoken: &Spoken<'_>,
    open: bool,
) -> tantivy::Result<Option<Box<dyn Query>>> {
    let pairs: Vec<String> = match spoken.syllables.as_slice() {
        [one] => vec![format!("~{one}")],
        all => all.windows(2).map(|pair| format!("~{}{}", pair[0], pair[1])).collect(),
    };
    let Some((last, before)) = pairs.split_last() else { return Ok(None) };
    let mut must: Clauses = Vec::with_capacity(pairs.len());
    for pair in before {
        if !stands(searcher, fields, pair)? {
            return Ok(None);
        }
        must.push((Occur::Must, term(fields, pair)));
    }
    // One syllable is always the beginning of a pair.
    if open || spoken.syllables.len() == 1 {
        let Some(any) = beginning(searcher, fields, last)? else { return Ok(None) };
        must.push((Occur::Must, any));
    } else if stands(searcher, fields, last)? {
        must.push((Occur::Must, term(fields, last)));
    } else {
        return Ok(None);
    }
    Ok(Some(Box::new(BooleanQuery::new(must))))
}

/// Where in a title the sound or the initials stand that were typed: smaller is better.
pub(super) fn place(title: &str, typed: &str) -> Option<usize> {
    if typed.len() < 2 || !typed.bytes().all(|b| b.is_ascii_lowercase()) {
        return None;
    }
    let mut nearest: Option<usize> = None;
    for piece in pieces(title) {
        let Piece::Han(run) = piece else { continue };
        let readings: Vec<Vec<String>> = run.chars().map(sound::readings).collect();
        let sounds = readings.iter().filter_map(|r| r.first().map(String::as_str));
        let initials: String = sounds.clone().filter_map(|s| s.chars().next()).collect();
        let spoken: String = sounds.collect();
        for found in [spoken.find(typed), initials.find(typed)].into_iter().flatten() {
            nearest = Some(nearest.map_or(found, |n| n.min(found)));
        }
    }
    nearest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_has_tokens_for_its_sound_and_its_initials() {
        let mut all = Vec::new();
        tokens("打印机脱机", &mut all);
        for token in ["~dayin", "~yinji", "~jituo", "~tuoji", "~ji", "=dy", "=dyj", "=tj"] {
            assert!(all.contains(&token.to_string()), "{token}: {all:?}");
        }
        assert!(!all.contains(&"=yj".to_string()), "{all:?}");
        assert_eq!(start("开票软件"), ["^=kp", "^=kpr"]);
        assert_eq!(start_typed("kaipi").as_deref(), Some("^=kp"));
        assert_eq!(start_typed("kp").as_deref(), Some("^=kp"));
        assert_eq!(place("开票软件", "kaip"), Some(0));
    }
}
