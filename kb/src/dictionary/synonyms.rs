//! Synonyms: other ways to write a question.
use super::phrase::{find_word, folded};

/// A question is asked in so many other ways at most; each costs a search.
const MOST_VARIANTS: usize = 4;

#[derive(Clone, Debug, Default)]
pub(crate) struct Synonyms {
    /// Folded words that mean the same.
    groups: Vec<Vec<String>>,
}

impl Synonyms {
    pub fn add(&mut self, words: &[String]) {
        let mut group: Vec<String> = words.iter().map(|w| folded(w)).filter(|w| !w.is_empty()).collect();
        group.dedup();
        // The longest that is found counts: 打印机驱动 before 打印机.
        group.sort_by_key(|w| std::cmp::Reverse(w.chars().count()));
        self.groups.push(group);
    }

    /// The question with one of its words replaced by another that means the same, first each by its first other
    /// word, then by its second, and so on.
    pub fn variants(&self, text: &str) -> Vec<String> {
        if self.groups.is_empty() {
            return Vec::new();
        }
        let text = folded(text);
        let met: Vec<(&str, &Vec<String>)> = self
            .groups
            .iter()
            .filter_map(|group| {
                let word = group.iter().find(|word| find_word(&text, word).is_some())?;
                Some((word.as_str(), group))
            })
            .collect();
        let mut variants = Vec::new();
        let longest = met.iter().map(|(_, group)| group.len()).max().unwrap_or(0);
        for nth in 0..longest {
            for (word, group) in &met {
                // A word that is already part of the text would only be doubled.
                let mut others =
                    group.iter().filter(|other| *other != word && !text.contains(other.as_str()));
                if let (Some(other), Some(at)) = (others.nth(nth), find_word(&text, word)) {
                    variants.push(format!("{}{}{}", &text[..at], spaced(other), &text[at + word.len()..]));
                }
                if variants.len() >= MOST_VARIANTS {
                    return variants;
                }
            }
        }
        variants
    }
}

/// Latin words stay apart from what surrounds them.
fn spaced(word: &str) -> String {
    if word.is_ascii() { format!(" {word} ") } else { word.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn synonyms(groups: &[&[&str]]) -> Synonyms {
        let mut all = Synonyms::default();
        for group in groups {
            all.add(&group.iter().map(|w| w.to_string()).collect::<Vec<_>>());
        }
        all
    }

    #[test]
    fn replaces_a_word_by_those_that_mean_the_same() {
        let all = synonyms(&[&["扫码枪", "条码枪", "scanner"], &["死机", "卡死"]]);
        assert_eq!(all.variants("扫码枪死机"), [" scanner 死机", "扫码枪卡死", "条码枪死机"]);
        assert_eq!(all.variants("打印机脱机"), Vec::<String>::new());
        assert_eq!(all.variants("Scanner broken").len(), 2);
    }

    #[test]
    fn the_longest_word_counts_and_the_number_is_bounded() {
        let all = synonyms(&[&["发票", "开票单"], &["a1", "b1", "c1", "d1", "e1", "f1", "g1"]]);
        assert_eq!(all.variants("a1").len(), MOST_VARIANTS);
        let nested = synonyms(&[&["打印机驱动", "打印机", "打印器"]]);
        assert_eq!(nested.variants("打印机驱动坏了"), ["打印器坏了"]);
    }
}
