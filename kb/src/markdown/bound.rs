//! How deep an article may nest. An HTML reader looks through what is open at every tag, and opens emphasis anew in
//! every paragraph: a hundred thousand nested quotes, or as many `<b>` never closed, would cost minutes and gigabytes.
//! What is nested deeper than anybody can read loses its frame and keeps its words. Each `&amp;` breaks a text in two
//! for it, too: a hundred thousand `&` took more than a minute, so signs that would be written so pass it by as others.
use pulldown_cmark::{CowStr, Event, TagEnd};

/// Frames within frames: quotes, lists, emphasis.
const DEEPEST: usize = 24;
/// Tags of raw HTML open at once.
const OPEN_TAGS: usize = 24;

/// These end by themselves when another of their kind begins, or hold nothing.
const NEVER_OPEN: &[&str] = &[
    "p", "li", "tr", "td", "th", "dt", "dd", "option", "br", "hr", "img", "input", "wbr", "col", "source",
    "area", "base", "embed", "link", "meta", "track", "thead", "tbody", "tfoot",
];

/// Within these a closing tag does not reach what was opened outside.
const WALLS: &[&str] = &[
    "table", "td", "th", "caption", "select", "template", "object", "applet", "marquee", "button", "svg",
    "math", "style", "script", "title", "textarea", "xmp", "iframe", "noscript",
];
/// What stands in these is read by other rules: quotes and comments may be none there.
const OTHER_RULES: &[&str] = &[
    "svg",
    "math",
    "style",
    "script",
    "title",
    "textarea",
    "xmp",
    "iframe",
    "noscript",
    "noembed",
    "noframes",
    "plaintext",
];

/// Characters no text holds, for those that HTML writes in another way; `show` puts that in their place.
const HIDDEN: [(char, char, &str); 3] =
    [('&', '\u{fdd0}', "&amp;"), ('<', '\u{fdd1}', "&lt;"), ('>', '\u{fdd2}', "&gt;")];
/// So many `&` of raw HTML mean what they say.
const REFERENCES: usize = 1000;

fn hide(text: CowStr<'_>) -> CowStr<'_> {
    if !text.contains(['&', '<', '>']) {
        return text;
    }
    let hidden = |c: char| HIDDEN.iter().find(|(sign, ..)| *sign == c).map_or(c, |(_, hidden, _)| *hidden);
    text.chars().map(hidden).collect::<String>().into()
}

/// Sanitized HTML with the hidden signs as HTML writes them.
pub(super) fn show(html: &str) -> String {
    let mut shown = String::with_capacity(html.len());
    for c in html.chars() {
        match HIDDEN.iter().find(|(_, hidden, _)| *hidden == c) {
            Some((.., written)) => shown.push_str(written),
            None => shown.push(c),
        }
    }
    shown
}

/// The same events without frames deeper than `DEEPEST` and without more raw tags than may be open.
pub(super) fn events<'a>(events: impl Iterator<Item = Event<'a>>) -> impl Iterator<Item = Event<'a>> {
    let mut depth = 0;
    let mut tags = Tags::default();
    events.filter_map(move |event| match event {
        Event::Start(tag) => {
            if nests(&tag.to_end()) {
                depth += 1;
                return (depth <= DEEPEST).then_some(Event::Start(tag));
            }
            Some(Event::Start(tag))
        }
        Event::End(end) => {
            if nests(&end) {
                depth -= 1;
                return (depth < DEEPEST).then_some(Event::End(end));
            }
            Some(Event::End(end))
        }
        Event::Text(text) => Some(Event::Text(hide(text))),
        Event::Code(text) => Some(Event::Code(hide(text))),
        Event::Html(raw) => Some(Event::Html(tags.keep(raw))),
        Event::InlineHtml(raw) => Some(Event::InlineHtml(tags.keep(raw))),
        other => Some(other),
    })
}

/// Raw HTML with no more tags open than may be.
pub(super) fn html(raw: &str) -> CowStr<'_> {
    Tags::default().keep(raw.into())
}

/// What may hold others of its kind. The rest cannot be nested in Markdown.
fn nests(end: &TagEnd) -> bool {
    matches!(
        end,
        TagEnd::BlockQuote(_)
            | TagEnd::List(_)
            | TagEnd::Item
            | TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough
            | TagEnd::Link
            | TagEnd::Image
    )
}

/// Raw tags that are open, as far as counting tells: outermost first.
#[derive(Default)]
struct Tags {
    open: Vec<String>,
    /// `&` met so far.
    references: usize,
    /// Something was met that quotes and comments are not sure after: every `<` counts, and every `>` ends a tag.
    unsure: bool,
}

impl Tags {
    /// The text without tags that would be too deep. Whatever is no plain tag stays for the sanitizer.
    fn keep<'a>(&mut self, raw: CowStr<'a>) -> CowStr<'a> {
        self.references += raw.matches('&').count();
        let raw: CowStr<'a> =
            if self.references > REFERENCES { raw.replace('&', "\u{fdd0}").into() } else { raw };
        let mut kept = String::new();
        let (mut copied, mut at) = (0, 0);
        while let Some(found) = next(&raw, at, self.unsure) {
            at = found.end;
            self.unsure |= !found.ends;
            if found.tag && !self.admits(&raw[found.start + 1..found.end]) {
                kept.push_str(&raw[copied..found.start]);
                copied = found.end;
            }
        }
        if copied == 0 {
            return raw;
        }
        kept.push_str(&raw[copied..]);
        kept.into()
    }

    /// Counts a tag; false when it would be one too many.
    fn admits(&mut self, tag: &str) -> bool {
        let (closes, name) = tag.strip_prefix('/').map_or((false, tag), |rest| (true, rest));
        // `b-x` is another tag than `b`.
        let behind = |c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>');
        let name = name.split(behind).next().unwrap_or_default().to_ascii_lowercase();
        self.unsure |= OTHER_RULES.contains(&name.as_str());
        if name.is_empty() || NEVER_OPEN.contains(&name.as_str()) {
            return true;
        }
        if closes {
            if let Some(at) = self.open.iter().rposition(|open| *open == name)
                && !self.open[at + 1..].iter().any(|above| WALLS.contains(&above.as_str()))
            {
                self.open.remove(at);
            }
            return true;
        }
        if self.open.len() >= OPEN_TAGS {
            return false;
        }
        self.open.push(name);
        true
    }
}

/// A tag or a comment, from `<` to behind `>`.
struct Found {
    start: usize,
    end: usize,
    tag: bool,
    /// False where the text ends first.
    ends: bool,
}

/// The next tag or comment. A tag goes on in the next event where it ends in none: a block of raw HTML comes line by
/// line. `unsure`: it ends with the first `>`, and there are no comments.
fn next(raw: &str, mut at: usize, unsure: bool) -> Option<Found> {
    let bytes = raw.as_bytes();
    while let Some(start) = raw[at..].find('<').map(|i| at + i) {
        let rest = &bytes[start + 1..];
        let letter = |i: usize| rest.get(i).is_some_and(u8::is_ascii_alphabetic);
        let first = rest.first().copied().unwrap_or_default();
        let tag = letter(0) || (first == b'/' && (unsure || letter(1)));
        if !tag && (unsure || !matches!(first, b'/' | b'!' | b'?')) {
            at = start + 1;
            continue;
        }
        let end = if !tag && raw[start..].starts_with("<!--") {
            comment_end(raw, start + 4)
        } else if tag && !unsure {
            tag_end(bytes, start + 1)
        } else {
            raw[start..].find('>').map(|i| start + i + 1)
        };
        return Some(Found { start, end: end.unwrap_or(raw.len()), tag, ends: end.is_some() });
    }
    None
}

/// Behind a comment whose words begin at `from`; `<!-->` is a whole one.
fn comment_end(raw: &str, from: usize) -> Option<usize> {
    let words = &raw[from..];
    let ends = |before: &str| {
        before.is_empty() || before == "-" || before.ends_with("--") || before.ends_with("--!")
    };
    words.match_indices('>').find(|(at, _)| ends(&words[..*at])).map(|(at, _)| from + at + 1)
}

/// Where in a tag its reader is.
#[derive(Clone, Copy)]
enum Place {
    Name,
    Between,
    Attribute,
    BehindAttribute,
    Equals,
    Bare,
    Quoted(u8),
}

/// Behind a tag whose name begins at `from`. Quotes are quotes where a value begins and nowhere else.
fn tag_end(bytes: &[u8], from: usize) -> Option<usize> {
    // The slash of a closing tag is no part of its name.
    let from = from + usize::from(bytes.get(from) == Some(&b'/'));
    let mut place = Place::Name;
    for (at, &byte) in bytes.iter().enumerate().skip(from) {
        let space = byte.is_ascii_whitespace();
        place = match (place, byte) {
            (Place::Quoted(quote), _) => {
                if byte == quote {
                    Place::Between
                } else {
                    place
                }
            }
            (_, b'>') => return Some(at + 1),
            (Place::Equals, b'"' | b'\'') => Place::Quoted(byte),
            (Place::Equals, _) if space => Place::Equals,
            (Place::Bare | Place::Equals, _) if !space => Place::Bare,
            (Place::Bare | Place::Equals, _) | (_, b'/') => Place::Between,
            (Place::Attribute | Place::BehindAttribute, b'=') => Place::Equals,
            (Place::Attribute | Place::BehindAttribute, _) if space => Place::BehindAttribute,
            (Place::Name | Place::Between, _) if space => Place::Between,
            (Place::Name, _) => Place::Name,
            _ => Place::Attribute,
        };
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::{chat_html, to_html};

    /// How deep the tags of this name are nested in what is shown.
    fn depth(html: &str, name: &str) -> usize {
        let (open, close) = (format!("<{name}>"), format!("</{name}>"));
        let (mut now, mut most) = (0usize, 0);
        let mut at = 0;
        while let Some(Found { start, end, .. }) = next(html, at, false) {
            at = end;
            if html[start..end] == open {
                now += 1;
                most = most.max(now);
            } else if html[start..end] == close {
                now = now.saturating_sub(1);
            }
        }
        most
    }

    #[test]
    fn a_hundred_thousand_nested_quotes_keep_their_words_and_lose_their_frames() {
        let html = to_html(&format!("{} deep\n\nafter", ">".repeat(100_000)));
        assert!(html.contains("deep") && html.contains("<p>after</p>"));
        assert!((1..=DEEPEST).contains(&depth(&html, "blockquote")), "{}", depth(&html, "blockquote"));
    }

    #[test]
    fn lists_and_emphasis_are_bounded_too() {
        let list: String = (0..400).map(|n| format!("{}- {n}\n", "  ".repeat(n))).collect();
        let html = to_html(&list);
        assert!(html.contains("399") && depth(&html, "ul") <= DEEPEST);
        let html = to_html(&format!("{}word{}", "*a **b ".repeat(20_000), "** *".repeat(20_000)));
        assert!(html.contains("word") && depth(&html, "strong") <= DEEPEST);
        assert!(html.len() < 20_000 * 60);
    }

    #[test]
    fn tags_that_are_never_closed_are_not_opened_anew_in_every_paragraph() {
        let opened: String = (0..4000).map(|n| format!("<b title={n}>")).collect();
        let md = format!("{opened}{}", "\n\nparagraph".repeat(4000));
        let html = to_html(&md);
        assert_eq!(html.matches("paragraph").count(), 4000);
        assert!(html.matches("<b").count() <= 4001 * OPEN_TAGS, "{}", html.matches("<b").count());
        let html = to_html(&format!("{}x", "<div\n>".repeat(50_000)));
        assert!(html.contains('x'));
        assert_eq!(
            chat_html(&format!("{}x", "<blockquote>".repeat(100_000))).matches("<blockquote>").count(),
            OPEN_TAGS
        );
    }

    #[test]
    fn what_only_looks_like_a_closing_tag_closes_nothing() {
        for hidden in
            ["<i title=\"></b>\"></i>", "<!-- </b> -->", "</b-x>", "<table></b></table>", "<i a='></b>'></i>"]
        {
            let opened: String = (0..2000).map(|n| format!("<b title={n}>{hidden}")).collect();
            let html = to_html(&format!("{opened}{}", "\n\nparagraph".repeat(1000)));
            assert_eq!(html.matches("paragraph").count(), 1000, "{hidden}");
            let most = 2002 * OPEN_TAGS;
            assert!(html.matches("<b").count() <= most, "{hidden}: {}", html.matches("<b").count());
        }
    }

    #[test]
    fn signs_that_html_writes_otherwise_stay_what_they_are() {
        assert_eq!(
            to_html("a & b < c > d `x<y&&z` &lt;"),
            "<p>a &amp; b &lt; c &gt; d <code>x&lt;y&amp;&amp;z</code> &lt;</p>\n"
        );
        assert_eq!(to_html(&"&".repeat(100_000)), format!("<p>{}</p>\n", "&amp;".repeat(100_000)));
        let raw = to_html(&format!("<div>{}", "&amp;".repeat(50_000)));
        assert!(raw.matches("&amp;").count() >= 50_000);
    }

    #[test]
    fn ordinary_html_stays_as_it_is() {
        let md = "a <b>bold</b> and <kbd>F5</kbd><br>\n\n<table><tr><td>1<td>2<tr><td>3</table>\n\n> > quote";
        let plain = crate::markdown::SANITIZER.clean(&{
            let mut raw = String::new();
            pulldown_cmark::html::push_html(
                &mut raw,
                pulldown_cmark::Parser::new_ext(md, crate::markdown::options()),
            );
            raw
        });
        assert_eq!(to_html(md), plain.to_string());
        let list: String = (0..200).map(|n| format!("<li>{n}")).collect();
        assert_eq!(to_html(&format!("<ul>{list}</ul>")).matches("<li>").count(), 200);
    }
}
