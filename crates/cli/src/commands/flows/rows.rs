//! From the values of the lake to those of reports.

use portolan_lake::LakeError;
use portolan_lake::engine::{AnswerColumn, Rows, Value};
use portolan_query::Kind;
use portolan_report::{Column, ColumnKind, RowSet};

/// Returns the rows of an answer as reports want them.
pub(super) fn row_set(columns: &[AnswerColumn], batches: &[Rows]) -> Result<RowSet, LakeError> {
    let mut rows = Vec::with_capacity(batches.iter().map(Rows::count).sum());
    for batch in batches {
        batch.each(|row| rows.push(row.iter().map(value).collect()))?;
    }
    let column = |it: &AnswerColumn| Column { name: it.name.clone(), kind: kind(it.kind) };
    Ok(RowSet { columns: columns.iter().map(column).collect(), rows, remarks: Vec::new() })
}

const fn kind(kind: Kind) -> ColumnKind {
    match kind {
        Kind::Time => ColumnKind::Time,
        Kind::Boolean | Kind::Integer | Kind::Decimal | Kind::Seconds => ColumnKind::Number,
        Kind::Any | Kind::Text | Kind::Address | Kind::Structure => ColumnKind::Text,
    }
}

fn value(value: &Value<'_>) -> portolan_report::Value {
    match value {
        Value::Missing => portolan_report::Value::Missing,
        Value::Boolean(is_true) => portolan_report::Value::Integer(i64::from(*is_true)),
        Value::Integer(number) => portolan_report::Value::Integer(*number),
        Value::Float(number) => portolan_report::Value::Number(*number),
        Value::Time(millis) => {
            portolan_report::Value::Time { millis: *millis, text: value.to_string() }
        }
        Value::Text(_) | Value::Json(_) | Value::Address(_) => {
            portolan_report::Value::Text(value.to_string())
        }
    }
}
