//! What bytes are, by what is in them.
//!
//! Names are hints that people change; the first bytes are not. So a name never decides.

use crate::line;
use crate::scan;

/// How far into a document its kind is looked for.
const LOOK: usize = 4096;

/// What a file holds.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Content {
    /// Nothing but white space.
    Empty,
    /// Something compressed with gzip (RFC 1952).
    Gzip,
    /// Something compressed with zstd (RFC 8878).
    Zstd,
    /// Columns in Apache Parquet.
    Parquet,
    /// JSON with events of CloudTrail: see [`read_trail`](crate::read_trail).
    Trail,
    /// JSON with messages of CloudWatch Logs: see [`read_envelope`](crate::read_envelope).
    Envelope,
    /// Lines that CloudWatch Logs exported to S3: see [`export_lines`](crate::export_lines).
    Export,
    /// Lines of text.
    Text,
    /// None of these: bytes that no text has.
    Unknown,
}

/// The first bytes of what is no text.
static MAGIC: &[(&[u8], Content)] = &[
    (b"\x1f\x8b", Content::Gzip),
    (b"\x28\xb5\x2f\xfd", Content::Zstd),
    (b"PAR1", Content::Parquet),
];

/// The names that only documents of CloudTrail have.
static TRAIL_NAMES: &[&[u8]] = &[b"\"Records\"", b"\"eventVersion\""];

impl Content {
    /// Returns what begins with these bytes; a few kilobytes are enough.
    ///
    /// What is inside something compressed is found by asking again after it is decompressed.
    pub fn of(start: &[u8]) -> Self {
        let magic = MAGIC.iter().find(|(magic, _)| start.starts_with(magic));
        magic.map_or_else(|| text_content(scan::without_mark(start)), |(_, content)| *content)
    }
}

fn text_content(text: &[u8]) -> Content {
    let start = text.get(..LOOK).unwrap_or(text);
    match start.trim_ascii_start() {
        [] if start.len() == text.len() => Content::Empty,
        json @ [b'{' | b'[', ..] if is_trail(json) => Content::Trail,
        [b'{' | b'[', ..] => Content::Envelope,
        _ if start.contains(&0) => Content::Unknown,
        text => match scan::lines(text).next() {
            Some(line) if line::is_exported(line) => Content::Export,
            _ => Content::Text,
        },
    }
}

fn is_trail(json: &[u8]) -> bool {
    TRAIL_NAMES.iter().any(|name| memchr::memmem::find(json, name).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(start: &[u8], expected: Content) {
        assert_eq!(Content::of(start), expected, "{}", start.escape_ascii());
    }

    #[test]
    fn files_are_known_by_their_first_bytes() {
        check(b"", Content::Empty);
        check(b" \r\n", Content::Empty);
        check(b"\x1f\x8b\x08\x00", Content::Gzip);
        check(b"\x28\xb5\x2f\xfd\x24", Content::Zstd);
        check(b"PAR1\x15\x00", Content::Parquet);
        check(b"2 123456789010 eni-1", Content::Text);
        check(b"\xef\xbb\xbfversion account-id", Content::Text);
        check(b"2014-11-13T07:43:45.000Z 2 123456789010 eni-1", Content::Export);
        check(b"MZ\x00\x01", Content::Unknown);
    }

    #[test]
    fn json_is_of_two_kinds() {
        check(b"{\"Records\":[]}", Content::Trail);
        check(b"\n{\"eventVersion\":\"1.09\"}", Content::Trail);
        check(b"{\"detail\": {\"eventVersion\":\"1.09\"}}", Content::Trail);
        check(b"{\"messageType\":\"DATA_MESSAGE\"}", Content::Envelope);
        check(b"[{\"message\":\"{\\\"eventVersion\\\":\\\"1.09\\\"}\"}]", Content::Envelope);
    }
}
