//! Between batches of columns and rows of values.

use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::error::Result;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use futures::{StreamExt as _, TryStreamExt as _, stream};

use super::{Made, Operator, Row};
use crate::engine::value::{Cells, Value, column};

/// The column that says which row came when, so that plans after an operator keep its order.
pub(crate) const POSITION: &str = "position";

/// Returns the schema of what comes out of an operator: its columns as `v0`, `v1`, …, and the position.
fn schema_of(columns: &[(String, DataType)]) -> SchemaRef {
    let field = |(place, (_, kind)): (usize, &(String, DataType))| {
        Field::new(format!("v{place}"), kind.clone(), true)
    };
    let fields = columns.iter().enumerate().map(field);
    let position = Field::new(POSITION, DataType::Int64, false);
    Arc::new(Schema::new(fields.chain([position]).collect::<Vec<_>>()))
}

/// Runs an operator over a stream; columns come out as `v0`, `v1`, …, with the position of each row.
pub(crate) fn apply(input: SendableRecordBatchStream, made: Made) -> SendableRecordBatchStream {
    let schema = schema_of(&made.columns);
    let state =
        State { input, operator: Some(made.operator), position: 0, schema: Arc::clone(&schema) };
    let batches = stream::try_unfold(state, |mut state| async move {
        let batch = state.next().await?;
        Ok(batch.map(|batch| (batch, state)))
    });
    Box::pin(RecordBatchStreamAdapter::new(schema, batches))
}

struct State {
    input: SendableRecordBatchStream,
    operator: Option<Box<dyn Operator>>,
    position: i64,
    schema: SchemaRef,
}

impl State {
    async fn next(&mut self) -> Result<Option<RecordBatch>> {
        let mut out = Vec::new();
        while out.is_empty() {
            let Some(operator) = self.operator.as_mut() else {
                return Ok(None);
            };
            match self.input.next().await.transpose()? {
                Some(batch) => {
                    for row in rows_of(&batch)? {
                        operator.push(row, &mut out);
                    }
                }
                None => {
                    operator.finish(&mut out);
                    self.operator = None;
                }
            }
        }
        self.batch(out).map(Some)
    }

    fn batch(&mut self, rows: Vec<Row>) -> Result<RecordBatch> {
        let count = rows.len();
        let width = self.schema.fields().len().saturating_sub(1);
        let mut cells: Vec<Vec<Value<'static>>> = vec![Vec::with_capacity(count); width];
        for row in rows {
            let filled = row.into_iter().chain(std::iter::repeat(Value::Missing));
            for (column, value) in cells.iter_mut().zip(filled) {
                column.push(value);
            }
        }
        let mut arrays = self
            .schema
            .fields()
            .iter()
            .zip(cells)
            .map(|(field, values)| column(field.data_type(), values.into_iter()))
            .collect::<Result<Vec<ArrayRef>>>()?;
        let after = self.position + i64::try_from(count).unwrap_or_default();
        arrays.push(Arc::new(Int64Array::from_iter_values(self.position..after)));
        self.position = after;
        Ok(RecordBatch::try_new(Arc::clone(&self.schema), arrays)?)
    }
}

/// Returns the rows of a batch.
pub(crate) fn rows_of(batch: &RecordBatch) -> Result<Vec<Row>> {
    let cells = batch
        .columns()
        .iter()
        .map(|column| Cells::of(column.as_ref()))
        .collect::<Result<Vec<_>>>()?;
    let row = |row| cells.iter().map(|cells| cells.value(row).into_owned()).collect();
    Ok((0..batch.num_rows()).map(row).collect())
}

/// Returns all rows of a stream.
pub(crate) async fn collect(stream: SendableRecordBatchStream) -> Result<Vec<Row>> {
    let batches: Vec<RecordBatch> = stream.try_collect().await?;
    let rows = batches.iter().map(rows_of).collect::<Result<Vec<_>>>()?;
    Ok(rows.into_iter().flatten().collect())
}

/// Returns the columns of an operator's stream, as a later plan sees them.
pub(crate) fn numbered(columns: &[(String, DataType)]) -> Vec<crate::engine::plan::Shown> {
    let shown = |(place, (name, kind)): (usize, &(String, DataType))| crate::engine::plan::Shown {
        name: name.clone(),
        column: format!("v{place}"),
        kind: kind.clone(),
    };
    columns.iter().enumerate().map(shown).collect()
}
