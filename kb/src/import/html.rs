//! HTML as Markdown, for what other help centres export. One pass over the text with a bounded stack: a
//! hundred thousand nested tags cost as much as the bytes they are.

/// Deeper lists and quotes are written as deep as this.
const DEEPEST: usize = 8;
/// An entity is no longer (bytes).
const LONGEST_ENTITY: usize = 12;

/// The Markdown of a piece of HTML. Scripts, styles and comments are left out.
pub fn to_markdown(html: &str) -> String {
    let mut writer = Writer::default();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        writer.text(&rest[..at]);
        rest = &rest[at..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.find("-->").map_or("", |end| &comment[end + 3..]);
            continue;
        }
        let is_tag = rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'));
        if !is_tag {
            writer.text("<");
            rest = &rest[1..];
            continue;
        }
        // No tag ends any more: the rest is text, and is not looked through again for each of its beginnings.
        let Some(end) = tag_end(rest) else { break };
        let tag = Tag::read(&rest[1..end]);
        rest = &rest[end + 1..];
        if !tag.closing && matches!(tag.name.as_str(), "script" | "style" | "head" | "template" | "iframe") {
            rest = after_closing(rest, &tag.name);
            continue;
        }
        writer.tag(&tag);
    }
    writer.text(rest);
    writer.finish()
}

/// The `>` that ends a tag, past quoted values; `None` for one that never ends.
fn tag_end(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, b) in text.bytes().enumerate() {
        match (quote, b) {
            (None, b'>') => return Some(at),
            (None, b'"' | b'\'') if at > 0 && text.as_bytes()[at - 1] == b'=' => quote = Some(b),
            (Some(q), b) if q == b => quote = None,
            _ => {}
        }
    }
    // A quote that is never closed: the first end counts.
    text.find('>')
}

fn after_closing<'a>(rest: &'a str, name: &str) -> &'a str {
    let mut from = 0;
    while let Some(at) = rest[from..].find("</") {
        let start = from + at;
        let tail = &rest[start + 2..];
        if tail.get(..name.len()).is_some_and(|t| t.eq_ignore_ascii_case(name)) {
            return tail.find('>').map_or("", |end| &tail[end + 1..]);
        }
        from = start + 2;
    }
    ""
}

struct Tag {
    name: String,
    closing: bool,
    href: Option<String>,
    alt: Option<String>,
}

impl Tag {
    fn read(inner: &str) -> Tag {
        let closing = inner.starts_with('/');
        let inner = inner.trim_start_matches('/');
        let end = inner.find(|c: char| c.is_whitespace() || c == '/').unwrap_or(inner.len());
        let attributes = &inner[end..];
        let link = if inner[..end].eq_ignore_ascii_case("img") { "src" } else { "href" };
        Tag {
            name: inner[..end].to_ascii_lowercase(),
            closing,
            href: attribute(attributes, link),
            alt: attribute(attributes, "alt"),
        }
    }
}

fn attribute(attributes: &str, name: &str) -> Option<String> {
    let lower = attributes.to_ascii_lowercase();
    let wanted = format!("{name}=");
    let at = lower
        .match_indices(&wanted)
        .map(|(at, _)| at)
        .find(|at| *at > 0 && lower.as_bytes()[at - 1].is_ascii_whitespace())?;
    let value = &attributes[at + wanted.len()..];
    let end = match value.chars().next()? {
        quote @ ('"' | '\'') => return value[1..].find(quote).map(|end| unescape(&value[1..=end])),
        _ => value.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(value.len()),
    };
    Some(unescape(&value[..end]))
}

#[derive(Default)]
struct Writer {
    out: String,
    /// Open lists: `None` for bullets, else the last number.
    lists: Vec<Option<u32>>,
    /// Lists beyond `DEEPEST`, only counted.
    buried: usize,
    quotes: usize,
    pre: bool,
    link: Option<(String, usize)>,
    /// Cells of the row so far, and whether it is the first row of its table.
    row: Option<Vec<String>>,
    first_row: bool,
    /// Where the open cell began.
    cell: Option<usize>,
    /// A space that is written when something follows it on its line.
    pending_space: bool,
}

impl Writer {
    fn text(&mut self, raw: &str) {
        let text = unescape(raw);
        if self.pre {
            self.out.push_str(&text);
            return;
        }
        for c in text.chars() {
            if c.is_whitespace() {
                self.pending_space = true;
                continue;
            }
            if std::mem::take(&mut self.pending_space) && !self.at_line_start() {
                self.out.push(' ');
            }
            let starts = self.at_line_start() && matches!(c, '#' | '>' | '+' | '=');
            if starts || matches!(c, '*' | '_' | '`' | '[' | '\\' | '<') {
                self.out.push('\\');
            }
            self.out.push(c);
        }
    }

    fn at_line_start(&self) -> bool {
        self.out.is_empty()
            || self.out.ends_with(['\n', '|'])
            || self.out.ends_with("> ")
            || self.out.ends_with("- ")
            || self.out.ends_with(". ")
    }

    fn tag(&mut self, tag: &Tag) {
        match (tag.name.as_str(), tag.closing) {
            ("br", _) => self.line(),
            ("hr", _) => {
                self.block();
                self.out.push_str("---");
                self.block();
            }
            (
                "p" | "div" | "section" | "article" | "header" | "footer" | "figure" | "dl" | "dt" | "dd"
                | "table" | "tbody" | "thead",
                closing,
            ) => {
                if self.row.is_none() && (self.lists.is_empty() || closing) {
                    self.block();
                }
                self.first_row |= tag.name == "table" && !closing;
            }
            ("h1" | "h2" | "h3" | "h4" | "h5" | "h6", false) => {
                self.block();
                // The title is the first level.
                let level = tag.name[1..].parse::<usize>().unwrap_or(2).max(2);
                self.out.push_str(&"#".repeat(level));
                self.out.push(' ');
                self.pending_space = false;
            }
            ("h1" | "h2" | "h3" | "h4" | "h5" | "h6", true) => self.block(),
            ("ul" | "ol", false) => self.open_list((tag.name == "ol").then_some(0)),
            ("ul" | "ol", true) => self.close_list(),
            ("li", false) => self.item(),
            ("blockquote", false) => {
                self.quotes += 1;
                self.block();
            }
            ("blockquote", true) => {
                self.quotes = self.quotes.saturating_sub(1);
                self.block();
            }
            ("strong" | "b", _) => self.sign("**", tag.closing),
            ("em" | "i", _) => self.sign("*", tag.closing),
            ("code" | "kbd" | "tt", _) if !self.pre => self.sign("`", tag.closing),
            ("pre", closing) => self.fence(closing),
            ("a", false) => self.link = tag.href.clone().map(|href| (href, self.begin_link())),
            ("a", true) => self.end_link(),
            ("img", _) => self.picture(tag),
            ("tr", false) => self.row = Some(Vec::new()),
            ("td" | "th", false) => self.begin_cell(),
            ("td" | "th", true) => self.end_cell(),
            ("tr", true) => self.end_row(),
            _ => {}
        }
    }

    fn prefix(&self) -> String {
        let lists = self.lists.len().saturating_sub(1);
        format!("{}{}", "> ".repeat(self.quotes.min(DEEPEST)), "   ".repeat(lists))
    }

    fn line(&mut self) {
        if self.row.is_some() {
            self.pending_space = true;
            return;
        }
        self.pending_space = false;
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.out.push_str(if self.pre { "\n" } else { "  \n" });
        }
        if !self.pre {
            let prefix = self.prefix();
            self.out.push_str(&prefix);
            if !self.lists.is_empty() {
                self.out.push_str("   ");
            }
        }
    }

    /// A new block, after an empty line.
    fn block(&mut self) {
        self.pending_space = false;
        self.trim();
        if !self.out.is_empty() {
            self.out.push_str("\n\n");
        }
        let prefix = self.prefix();
        self.out.push_str(&prefix);
        if !self.lists.is_empty() {
            self.out.push_str("   ");
        }
    }

    /// Takes empty lines from the end, and those that hold nothing but the signs of a quote.
    fn trim(&mut self) {
        loop {
            let kept = self.out.trim_end().len();
            let line = self.out[..kept].rfind('\n').map_or(0, |at| at + 1);
            let quote = kept > line && self.out[line..kept].bytes().all(|b| b == b'>' || b == b' ');
            self.out.truncate(if quote { line } else { kept });
            if !quote {
                return;
            }
        }
    }

    fn open_list(&mut self, numbers: Option<u32>) {
        if self.lists.is_empty() {
            self.block();
        }
        if self.lists.len() >= DEEPEST {
            self.buried += 1;
        } else {
            self.lists.push(numbers);
        }
    }

    fn close_list(&mut self) {
        if self.buried > 0 {
            self.buried -= 1;
            return;
        }
        self.lists.pop();
        if self.lists.is_empty() {
            self.block();
        }
    }

    fn item(&mut self) {
        self.pending_space = false;
        let kept = self.out.trim_end().len();
        self.out.truncate(kept);
        if !self.out.is_empty() {
            self.out.push_str(if self.lists.is_empty() || self.out.ends_with("\n\n") {
                "\n\n"
            } else {
                "\n"
            });
        }
        // A list needs an empty line before it, its items do not.
        let first = matches!(self.lists.last(), Some(Some(0)));
        if first && self.lists.len() == 1 && !self.out.is_empty() {
            self.out.push('\n');
        }
        let prefix = self.prefix();
        self.out.push_str(&prefix);
        match self.lists.last_mut() {
            Some(Some(n)) => {
                *n += 1;
                self.out.push_str(&format!("{n}. "));
            }
            _ => self.out.push_str("- "),
        }
    }

    fn sign(&mut self, sign: &str, closing: bool) {
        if !closing && std::mem::take(&mut self.pending_space) && !self.at_line_start() {
            self.out.push(' ');
        }
        self.out.push_str(sign);
    }

    fn fence(&mut self, closing: bool) {
        if closing == self.pre {
            if closing {
                self.pre = false;
                let kept = self.out.trim_end().len();
                self.out.truncate(kept);
                self.out.push_str("\n```");
                self.block();
            } else {
                self.block();
                self.out.push_str("```\n");
                self.pre = true;
            }
        }
    }

    fn begin_link(&mut self) -> usize {
        if std::mem::take(&mut self.pending_space) && !self.at_line_start() {
            self.out.push(' ');
        }
        self.out.len()
    }

    fn end_link(&mut self) {
        let Some((href, start)) = self.link.take() else { return };
        let words = self.out.get(start..).unwrap_or_default().trim().to_string();
        let fine = ["http://", "https://", "mailto:", "/", "#", "tel:"].iter().any(|s| href.starts_with(s));
        if !fine || words.is_empty() || words.contains('\n') || self.row.is_some() {
            return;
        }
        self.out.truncate(start);
        self.out.push_str(&format!("[{words}]({})", href.replace([' ', ')', '('], "%20")));
    }

    fn picture(&mut self, tag: &Tag) {
        let Some(src) = tag.href.as_ref().filter(|s| s.starts_with("http")) else { return };
        let alt = tag.alt.clone().unwrap_or_default().replace(['[', ']', '\n'], " ");
        if std::mem::take(&mut self.pending_space) && !self.at_line_start() {
            self.out.push(' ');
        }
        self.out.push_str(&format!("![{}]({})", alt.trim(), src.replace([' ', ')', '('], "%20")));
    }

    fn begin_cell(&mut self) {
        if self.row.is_some() {
            self.cell = Some(self.out.len());
        }
    }

    fn end_cell(&mut self) {
        self.link = None;
        let (Some(row), Some(start)) = (&mut self.row, self.cell.take()) else { return };
        let cell = self.out.get(start..).unwrap_or_default().replace('\n', " ").replace('|', "\\|");
        row.push(cell.trim().to_string());
        self.out.truncate(start);
        self.pending_space = false;
    }

    fn end_row(&mut self) {
        let Some(row) = self.row.take().filter(|row| !row.is_empty()) else { return };
        let kept = self.out.trim_end().len();
        self.out.truncate(kept);
        let first = std::mem::take(&mut self.first_row);
        self.out.push_str(if first { "\n\n" } else { "\n" });
        self.out.push_str(&format!("| {} |", row.join(" | ")));
        if first {
            self.out.push_str(&format!("\n|{}", " --- |".repeat(row.len())));
        }
    }

    fn finish(mut self) -> String {
        if self.pre {
            self.out.push_str("\n```");
        }
        let lines: Vec<&str> = self.out.lines().collect();
        let mut text = String::with_capacity(self.out.len());
        let mut empty = 0;
        let mut code = false;
        for line in lines {
            code ^= line.trim_start().starts_with("```");
            let bare = line.trim_end();
            let line = if code || line.ends_with("  ") && !bare.is_empty() { line } else { bare };
            empty = if line.trim().is_empty() { empty + 1 } else { 0 };
            if empty <= 1 || code {
                text.push_str(line);
                text.push('\n');
            }
        }
        text.trim().to_string()
    }
}

/// Named and numbered characters; anything else stays as it is.
fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.bytes().take(LONGEST_ENTITY).position(|b| b == b';');
        match end.and_then(|end| entity(&rest[1..end]).map(|c| (c, end))) {
            Some((c, end)) => {
                out.push(c);
                rest = &rest[end + 1..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

fn entity(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code).filter(|c| *c != '\0');
    }
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        "mdash" => '—',
        "ndash" => '–',
        "hellip" => '…',
        "rsquo" => '’',
        "lsquo" => '‘',
        "rdquo" => '”',
        "ldquo" => '“',
        "rarr" => '→',
        "copy" => '©',
        "times" => '×',
        "bull" => '•',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown;

    #[test]
    fn the_usual_html_becomes_the_usual_markdown() {
        let html = "<h1>Printer</h1><p>It is <b>offline</b>&nbsp;&amp; <a href=\"https://x.example/a b\">see here</a>.</p>\
            <ol><li>Switch it <em>on</em>.</li><li>Print<ul><li>a page</li></ul></li></ol><pre>ping  a\n  b</pre><!-- no --><script>alert(1)</script>";
        assert_eq!(
            to_markdown(html),
            "## Printer\n\nIt is **offline** & [see here](https://x.example/a%20b).\n\n1. Switch it *on*.\n2. Print\n   - a page\n\n```\nping  a\n  b\n```"
        );
        assert_eq!(
            to_markdown("<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2|3</td></tr></table>"),
            "| a | b |\n| --- | --- |\n| 1 | 2\\|3 |"
        );
    }

    #[test]
    fn what_was_text_stays_text() {
        let md = to_markdown("<p>a &lt;b&gt; *c* 5 < 6 & [x] # y</p>");
        assert_eq!(markdown::to_text(&md), "a <b> *c* 5 < 6 & [x] # y");
        assert_eq!(to_markdown("<a href=\"javascript:alert(1)\">x</a>"), "x");
    }

    #[test]
    fn hostile_nesting_ends_soon() {
        for (open, close) in [
            ("<div>", "</div>"),
            ("<ul><li>", "</li></ul>"),
            ("<blockquote>", "</blockquote>"),
            ("<b>", "</b>"),
            ("<", "x"),
            ("<a href='", ""),
        ] {
            let html = format!("{}x{}", open.repeat(100_000), close.repeat(100_000));
            let md = to_markdown(&html);
            assert!(md.len() <= 3_000_000, "{open} {}", md.len());
        }
    }
}
