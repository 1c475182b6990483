//! The lexer under the HTML rules: tags, attributes and character references, byte by byte as the server does it.
const TAGS: [&str; 17] = [
    "a",
    "b",
    "strong",
    "i",
    "em",
    "s",
    "strike",
    "del",
    "u",
    "ins",
    "tg-spoiler",
    "tg-emoji",
    "tg-time",
    "span",
    "pre",
    "code",
    "blockquote",
];

pub struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    pub fn new(source: &'a str) -> Self {
        Self { bytes: source.as_bytes(), at: 0 }
    }

    pub fn at_end(&self) -> bool {
        self.at >= self.bytes.len()
    }

    pub fn position(&self) -> usize {
        self.at
    }

    pub fn step(&mut self) {
        self.at += 1;
    }

    pub fn at_end_tag(&self) -> bool {
        self.bytes.get(self.at + 1) == Some(&b'/')
    }

    /// 0 at the end, like the C strings the rules were written for: the end counts as a space.
    pub fn peek(&self) -> u8 {
        self.bytes.get(self.at).copied().unwrap_or(0)
    }

    fn at_space(&self) -> bool {
        matches!(self.peek(), b' ' | b'\t' | b'\r' | b'\n' | 0 | 0x0B)
    }

    fn skip_spaces(&mut self) {
        while self.peek() != 0 && self.at_space() {
            self.at += 1;
        }
    }

    fn slice(&self, begin: usize) -> String {
        String::from_utf8_lossy(&self.bytes[begin..self.at]).into_owned()
    }

    /// `&lt;`, `&gt;`, `&amp;`, `&quot;` and numbers; everything else stays as it is written.
    pub fn character_reference(&mut self) -> Result<Option<char>, String> {
        let begin = self.at;
        let mut end = begin + 1;
        let byte = |index: usize| self.bytes.get(index).copied().unwrap_or(0);
        let code: u64 = if byte(end) == b'#' {
            end += 1;
            let radix = if byte(end) == b'x' { 16 } else { 10 };
            end += usize::from(radix == 16);
            let mut code: u64 = 0;
            while let Some(digit) = char::from(byte(end)).to_digit(radix) {
                code = code.saturating_mul(u64::from(radix)).saturating_add(u64::from(digit));
                end += 1;
            }
            if code == 0 || code >= 0x10_FFFF || end - begin >= 10 {
                return Ok(None);
            }
            code
        } else {
            while byte(end).is_ascii_alphabetic() {
                end += 1;
            }
            match &self.bytes[begin + 1..end] {
                b"lt" => u64::from(b'<'),
                b"gt" => u64::from(b'>'),
                b"amp" => u64::from(b'&'),
                b"quot" => u64::from(b'"'),
                _ => return Ok(None),
            }
        };
        let character = u32::try_from(code)
            .ok()
            .and_then(char::from_u32)
            .ok_or("Text contains invalid Unicode characters")?;
        self.at = end + usize::from(byte(end) == b';');
        Ok(Some(character))
    }

    pub fn start_tag(&mut self) -> Result<(String, String), String> {
        let begin = self.at;
        self.at += 1;
        while !self.at_space() && self.peek() != b'>' {
            self.at += 1;
        }
        if self.peek() == 0 {
            return Err(format!("Unclosed start tag at byte offset {begin}"));
        }
        let tag = self.slice(begin + 1).to_lowercase();
        if !TAGS.contains(&tag.as_str()) {
            return Err(format!("Unsupported start tag \"{tag}\" at byte offset {begin}"));
        }
        let mut argument = String::new();
        while self.peek() != b'>' {
            self.skip_spaces();
            if self.peek() == b'>' {
                break;
            }
            if let Some(value) = self.attribute(&tag, begin)? {
                argument = value;
            }
        }
        if tag == "span" && argument != "spoiler" {
            return Err(format!("Tag \"span\" must have class \"tg-spoiler\" at byte offset {begin}"));
        }
        self.at += 1;
        Ok((tag, argument))
    }

    /// One attribute; its value where it is the one that matters for this tag.
    fn attribute(&mut self, tag: &str, tag_begin: usize) -> Result<Option<String>, String> {
        let begin = self.at;
        while !self.at_space() && !matches!(self.peek(), b'=' | b'>') {
            self.at += 1;
        }
        let name = self.slice(begin);
        if name.is_empty() && self.peek() != 0 {
            return Err(format!("Empty attribute name in the tag \"{tag}\" at byte offset {tag_begin}"));
        }
        self.skip_spaces();
        let unclosed = format!("Unclosed start tag \"{tag}\" at byte offset {tag_begin}");
        let mut value = String::new();
        if self.peek() == 0 {
            return Err(unclosed);
        }
        if self.peek() == b'=' {
            self.at += 1;
            self.skip_spaces();
            if self.peek() == 0 {
                return Err(unclosed);
            }
            value = self.attribute_value()?;
            if self.peek() == 0 {
                return Err(format!("Unclosed start tag at byte offset {tag_begin}"));
            }
        }
        Ok(match (tag, name.as_str()) {
            ("a", "href") | ("tg-emoji", "emoji-id") => Some(value),
            ("code", "class") => value.strip_prefix("language-").map(str::to_owned),
            ("span", "class") => value.strip_prefix("tg-").map(str::to_owned),
            ("blockquote", "expandable") => Some("1".to_owned()),
            ("tg-time", "format") if value != "r" && !value.chars().all(|c| "tTdDwW".contains(c)) => {
                return Err("Invalid date format used".to_owned());
            }
            _ => None,
        })
    }

    fn attribute_value(&mut self) -> Result<String, String> {
        let quote = self.peek();
        if quote != b'\'' && quote != b'"' {
            let begin = self.at;
            while self.peek().is_ascii_alphanumeric() || matches!(self.peek(), b'.' | b'-') {
                self.at += 1;
            }
            if !self.at_space() && self.peek() != b'>' {
                return Err(format!("Unexpected end of name token at byte offset {begin}"));
            }
            return Ok(self.slice(begin).to_lowercase());
        }
        self.at += 1;
        let mut value = Vec::new();
        while self.peek() != quote && self.peek() != 0 {
            if self.peek() == b'&'
                && let Some(character) = self.character_reference()?
            {
                value.extend(character.encode_utf8(&mut [0; 4]).as_bytes());
                continue;
            }
            value.push(self.peek());
            self.at += 1;
        }
        self.at += usize::from(self.peek() == quote);
        Ok(String::from_utf8_lossy(&value).into_owned())
    }

    pub fn end_tag(&mut self, expected: &str) -> Result<(), String> {
        let begin = self.at;
        self.at += 2;
        while !self.at_space() && self.peek() != b'>' {
            self.at += 1;
        }
        let found = self.slice(begin + 2).to_lowercase();
        self.skip_spaces();
        if self.peek() != b'>' {
            return Err(format!("Unclosed end tag at byte offset {begin}"));
        }
        if !found.is_empty() && found != expected {
            return Err(format!(
                "Unmatched end tag at byte offset {begin}, expected \"</{expected}>\", found \"</{found}>\""
            ));
        }
        self.at += 1;
        Ok(())
    }
}
