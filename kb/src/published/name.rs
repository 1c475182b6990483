//! Names of hosted files. A name that could mean a path, break a header or deceive a reader is refused, not
//! mended: whoever publishes a file wants it to keep the name they gave it.
use firstline_core::{Error, Result};

/// What file systems take for one name.
const MAX_BYTES: usize = 255;
/// How often a name is decoded to see what hides in it.
const ROUNDS: usize = 4;
/// Names Windows keeps for devices, whatever follows the first dot.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "clock$", "conin$"];

/// Gives the name back without the space around it, or says what is wrong with it.
pub fn check_name(name: &str) -> Result<&str> {
    let name = name.trim();
    let refuse = |reason: &str| Err(Error::invalid("name", format!("{reason}: {:?}", clip(name))));
    if name.is_empty() {
        return Err(Error::invalid("name", "a file needs a name"));
    }
    if name.len() > MAX_BYTES {
        return refuse("a file name has at most 255 bytes in UTF-8");
    }
    if name.chars().any(|c| c.is_control() || deceives(c)) {
        return refuse(
            "control characters and marks that turn the direction of writing are not allowed in a file name",
        );
    }
    if hides_path(name) {
        return refuse("a file name is no path: no / or \\, plain or encoded, and not only dots");
    }
    if name.ends_with('.') || is_device(name) {
        return refuse("Windows cannot store a file of this name");
    }
    Ok(name)
}

/// The name itself or what it becomes when decoded, once or several times.
fn hides_path(name: &str) -> bool {
    let mut text = name.as_bytes().to_vec();
    for _ in 0..ROUNDS {
        let dots = text.iter().all(|b| *b == b'.');
        // C0 AF and its kin are a slash in more bytes than UTF-8 allows; no name in UTF-8 decodes to them.
        let overlong = text.windows(2).any(|w| matches!(w[0], 0xc0 | 0xc1))
            || text.windows(3).any(|w| w[0] == 0xe0 && w[1] < 0xa0);
        if dots || overlong || text.iter().any(|b| matches!(b, b'/' | b'\\') || b.is_ascii_control()) {
            return true;
        }
        let decoded = decode(&text);
        if decoded == text {
            return false;
        }
        text = decoded;
    }
    // Encoded more often than anybody does by accident.
    true
}

fn decode(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        let hex = |i: usize| text.get(i).and_then(|b| char::from(*b).to_digit(16));
        match (text[at], hex(at + 1), hex(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push((high * 16 + low) as u8);
                at += 3;
            }
            (byte, ..) => {
                out.push(byte);
                at += 1;
            }
        }
    }
    out
}

/// Marks that make `exe.fdp` look like `pdf.exe`, and characters nobody sees.
fn deceives(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_ascii_lowercase();
    let numbered = (stem.starts_with("com") || stem.starts_with("lpt"))
        && stem.len() == 4
        && stem.ends_with(|c: char| c.is_ascii_digit());
    numbered || DEVICES.contains(&stem.as_str())
}

fn clip(name: &str) -> String {
    name.chars().take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_people_use_are_taken_as_they_are() {
        for name in [
            "发票客户端 3.2.2 补丁.zip",
            "a \"quoted\" name.txt",
            "100% fertig.pdf",
            "setup;v=1.exe",
            "l'été.bin",
            "补丁，新.tar.gz",
            "x..y",
        ] {
            assert_eq!(check_name(name).unwrap(), name);
        }
        assert_eq!(check_name(&"长".repeat(85)).unwrap().len(), 255);
    }

    #[test]
    fn names_that_are_paths_in_any_encoding_are_refused() {
        let hostile = [
            "",
            "  ",
            ".",
            "..",
            "../a",
            "..\\a",
            "a/b",
            "/etc/passwd",
            "C:\\x",
            "%2e%2e",
            "%2e%2e%2fa",
            "%252e%252e%252fa",
            "..%2fa",
            "..%5ca",
            "%c0%ae%c0%ae%c0%afa",
            "%e0%80%afa",
            "a%00.txt",
            "a\r\nSet-Cookie: x",
            "a%0d%0ab",
            "a\0b",
            "exe.\u{202e}fdp",
            "CON",
            "nul.txt",
            "com1.zip",
            "a.",
        ];
        for name in hostile {
            assert!(check_name(name).is_err(), "{name:?}");
        }
        assert!(check_name(&"长".repeat(86)).is_err());
    }
}
