//! What holds for every file, checked on random ones that an independent printer wrote.

use std::net::{Ipv4Addr, Ipv6Addr};

use portolan_flow::{
    Column, Field, FieldType, Layout, Reader, TextLines, Value, message_lines, read_envelope,
    read_trail,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

/// A value and how AWS writes it.
#[derive(Clone, Debug)]
struct Cell {
    text: String,
    value: Owned,
}

/// What a value should be read as.
#[derive(Clone, Debug, PartialEq)]
enum Owned {
    Absent,
    Number(u64),
    V4([u8; 4]),
    V6([u16; 8]),
    Text(String),
}

impl From<Value<'_>> for Owned {
    fn from(value: Value<'_>) -> Self {
        match value {
            Value::Absent => Self::Absent,
            Value::Byte(number) => Self::Number(number.into()),
            Value::Port(number) => Self::Number(number.into()),
            Value::Integer(number) => Self::Number(number.try_into().unwrap()),
            Value::Ipv4(address) => Self::V4(address.octets()),
            Value::Ipv6(address) => Self::V6(address.segments()),
            Value::Text(text) => Self::Text(text.to_owned()),
        }
    }
}

fn number(number: u64) -> Cell {
    Cell { text: format!("{number}"), value: Owned::Number(number) }
}

/// Returns values of a type, and now and then none.
fn cell(field_type: FieldType) -> BoxedStrategy<Cell> {
    let present = match field_type {
        FieldType::Byte => any::<u8>().prop_map(|it| number(it.into())).boxed(),
        FieldType::Port => any::<u16>().prop_map(|it| number(it.into())).boxed(),
        FieldType::Integer | FieldType::Seconds => {
            prop_oneof![0..100_000_u64, 0..=i64::MAX.unsigned_abs()].prop_map(number).boxed()
        }
        FieldType::Address => prop_oneof![
            3 => any::<[u8; 4]>().prop_map(|it| Cell { text: Ipv4Addr::from(it).to_string(), value: Owned::V4(it) }),
            1 => any::<[u16; 8]>().prop_map(|it| Cell { text: Ipv6Addr::from(it).to_string(), value: Owned::V6(it) }),
        ]
        .boxed(),
        FieldType::Word | FieldType::Text => "[!-,.-~é]{1,30}|[!-~]{2,9}"
            .prop_map(|text| Cell { text: text.clone(), value: Owned::Text(text) })
            .boxed(),
    };
    let absent = Just(Cell { text: "-".to_owned(), value: Owned::Absent });
    prop_oneof![9 => present, 1 => absent].boxed()
}

/// Returns some fields in any order, perhaps with one of a later version.
fn names() -> impl Strategy<Value = Vec<String>> {
    let known = subsequence(Field::ALL, 1..20).prop_shuffle();
    (known, any::<bool>()).prop_map(|(fields, has_later)| {
        let later = has_later.then_some("field-of-tomorrow");
        fields.iter().map(|it| it.text_name()).chain(later).map(str::to_owned).collect()
    })
}

/// Returns a layout and rows of it.
fn table() -> impl Strategy<Value = (Vec<String>, Vec<Vec<Cell>>)> {
    names().prop_flat_map(|names| {
        let types = names.iter().map(|it| {
            Field::ALL
                .iter()
                .find(|field| field.text_name() == it)
                .map_or(FieldType::Text, |it| it.field_type())
        });
        let row: Vec<_> = types.map(cell).collect();
        (Just(names), vec(row, 0..8))
    })
}

proptest! {
    #[test]
    fn what_was_written_is_read(
        (names, rows) in table(),
        end in select(vec!["\n", "\r\n"]),
        space in select(vec![" ", "  "]),
        has_mark: bool,
    ) {
        let mark = if has_mark { "\u{feff}" } else { "" };
        let mut text = format!("{mark}{}{end}", names.join(" "));
        for row in &rows {
            let cells: Vec<_> = row.iter().map(|it| it.text.as_str()).collect();
            text += &cells.join(space);
            text += end;
        }
        let layout = Layout::parse(&names.join(" ")).unwrap();
        // Of two names of which one is unknown, neither speaks for a header.
        if names.len() > 2 {
            prop_assert_eq!(Layout::detect(text.as_bytes()), Some(layout.clone()));
        }
        let mut reader = Reader::of(&layout, TextLines::of(text.as_bytes()));
        for row in &rows {
            let record = reader.next_record().unwrap().map_err(|it| TestCaseError::fail(it.to_string()))?;
            let found: Vec<_> = record.values().iter().map(|it| Owned::from(*it)).collect();
            let expected: Vec<_> = row.iter().map(|it| it.value.clone()).collect();
            prop_assert_eq!(found, expected);
            let line: Vec<_> = row.iter().map(|it| it.text.as_str()).collect();
            prop_assert_eq!(record.to_string(), line.join(" "));
        }
        prop_assert!(reader.next_record().is_none());
        prop_assert_eq!(reader.counts().records, rows.len() as u64);
    }

    /// Whatever else is in a file, each line is counted once, and those that are right are read.
    #[test]
    fn every_line_is_counted(
        (names, rows) in table(),
        noise in vec(vec(prop_oneof![any::<u8>(), select(b" -0123456789.:".as_slice())], 0..40), 0..8),
    ) {
        let layout = Layout::parse(&names.join(" ")).unwrap();
        let rows = rows.iter().map(|row| {
            let cells: Vec<_> = row.iter().map(|it| it.text.as_str()).collect();
            cells.join(" ").into_bytes()
        });
        let good = rows.len() as u64;
        let text = rows.chain(noise).collect::<Vec<_>>().join(&b'\n');
        let mut reader = Reader::of(&layout, TextLines::of(&text));
        let (mut records, mut rejects) = (0, 0);
        while let Some(read) = reader.next_record() {
            match read {
                Ok(record) => {
                    prop_assert_eq!(record.values().len(), layout.columns().len());
                    records += 1;
                }
                Err(reject) => {
                    prop_assert!(reject.span.end <= reject.line.len());
                    let start = usize::try_from(reject.place.offset).unwrap();
                    prop_assert!(text[start..].starts_with(reject.line));
                    rejects += 1;
                }
            }
        }
        let counts = reader.counts();
        let whole = text.strip_suffix(b"\n").unwrap_or(&text);
        let lines = if text.is_empty() { 0 } else { whole.split(|it| *it == b'\n').count() as u64 };
        prop_assert_eq!((counts.records, counts.rejects), (records, rejects));
        prop_assert!(records >= good);
        prop_assert_eq!(counts.lines(), lines);
    }

    #[test]
    fn blocks_make_no_difference((_, rows) in table(), size in 1..200_usize) {
        let lines = rows.iter().map(|row| {
            let cells: Vec<_> = row.iter().map(|it| it.text.as_str()).collect();
            cells.join(" ") + "\n"
        });
        let text = lines.collect::<String>();
        let whole: Vec<_> = TextLines::of(text.as_bytes()).collect();
        let mut in_blocks = Vec::new();
        let mut rest = text.as_bytes();
        let mut place = portolan_flow::Place::START;
        while !rest.is_empty() {
            let block = &rest[..size.min(rest.len())];
            let end = match portolan_flow::whole_lines(block) {
                // A line that is longer than a block.
                0 => rest.iter().position(|it| *it == b'\n').map_or(rest.len(), |it| it + 1),
                end => end,
            };
            let mut lines = TextLines::resume(&rest[..end], place);
            in_blocks.extend(lines.by_ref());
            place = lines.place();
            rest = &rest[end..];
        }
        prop_assert_eq!(in_blocks, whole);
    }

    #[test]
    fn messages_of_an_envelope_are_those_that_were_put_in(
        messages in vec("[ -~é\"\\\\]{0,40}", 0..6),
        times in vec(0..i64::MAX, 6),
    ) {
        let events: Vec<_> = messages.iter().zip(&times).map(|(message, time)| {
            serde_json::json!({"id": "1", "timestamp": time, "message": message})
        }).collect();
        let json = serde_json::json!({"messageType": "DATA_MESSAGE", "logEvents": events}).to_string();
        let (batches, errors) = read_envelope(json.as_bytes());
        prop_assert_eq!(errors, []);
        let found: Vec<_> = message_lines(&batches).map(|it| (it.text.unwrap().to_owned(), it.timestamp.unwrap())).collect();
        let expected: Vec<_> = messages.into_iter().zip(times).filter(|(message, _)| !message.is_empty()).collect();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn no_bytes_make_it_panic(bytes: Vec<u8>) {
        let layout = Layout::detect(&bytes).unwrap_or_else(|| Layout::parse("srcaddr dstport").unwrap());
        let mut reader = Reader::of(&layout, TextLines::of(&bytes));
        while let Some(read) = reader.next_record() {
            read.map_or_else(|it| it.to_string(), ToString::to_string);
        }
        read_envelope(&bytes);
        read_trail(&bytes);
    }
}

#[test]
fn a_column_of_tomorrow_is_text() {
    let layout = Layout::parse("srcport field-of-tomorrow").unwrap();
    assert_eq!(layout.columns()[1], Column::Unknown("field-of-tomorrow".into()));
    assert_eq!(layout.columns()[1].column_name(), "field_of_tomorrow");
}
