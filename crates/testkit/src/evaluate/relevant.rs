//! `relevantfields`: how much fields tell about a condition.

use std::collections::BTreeSet;

use portolan_query::RelevantFields;

use super::Run;
use super::aggregate::distinct;
use super::number::{Number, count};
use super::outlier::quantile;
use super::value::{Row, Value, get, identity};

/// How many contributors are named.
const CONTRIBUTORS: usize = 3;

/// Makes one row for each field, the most relevant first, then by name.
pub(super) fn relevant_fields(run: Run<'_>, it: &RelevantFields, rows: &[Row]) -> Vec<Row> {
    let (matching, others): (Vec<&Row>, Vec<&Row>) =
        rows.iter().partition(|row| run.holds(&it.condition, row));
    let mut scored: Vec<_> =
        it.fields.iter().map(|name| field_row(name, &matching, &others)).collect();
    scored.sort_by(|(left, name, _), (right, other, _)| {
        right.total_cmp(left).then_with(|| name.cmp(other))
    });
    scored.into_iter().map(|(.., row)| row).collect()
}

fn field_row(name: &str, matching: &[&Row], others: &[&Row]) -> (f64, String, Row) {
    let values = |rows: &[&Row]| -> Vec<Value> {
        rows.iter().map(|row| get(row, name)).filter(Value::is_present).collect()
    };
    let (one, other) = (values(matching), values(others));
    let all_numbers = one.iter().chain(&other).all(|it| it.number().is_some());
    let (score, details) = match () {
        () if one.is_empty() || other.is_empty() => (0.0, Vec::new()),
        () if all_numbers => numeric(&one, &other),
        () => categorical(&one, &other),
    };
    let fixed = [("@fieldName", Value::text(name)), ("@relevanceScore", Value::Decimal(score))];
    let row =
        fixed.into_iter().chain(details).map(|(name, value)| (String::from(name), value)).collect();
    (score, String::from(name), row)
}

/// Returns the largest distance of the two distribution functions (Kolmogorov and Smirnov), and the medians.
fn numeric(one: &[Value], other: &[Value]) -> (f64, Vec<(&'static str, Value)>) {
    let [one, other] = [one, other].map(sorted);
    let share = |sorted: &[f64], most: f64| {
        count(sorted.iter().filter(|it| **it <= most).count()) / count(sorted.len())
    };
    let distances =
        one.iter().chain(&other).map(|it| (share(&one, *it) - share(&other, *it)).abs());
    let score = distances.fold(0.0, f64::max);
    let median = |sorted: &[f64]| quantile(sorted, 0.5).map_or(Value::Missing, Value::Decimal);
    (score, vec![("@conditionalMedian", median(&one)), ("@baselineMedian", median(&other))])
}

fn sorted(values: &[Value]) -> Vec<f64> {
    let mut numbers: Vec<_> = values.iter().filter_map(Value::number).map(Number::real).collect();
    numbers.sort_by(f64::total_cmp);
    numbers
}

/// Returns half the sum of the shifts in frequency (total variation), and the values that shift most.
fn categorical(one: &[Value], other: &[Value]) -> (f64, Vec<(&'static str, Value)>) {
    let texts: BTreeSet<_> = one.iter().chain(other).filter_map(identity).collect();
    let share = |values: &[Value], text: &String| {
        let found =
            distinct(values).into_iter().find(|(value, _)| identity(value).as_ref() == Some(text));
        found.map_or(0.0, |(_, found)| count(found) / count(values.len()))
    };
    let mut shifts: Vec<_> =
        texts.iter().map(|it| (share(one, it), share(other, it), it)).collect();
    let score = shifts.iter().map(|(one, other, _)| (one - other).abs()).sum::<f64>() / 2.0;
    shifts.sort_by(|left, right| (right.0 - right.1).abs().total_cmp(&(left.0 - left.1).abs()));
    let named = shifts.iter().take(CONTRIBUTORS);
    let named: Vec<_> = named
        .map(|(one, other, it)| format!("{it} ({:.0}% -> {:.0}%)", other * 100.0, one * 100.0))
        .collect();
    (score, vec![("@topRelevanceContributors", Value::text(named.join(", ")))])
}
