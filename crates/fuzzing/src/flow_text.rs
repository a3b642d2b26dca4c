//! Flow logs as text.

use portolan_flow::{
    Content, KeyHints, Layout, LogKind, Reader, Record, TextLines, decode_tag, export_lines,
};

/// Reads the bytes as a file of a flow log, and as a name of one.
///
/// Each line must be counted once, a record must survive being written and read again, and a reject must point into its line.
pub fn flow_text(bytes: &[u8]) {
    let layout = Layout::detect(bytes).unwrap_or_else(|| Layout::default_of(LogKind::Vpc));
    assert_eq!(Layout::parse(&layout.to_string()).as_ref(), Ok(&layout));
    if Content::of(bytes) == Content::Export {
        let mut reader = Reader::of(&layout, export_lines(TextLines::of(bytes)));
        while reader.next_record().is_some() {}
    }
    read(&layout, bytes);
    if let Ok(text) = str::from_utf8(bytes) {
        KeyHints::of(text);
        assert!(decode_tag(text).chars().count() <= text.chars().count());
    }
}

fn read(layout: &Layout, bytes: &[u8]) {
    let mut reader = Reader::of(layout, TextLines::of(bytes));
    let (mut records, mut rejects) = (0, 0);
    while let Some(read) = reader.next_record() {
        match read {
            Ok(record) => {
                let written = record.to_string();
                let mut rewritten = Record::default();
                assert_eq!(rewritten.read(layout, &written), Ok(()));
                assert_eq!(rewritten.to_string(), written);
                assert_eq!(record, &rewritten);
                records += 1;
            }
            Err(reject) => {
                assert!(reject.span.end <= reject.line.len(), "{reject}");
                rejects += 1;
            }
        }
    }
    let counts = reader.counts();
    assert_eq!((counts.records, counts.rejects), (records, rejects));
    if reader.next_layout().is_none() {
        let text = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
        let whole = text.strip_suffix(b"\n").unwrap_or(text);
        let lines = if text.is_empty() { 0 } else { whole.split(|it| *it == b'\n').count() as u64 };
        assert_eq!(counts.lines(), lines);
    }
}
