//! Queries in the language of CloudWatch Logs Insights.

use portolan_query::{
    Kind, KnownField, Options, Parsed, Query, Vocabulary, complete, format, parse,
};
use portolan_testkit::evaluate::{Row, Value, World, evaluate};

/// Fields of each kind, some with names of several words.
static FIELDS: &[(&str, &str, Kind)] = &[
    ("@timestamp", "time stamp", Kind::Time),
    ("@message", "", Kind::Text),
    ("srcAddr", "source ip", Kind::Address),
    ("dstPort", "destination port", Kind::Integer),
    ("bytes", "", Kind::Integer),
    ("startTime", "start, start time", Kind::Seconds),
    ("action", "", Kind::Text),
];

/// Reads, checks, formats, completes and runs a query.
///
/// Whatever the text is, everything that is said about it points into it; a query that can be read has one canonical form,
/// which can be read again; and what is valid runs.
pub fn query_text(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    let vocabulary = vocabulary();
    let parsed = parse(text, &vocabulary, Options::default());
    for label in parsed.diagnostics.iter().flat_map(|it| &it.labels) {
        assert!(text.get(label.span.start..label.span.end).is_some(), "{label:?}");
    }
    for completion in complete(text, text.len() / 2, &vocabulary) {
        assert!(text.get(completion.span.start..completion.span.end).is_some(), "{completion:?}");
    }
    canonical(text, &vocabulary);
    if !parsed.has_errors() {
        run(&parsed);
    }
}

fn vocabulary() -> Vocabulary {
    Vocabulary::new(FIELDS.iter().map(|(name, aliases, kind)| KnownField {
        name: String::from(*name),
        aliases: aliases.split(", ").map(String::from).collect(),
        kind: *kind,
        summary: String::new(),
    }))
}

/// Checks that the canonical form is one.
fn canonical(text: &str, vocabulary: &Vocabulary) {
    let Ok(formatted) = format(text, vocabulary) else { return };
    assert_eq!(format(&formatted, vocabulary).as_ref(), Ok(&formatted), "{text}");
}

/// Runs a valid query on a few rows.
fn run(parsed: &Parsed<Query>) {
    let row = |number: i64| -> Row {
        let values = [
            ("@timestamp", Value::Time(number * 1000)),
            ("@message", Value::text(format!("{{\"a\":[{number}]}}"))),
            ("bytes", if number == 2 { Value::Missing } else { Value::Integer(number) }),
            ("action", Value::text("ACCEPT")),
        ];
        values.map(|(name, value)| (String::from(name), value)).into()
    };
    let rows: Vec<_> = (0..4).map(row).collect();
    let world = World { now: 10_000, window: 0..10_000, ..World::default() };
    let answer = evaluate(&parsed.value, &rows, &world);
    assert!(answer.rows.iter().all(|row| row.len() == parsed.value.columns.len()));
}
