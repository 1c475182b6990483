//! Error codes, versions, file names and other names that people copy: kept whole, and brought to one
//! form so that `E-1042`, `E1042` and `e 1042`, `0x7B`, `7Bh` and `0x0000007B`, or `ORA-01017` and `ora 1017`, are
//! the same.
use super::fold::fold;
use super::stop;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A bare number of three digits or more, or the hexadecimal reading of a short token.
    Number,
    /// `error 1814`, `event id: 1388`, `错误 5512`.
    Labelled,
    /// A file name, a version, an identifier.
    Name,
    /// Letters with digits, or hexadecimal.
    Code,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    pub key: String,
    pub kind: Kind,
    /// Bytes of the folded text it stands at.
    pub start: usize,
    pub end: usize,
}

/// Every code in folded text, in order; one place may give several keys.
pub fn extract(folded: &str) -> Vec<Code> {
    let mut found = Vec::new();
    let mut before: Option<(usize, usize)> = None;
    for (start, end) in chunks(folded) {
        let chunk = &folded[start..end];
        let mut add = |key: String, kind| found.push(Code { key, kind, start, end });
        read_chunk(chunk, &mut add);
        if let Some(key) = signed(chunk, &folded[..start]) {
            add(key, Kind::Code);
        }
        if let Some((number, hex)) = number_of(chunk)
            && let Some((label, kind)) = label_before(&folded[..start], before.map(|(s, e)| &folded[s..e]))
        {
            let key = if hex { format!("{label}0x{number}") } else { format!("{label}{number}") };
            add(key, kind);
        }
        before = Some((start, end));
    }
    found
}

/// The keys of a text in any form, for comparison.
pub fn keys(text: &str) -> Vec<String> {
    extract(&fold(text)).into_iter().map(|code| code.key).collect()
}

/// Codes as a reader would write them in an article's `codes`: those of kind `Code` in capitals, in order, once.
pub fn display_codes(text: &str) -> Vec<String> {
    let folded = fold(text);
    let mut found: Vec<String> = Vec::new();
    let codes: Vec<Code> = extract(&folded).into_iter().filter(|c| c.kind == Kind::Code).collect();
    for written in as_written(text, &folded, &codes) {
        if looks_official(&written) && !found.contains(&written) {
            found.push(written);
        }
        if found.len() >= MOST_SHOWN {
            break;
        }
    }
    found
}

/// An article about more codes is a list of them.
const MOST_SHOWN: usize = 200;

/// The codes as they stand in the text before it was folded; one walk, however many there are.
pub fn as_written(text: &str, folded: &str, codes: &[Code]) -> Vec<String> {
    let starts: Vec<usize> = folded.char_indices().map(|(at, _)| at).chain([folded.len()]).collect();
    let original: Vec<char> = text.chars().collect();
    let place = |byte: usize| starts.binary_search(&byte).unwrap_or_else(|at| at).min(original.len());
    codes.iter().map(|c| original[place(c.start)..place(c.end)].iter().collect()).collect()
}

/// `0x…`, or capitals with at least two digits: what vendors print, unlike `win10` or `utf8`.
fn looks_official(written: &str) -> bool {
    let hex = written.len() > 3 && written.to_ascii_lowercase().starts_with("0x");
    let digits = written.bytes().filter(u8::is_ascii_digit).count();
    hex || (digits >= 2 && written.is_ascii() && !written.bytes().any(|b| b.is_ascii_lowercase()))
}

/// Runs of ASCII letters and digits, with single `-`, `_` or `.` between them.
fn chunks(text: &str) -> Vec<(usize, usize)> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_alphanumeric() {
            at += 1;
            continue;
        }
        let start = at;
        while at < bytes.len() && (bytes[at].is_ascii_alphanumeric() || joins(bytes, at)) {
            at += 1;
        }
        found.push((start, at));
    }
    found
}

fn joins(bytes: &[u8], at: usize) -> bool {
    matches!(bytes[at], b'-' | b'_' | b'.') && bytes.get(at + 1).is_some_and(u8::is_ascii_alphanumeric)
}

/// No code is longer; longer chunks are paths, keys and other noise.
const LONGEST: usize = 48;

fn read_chunk(chunk: &str, add: &mut impl FnMut(String, Kind)) {
    if chunk.len() > LONGEST {
        return;
    }
    let has_digit = chunk.bytes().any(|b| b.is_ascii_digit());
    let has_letter = chunk.bytes().any(|b| b.is_ascii_lowercase());
    let joined = chunk.contains(['-', '_', '.']);
    if chunk.contains('.') {
        if let Some(stem) = file_stem(chunk) {
            add(stem.into(), Kind::Name);
        }
        add(
            chunk
                .strip_prefix('v')
                .filter(|v| v.starts_with(|c: char| c.is_ascii_digit()))
                .unwrap_or(chunk)
                .into(),
            Kind::Name,
        );
    } else if has_digit && has_letter && !is_hex_literal(chunk) {
        add(unpadded(chunk.replace(['-', '_'], "")), Kind::Code);
    } else if chunk.contains('_') {
        add(chunk.replace(['-', '_'], ""), Kind::Name);
    }
    for atom in chunk.split(['-', '_', '.']) {
        read_atom(atom, joined, add);
    }
}

fn read_atom(atom: &str, joined: bool, add: &mut impl FnMut(String, Kind)) {
    if is_hex_literal(atom) {
        return add(hex_key(&atom[2..]), Kind::Code);
    }
    // `80070005h`; but `24h` are hours.
    if let Some(hex) =
        atom.strip_suffix('h').filter(|hex| hex.len() > 1 && hex.as_bytes()[0].is_ascii_digit())
        && hex.bytes().all(|b| b.is_ascii_hexdigit())
        && (hex.len() >= 4 || hex.bytes().any(|b| b.is_ascii_lowercase()))
    {
        return add(hex_key(hex), Kind::Code);
    }
    let digits = atom.bytes().filter(u8::is_ascii_digit).count();
    let all_hex = atom.bytes().all(|b| b.is_ascii_hexdigit());
    if atom.len() == 8 && all_hex && digits > 0 && !joined {
        add(hex_key(atom), Kind::Code);
    } else if (2..8).contains(&atom.len()) && all_hex && digits > 0 && digits < atom.len() && !joined {
        add(hex_key(atom), Kind::Number);
    }
    // The number inside `MSSQLSERVER_5512` or `kb942486` is how many people remember it.
    let number = atom.trim_start_matches(|c: char| c.is_ascii_lowercase());
    if number.len() >= 3 && number.bytes().all(|b| b.is_ascii_digit()) {
        add(trim_zeros(number).into(), Kind::Number);
    }
}

/// Endings of programs and libraries.
const PROGRAMS: &[&str] =
    &["dll", "exe", "sys", "ocx", "drv", "so", "dylib", "jar", "msi", "cab", "inf", "bin"];

/// `msvcp140` of `msvcp140.dll`: many leave the ending away. Not so with documents: `test1` of a report's `test1.odt`
/// is the name of anything.
fn file_stem(chunk: &str) -> Option<&str> {
    let (stem, ending) = chunk.rsplit_once('.')?;
    let letters = |text: &str| text.bytes().any(|b| b.is_ascii_lowercase());
    let named = stem.bytes().any(|b| b.is_ascii_digit()) && letters(stem) && !stem.contains('.');
    (named && PROGRAMS.contains(&ending)).then_some(stem)
}

/// `ora01017` as `ora1017`: letters, then a number without padding. Others stay as they are.
fn unpadded(key: String) -> String {
    let cut = key.find(|c: char| c.is_ascii_digit()).unwrap_or(key.len());
    let (letters, number) = key.split_at(cut);
    if letters.is_empty() || number.is_empty() || !number.bytes().all(|b| b.is_ascii_digit()) {
        return key;
    }
    format!("{letters}{}", trim_zeros(number))
}

/// `-2147024891` is how some programs print `0x80070005`.
fn signed(chunk: &str, before: &str) -> Option<String> {
    let sign = before.strip_suffix('-')?;
    if chunk.len() != 10 || sign.ends_with(|c: char| c.is_ascii_alphanumeric()) {
        return None;
    }
    let number: i32 = format!("-{chunk}").parse().ok()?;
    Some(format!("0x{:x}", number as u32))
}

fn is_hex_literal(text: &str) -> bool {
    text.len() > 2 && text.starts_with("0x") && text[2..].bytes().all(|b| b.is_ascii_hexdigit())
}

fn hex_key(digits: &str) -> String {
    format!("0x{}", trim_zeros(digits))
}

fn trim_zeros(digits: &str) -> &str {
    let trimmed = digits.trim_start_matches('0');
    if trimmed.is_empty() { "0" } else { trimmed }
}

/// The number a label may stand before: `1814`, or the digits of `0x…` (then true).
fn number_of(chunk: &str) -> Option<(&str, bool)> {
    if is_hex_literal(chunk) {
        return Some((trim_zeros(&chunk[2..]), true));
    }
    chunk.bytes().all(|b| b.is_ascii_digit()).then(|| (trim_zeros(chunk), false))
}

const CHINESE_LABELS: &[&str] = &["错误代码", "错误码", "错误号", "故障码", "代码", "错误", "报错"];

/// What the text just before a number calls it, in one word.
fn label_before<'a>(text: &'a str, chunk: Option<&'a str>) -> Option<(&'a str, Kind)> {
    let text = text.trim_end_matches([' ', ':', '：', '#', '=', '(', '（', '"', '[']);
    if CHINESE_LABELS.iter().any(|label| text.ends_with(label)) {
        return Some(("error", Kind::Labelled));
    }
    if text.ends_with("事件") || text.ends_with("事件 id") || text.ends_with("事件id") {
        return Some(("event", Kind::Labelled));
    }
    let label = chunk.filter(|chunk| text.ends_with(chunk))?;
    match label {
        "error" | "err" | "errors" | "code" | "errno" | "errorcode" => Some(("error", Kind::Labelled)),
        "event" | "eventid" => Some(("event", Kind::Labelled)),
        "id" => {
            text.trim_end_matches("id").trim_end().ends_with("event").then_some(("event", Kind::Labelled))
        }
        _ if label.len() <= 3 && label.bytes().all(|b| b.is_ascii_lowercase()) && !stop::is_stop(label) => {
            Some((label, Kind::Code))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has(text: &str, key: &str) -> bool {
        keys(text).iter().any(|k| k == key)
    }

    #[test]
    fn one_code_in_many_dresses() {
        for text in ["E-1042", "e1042", "Ｅ－１０４２", "报错E-1042连不上", "e 1042", "(E_1042)"] {
            assert!(has(text, "e1042"), "{text}: {:?}", keys(text));
        }
        for text in ["0x7B", "0x0000007b", "蓝屏0x0000007B怎么办"] {
            assert!(has(text, "0x7b"), "{text}");
        }
        for text in ["0x80070005", "80070005", "错误80070005"] {
            assert!(has(text, "0x80070005"), "{text}");
        }
    }

    #[test]
    fn numbers_keep_their_label() {
        assert!(has("EVENT ID: 1814", "event1814") && has("事件 ID 1814", "event1814"));
        assert!(has("报错5512无法连接", "error5512") && has("SQL Server 错误 5512", "error5512"));
        assert!(has("MSSQLSERVER_5512", "5512") && has("MSSQLSERVER_5512", "mssqlserver5512"));
        assert!(has("KB 942486", "kb942486") && has("kb942486", "942486"));
    }

    #[test]
    fn names_and_versions_stay_whole() {
        assert!(
            has("改 Web.config 文件", "web.config") && has("v3.2.1", "3.2.1") && has("版本3.2.1", "3.2.1")
        );
        assert!(has("APC_INDEX_MISMATCH", "apcindexmismatch"));
    }

    /// What articles write, and what people type for it.
    #[test]
    fn every_form_people_type_has_the_articles_key() {
        let forms: &[(&str, &[&str])] = &[
            (
                "0x80070005",
                &[
                    "80070005",
                    "80070005h",
                    "0X80070005",
                    "０ｘ８００７０００５",
                    "錯誤代碼：0x80070005",
                    "(80070005)",
                    "-2147024891",
                    "安装时报-2147024891",
                ],
            ),
            (
                "E-1042",
                &[
                    "E1042",
                    "e-1042",
                    "Ｅ－１０４２",
                    "e 1042",
                    "E_1042",
                    "报错E1042",
                    "e－１０４２",
                    "「E—1042」",
                    "E01042",
                ],
            ),
            (
                "ORA-01017",
                &["ora 1017", "ora-01017", "ORA01017", "ora:01017", "ＯＲＡ－１０１７", "報錯ORA-1017"],
            ),
            ("v3.2.1", &["3.2.1", "3.2.1版", "V3.2.1", "版本３．２．１", "升到v3.2.1后"]),
            ("0x0000007B", &["报错0x7b", "0x7B", "蓝屏７Ｂh", "7Bh"]),
            ("KB5034441", &["kb 5034441", "KB-5034441", "ＫＢ５０３４４４１", "补丁KB5034441", "5034441"]),
            ("ERR_CONNECTION_RESET", &["err_connection_reset", "提示err_connection_reset怎么办"]),
            ("msvcp140.dll", &["MSVCP140.DLL", "缺少msvcp140.dll", "ｍｓｖｃｐ１４０．ｄｌｌ", "msvcp140"]),
            ("错误 1814", &["錯誤1814", "错误代码：1814", "错误１８１４", "error 1814"]),
        ];
        for (article, typed) in forms {
            let known = keys(article);
            for text in *typed {
                let asked = keys(text);
                assert!(
                    asked.iter().any(|key| known.contains(key)),
                    "{text}: {asked:?}, {article}: {known:?}"
                );
            }
        }
    }

    #[test]
    fn what_only_looks_like_another_form_is_none() {
        for (text, key) in
            [("24h", "0x24"), ("12h", "0x12"), ("7 × 24h", "0x24"), ("1-2147024891", "0x80070005")]
        {
            assert!(!has(text, key), "{text}: {:?}", keys(text));
        }
    }

    #[test]
    fn offers_only_official_codes_for_display() {
        assert_eq!(
            display_codes("开票报错 E-1042，win10 上，0x80070005、E-1042、端口 8443"),
            ["E-1042", "0x80070005"]
        );
    }
}
