//! Chinese words by dictionary. The dictionary is loaded once for the process, on its own thread.
use std::io::BufReader;
use std::sync::OnceLock;

use flate2::read::GzDecoder;
use jieba_rs::Jieba;

/// jieba's dictionary without its rarest words: a third of the memory, the same hits (see `dict/README.md`).
static WORDS: &[u8] = include_bytes!("../../dict/zh.txt.gz");
static DICTIONARY: OnceLock<Jieba> = OnceLock::new();

/// Begins loading without waiting for it.
pub fn warm_up() {
    if DICTIONARY.get().is_none() {
        // A failure to start the thread only means that the first question loads it.
        let _ = std::thread::Builder::new().name("dictionary".into()).spawn(dictionary);
    }
}

fn dictionary() -> &'static Jieba {
    DICTIONARY.get_or_init(|| {
        Jieba::with_dict(&mut BufReader::new(GzDecoder::new(WORDS))).unwrap_or_else(|e| {
            // Cannot happen to the bytes inside the program; pairs of characters would still find everything.
            tracing::error!(error = %e, "the dictionary cannot be read");
            Jieba::empty()
        })
    })
}

/// Words of a run of Chinese characters, long words also in their parts, as jieba cuts for search.
pub fn words(run: &str) -> Vec<&str> {
    dictionary().cut_for_search(run, true).into_iter().map(|token| token.word).collect()
}

/// Whether the dictionary has this very word.
pub fn is_word(word: &str) -> bool {
    dictionary().has_word(word)
}

/// True for characters that are written without spaces between words.
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '\u{20000}'..='\u{323af}' | '\u{f900}'..='\u{faff}' | '\u{3007}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_words_of_the_trade() {
        assert_eq!(words("打印机无法打印"), ["打印", "打印机", "无法", "打印"]);
        for word in ["服务器", "防火墙", "数据库", "发票", "证书", "驱动程序"] {
            assert!(words(word).contains(&word), "{word}: {:?}", words(word));
        }
    }
}
