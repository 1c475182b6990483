//! What changed between two wordings: line by line, and within changed lines word by word.
use crate::analyze::segment::is_han;

/// A longer text is compared as one block (cells of the table).
const MOST_CELLS: usize = 4_000_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Same,
    Gone,
    New,
}

/// A piece of a line.
#[derive(Clone, Debug, PartialEq)]
pub struct Piece {
    pub kind: Kind,
    pub text: String,
}

/// A line of the comparison, with its numbers (from 1) in the old and the new text.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub kind: Kind,
    pub old: Option<usize>,
    pub new: Option<usize>,
    /// What of it changed; one piece where all of it did.
    pub pieces: Vec<Piece>,
}

/// Compares two texts.
pub fn lines(old: &str, new: &str) -> Vec<Line> {
    let (a, b): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let mut found = Vec::new();
    let (mut at_old, mut at_new) = (0, 0);
    for (kind, i) in edits(&a, &b) {
        let text = if kind == Kind::New { b[i] } else { a[i] };
        at_old += usize::from(kind != Kind::New);
        at_new += usize::from(kind != Kind::Gone);
        found.push(Line {
            kind,
            old: (kind != Kind::New).then_some(at_old),
            new: (kind != Kind::Gone).then_some(at_new),
            pieces: vec![Piece { kind, text: text.to_string() }],
        });
    }
    pair(&mut found);
    found
}

/// Lines that were replaced one by one show what changed within them.
fn pair(lines: &mut [Line]) {
    let mut at = 0;
    while at < lines.len() {
        let gone = lines[at..].iter().take_while(|l| l.kind == Kind::Gone).count();
        let new = lines[at + gone..].iter().take_while(|l| l.kind == Kind::New).count();
        for i in 0..gone.min(new) {
            let (old_text, new_text) =
                (lines[at + i].pieces[0].text.clone(), lines[at + gone + i].pieces[0].text.clone());
            let pieces = words(&old_text, &new_text);
            let alike =
                pieces.iter().filter(|p| p.kind == Kind::Same).map(|p| p.text.trim().len()).sum::<usize>();
            // Two lines that share next to nothing are easier to read apart.
            if alike * 3 < old_text.len().min(new_text.len()) {
                continue;
            }
            let side =
                |kind| pieces.iter().filter(|p| p.kind == Kind::Same || p.kind == kind).cloned().collect();
            lines[at + i].pieces = side(Kind::Gone);
            lines[at + gone + i].pieces = side(Kind::New);
        }
        at += (gone + new).max(1);
    }
}

/// Compares two lines word by word; a Chinese character is a word.
pub fn words(old: &str, new: &str) -> Vec<Piece> {
    let (a, b) = (cut(old), cut(new));
    let mut pieces: Vec<Piece> = Vec::new();
    for (kind, i) in edits(&a, &b) {
        let text = if kind == Kind::New { b[i] } else { a[i] };
        match pieces.last_mut() {
            Some(last) if last.kind == kind => last.text.push_str(text),
            _ => pieces.push(Piece { kind, text: text.to_string() }),
        }
    }
    pieces
}

fn cut(text: &str) -> Vec<&str> {
    let class = |c: char| if is_han(c) || !c.is_alphanumeric() { 0 } else { 1 };
    let mut found = Vec::new();
    let mut start = 0;
    let mut before = 0;
    for (at, c) in text.char_indices() {
        if at > 0 && (class(c) == 0 || before == 0) {
            found.push(&text[start..at]);
            start = at;
        }
        before = class(c);
    }
    if start < text.len() {
        found.push(&text[start..]);
    }
    found
}

/// The shortest way from `a` to `b`: what stays, goes and comes, with its place in `a` (or in `b`, for what comes).
fn edits(a: &[&str], b: &[&str]) -> Vec<(Kind, usize)> {
    let head = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let tail = a[head..].iter().rev().zip(b[head..].iter().rev()).take_while(|(x, y)| x == y).count();
    let (mid_a, mid_b) = (&a[head..a.len() - tail], &b[head..b.len() - tail]);
    let mut found: Vec<(Kind, usize)> = (0..head).map(|i| (Kind::Same, i)).collect();
    if mid_a.len().saturating_mul(mid_b.len()) > MOST_CELLS {
        found.extend((0..mid_a.len()).map(|i| (Kind::Gone, head + i)));
        found.extend((0..mid_b.len()).map(|j| (Kind::New, head + j)));
    } else {
        found.extend(middle(mid_a, mid_b).into_iter().map(|(kind, i)| (kind, head + i)));
    }
    found.extend((a.len() - tail..a.len()).map(|i| (Kind::Same, i)));
    found
}

/// By the table of longest common subsequences.
fn middle(a: &[&str], b: &[&str]) -> Vec<(Kind, usize)> {
    let width = b.len() + 1;
    let mut table = vec![0u32; (a.len() + 1) * width];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            table[i * width + j] = if a[i] == b[j] {
                table[(i + 1) * width + j + 1] + 1
            } else {
                table[(i + 1) * width + j].max(table[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut found = Vec::new();
    while i < a.len() || j < b.len() {
        if i < a.len() && j < b.len() && a[i] == b[j] {
            found.push((Kind::Same, i));
            (i, j) = (i + 1, j + 1);
        } else if j >= b.len() || (i < a.len() && table[(i + 1) * width + j] >= table[i * width + j + 1]) {
            found.push((Kind::Gone, i));
            i += 1;
        } else {
            found.push((Kind::New, j));
            j += 1;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sketch(old: &str, new: &str) -> String {
        let sign = |kind| match kind {
            Kind::Same => ' ',
            Kind::Gone => '-',
            Kind::New => '+',
        };
        lines(old, new)
            .iter()
            .map(|l| {
                let pieces: Vec<String> = l
                    .pieces
                    .iter()
                    .map(|p| if p.kind == Kind::Same { p.text.clone() } else { format!("[{}]", p.text) })
                    .collect();
                format!("{}{}", sign(l.kind), pieces.concat())
            })
            .collect::<Vec<_>>()
            .join("|")
    }

    #[test]
    fn shows_the_words_that_changed() {
        assert_eq!(sketch("a\nb\nc", "a\nc"), " a|-[b]| c");
        assert_eq!(sketch("放行 8443 端口。", "放行 9443 端口。"), "-放行 [8443] 端口。|+放行 [9443] 端口。");
        assert_eq!(
            sketch("Press the red key", "Press the blue key"),
            "-Press the [red] key|+Press the [blue] key"
        );
        assert_eq!(sketch("totally", "different words"), "-[totally]|+[different words]");
        assert_eq!(sketch("", "x"), "+[x]");
    }

    #[test]
    fn both_texts_can_be_read_off_the_comparison() {
        let (old, new) = ("一\n二\n三\n四\n五", "一\n二二\n三\n五\n六\n七");
        let found = lines(old, new);
        let side = |skip: Kind| -> Vec<String> {
            found
                .iter()
                .filter(|l| l.kind != skip)
                .map(|l| l.pieces.iter().map(|p| p.text.as_str()).collect())
                .collect()
        };
        assert_eq!(side(Kind::New).join("\n"), old);
        assert_eq!(side(Kind::Gone).join("\n"), new);
        let huge = "x\ny\n".repeat(5000);
        assert!(lines(&huge, &huge.replace('x', "z")).len() >= 10_000);
    }
}
