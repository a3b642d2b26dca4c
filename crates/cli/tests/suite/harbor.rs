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

/// Mistakes that lie in what a rule does not say, each with what names the cause.
const CAUSES: [(&str, &str); 4] = [
    ("The whole world in two halves", "(carrier-partners): 0.0.0.0/1, 128.0.0.0/1"),
    (
        "A denial that never applies",
        "200: inbound deny all traffic from 10.40.20.0/24 comes too late: 100 matches first",
    ),
    (
        "A route into a peering connection that is gone",
        "peering connection pcx-012c3ccbca5b9dcc6 is gone",
    ),
    ("A rule for a group that no longer exists", "security group sg-0b64aff6de7be4945 is gone"),
];

#[test]
fn every_format_names_the_cause() {
    let readme = fs::read_to_string(repository().join("examples/harbor/README.md")).unwrap();
    for (title, cause) in CAUSES {
        let section = readme.split("### ").find(|it| it.lines().next().unwrap().ends_with(title));
        let (question, _) = mistakes(section.unwrap()).remove(0);
        for format in ["table", "json", "csv", "markdown", "html"] {
            let output =
                portolan(&[&question[..], &["--format", format]].concat()).output().unwrap();
            let text = String::from_utf8(output.stdout).unwrap();
            assert!(text.contains(cause), "{title}, as {format}:\n{text}");
        }
    }
}

#[test]
fn exposure_names_what_comes_too_late() {
    let expected = "denies only part of it: 100 allows tcp 5432 from 10.40.20.0/24 first; \
                    110 allows tcp 6379 from 10.40.20.0/24 first";
    for format in ["table", "json", "csv", "markdown", "html"] {
        let ask = |more: &[&str]| {
            let always = ["exposure", "examples/harbor", "--format", format];
            let output = portolan(&[&always[..], more].concat()).output().unwrap();
            String::from_utf8(output.stdout).unwrap()
        };
        assert!(ask(&[]).contains(expected), "{format}");
        assert!(!ask(&["--resource", "mx-1"]).contains(expected), "{format}, of one resource");
    }
}
