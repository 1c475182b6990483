//! `Content-Disposition` by RFC 6266 and RFC 8187: the name in plain ASCII for old programs, and as it is.
use firstline_kb::published::encoded;

use super::entity::Way;

/// The header's value; always ASCII without line breaks.
pub fn disposition(way: Way, name: &str) -> String {
    let how = match way {
        Way::Save => "attachment",
        Way::Show => "inline",
    };
    let plain: String = name.chars().map(fallback).collect();
    if plain == name {
        return format!("{how}; filename=\"{plain}\"");
    }
    format!("{how}; filename=\"{plain}\"; filename*=UTF-8''{}", encoded(name))
}

/// Quotes and backslashes would need escapes that programs read differently, and some decode a percent sign.
fn fallback(c: char) -> char {
    match c {
        '"' | '\\' | '%' => '_',
        ' '..='~' => c,
        _ => '_',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_survive_and_nothing_escapes_the_header() {
        let save = |name| disposition(Way::Save, name);
        assert_eq!(save("setup 3.2.exe"), "attachment; filename=\"setup 3.2.exe\"");
        assert_eq!(
            save("补丁 1.zip"),
            "attachment; filename=\"__ 1.zip\"; filename*=UTF-8''%E8%A1%A5%E4%B8%81%201.zip"
        );
        assert_eq!(
            save("a\"b\\c%41'(*);.txt"),
            "attachment; filename=\"a_b_c_41'(*);.txt\"; filename*=UTF-8''a%22b%5Cc%2541%27%28%2A%29%3B.txt"
        );
        assert_eq!(disposition(Way::Show, "a.png"), "inline; filename=\"a.png\"");
        assert!(!save("a\r\nSet-Cookie: x").contains(['\r', '\n']));
    }
}
