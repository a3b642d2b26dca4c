//! The questions in the README of the example company, each with the verdict that stands there.

use std::fs;

use super::{portolan, repository};

/// Returns the verdict of a question.
fn verdict(arguments: &[&str]) -> String {
    let output = portolan(&[arguments, &["--format", "json"]].concat()).output().unwrap();
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    answer.get("verdict").and_then(serde_json::Value::as_str).unwrap().to_owned()
}

/// The questions of the mistakes: a command, and under it the verdict.
fn mistakes(readme: &str) -> Vec<(Vec<&str>, &str)> {
    let mut command = None;
    let mut found = Vec::new();
    for line in readme.lines() {
        if line.starts_with("portolan reach ") {
            command = Some(line.split(' ').skip(1).collect());
        } else if let Some(verdict) = line.strip_prefix("Verdict: ") {
            found.push((command.take().unwrap(), verdict.trim_end_matches('.')));
        }
    }
    found
}

/// The rows of the table of what is as it should be: from, to, port, verdict.
fn look_alikes(readme: &str) -> Vec<[&str; 4]> {
    let rows = readme.lines().filter_map(|line| {
        let cells: Vec<_> = line.strip_prefix("| ")?.split(" | ").collect();
        <[&str; 4]>::try_from(cells.get(..4)?).ok()
    });
    rows.filter(|row| row[2].parse::<u16>().is_ok()).collect()
}

#[test]
fn every_verdict_is_as_told() {
    let readme = fs::read_to_string(repository().join("examples/harbor/README.md")).unwrap();
    let (mistakes, look_alikes) = (mistakes(&readme), look_alikes(&readme));
    assert!(mistakes.len() >= 12 && look_alikes.len() >= 6, "the README is read");
    for (question, expected) in mistakes {
        assert_eq!(verdict(&question), expected, "{question:?}");
    }
    for [from, to, port, expected] in look_alikes {
        let question = ["reach", "examples/harbor", "--from", from, "--to", to, "--port", port];
        assert_eq!(verdict(&question), expected, "{question:?}");
    }
}
