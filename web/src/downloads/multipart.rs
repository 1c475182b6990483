//! `multipart/byteranges` (RFC 9110, 14.6): several parts in one answer.
use std::collections::VecDeque;

use bytes::Bytes;

use super::body::Piece;
use super::range::Part;

/// The pieces to send and their length together. The boundary is of our making; that it does not occur in the
/// bytes is as certain as 128 random bits make it.
pub fn pieces(parts: &[Part], size: u64, media_type: &str, boundary: &str) -> (VecDeque<Piece>, u64) {
    let mut pieces = VecDeque::new();
    let mut length = 0;
    for part in parts {
        let head = format!(
            "\r\n--{boundary}\r\nContent-Type: {media_type}\r\nContent-Range: bytes {}-{}/{size}\r\n\r\n",
            part.first, part.last
        );
        length += head.len() as u64 + part.len();
        pieces.push_back(Piece::Text(Bytes::from(head)));
        pieces.push_back(Piece::File { at: part.first, len: part.len() });
    }
    let end = format!("\r\n--{boundary}--\r\n");
    length += end.len() as u64;
    pieces.push_back(Piece::Text(Bytes::from(end)));
    (pieces, length)
}
