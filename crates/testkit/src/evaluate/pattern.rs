//! `pattern`, `diff` and `anomaly`: what texts have in common.
//!
//! Texts have the same pattern if they are the same but for their dynamic words: those with a digit in them. The manual says
//! exactly what a word is and how dynamic ones are named.

use std::collections::BTreeMap;

use portolan_query::Expression;

use super::Run;
use super::number::{count, real};
use super::outlier::quantile;
use super::regex::compiled;
use super::value::{Row, Value, get};

/// A score above this is an anomaly.
///
/// Source: Iglewicz and Hoaglin, "How to Detect and Handle Outliers", 1993.
const ANOMALOUS: f64 = 3.5;

/// Words that tell the severity, the gravest first.
static SEVERITIES: &[(&str, &[&str])] = &[
    ("Fatal", &["fatal", "critical", "panic"]),
    ("Error", &["error", "exception", "failed", "failure"]),
    ("Warning", &["warn", "warning"]),
    ("Info", &["info"]),
    ("Debug", &["debug", "trace"]),
];

/// Makes one row for each pattern, the most frequent first.
pub(super) fn pattern(run: Run<'_>, text: &Expression, rows: &[Row]) -> Vec<Row> {
    let counts = counts(run, text, rows);
    let total: i64 = counts.values().sum();
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts.into_iter().map(|(pattern, count)| pattern_row(&pattern, count, total)).collect()
}

fn counts(run: Run<'_>, text: &Expression, rows: &[Row]) -> BTreeMap<String, i64> {
    let mut counts = BTreeMap::new();
    for text in rows.iter().filter_map(|row| run.value(text, row).to_text()) {
        *counts.entry(pattern_of(&text)).or_insert(0) += 1;
    }
    counts
}

fn pattern_row(pattern: &str, count: i64, total: i64) -> Row {
    let ratio = if total > 0 { real(count) / real(total) } else { 0.0 };
    let values = [
        ("@pattern", Value::text(pattern)),
        ("@ratio", Value::Decimal(ratio)),
        ("@sampleCount", Value::Integer(count)),
        ("@severityLabel", severity(pattern).map(String::from).into()),
    ];
    values.into_iter().map(|(name, value)| (String::from(name), value)).collect()
}

/// Makes one row for each pattern of the rows or of earlier ones, the largest difference first.
pub(super) fn diff(run: Run<'_>, rows: &[Row], earlier: &[Row], text: &Expression) -> Vec<Row> {
    let (current, previous) = (counts(run, text, rows), counts(run, text, earlier));
    let total: i64 = current.values().sum();
    let of = |counts: &BTreeMap<String, i64>, pattern| counts.get(pattern).copied().unwrap_or(0);
    let patterns: std::collections::BTreeSet<_> = current.keys().chain(previous.keys()).collect();
    let mut rows: Vec<_> = patterns
        .into_iter()
        .map(|pattern| {
            let (now, before) = (of(&current, pattern), of(&previous, pattern));
            let mut row = pattern_row(pattern, now, total);
            row.insert(String::from("@previousSampleCount"), Value::Integer(before));
            row.insert(String::from("@diffCount"), Value::Integer(now - before));
            row.insert(String::from("@diffDescription"), Value::text(description(now, before)));
            ((now - before).abs(), row)
        })
        .collect();
    rows.sort_by_key(|(difference, _)| std::cmp::Reverse(*difference));
    rows.into_iter().map(|(_, row)| row).collect()
}

fn description(now: i64, before: i64) -> &'static str {
    match (now, before) {
        (_, 0) => "new",
        (0, _) => "gone",
        _ if now > before => "more",
        _ if now < before => "less",
        _ => "same",
    }
}

/// Says which patterns are unusually frequent or rare, or new.
pub(super) fn anomaly(mut rows: Vec<Row>) -> Vec<Row> {
    let logarithm =
        |row: &Row| get(row, "@sampleCount").number().map_or(0.0, |it| it.real().max(1.0).ln());
    let scores = scores(&rows.iter().map(logarithm).collect::<Vec<_>>());
    for (row, score) in rows.iter_mut().zip(scores) {
        let is_new = get(row, "@previousSampleCount") == Value::Integer(0);
        row.insert(String::from("@anomalyScore"), Value::Decimal(score));
        row.insert(String::from("@anomaly"), Value::Boolean(is_new || score > ANOMALOUS));
    }
    rows
}

/// Returns the modified z-scores of numbers; by the mean deviation where more than half of the numbers are equal.
fn scores(numbers: &[f64]) -> Vec<f64> {
    let median = |numbers: &[f64]| {
        let mut sorted = numbers.to_vec();
        sorted.sort_by(f64::total_cmp);
        quantile(&sorted, 0.5).unwrap_or(0.0)
    };
    let middle = median(numbers);
    let deviations: Vec<_> = numbers.iter().map(|it| (it - middle).abs()).collect();
    let mean = deviations.iter().sum::<f64>() / count(deviations.len().max(1));
    let typical = median(&deviations);
    let scale = if typical > 0.0 { typical / 0.6745 } else { mean * 1.253_314 };
    deviations.iter().map(|it| if scale > 0.0 { it / scale } else { 0.0 }).collect()
}

/// Returns the pattern of a text: dynamic words as `<Kind-number>`, numbered from 1.
fn pattern_of(text: &str) -> String {
    let mut pattern = String::new();
    let mut number = 0;
    let mut rest = text;
    while !rest.is_empty() {
        let length = rest.find(|it| !is_of_word(it)).unwrap_or(rest.len());
        let word = rest.get(..length).unwrap_or_default();
        // Punctuation at the end of a word is not part of it.
        let word = word.trim_end_matches(['.', ':', '-', '/']);
        let (part, after) =
            if word.is_empty() { first_character(rest) } else { rest.split_at(word.len()) };
        if part.chars().any(|it| it.is_ascii_digit()) {
            number += 1;
            pattern.push_str(&["<", kind(part), "-", &number.to_string(), ">"].concat());
        } else {
            pattern.push_str(part);
        }
        rest = after;
    }
    pattern
}

fn first_character(text: &str) -> (&str, &str) {
    let length = text.chars().next().map_or(0, char::len_utf8);
    text.split_at(length)
}

fn is_of_word(it: char) -> bool {
    it.is_alphanumeric() || matches!(it, '_' | '.' | ':' | '-' | '/')
}

/// Returns what kind of word a dynamic one is.
fn kind(word: &str) -> &'static str {
    let matches = |regex: &str| compiled(regex).is_some_and(|regex| regex.is_match(word));
    match () {
        () if word.parse::<std::net::Ipv4Addr>().is_ok() => "IPv4",
        () if word.parse::<std::net::Ipv6Addr>().is_ok() => "IPv6",
        () if matches(r"^\d+(\.\d+)?$") => "Number",
        () if matches(r"^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$") => "UUID",
        () if matches(r"^\d{4}-\d{2}-\d{2}(T.*)?$|^\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?Z?$") => "Time",
        () => "Token",
    }
}

fn severity(pattern: &str) -> Option<&'static str> {
    let lower = pattern.to_lowercase();
    let words: Vec<_> = lower.split(|it: char| !it.is_alphanumeric()).collect();
    let found = SEVERITIES.iter().find(|(_, names)| words.iter().any(|word| names.contains(word)));
    found.map(|(label, _)| *label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_with_digits_are_dynamic() {
        let check = |text: &str, expected: &str| assert_eq!(pattern_of(text), expected, "{text}");
        check("[INFO] Request time: 327 ms", "[INFO] Request time: <Number-1> ms");
        check(
            "2 123456789010 eni-1235b8ca1 172.31.16.139 2001:db8::1 20641 ACCEPT OK",
            "<Number-1> <Number-2> <Token-3> <IPv4-4> <IPv6-5> <Number-6> ACCEPT OK",
        );
        check("at 2023-08-01T00:00:00Z, 12:30:00.", "at <Time-1>, <Time-2>.");
        check("id=0e7d8f1c-1111-2222-3333-444455556666;é", "id=<UUID-1>;é");
        check("", "");
    }

    #[test]
    fn severity_is_the_gravest_word() {
        assert_eq!(severity("[INFO] Connection ERROR"), Some("Error"));
        assert_eq!(severity("informed"), None);
    }
}
