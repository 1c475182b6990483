//! Plain text as HTML: everything escaped, web addresses clickable.

/// Escapes `text` and links `http://` and `https://` addresses in it. Line breaks stay as they are;
/// the stylesheet keeps them.
pub fn linked(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(start) = next_address(rest) {
        escape_into(&mut html, &rest[..start]);
        let address = address_at(&rest[start..]);
        html.push_str("<a rel=\"nofollow noopener noreferrer\" target=\"_blank\" href=\"");
        escape_into(&mut html, address);
        html.push_str("\">");
        escape_into(&mut html, address);
        html.push_str("</a>");
        rest = &rest[start + address.len()..];
    }
    escape_into(&mut html, rest);
    html
}

fn next_address(text: &str) -> Option<usize> {
    let found = [text.find("https://"), text.find("http://")];
    found.into_iter().flatten().min()
}

/// The address `text` begins with, without the punctuation of the sentence around it.
fn address_at(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_ascii() || c.is_ascii_whitespace() || "<>\"'`{}|\\^".contains(c));
    text[..end.unwrap_or(text.len())].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']'])
}

fn escape_into(html: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            c => html.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::linked;

    #[test]
    fn text_cannot_become_markup() {
        assert_eq!(linked("<b onclick='x'>&"), "&lt;b onclick=&#39;x&#39;&gt;&amp;");
        assert!(!linked("javascript:alert(1)").contains("href"));
        assert!(
            linked("http://a/\"onx=1")
                .starts_with("<a rel=\"nofollow noopener noreferrer\" target=\"_blank\" href=\"http://a/\">")
        );
    }

    #[test]
    fn an_address_ends_where_the_sentence_goes_on() {
        let html = linked("请看 https://example.com/a?b=1&c=2。再试。");
        assert!(html.contains("href=\"https://example.com/a?b=1&amp;c=2\""), "{html}");
        assert!(linked("(see http://example.com).").contains("href=\"http://example.com\""));
    }
}
