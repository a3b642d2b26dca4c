//! The splitter against what `serde_json` sees, and the files that it must refuse.

use proptest::prelude::*;
use serde_json::Value;

use super::*;

/// Wants the values under `take` and looks into `enter`.
#[derive(Default)]
struct Recorder {
    pieces: Vec<(String, Mark, Option<String>)>,
    lists: Vec<String>,
    documents: usize,
}

fn treatment(key: &str) -> Treatment {
    match key {
        "take" | "t\"\\\n" => Treatment::Take,
        "enter" => Treatment::Enter,
        _ => Treatment::Skip,
    }
}

impl Visitor for Recorder {
    fn treat(&mut self, path: &Path) -> Treatment {
        path.keys().last().map_or(Treatment::Skip, treatment)
    }

    fn list(&mut self, path: &Path) {
        self.lists.push(path.to_string());
    }

    fn piece(&mut self, piece: Piece<'_>) {
        let text = piece.bytes.map(|bytes| String::from_utf8(bytes.to_vec()).expect("UTF-8"));
        self.pieces.push((piece.path.to_string(), piece.mark, text));
    }

    fn end_of_document(&mut self) {
        self.documents += 1;
    }
}

/// Gives a text in pieces of the given sizes, over and over.
struct Trickle<'a> {
    rest: &'a [u8],
    sizes: std::iter::Cycle<std::slice::Iter<'a, usize>>,
}

impl Read for Trickle<'_> {
    fn read(&mut self, room: &mut [u8]) -> std::io::Result<usize> {
        let size = self.sizes.next().copied().unwrap_or(1).min(self.rest.len()).min(room.len());
        let (now, rest) = self.rest.split_at(size);
        room[..size].copy_from_slice(now);
        self.rest = rest;
        Ok(size)
    }
}

fn split(text: &[u8], sizes: &[usize]) -> (Recorder, Result<(), Fault>) {
    let mut recorder = Recorder::default();
    let input = Trickle { rest: text, sizes: sizes.iter().cycle() };
    let result = Splitter::new(input).run(&mut recorder);
    (recorder, result)
}

/// What the splitter should find, told from the parsed document.
fn expected(value: &Value, path: &Path, found: &mut Vec<(String, Value)>) {
    let child = |step| path.join(&Path(vec![step]));
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                let path = child(Step::Key(key.clone()));
                match (treatment(key), value) {
                    (Treatment::Take, Value::Array(elements)) => {
                        found.extend(elements.iter().enumerate().map(|(index, element)| {
                            let index = Path(vec![Step::Index(index as u64)]);
                            (path.join(&index).to_string(), element.clone())
                        }));
                    }
                    (Treatment::Take, Value::Null) | (Treatment::Skip, _) => {}
                    (Treatment::Take, value) => found.push((path.to_string(), value.clone())),
                    (Treatment::Enter, value) => expected(value, &path, found),
                }
            }
        }
        Value::Array(elements) => {
            for (index, element) in elements.iter().enumerate() {
                expected(element, &child(Step::Index(index as u64)), found);
            }
        }
        _ => {}
    }
}

fn key() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("take".to_owned()),
        Just("enter".to_owned()),
        Just("t\"\\\n".to_owned()),
        "[a-z{}\\[\\]\",\\\\é]{0,4}",
    ]
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<i16>().prop_map(|eighths| Value::from(f64::from(eighths) / 8.0)),
        "[a-z{}\\[\\]\",:\\\\é\n]{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 48, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((key(), inner), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Counts the line and column of a place one byte at a time.
fn naive_mark(text: &[u8], offset: u64) -> Mark {
    let mut mark = Mark::START;
    for byte in &text[..usize::try_from(offset).expect("a small text")] {
        mark.offset += 1;
        if *byte == b'\n' {
            mark.line += 1;
            mark.column = 1;
        } else {
            mark.column += 1;
        }
    }
    mark
}

proptest! {
    /// Cut into any chunks, in one line or in many, the splitter finds what the parser sees, and where.
    #[test]
    fn finds_what_a_parser_sees(
        documents in prop::collection::vec(json(), 0..4),
        is_pretty in any::<bool>(),
        sizes in prop::collection::vec(1_usize..40, 1..8),
    ) {
        let print = if is_pretty { serde_json::to_string_pretty } else { serde_json::to_string };
        let texts: Vec<String> = documents.iter().map(|one| print(one).expect("JSON")).collect();
        let text = texts.join("\n");
        let (recorder, result) = split(text.as_bytes(), &sizes);
        prop_assert!(result.is_ok(), "{:?} in {}", result, text);
        prop_assert_eq!(recorder.documents, documents.len());

        let mut wanted = Vec::new();
        for document in &documents {
            expected(document, &Path::default(), &mut wanted);
        }
        let found: Vec<(String, Value)> = recorder
            .pieces
            .iter()
            .map(|(path, _, text)| {
                let text = text.as_ref().expect("small pieces");
                (path.clone(), serde_json::from_str(text).expect("JSON"))
            })
            .collect();
        prop_assert_eq!(found, wanted);
        for (_, mark, piece) in &recorder.pieces {
            let offset = usize::try_from(mark.offset).expect("a small text");
            prop_assert!(text[offset..].starts_with(piece.as_deref().expect("small pieces")));
            prop_assert_eq!(*mark, naive_mark(text.as_bytes(), mark.offset));
        }
    }

    /// Bytes of any kind end in a result.
    #[test]
    fn survives_any_bytes(text in "[{}\\[\\]\",:\\\\a1 \n]{0,60}", sizes in prop::collection::vec(1_usize..9, 1..4)) {
        let (whole, _) = split(text.as_bytes(), &[usize::MAX]);
        let (parts, _) = split(text.as_bytes(), &sizes);
        prop_assert_eq!(whole.pieces, parts.pieces);
    }
}

#[track_caller]
fn check_fault(text: &[u8], expected: &str) {
    let (_, result) = split(text, &[7]);
    let Fault { mark, reason, .. } = result.expect_err("the text is broken");
    assert_eq!(format!("{}:{} {reason}", mark.line, mark.column), expected);
}

#[test]
fn says_where_a_file_is_broken() {
    check_fault(b"{\"take\": [1, 2", "1:15 the file ends in the middle of a value");
    check_fault(b"{\"take\": [\n{\"a\": \"b", "2:9 the file ends in the middle of a value");
    check_fault(b"{\n  take: 1}", "2:3 expected a key in quotes, found `t`");
    check_fault(b"{\"take\" 1}", "1:9 expected `:`, found `1`");
    check_fault(b"{\"a\": 1 \"b\": 2}", "1:9 expected `,` or the closing bracket, found `\"`");
    check_fault(b"{\"a\": }", "1:7 expected a value, found `}`");
    check_fault(b"{\"a\": [1}}", "1:9 expected the other closing bracket, found `}`");
    check_fault(b"{\"a\": \x01}", "1:7 expected a value, found the byte 0x01");
    check_fault(b"\xff\xfe{\x00", "1:1 the file is UTF-16, not UTF-8");
}

#[test]
fn bounds_the_nesting() {
    let nested = |depth: usize| format!("{{\"a\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
    assert!(split(nested(127).as_bytes(), &[100]).1.is_ok());
    check_fault(nested(128).as_bytes(), "1:133 lists and objects are nested more than 127 deep");
    check_fault(
        "[".repeat(1_000_000).as_bytes(),
        "1:136 lists and objects are nested more than 127 deep",
    );
}

#[test]
fn goes_on_after_an_element_that_is_too_large() {
    let large = "x".repeat(3 << 20);
    let text = format!("{{\"take\": [1, \"{large}\", 2]}}");
    let mut recorder = Recorder::default();
    Splitter::with_limit(text.as_bytes(), 1 << 20).run(&mut recorder).expect("well-formed");
    let texts: Vec<_> = recorder.pieces.iter().map(|(_, _, text)| text.as_deref()).collect();
    assert_eq!(texts, [Some("1"), None, Some("2")]);
}

#[test]
fn skips_a_byte_order_mark() {
    let (recorder, result) = split(b"\xef\xbb\xbf{\"take\": 1}", &[1]);
    assert!(result.is_ok());
    assert_eq!(recorder.pieces.len(), 1);
}

#[test]
fn tells_of_lists_without_elements() {
    let (recorder, result) = split(b"{\"take\": [], \"enter\": {\"take\": null}}", &[3]);
    assert!(result.is_ok());
    assert_eq!(recorder.lists, ["take", "enter.take"]);
}
