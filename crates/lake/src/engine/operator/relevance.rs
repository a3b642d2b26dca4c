//! `relevantfields`: how much fields tell about a condition.

use std::collections::BTreeMap;

use arrow::datatypes::DataType;

use super::outlier::quantile;
use super::{Input, Made, Operator, Row, cell};
use crate::engine::value::{Number, Value};

/// How many values of a field are told apart.
const MOST_VALUES: usize = 100_000;

/// What further values are counted under.
const OTHERS: &str = "…";

/// How many values are named that tell most.
const CONTRIBUTORS: usize = 3;

/// Makes one row of each field, the most telling first, then by name. Whether the condition holds is the value called `of`.
///
/// A field of numbers scores the largest distance between the two distribution functions (Kolmogorov and Smirnov), any other half the
/// sum of the shifts in frequency of its values (total variation): 0 to 1.
pub(crate) fn relevant_fields(input: Input<'_>, names: &[String], of: &str) -> Made {
    let columns = vec![
        ("@fieldName".to_owned(), DataType::Utf8),
        ("@relevanceScore".to_owned(), DataType::Float64),
        ("@topRelevanceContributors".to_owned(), DataType::Utf8),
        ("@conditionalMedian".to_owned(), DataType::Float64),
        ("@baselineMedian".to_owned(), DataType::Float64),
    ];
    let fields = names
        .iter()
        .map(|name| Field { name: name.clone(), place: input.place(name), ..Field::default() })
        .collect();
    Made::new(Relevance { condition: input.place(of), fields }, columns)
}

/// A field, with what it is in rows that do not meet the condition, and in those that do.
#[derive(Default)]
struct Field {
    name: String,
    place: usize,
    /// How many rows have each value.
    counts: BTreeMap<String, [u64; 2]>,
    /// How many rows have a value.
    present: [u64; 2],
    numbers: [Vec<f64>; 2],
}

struct Relevance {
    condition: usize,
    fields: Vec<Field>,
}

impl Operator for Relevance {
    fn push(&mut self, row: Row, _: &mut Vec<Row>) {
        let holds = usize::from(cell(&row, self.condition).truth() == Some(true));
        for field in &mut self.fields {
            field.add(cell(&row, field.place), holds);
        }
    }

    fn finish(&mut self, out: &mut Vec<Row>) {
        let mut scored: Vec<(f64, Field, [Value<'static>; 3])> =
            self.fields.drain(..).map(Field::scored).collect();
        scored.sort_by(|(a, one, _), (b, other, _)| {
            b.total_cmp(a).then_with(|| one.name.cmp(&other.name))
        });
        out.extend(scored.into_iter().map(|(score, field, details)| {
            let fixed = [Value::owned(field.name), Value::float(score)];
            fixed.into_iter().chain(details).collect()
        }));
    }
}

impl Field {
    fn add(&mut self, value: &Value<'static>, holds: usize) {
        if value.is_missing() {
            return;
        }
        let mut text = value.to_string();
        if self.counts.len() >= MOST_VALUES && !self.counts.contains_key(&text) {
            OTHERS.clone_into(&mut text);
        }
        let counts = self.counts.entry(text).or_default();
        for count in counts.get_mut(holds).into_iter().chain(self.present.get_mut(holds)) {
            *count += 1;
        }
        let number = value.number().map(Number::float);
        if let (Some(number), Some(numbers)) = (number, self.numbers.get_mut(holds)) {
            numbers.push(number);
        }
    }

    /// Returns the score, the field, and what is said beside it.
    fn scored(mut self) -> (f64, Self, [Value<'static>; 3]) {
        const NOTHING: Value<'static> = Value::Missing;
        if self.present.contains(&0) {
            return (0.0, self, [NOTHING; 3]);
        }
        let numbers: usize = self.numbers.iter().map(Vec::len).sum();
        if numbers as u64 == self.present.iter().sum::<u64>() {
            self.numbers.iter_mut().for_each(|it| it.sort_by(f64::total_cmp));
            let [others, matching] = &self.numbers;
            let (score, medians) = (distance(others, matching), [median(matching), median(others)]);
            let [conditional, baseline] = medians;
            return (score, self, [NOTHING, conditional, baseline]);
        }
        let shifts = self.shifts();
        let score = shifts.iter().map(Shift::size).sum::<f64>() / 2.0;
        let named: Vec<String> = shifts.iter().take(CONTRIBUTORS).map(Shift::named).collect();
        let named = Value::owned(named.join(", "));
        (score, self, [named, NOTHING, NOTHING])
    }

    /// Returns how the frequency of each value changes, the largest change first, then in the order of the values.
    #[expect(clippy::cast_precision_loss, reason = "shares of rows")]
    fn shifts(&self) -> Vec<Shift<'_>> {
        let [others, matching] = self.present.map(|it| it as f64);
        let mut shifts: Vec<Shift<'_>> = self
            .counts
            .iter()
            .map(|(value, [before, after])| Shift {
                value,
                before: *before as f64 / others,
                after: *after as f64 / matching,
            })
            .collect();
        shifts.sort_by(|one, other| other.size().total_cmp(&one.size()));
        shifts
    }
}

/// How often a value is there without the condition and with it, as shares.
struct Shift<'a> {
    value: &'a str,
    before: f64,
    after: f64,
}

impl Shift<'_> {
    fn size(&self) -> f64 {
        (self.after - self.before).abs()
    }

    fn named(&self) -> String {
        let (before, after) = (self.before * 100.0, self.after * 100.0);
        format!("{} ({before:.0}% -> {after:.0}%)", self.value)
    }
}

/// Returns the largest distance between the distribution functions of sorted numbers.
#[expect(clippy::cast_precision_loss, reason = "shares of rows")]
fn distance(one: &[f64], other: &[f64]) -> f64 {
    let share = |sorted: &[f64], most: f64| {
        sorted.partition_point(|it| *it <= most) as f64 / sorted.len() as f64
    };
    let all = one.iter().chain(other);
    all.map(|it| (share(one, *it) - share(other, *it)).abs()).fold(0.0, f64::max)
}

fn median(sorted: &[f64]) -> Value<'static> {
    quantile(sorted, 0.5).map_or(Value::Missing, Value::float)
}
