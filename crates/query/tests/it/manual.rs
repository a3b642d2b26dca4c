//! The manual has the tables of commands, functions and codes as they are, and its queries are valid.

use portolan_query::{Aggregate, Code, Command, Function, Options, Severity, Signature, parse};

use crate::vocabulary::flows;

const MANUAL: &str = include_str!("../../../../docs/manual/query.md");

/// Checks that a table stands in the manual, and shows how it should look.
#[track_caller]
fn check(heading: &str, rows: impl Iterator<Item = (String, &'static str)>) {
    let row = |(usage, summary): (String, &str)| {
        format!("| `{}` | {summary} |\n", usage.replace('|', "\\|"))
    };
    let table =
        format!("| {heading} | |\n|---|---|\n") + &rows.map(row).collect::<Vec<_>>().concat();
    assert!(MANUAL.contains(&table), "docs/manual/query.md lacks this table:\n{table}");
}

fn signatures<F>(all: &'static [Signature<F>]) -> impl Iterator<Item = (String, &'static str)> {
    all.iter().map(|row| {
        let also = row.aliases.iter().map(|it| format!(", `{it}`")).collect::<Vec<_>>().concat();
        let usage = row.usage();
        (
            if also.is_empty() { usage } else { format!("{usage}`{}", also.trim_end_matches('`')) },
            row.summary,
        )
    })
}

#[test]
fn commands_are_in_the_manual() {
    check("command", Command::ALL.iter().map(|it| (it.usage(), it.summary())));
}

#[test]
fn functions_are_in_the_manual() {
    check("function", signatures(Function::ALL));
}

#[test]
fn aggregates_are_in_the_manual() {
    check("aggregate", signatures(Aggregate::ALL));
}

#[test]
fn codes_are_in_the_manual() {
    let row = |code: &Code| {
        (format!("{} {}", code.as_str(), code.severity().as_str()), code.explanation())
    };
    check("code", Code::ALL.iter().map(row));
    let mut codes: Vec<_> = Code::ALL.iter().map(|it| it.as_str()).collect();
    codes.dedup();
    assert!(codes.is_sorted() && codes.len() == Code::ALL.len());
}

/// Queries are code blocks marked `query`, with empty lines between them.
#[test]
fn queries_of_the_manual_are_valid() {
    let blocks = MANUAL.split("```query\n").skip(1).filter_map(|it| it.split("```").next());
    let queries: Vec<_> = blocks.flat_map(|block| block.trim().split("\n\n")).collect();
    assert!(queries.len() >= 20, "{}", queries.len());
    for query in queries {
        let parsed = parse(query, &flows(), Options::default());
        let serious: Vec<_> =
            parsed.diagnostics.iter().filter(|it| it.severity >= Severity::Warning).collect();
        assert!(serious.is_empty(), "{query}: {serious:?}");
    }
}
