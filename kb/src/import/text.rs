//! Text as files come: UTF-8 with or without a mark, UTF-16 with one, or GBK as Chinese sheets are saved.
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use encoding_rs::{CoderResult, Decoder, DecoderResult, Encoding, GB18030, UTF_8};

const CHUNK: usize = 64 * 1024;
const UNREADABLE: &str = "is neither UTF-8 nor GBK text; save it as UTF-8";

/// All of a text file's bytes as text.
pub(crate) fn decode(bytes: &[u8]) -> Result<String, String> {
    let candidates = Encoding::for_bom(bytes).map_or([UTF_8, GB18030], |(encoding, _)| [encoding, encoding]);
    candidates
        .iter()
        .find_map(|encoding| {
            let (text, _, malformed) = encoding.decode(bytes);
            (!malformed).then(|| text.into_owned())
        })
        .ok_or_else(|| UNREADABLE.to_string())
}

/// The encoding of a file, found by reading it once; the file is at its beginning again afterwards.
fn detect(file: &mut File) -> io::Result<Option<&'static Encoding>> {
    let mut head = [0; 4];
    let read = file.read(&mut head)?;
    file.rewind()?;
    if let Some((encoding, _)) = Encoding::for_bom(&head[..read]) {
        return Ok(Some(encoding));
    }
    for encoding in [UTF_8, GB18030] {
        let fits = is_valid(file, encoding)?;
        file.seek(SeekFrom::Start(0))?;
        if fits {
            return Ok(Some(encoding));
        }
    }
    Ok(None)
}

fn is_valid(file: &mut File, encoding: &'static Encoding) -> io::Result<bool> {
    let mut decoder = encoding.new_decoder();
    let mut input = vec![0; CHUNK];
    let mut output = vec![0; CHUNK * 4];
    loop {
        let read = file.read(&mut input)?;
        let (result, _, _) =
            decoder.decode_to_utf8_without_replacement(&input[..read], &mut output, read == 0);
        if !matches!(result, DecoderResult::InputEmpty) {
            return Ok(false);
        }
        if read == 0 {
            return Ok(true);
        }
    }
}

/// A file as UTF-8, decoded while it is read.
pub(super) struct Utf8Reader {
    file: File,
    decoder: Decoder,
    input: Vec<u8>,
    /// Bytes of `input` not decoded yet.
    pending: std::ops::Range<usize>,
    ended: bool,
    /// Bytes of the file read so far.
    pub consumed: u64,
}

impl Utf8Reader {
    pub fn open(mut file: File) -> Result<Utf8Reader, String> {
        let unreadable = |e: io::Error| format!("cannot be read: {e}");
        let encoding = detect(&mut file).map_err(unreadable)?.ok_or(UNREADABLE)?;
        let decoder = encoding.new_decoder();
        Ok(Utf8Reader { file, decoder, input: vec![0; CHUNK], pending: 0..0, ended: false, consumed: 0 })
    }
}

impl Read for Utf8Reader {
    fn read(&mut self, output: &mut [u8]) -> io::Result<usize> {
        loop {
            if self.pending.is_empty() && !self.ended {
                let read = self.file.read(&mut self.input)?;
                self.consumed += read as u64;
                self.pending = 0..read;
                self.ended = read == 0;
            }
            let input = &self.input[self.pending.clone()];
            let (result, used, written, _) = self.decoder.decode_to_utf8(input, output, self.ended);
            self.pending.start += used;
            let done = self.ended && matches!(result, CoderResult::InputEmpty);
            if written > 0 || done || (used == 0 && matches!(result, CoderResult::OutputFull)) {
                return Ok(written);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_encodings_sheets_come_in() {
        let text = "问题,答案\n打印机无法打印,重装驱动\n";
        let gbk = GB18030.encode(text).0.into_owned();
        let marked = format!("\u{feff}{text}").into_bytes();
        for bytes in [text.as_bytes().to_vec(), gbk, marked] {
            assert_eq!(decode(&bytes).as_deref(), Ok(text));
        }
        assert!(decode(&[0xff, 0xff, 0xff]).is_err());
    }
}
