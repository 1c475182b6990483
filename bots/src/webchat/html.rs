//! Blocks as HTML. Everything that was written by anybody is escaped; nothing else adds a tag.
use crate::message::{Block, Span};

/// Text that is safe inside an element and inside a quoted attribute.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}

/// Plain words of a person: line breaks are kept.
pub fn text_html(text: &str) -> String {
    format!("<p>{}</p>", escape(text).replace('\n', "<br>"))
}

pub fn blocks_html(blocks: &[Block]) -> String {
    blocks.iter().map(block_html).collect()
}

fn block_html(block: &Block) -> String {
    match block {
        Block::Heading(text) => format!("<h4>{}</h4>", escape(text)),
        Block::Paragraph(spans) => format!("<p>{}</p>", spans_html(spans)),
        Block::Quote(spans) => format!("<blockquote>{}</blockquote>", spans_html(spans)),
        Block::Code(code) => format!("<pre><code>{}</code></pre>", escape(code)),
        Block::List { ordered, items } => {
            let tag = if *ordered { "ol" } else { "ul" };
            let items: String = items.iter().map(|i| format!("<li>{}</li>", spans_html(i))).collect();
            format!("<{tag}>{items}</{tag}>")
        }
    }
}

fn spans_html(spans: &[Span]) -> String {
    spans.iter().map(span_html).collect()
}

fn span_html(span: &Span) -> String {
    match span {
        Span::Text(text) => escape(text).replace('\n', "<br>"),
        Span::Bold(text) => format!("<strong>{}</strong>", escape(text)),
        Span::Code(text) => format!("<code>{}</code>", escape(text)),
        Span::Link { text, url } if is_link(url) => {
            format!("<a href=\"{}\" rel=\"noopener nofollow\">{}</a>", escape(url), escape(text))
        }
        Span::Link { text, .. } => escape(text),
    }
}

/// Only addresses of the web: `javascript:` and the like stay text.
fn is_link(url: &str) -> bool {
    url.starts_with("https://")
        || url.starts_with("http://")
        || (url.starts_with('/') && !url.starts_with("//"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_anybody_wrote_becomes_markup() {
        let evil = "<img src=x onerror=alert(1)> & \"'";
        let blocks = vec![
            Block::Heading(evil.into()),
            Block::Paragraph(vec![
                Span::Text(evil.into()),
                Span::Bold(evil.into()),
                Span::Link { text: evil.into(), url: "javascript:alert(1)".into() },
                Span::Link { text: "x".into(), url: "https://x.example/\"><script>".into() },
            ]),
            Block::List { ordered: true, items: vec![vec![Span::Code(evil.into())]] },
            Block::Code(evil.into()),
            Block::Quote(vec![Span::Text(evil.into())]),
        ];
        let html = blocks_html(&blocks);
        assert!(
            !html.contains("<img") && !html.contains("<script") && !html.contains("javascript"),
            "{html}"
        );
        assert!(html.contains("&lt;img src=x onerror=alert(1)&gt; &amp; &quot;&#39;"));
        assert_eq!(text_html("a\n<b>"), "<p>a<br>&lt;b&gt;</p>");
    }
}
