//! Cutting one line that is too long for a part by itself.
use super::lines::{Line, with_words, words};
use crate::message::Span;

/// The longest head that fits, cut where a reader would pause, and what is left of the line.
pub(super) fn in_two(line: &Line, fits: impl Fn(&Line) -> bool) -> (Line, Option<Line>) {
    let length: usize = line.spans.iter().map(|span| words(span).chars().count()).sum();
    // At least one character goes, or the work would never end.
    let (mut low, mut high) = (1, length.max(1));
    while low < high {
        let middle = (low + high).div_ceil(2);
        if fits(&head(line, middle)) { low = middle } else { high = middle - 1 }
    }
    if low >= length {
        return (line.clone(), None);
    }
    let at = pause_before(line, low);
    (head(line, at), Some(tail(line, at)))
}

/// The last good place in the second half of the first `most` characters.
fn pause_before(line: &Line, most: usize) -> usize {
    let chars: Vec<char> = line.spans.iter().flat_map(|span| words(span).chars()).take(most).collect();
    let place = |good: fn(char) -> bool| chars.iter().rposition(|c| good(*c)).filter(|at| *at >= most / 2);
    place(|c| "。!?;!?；".contains(c))
        .or_else(|| place(char::is_whitespace))
        .or_else(|| place(|c| ",，、".contains(c)))
        .map_or(most, |at| at + 1)
}

fn head(line: &Line, count: usize) -> Line {
    Line { spans: pick(&line.spans, 0, count), ..line.clone() }
}

fn tail(line: &Line, from: usize) -> Line {
    Line { spans: pick(&line.spans, from, usize::MAX), prefix: String::new(), ..line.clone() }
}

/// The spans between two character positions.
fn pick(spans: &[Span], from: usize, to: usize) -> Vec<Span> {
    let mut position = 0;
    let mut picked = Vec::new();
    for span in spans {
        let length = words(span).chars().count();
        let (begin, end) = (from.max(position), to.min(position + length));
        if begin < end {
            let text = words(span).chars().skip(begin - position).take(end - begin).collect();
            picked.push(with_words(span, text));
        }
        position += length;
    }
    picked
}
