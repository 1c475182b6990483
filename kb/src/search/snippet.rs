//! The passage of an article that shows why it was found: about 160 characters, plain and marked.
const LENGTH: usize = 160;

/// `folded` is `text` folded; `marks` are folded, longest first. The plain snippet and the same as HTML.
pub(crate) fn make(text: &str, folded: &str, marks: &[String]) -> (String, String) {
    let chars: Vec<char> = text.chars().map(|c| if c == '\n' { ' ' } else { c }).collect();
    let places = places(folded, marks);
    let (start, end) = window(&chars, &places);
    let inside: Vec<(usize, usize)> = places.into_iter().filter(|(a, b)| *a >= start && *b <= end).collect();
    let plain = cut(&chars, start, end, &[]).0;
    let html = cut(&chars, start, end, &inside).1;
    (plain, html)
}

/// Where a mark stands, as ranges of characters that do not overlap.
fn places(text: &str, marks: &[String]) -> Vec<(usize, usize)> {
    let folded: Vec<char> = text.chars().collect();
    let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    let mut taken = vec![false; folded.len()];
    let mut found = Vec::new();
    for mark in marks.iter().filter(|m| !m.is_empty()) {
        let length = mark.chars().count();
        for (byte, _) in text.match_indices(mark.as_str()) {
            let Ok(at) = starts.binary_search(&byte) else { continue };
            let end = at + length;
            if !taken[at..end].iter().any(|t| *t) && at_word_start(&folded, at) {
                let end = to_word_end(&folded, end);
                taken[at..end].fill(true);
                found.push((at, end));
            }
        }
    }
    found.sort_unstable();
    found
}

fn latin(c: char) -> bool {
    c.is_ascii_alphanumeric()
}

fn at_word_start(folded: &[char], at: usize) -> bool {
    at == 0 || !latin(folded[at]) || !latin(folded[at - 1])
}

/// `connect` marks `connecting` as a whole.
fn to_word_end(folded: &[char], mut end: usize) -> usize {
    if latin(folded[end - 1]) {
        while end < folded.len() && latin(folded[end]) {
            end += 1;
        }
    }
    end
}

/// The stretch with the most marked characters, beginning at a boundary shortly before the first of them.
fn window(chars: &[char], places: &[(usize, usize)]) -> (usize, usize) {
    if chars.len() <= LENGTH {
        return (0, chars.len());
    }
    let best = densest(places);
    let start = boundary_before(chars, best);
    (start, (start + LENGTH).min(chars.len()))
}

/// Where the stretch begins, of those that begin at a mark; the first of the best. `places` are in order.
fn densest(places: &[(usize, usize)]) -> usize {
    let (mut best, mut most) = (0, 0);
    let (mut end, mut covered) = (0, 0);
    for (at, (start, stop)) in places.iter().enumerate() {
        while let Some((a, b)) = places.get(end).filter(|(_, b)| *b <= start + LENGTH) {
            covered += b - a;
            end += 1;
        }
        if covered > most {
            (best, most) = (*start, covered);
        }
        if end > at {
            covered -= stop - start;
        } else {
            // A mark longer than the stretch.
            end = at + 1;
        }
    }
    best
}

/// The beginning of the sentence or word `at` stands in, at most 30 characters back.
fn boundary_before(chars: &[char], at: usize) -> usize {
    let floor = at.saturating_sub(30);
    let sentence = (floor..at)
        .rev()
        .find(|&i| matches!(chars[i], '。' | '！' | '？' | '；' | '.' | '!' | '?'))
        .map(|i| i + 1);
    let word = || (floor..at).find(|&i| chars[i] == ' ').map(|i| i + 1);
    let start = sentence.or_else(word).unwrap_or(floor);
    (start..at).find(|&i| chars[i] != ' ').unwrap_or(at)
}

fn cut(chars: &[char], start: usize, end: usize, marked: &[(usize, usize)]) -> (String, String) {
    let mut plain = String::new();
    let mut html = String::new();
    if start > 0 {
        plain.push('…');
        html.push('…');
    }
    for (at, &shown) in chars.iter().enumerate().take(end).skip(start) {
        if marked.iter().any(|(a, _)| *a == at) {
            html.push_str("<mark>");
        }
        plain.push(shown);
        push_escaped(&mut html, shown);
        if marked.iter().any(|(_, b)| *b == at + 1) {
            html.push_str("</mark>");
        }
    }
    if end < chars.len() {
        plain.push('…');
        html.push('…');
    }
    (plain, html)
}

fn push_escaped(html: &mut String, c: char) {
    match c {
        '<' => html.push_str("&lt;"),
        '>' => html.push_str("&gt;"),
        '&' => html.push_str("&amp;"),
        '"' => html.push_str("&quot;"),
        _ => html.push(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyze::fold::fold;

    fn make(text: &str, marks: &[String]) -> (String, String) {
        super::make(text, &fold(text), marks)
    }

    #[test]
    fn marks_whole_words_and_escapes() {
        let (plain, html) = make("Cannot CONNECTING <to> server", &["connect".into()]);
        assert_eq!(plain, "Cannot CONNECTING <to> server");
        assert_eq!(html, "Cannot <mark>CONNECTING</mark> &lt;to&gt; server");
    }

    #[test]
    fn shows_the_passage_with_the_words() {
        let text =
            format!("{}。如果打印机无法打印，请重新安装驱动。{}", "前言".repeat(200), "后记".repeat(200));
        let (plain, html) = make(&text, &["打印机".into(), "无法".into(), "打印".into()]);
        assert!(plain.starts_with("…如果打印机无法打印") && plain.ends_with('…'), "{plain}");
        assert!(plain.chars().count() <= LENGTH + 2);
        assert!(html.contains("<mark>打印机</mark><mark>无法</mark><mark>打印</mark>"), "{html}");
    }

    #[test]
    fn survives_anything() {
        for text in ["", "a", "😀é\u{200b}", "ﬁ İ"] {
            let _ = make(text, &["a".into(), "长长长长长".into(), String::new()]);
        }
    }
}
