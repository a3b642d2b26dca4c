//! `relevantfields`: how much fields tell about a condition.

use std::collections::BTreeMap;

use arrow::datatypes::DataType;

use super::outlier::quantile;
use super::{Input, Made, Operator, Row, cell};
use crate::engine::value::{Number, Value};

/// How many values of a field are told apart.
const MOST_VALUES: usize = 10_000;

/// Makes one row of each field, the most telling first. Whether the condition holds is the value called `of`.
///
/// The score is the share of the uncertainty about the condition that knowing the field takes away (information gain divided by the
/// entropy of the condition), 0 to 1.
pub(crate) fn relevant_fields(input: Input<'_>, names: &[String], of: &str) -> Made {
    let columns = vec![
        ("@fieldName".to_owned(), DataType::Utf8),
        ("@relevanceScore".to_owned(), DataType::Float64),
        ("@topRelevanceContributors".to_owned(), DataType::LargeUtf8),
        ("@conditionalMedian".to_owned(), DataType::Float64),
        ("@baselineMedian".to_owned(), DataType::Float64),
    ];
    let fields = names
        .iter()
        .map(|name| Field { name: name.clone(), place: input.place(name), ..Field::default() })
        .collect();
    Made::new(Relevance { condition: input.place(of), fields, rows: [0, 0] }, columns)
}

#[derive(Default)]
struct Field {
    name: String,
    place: usize,
    /// How many rows have a value, without and with the condition.
    counts: BTreeMap<String, [u64; 2]>,
    numbers: [Vec<f64>; 2],
}

struct Relevance {
    condition: usize,
    fields: Vec<Field>,
    rows: [u64; 2],
}

impl Operator for Relevance {
    fn push(&mut self, row: Row, _: &mut Vec<Row>) {
        let holds = usize::from(cell(&row, self.condition).truth() == Some(true));
        if let Some(count) = self.rows.get_mut(holds) {
            *count += 1;
        }
        for field in &mut self.fields {
            let value = cell(&row, field.place);
            let mut text = value.to_string();
            if field.counts.len() >= MOST_VALUES && !field.counts.contains_key(&text) {
                "…".clone_into(&mut text);
            }
            if let Some(count) = field.counts.entry(text).or_default().get_mut(holds) {
                *count += 1;
            }
            let number = value.number().map(Number::float);
            if let (Some(number), Some(numbers)) = (number, field.numbers.get_mut(holds)) {
                numbers.push(number);
            }
        }
    }

    fn finish(&mut self, out: &mut Vec<Row>) {
        let rows = self.rows;
        let mut scored: Vec<(f64, Row)> =
            self.fields.drain(..).map(|field| field.scored(rows)).collect();
        scored.sort_by(|(a, _), (b, _)| b.total_cmp(a));
        out.extend(scored.into_iter().map(|(_, row)| row));
    }
}

impl Field {
    #[expect(clippy::cast_precision_loss, reason = "shares of rows")]
    fn scored(mut self, rows: [u64; 2]) -> (f64, Row) {
        let total = (rows[0] + rows[1]) as f64;
        let before = entropy(rows);
        let weigh = |count: &[u64; 2]| (count[0] + count[1]) as f64 / total * entropy(*count);
        let after: f64 = self.counts.values().map(weigh).sum();
        let score = if before > 0.0 { ((before - after) / before).clamp(0.0, 1.0) } else { 0.0 };
        let mut values: Vec<(&String, &[u64; 2])> = self.counts.iter().collect();
        values.sort_by_key(|(_, count)| std::cmp::Reverse(count[1]));
        let top: Vec<&String> = values
            .iter()
            .filter(|(_, count)| count[1] > 0)
            .take(5)
            .map(|(value, _)| *value)
            .collect();
        let top = serde_json::to_string(&top).unwrap_or_default();
        let [without, with] = &mut self.numbers;
        let conditional = median(with);
        without.append(with);
        let row = vec![
            Value::owned(self.name),
            Value::float(score),
            Value::Json(top.into()),
            conditional,
            median(without),
        ];
        (score, row)
    }
}

fn median(numbers: &mut [f64]) -> Value<'static> {
    numbers.sort_by(f64::total_cmp);
    quantile(numbers, 0.5).map_or(Value::Missing, Value::float)
}

/// The uncertainty of two alternatives that occur so often, in bits.
#[expect(clippy::cast_precision_loss, reason = "shares of rows")]
fn entropy(counts: [u64; 2]) -> f64 {
    let total = (counts[0] + counts[1]) as f64;
    let part = |count: u64| {
        let share = count as f64 / total;
        if count == 0 { 0.0 } else { -share * share.log2() }
    };
    counts.into_iter().map(part).sum()
}
