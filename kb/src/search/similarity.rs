//! Likeness of a question to one way of asking: a title or a symptom. Symmetric, so that a long title that
//! happens to hold the words is less alike than a short one that is made of them.
use std::collections::HashMap;

use super::asked::{Asked, Class};
use crate::index::brief::{self, NEXT_ASK};

/// A stop word in a title counts so much beside a word that says something.
const STOP_LENGTH: f32 = 0.2;

/// What the question looks for: characters, pairs of them and Latin stems, with how much each says.
pub(crate) struct Wanted {
    /// Token, as the columns hold it → its place in `weights`.
    places: HashMap<u64, usize>,
    weights: Vec<f32>,
    total: f32,
    /// By place: the ask in which the token was met last.
    met: Vec<u32>,
    asks: u32,
}

/// What an ask and the question share.
#[derive(Default)]
struct Shared {
    /// Weight of the question's tokens that were met.
    weight: f32,
    /// Length of what the question has too.
    length: f32,
    /// Length of the ask.
    of: f32,
}

impl Wanted {
    pub fn of(asked: &Asked) -> Wanted {
        let mut places = HashMap::new();
        let mut weights = Vec::new();
        for token in asked.tokens.iter().filter(|t| match t.class {
            Class::Gram => true,
            Class::Word => t.text.is_ascii(),
            Class::Pair => false,
        }) {
            places.insert(brief::key(brief::token(&token.text, false)), weights.len());
            weights.push(token.weight * token.idf);
        }
        Wanted { places, total: weights.iter().sum(), met: vec![0; weights.len()], weights, asks: 0 }
    }

    /// Between 0 and 1, for the best of several asks.
    pub fn best(&mut self, asks: impl Iterator<Item = u64>) -> f32 {
        let mut best = 0.0_f32;
        let mut shared = Shared::default();
        self.asks += 1;
        for token in asks {
            if token == NEXT_ASK {
                best = best.max(self.likeness(&std::mem::take(&mut shared)));
                self.asks += 1;
            } else {
                self.add(&mut shared, token);
            }
        }
        best.max(self.likeness(&shared))
    }

    fn add(&mut self, shared: &mut Shared, token: u64) {
        let length = if brief::is_stop(token) { STOP_LENGTH } else { 1.0 };
        shared.of += length;
        let Some(&place) = self.places.get(&brief::key(token)) else { return };
        shared.length += length;
        if self.met[place] != self.asks {
            self.met[place] = self.asks;
            shared.weight += self.weights[place];
        }
    }

    /// The harmonic mean of how much of the question the ask covers and how much of the ask the question does.
    fn likeness(&self, shared: &Shared) -> f32 {
        if shared.weight <= 0.0 || self.total <= 0.0 {
            return 0.0;
        }
        let (of_question, of_ask) = (shared.weight / self.total, (shared.length / shared.of).min(1.0));
        2.0 * of_question * of_ask / (of_question + of_ask)
    }
}
