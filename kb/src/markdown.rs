//! Articles' Markdown: as safe HTML, as plain text, and in sections.
mod bound;

use std::collections::HashSet;
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

fn options() -> Options {
    Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS
}

/// Where the pictures of articles lie.
const PICTURES: &str = "/kb/files/";

/// Whether a picture is one of ours.
pub fn is_own_picture(address: &str) -> bool {
    // `%2e` is a dot, too: browsers take `%2e%2e` for the folder above.
    address.starts_with(PICTURES)
        && !address.contains("..")
        && !address.contains('\\')
        && !address.to_ascii_lowercase().contains("%2e")
}

/// What may stand in an article. No images from elsewhere: they would tell others who reads what.
static SANITIZER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::default();
    builder
        .tags(HashSet::from([
            "a",
            "b",
            "blockquote",
            "br",
            "code",
            "del",
            "em",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "hr",
            "i",
            "img",
            "kbd",
            "li",
            "ol",
            "p",
            "pre",
            "s",
            "strong",
            "sub",
            "sup",
            "table",
            "tbody",
            "td",
            "th",
            "thead",
            "tr",
            "ul",
        ]))
        .url_relative(UrlRelative::PassThrough)
        .attribute_filter(|element, attribute, value| match (element, attribute) {
            ("img", "src") if !is_own_picture(value) => None,
            _ => Some(value.into()),
        })
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel"]))
        .link_rel(Some("noopener noreferrer nofollow"));
    builder
});

/// HTML that is safe to show whoever wrote the Markdown, in time that grows with its length and no faster.
pub fn to_html(md: &str) -> String {
    let mut raw = String::with_capacity(md.len() * 3 / 2);
    html::push_html(&mut raw, bound::events(Parser::new_ext(md, options())));
    // A picture without a source is one from elsewhere.
    without_empty_pictures(&bound::show(&SANITIZER.clean(&raw).to_string()))
}

/// What a chat shows, given in its HTML: line breaks count, links and emphasis stay.
pub fn chat_html(html: &str) -> String {
    bound::show(&SANITIZER.clean(&bound::html(&html.replace('\n', "<br>"))).to_string())
}

/// What a chat shows, given in its Markdown: every line break counts.
pub fn chat_to_html(md: &str) -> String {
    let events = Parser::new_ext(md, options()).map(|event| match event {
        Event::SoftBreak => Event::HardBreak,
        other => other,
    });
    let mut raw = String::with_capacity(md.len() * 3 / 2);
    html::push_html(&mut raw, bound::events(events));
    bound::show(&SANITIZER.clean(&raw).to_string())
}

fn without_empty_pictures(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find("<img") {
        let end = rest[at..].find('>').map_or(rest.len(), |end| at + end + 1);
        out.push_str(&rest[..at]);
        if rest[at..end].contains(" src=\"") {
            out.push_str(&rest[at..end]);
        }
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

/// The words alone, one line a block; code and link texts stay, addresses and markup go.
pub fn to_text(md: &str) -> String {
    let mut text = String::with_capacity(md.len());
    for event in Parser::new_ext(md, options()) {
        match event {
            Event::Text(t) | Event::Code(t) => text.push_str(&t),
            Event::Html(t) | Event::InlineHtml(t) => push_html_text(&mut text, &t),
            Event::SoftBreak => text.push(' '),
            Event::HardBreak | Event::Rule => text.push('\n'),
            Event::End(TagEnd::TableCell) => text.push(' '),
            Event::End(end) if ends_line(end) => end_line(&mut text),
            Event::Start(Tag::List(_)) => end_line(&mut text),
            _ => {}
        }
    }
    text.truncate(text.trim_end().len());
    text
}

fn end_line(text: &mut String) {
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
}

fn ends_line(end: TagEnd) -> bool {
    matches!(
        end,
        TagEnd::Paragraph
            | TagEnd::Heading(_)
            | TagEnd::Item
            | TagEnd::CodeBlock
            | TagEnd::TableRow
            | TagEnd::TableHead
            | TagEnd::BlockQuote(_)
    )
}

/// What stands between the tags of raw HTML. Something like `<server name>` in a command is text to its writer.
fn push_html_text(text: &mut String, raw: &str) {
    let mut tag = false;
    for c in raw.chars() {
        match c {
            '<' => tag = true,
            '>' if tag => {
                tag = false;
                text.push(' ');
            }
            _ if !tag => text.push(c),
            _ => {}
        }
    }
}

/// A heading and what follows it up to the next heading of its level or above. `heading` is empty for
/// what stands before the first one. Slices of the Markdown.
#[derive(Clone, Debug, PartialEq)]
pub struct Section<'a> {
    pub level: u8,
    pub heading: String,
    pub body: &'a str,
}

/// The sections of an article; a section holds its subsections too.
pub fn sections(md: &str) -> Vec<Section<'_>> {
    let heads = headings(md);
    let before = heads.first().map_or(md.len(), |h| h.start);
    let mut found = vec![Section { level: 0, heading: String::new(), body: md[..before].trim() }];
    for (i, head) in heads.iter().enumerate() {
        let end =
            heads[i + 1..].iter().find(|next| next.level <= head.level).map_or(md.len(), |next| next.start);
        found.push(Section { level: head.level, heading: head.text.clone(), body: md[head.end..end].trim() });
    }
    found.retain(|s| !s.body.is_empty());
    found
}

struct Heading {
    level: u8,
    text: String,
    start: usize,
    end: usize,
}

fn headings(md: &str) -> Vec<Heading> {
    let mut found: Vec<Heading> = Vec::new();
    let mut inside = false;
    for (event, range) in Parser::new_ext(md, options()).into_offset_iter() {
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                inside = true;
                found.push(Heading {
                    level: number(level),
                    text: String::new(),
                    start: range.start,
                    end: range.end,
                });
            }
            Event::Text(t) | Event::Code(t) if inside => {
                if let Some(head) = found.last_mut() {
                    head.text.push_str(&t);
                }
            }
            Event::End(TagEnd::Heading(_)) => inside = false,
            _ => {}
        }
    }
    found
}

fn number(level: HeadingLevel) -> u8 {
    level as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_keeps_form_and_loses_danger() {
        let html = to_html(
            "# Hi\n\n[a](javascript:alert(1)) **b** `c` <img src=x onerror=y>\n\n<script>alert(1)</script>",
        );
        assert!(
            html.contains("<h1>Hi</h1>")
                && html.contains("<strong>b</strong>")
                && html.contains("<code>c</code>"),
            "{html}"
        );
        assert!(!html.contains("script") && !html.contains("onerror") && !html.contains("<img"), "{html}");
        assert!(to_html("[x](https://a.example/b)").contains("href=\"https://a.example/b\""));
    }

    #[test]
    fn text_keeps_the_words() {
        let text = to_text(
            "## 解决办法\n1. 打开「设置」\n2. 运行 `ping x`\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n[链接](https://x.example)",
        );
        assert_eq!(text, "解决办法\n打开「设置」\n运行 ping x\na b \n1 2 \n链接");
    }

    #[test]
    fn sections_hold_their_subsections() {
        let md = "lead\n\n## Steps\n1. a\n\n### Administrator\n1. b\n\n## More\nc";
        let found = sections(md);
        let names: Vec<_> = found.iter().map(|s| (s.heading.as_str(), s.body)).collect();
        assert_eq!(
            names,
            [
                ("", "lead"),
                ("Steps", "1. a\n\n### Administrator\n1. b"),
                ("Administrator", "1. b"),
                ("More", "c")
            ]
        );
    }
}
