//! Queries of AWS's documentation and of the public have the verdict that is written in them.

use std::path::{Path, PathBuf};

use portolan_query::{Options, Vocabulary, parse};

use crate::vocabulary::flows;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/insights-queries")
}

/// Returns the verdict that a query expects: `ok`, `error`, or `error?` where AWS accepts what cannot be right.
fn expected(text: &str) -> Option<&str> {
    text.lines().find_map(|line| line.strip_prefix("# expect: ")).map(|it| it.trim_end_matches('?'))
}

fn verdict(text: &str, vocabulary: &Vocabulary) -> String {
    let parsed = parse(text, vocabulary, Options::default());
    let errors: Vec<_> = parsed.diagnostics.iter().filter(|it| it.is_error()).collect();
    if errors.is_empty() { String::from("ok") } else { format!("error: {errors:?}") }
}

#[test]
fn recorded_queries_have_their_verdict() {
    let Ok(files) = std::fs::read_dir(folder()) else {
        println!("skipped: {} is absent", folder().display());
        return;
    };
    let mut wrong = Vec::new();
    let mut count = 0;
    let mut paths: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    paths.sort();
    for path in paths.iter().filter(|path| path.extension().is_some_and(|it| it == "txt")) {
        let text = std::fs::read_to_string(path).unwrap();
        let Some(expected) = expected(&text) else { panic!("{} expects nothing", path.display()) };
        for vocabulary in [flows(), Vocabulary::default()] {
            let verdict = verdict(&text, &vocabulary);
            if !verdict.starts_with(expected) {
                wrong.push(format!("{}: expected {expected}, found {verdict}", path.display()));
            }
        }
        count += 1;
    }
    println!("{count} queries, each with and without the fields of flow logs");
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count > 0, "the folder is empty");
}
