//! English stems, remembered: an article repeats its words.
use std::collections::HashMap;

use tantivy::tokenizer::{Language, RawTokenizer, Stemmer, TextAnalyzer};

/// A memory larger than this is begun anew; the words of a language fit.
const REMEMBERED: usize = 20_000;

pub struct Stems {
    analyzer: TextAnalyzer,
    known: HashMap<Box<str>, Box<str>>,
}

impl Default for Stems {
    fn default() -> Stems {
        let analyzer =
            TextAnalyzer::builder(RawTokenizer::default()).filter(Stemmer::new(Language::English)).build();
        Stems { analyzer, known: HashMap::new() }
    }
}

impl Stems {
    /// The stem of a lower-case word. Words with digits stay as they are.
    pub fn stem(&mut self, word: &str) -> &str {
        if !self.known.contains_key(word) {
            if self.known.len() >= REMEMBERED {
                self.known.clear();
            }
            let stem = self.compute(word);
            self.known.insert(word.into(), stem.into_boxed_str());
        }
        &self.known[word]
    }

    fn compute(&mut self, word: &str) -> String {
        if word.len() < 3 || !word.bytes().all(|b| b.is_ascii_lowercase()) {
            return word.to_string();
        }
        let mut stream = self.analyzer.token_stream(word);
        if stream.advance() { stream.token().text.clone() } else { word.to_string() }
    }
}
