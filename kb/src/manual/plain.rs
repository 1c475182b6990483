//! Text without pages of its own is cut into pages between paragraphs.

/// A page of about this many characters.
const PAGE: usize = 3000;

/// Cuts at form feeds, where the author ended a page, else at empty lines where it can. Text is never lost; an endless
/// paragraph is cut anywhere.
pub fn pages(text: &str) -> Vec<String> {
    if text.contains('\u{c}') {
        return text.split('\u{c}').map(str::to_owned).collect();
    }
    let mut pages = Vec::new();
    let (mut page, mut length) = (String::new(), 0);
    for line in text.lines() {
        if length >= PAGE && (line.trim().is_empty() || length >= 2 * PAGE) {
            pages.push(std::mem::take(&mut page));
            length = 0;
        }
        let mut rest = line;
        while let Some((at, _)) = rest.char_indices().nth(2 * PAGE) {
            pages.push(std::mem::take(&mut page) + &rest[..at]);
            length = 0;
            rest = &rest[at..];
        }
        page.push_str(rest);
        page.push('\n');
        length += rest.chars().count() + 1;
    }
    if !page.trim().is_empty() {
        pages.push(page);
    }
    pages
}

/// The words of a page of HTML, with a line break where a block ends.
pub fn html(source: &str) -> String {
    let mut blocks = source.to_owned();
    for end in [
        "</p>", "</div>", "</li>", "</h1>", "</h2>", "</h3>", "</h4>", "</tr>", "</pre>", "<br>", "<br/>",
        "<br />",
    ] {
        blocks = blocks.replace(end, &format!("{end}\n"));
    }
    let bare = ammonia::Builder::empty().clean(&blocks).to_string();
    bare.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&nbsp;", " ")
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cut_between_paragraphs_and_none_is_lost() {
        let text = format!("{}\n\n{}\n\nend\n", "a".repeat(3500), "b".repeat(100));
        let cut = pages(&text);
        assert_eq!(cut.len(), 2);
        assert!(cut[1].contains("bbb") && cut[1].contains("end"));
        let endless = pages(&"长".repeat(20_000));
        assert_eq!(endless.iter().map(|p| p.trim_end().chars().count()).sum::<usize>(), 20_000);
        assert!(endless.len() >= 3 && pages("").is_empty());
    }

    #[test]
    fn html_becomes_words_and_scripts_are_gone() {
        let text = html("<h1>Start &amp; stop</h1><p>Press <b>F5</b>.</p><script>alert(1)</script>");
        assert!(
            text.contains("Start & stop\n") && text.contains("Press F5.") && !text.contains("alert"),
            "{text}"
        );
    }
}
