//! The README of the example, made from the tables so that it cannot say anything else.

use std::fmt::Write as _;

use super::mistakes::{CONTROLS, Control, MISTAKES, Mistake, Question, Verdict};

/// Where the repository keeps the example.
const SOURCE: &str = "examples/harbor";

/// Returns the text of `examples/harbor/README.md`.
pub fn readme() -> String {
    let mut text = String::from(include_str!("introduction.md"));
    text.push_str("## What is wrong\n");
    for (number, mistake) in (1..).zip(&MISTAKES) {
        section(&mut text, number, mistake);
    }
    text.push_str("\n## What is as it should be\n\n");
    text.push_str("These resemble the mistakes and are none.\n\n");
    text.push_str("| from | to | port | verdict | why |\n|---|---|---|---|---|\n");
    for control in &CONTROLS {
        row(&mut text, control);
    }
    text
}

// Writing to a string cannot fail, so results are dropped.

fn section(text: &mut String, number: usize, mistake: &Mistake) {
    let Mistake { title, place, resource, why, question, verdict, .. } = mistake;
    let command = question.arguments(SOURCE).join(" ");
    let verdict = word(*verdict);
    write!(
        text,
        "\n### {number}. {title}\n\n`{resource}` in {place}. {why}\n\n```\nportolan {command}\n```\n\n\
         Verdict: {verdict}.\n"
    )
    .unwrap_or_default();
}

fn row(text: &mut String, control: &Control) {
    let Question { from, to, port, .. } = control.question;
    let verdict = word(control.verdict);
    writeln!(text, "| {from} | {to} | {port} | {verdict} | {} |", control.why).unwrap_or_default();
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Reachable => "reachable",
        Verdict::Unreachable => "unreachable",
    }
}
