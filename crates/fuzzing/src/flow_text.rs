//! Flow logs as text.

use std::net::Ipv6Addr;

use portolan_flow::{
    Cells, Content, Cutter, FieldType, KeyHints, Layout, LogKind, Reader, Record, TextLines, Value,
    decode_tag, export_lines,
};

/// Reads the bytes as a file of a flow log, and as a name of one.
///
/// Each line must be counted once, a record must survive being written and read again, a reject must point into its line, and what
/// is read column by column must be what is read line by line.
pub fn flow_text(bytes: &[u8]) {
    let layout = Layout::detect(bytes).unwrap_or_else(|| Layout::default_of(LogKind::Vpc));
    assert_eq!(Layout::parse(&layout.to_string()).as_ref(), Ok(&layout));
    if Content::of(bytes) == Content::Export {
        let mut reader = Reader::of(&layout, export_lines(TextLines::of(bytes)));
        while reader.next_record().is_some() {}
    }
    read(&layout, bytes);
    read_columns(&layout, bytes);
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

/// Reads lines that are as usual column by column.
fn read_columns(layout: &Layout, bytes: &[u8]) {
    let mut cutter = Cutter::default();
    let Some(cells) = cutter.cut(bytes, 0..bytes.len(), layout) else { return };
    let columns = layout.columns().iter().enumerate();
    let columns = columns.map(|(index, column)| column_of(cells, index, column.field_type()));
    let Some(columns) = columns.collect::<Option<Vec<_>>>() else { return };
    let mut reader = Reader::of(layout, TextLines::of(bytes));
    for row in 0..cells.rows() {
        let values: Vec<_> = columns.iter().filter_map(|it| it.get(row)).copied().collect();
        let read = reader.next_record();
        assert_eq!(read.and_then(Result::ok).map(Record::values), Some(values.as_slice()));
    }
    assert!(reader.next_record().is_none());
}

/// Returns the values of a column, if each is one.
fn column_of<'a>(cells: Cells<'a>, column: usize, kind: FieldType) -> Option<Vec<Value<'a>>> {
    let found: Vec<Option<Value<'a>>> = match kind {
        FieldType::Address => cells.addresses(column).map(|it| it.map(Value::Ipv4)).collect(),
        FieldType::Port => cells.numbers(column).map(|it| it.map(Value::Port)).collect(),
        FieldType::Byte => cells.numbers(column).map(|it| it.map(Value::Byte)).collect(),
        FieldType::Integer | FieldType::Seconds => {
            cells.numbers(column).map(|it| it.map(Value::Integer)).collect()
        }
        FieldType::Word | FieldType::Text => vec![None; cells.rows()],
    };
    let value = |(row, found): (usize, Option<Value<'a>>)| {
        let text = cells.text(row, column);
        match kind {
            _ if text == "-" => Some(Value::Absent),
            FieldType::Word | FieldType::Text => Some(Value::Text(text)),
            FieldType::Address => found.or_else(|| text.parse::<Ipv6Addr>().ok().map(Value::Ipv6)),
            _ => found,
        }
    };
    found.into_iter().enumerate().map(value).collect()
}
