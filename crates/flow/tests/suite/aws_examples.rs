//! The examples of AWS's documentation, where they are at hand.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use portolan_flow::{
    Content, Field, KeyHints, Layout, LogKind, Reader, TextLines, Value, export_lines,
};

/// Returns the folder of examples, or says that the test is skipped.
fn examples() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/flows/aws-docs");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("SKIPPED: the examples in {} are not here", folder.display());
    None
}

/// Returns every file below a folder, sorted.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).collect();
    paths.sort();
    let files = |path: PathBuf| if path.is_dir() { files_below(&path) } else { vec![path] };
    paths.into_iter().flat_map(files).collect()
}

/// Returns what is in a file, decompressed.
fn text(path: &Path) -> Vec<u8> {
    let bytes = fs::read(path).unwrap();
    if Content::of(&bytes) != Content::Gzip {
        return bytes;
    }
    let mut text = Vec::new();
    MultiGzDecoder::new(bytes.as_slice()).read_to_end(&mut text).unwrap();
    text
}

#[test]
fn every_example_comes_back_as_it_was() {
    let Some(folder) = examples() else { return };
    let mut records = 0;
    for path in files_below(&folder) {
        let text = text(&path);
        assert_eq!(Content::of(&text), Content::Text, "{}", path.display());
        let layout = Layout::detect(&text).unwrap();
        let mut reader = Reader::of(&layout, TextLines::of(&text));
        let mut printed = vec![layout.to_string()];
        while let Some(read) = reader.next_record() {
            printed.push(read.unwrap().to_string());
        }
        // One of AWS's lines has two spaces where there should be one.
        let expected = String::from_utf8(text.clone()).unwrap().replace("  ", " ");
        assert_eq!(printed.join("\n") + "\n", expected, "{}", path.display());
        records += reader.counts().records;
    }
    assert!(records > 0);
}

#[test]
fn records_without_traffic_have_only_their_times() {
    let Some(folder) = examples() else { return };
    let text = text(&folder.join("default_v2.log"));
    let layout = Layout::default_of(LogKind::Vpc);
    let mut reader = Reader::of(&layout, TextLines::of(&text));
    let mut without_traffic = Vec::new();
    while let Some(read) = reader.next_record() {
        let record = read.unwrap();
        let present =
            layout.columns().iter().zip(record.values()).filter(|(_, it)| it.is_present());
        let names: Vec<_> = present.map(|(column, _)| column.text_name().to_owned()).collect();
        if record.value(&layout, Field::LogStatus) != Value::Text("OK") {
            without_traffic.push(names.join(" "));
        }
    }
    assert_eq!(without_traffic, ["version account-id interface-id start end log-status"; 2]);
}

#[test]
fn keys_tell_where_a_file_is_from() {
    let Some(folder) = examples() else { return };
    let tree = files_below(&folder.join("tree"));
    assert_eq!(tree.len(), 2);
    for path in tree {
        let key = path.to_str().unwrap();
        let hints = KeyHints::of(key);
        assert_eq!(hints.account, Some("123456789010"), "{key}");
        assert_eq!(hints.region, Some("us-east-1"), "{key}");
        assert_eq!(hints.flow_log, Some("fl-1234abcd"), "{key}");
        assert_eq!(hints.created, Some(1_529_511_600), "{key}");
        assert!(hints.folder_time <= hints.created && hints.folder_time.is_some(), "{key}");
    }
}

#[test]
fn an_export_of_an_example_reads_the_same() {
    let Some(folder) = examples() else { return };
    let text = text(&folder.join("default_v2.log"));
    let lines = text.split(|it| *it == b'\n').filter(|it| it.starts_with(b"2 "));
    let exported: Vec<_> =
        lines.map(|line| [b"2014-12-14T04:06:50.000Z ", line].concat()).collect();
    let exported = exported.join(&b'\n');
    assert_eq!(Content::of(&exported), Content::Export);
    let layout = Layout::default_of(LogKind::Vpc);
    let mut reader = Reader::of(&layout, export_lines(TextLines::of(&exported)));
    while let Some(read) = reader.next_record() {
        read.unwrap();
        assert_eq!(reader.timestamp(), Some(1_418_530_010_000));
    }
    assert_eq!(reader.counts().records, 7);
}
