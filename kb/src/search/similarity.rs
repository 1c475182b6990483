//! Likeness of a question to one way of asking: a title or a symptom. Symmetric, so that a long title that
//! happens to hold the words is less alike than a short one that is made of them.
use std::collections::HashMap;

use super::asked::{Asked, Class};
use crate::analyze::stem::Stems;
use crate::analyze::stop;
use crate::analyze::tokens::{Piece, grams, pieces, plain};

/// A stop word in a title counts so much beside a word that says something.
const STOP_LENGTH: f32 = 0.2;

/// What the question looks for: characters, pairs of them and Latin stems, with how much each says.
pub(crate) struct Wanted<'a> {
    /// Token → its place in `weights`.
    places: HashMap<&'a str, usize>,
    weights: Vec<f32>,
    total: f32,
    stems: Stems,
}

impl<'a> Wanted<'a> {
    pub fn of(asked: &'a Asked) -> Wanted<'a> {
        let mut places = HashMap::new();
        let mut weights = Vec::new();
        for token in asked.tokens.iter().filter(|t| match t.class {
            Class::Gram => true,
            Class::Word => t.text.is_ascii(),
            Class::Pair => false,
        }) {
            places.insert(token.text.as_str(), weights.len());
            weights.push(token.weight * token.idf);
        }
        Wanted { places, total: weights.iter().sum(), weights, stems: Stems::default() }
    }

    /// Between 0 and 1, for the best of several asks, one a line.
    pub fn best(&mut self, asks: &str) -> f32 {
        asks.lines().map(|ask| self.likeness(ask)).fold(0.0, f32::max)
    }

    /// The harmonic mean of how much of the question the ask covers and how much of the ask the question does.
    fn likeness(&mut self, ask: &str) -> f32 {
        let mut met = Met { found: vec![false; self.weights.len()], shared: 0.0, length: 0.0 };
        for piece in pieces(ask) {
            match piece {
                Piece::Word(word) => {
                    let word = plain(word);
                    let length = if stop::is_stop(&word) { STOP_LENGTH } else { 1.0 };
                    let place = self.places.get(self.stems.stem(&word)).copied();
                    met.add(place, length);
                }
                Piece::Han(run) => {
                    for gram in grams(run) {
                        let length = if stop::is_stop(gram) { STOP_LENGTH } else { 1.0 };
                        met.add(self.places.get(gram).copied(), length);
                    }
                }
            }
        }
        let found =
            met.found.iter().zip(&self.weights).filter(|(found, _)| **found).map(|(_, w)| w).sum::<f32>();
        if found <= 0.0 || self.total <= 0.0 {
            return 0.0;
        }
        let (of_question, of_ask) = (found / self.total, (met.shared / met.length).min(1.0));
        2.0 * of_question * of_ask / (of_question + of_ask)
    }
}

/// What an ask and the question share.
struct Met {
    found: Vec<bool>,
    /// Length of what the question has too.
    shared: f32,
    length: f32,
}

impl Met {
    fn add(&mut self, place: Option<usize>, length: f32) {
        self.length += length;
        if let Some(place) = place {
            self.found[place] = true;
            self.shared += length;
        }
    }
}
