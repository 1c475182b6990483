//! What a file is by its first bytes, and what its name promises.
use std::fs::File;

use firstline_core::text_enum;

use super::{Flaw, FlawKind, head, rewind};

text_enum! {
    Kind ("kind") {
        Zip = "zip", Gzip = "gzip", Tar = "tar", SevenZip = "7z", Xz = "xz", Bzip2 = "bzip2", Zstd = "zstd", Rar = "rar",
        Pdf = "pdf", Png = "png", Jpeg = "jpeg", Gif = "gif", Mp4 = "mp4", Matroska = "matroska", Ogg = "ogg", Wav = "wav",
        Windows = "windows program", Compound = "compound document", Deb = "deb", Rpm = "rpm", Elf = "linux program",
        Text = "text", Other = "other",
    }
}

/// Bytes looked at; the mark of a tar lies at 257.
const HEAD: usize = 64 * 1024;

/// The file's kind, where its name does not promise another one.
pub fn of_file(file: &mut File, size: u64, name: &str) -> Result<Kind, Flaw> {
    rewind(file)?;
    let head = head(file, HEAD, "")?;
    let kind = of(&head);
    let promised = promised(name);
    let fits = match promised {
        [] => true,
        [Kind::Text] => kind == Kind::Other && is_text(&head),
        kinds => kinds.contains(&kind),
    };
    if fits {
        return Ok(if promised == [Kind::Text] { Kind::Text } else { kind });
    }
    let names: Vec<&str> = promised.iter().map(|k| k.as_str()).collect();
    let detail = format!("the name says {}, the first of {size} bytes say {kind}", names.join(" or "));
    Err(Flaw::new(FlawKind::OtherKind, "", detail))
}

/// By the first bytes alone.
pub fn of(head: &[u8]) -> Kind {
    let at = |offset: usize, mark: &[u8]| head.get(offset..).is_some_and(|rest| rest.starts_with(mark));
    let marks: [(usize, &[u8], Kind); 22] = [
        (0, b"PK\x03\x04", Kind::Zip),
        (0, b"PK\x05\x06", Kind::Zip),
        (0, b"\x1f\x8b", Kind::Gzip),
        (257, b"ustar", Kind::Tar),
        (0, b"7z\xbc\xaf\x27\x1c", Kind::SevenZip),
        (0, b"\xfd7zXZ\0", Kind::Xz),
        (0, b"BZh", Kind::Bzip2),
        (0, b"\x28\xb5\x2f\xfd", Kind::Zstd),
        (0, b"Rar!\x1a\x07", Kind::Rar),
        (0, b"%PDF-", Kind::Pdf),
        (0, b"\x89PNG\r\n\x1a\n", Kind::Png),
        (0, b"\xff\xd8\xff", Kind::Jpeg),
        (0, b"GIF8", Kind::Gif),
        (4, b"ftyp", Kind::Mp4),
        (0, b"\x1a\x45\xdf\xa3", Kind::Matroska),
        (0, b"OggS", Kind::Ogg),
        (8, b"WAVE", Kind::Wav),
        (0, b"MZ", Kind::Windows),
        (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Kind::Compound),
        (0, b"!<arch>\n", Kind::Deb),
        (0, b"\xed\xab\xee\xdb", Kind::Rpm),
        (0, b"\x7fELF", Kind::Elf),
    ];
    marks.iter().find(|(offset, mark, _)| at(*offset, mark)).map_or(Kind::Other, |(_, _, kind)| *kind)
}

/// What the end of a name promises; nothing where names of that end hold anything.
fn promised(name: &str) -> &'static [Kind] {
    let end = name.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase()).unwrap_or_default();
    match end.as_str() {
        "zip" | "jar" | "war" | "apk" | "docx" | "xlsx" | "pptx" | "vsix" | "nupkg" => &[Kind::Zip],
        "gz" | "tgz" => &[Kind::Gzip],
        "tar" => &[Kind::Tar],
        "7z" => &[Kind::SevenZip],
        "xz" => &[Kind::Xz],
        "bz2" => &[Kind::Bzip2],
        "zst" => &[Kind::Zstd],
        "rar" => &[Kind::Rar],
        "pdf" => &[Kind::Pdf],
        "png" => &[Kind::Png],
        "jpg" | "jpeg" => &[Kind::Jpeg],
        "gif" => &[Kind::Gif],
        "mp4" | "m4v" | "m4a" | "mov" => &[Kind::Mp4],
        "webm" | "mkv" => &[Kind::Matroska],
        "ogg" | "oga" => &[Kind::Ogg],
        "wav" => &[Kind::Wav],
        "exe" | "dll" => &[Kind::Windows],
        "msi" | "msp" | "doc" | "xls" | "ppt" => &[Kind::Compound],
        "deb" => &[Kind::Deb],
        "rpm" => &[Kind::Rpm],
        "txt" | "md" | "markdown" | "csv" | "json" | "htm" | "html" | "log" | "minisig" | "xml" | "toml"
        | "yaml" | "yml" | "sha256" => &[Kind::Text],
        _ => &[],
    }
}

/// No byte that no text has; UTF-16 is known by its mark.
fn is_text(head: &[u8]) -> bool {
    let utf16 = head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]);
    utf16 || !head.iter().any(|b| matches!(b, 0..=8 | 14..=26 | 28..=31))
}
