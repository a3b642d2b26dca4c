//! From a stream of batches to the next plan.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use arrow::array::{ArrayRef, Int64Array, RecordBatch, RecordBatchOptions};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::catalog::streaming::StreamingTable;
use datafusion::datasource::{ViewTable, provider_as_source};
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::context::SessionContext;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder};
use datafusion::physical_plan::memory::MemoryStream;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::streaming::PartitionStream;
use futures::StreamExt as _;

use super::sql_tables;
use crate::engine::Engine;
use crate::engine::expression::Context;
use crate::engine::operator::POSITION;
use crate::engine::plan::{Planner, Shown};
use crate::engine::scope::{Typed, column};
use crate::engine::source::Source;

/// A stream that a plan reads once.
struct Once {
    schema: SchemaRef,
    stream: Mutex<Option<SendableRecordBatchStream>>,
}

impl fmt::Debug for Once {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Once").finish_non_exhaustive()
    }
}

impl PartitionStream for Once {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn execute(&self, _: Arc<TaskContext>) -> SendableRecordBatchStream {
        let stream = self.stream.lock().unwrap_or_else(PoisonError::into_inner).take();
        stream.unwrap_or_else(|| {
            let again = DataFusionError::Internal("a stream was read twice".to_owned());
            let failing = futures::stream::iter([Err(again)]);
            Box::pin(RecordBatchStreamAdapter::new(Arc::clone(&self.schema), failing))
        })
    }
}

/// Begins a plan that reads a stream; the order of its rows is that of their position.
pub(super) fn planner<'a>(
    stream: SendableRecordBatchStream,
    columns: &[Shown],
    context: &'a Context,
) -> Result<Planner<'a>> {
    let schema = stream.schema();
    let sorted = schema.index_of(POSITION).is_ok();
    let once = Once { schema: Arc::clone(&schema), stream: Mutex::new(Some(stream)) };
    let order = sorted.then(|| column(POSITION).sort(true, true));
    let table = StreamingTable::try_new(schema, vec![Arc::new(once)])?
        .with_sort_order(order.iter().cloned().collect());
    let plan = LogicalPlanBuilder::scan("rows", provider_as_source(Arc::new(table)), None)?;
    let planner = Planner::of_plan(plan.build()?, columns, context);
    Ok(match order {
        Some(order) => planner.with_order(vec![order]),
        None => planner,
    })
}

/// Gives out the first columns of a stream.
pub(super) fn narrowed(
    stream: SendableRecordBatchStream,
    width: usize,
) -> Result<SendableRecordBatchStream> {
    let schema = stream.schema();
    if schema.fields().len() == width {
        return Ok(stream);
    }
    let places: Vec<usize> = (0..width).collect();
    let schema = Arc::new(schema.project(&places)?);
    let batches = stream.map(move |batch| Ok(batch?.project(&places)?));
    Ok(Box::pin(RecordBatchStreamAdapter::new(schema, batches)))
}

/// Adds the position to each row of a stream.
pub(super) fn numbered(stream: SendableRecordBatchStream) -> SendableRecordBatchStream {
    let mut fields: Vec<Arc<Field>> = stream.schema().fields().iter().cloned().collect();
    fields.push(Arc::new(Field::new(POSITION, DataType::Int64, false)));
    let schema = Arc::new(Schema::new(fields));
    let with_position = Arc::clone(&schema);
    let mut position = 0;
    let batches = stream.map(move |batch| {
        let batch = batch?;
        let after = position + i64::try_from(batch.num_rows()).unwrap_or_default();
        let mut columns = batch.columns().to_vec();
        columns.push(Arc::new(Int64Array::from_iter_values(position..after)) as ArrayRef);
        position = after;
        Ok(RecordBatch::try_new(Arc::clone(&with_position), columns)?)
    });
    Box::pin(RecordBatchStreamAdapter::new(schema, batches))
}

/// A stream of one row without columns.
pub(super) fn one_row() -> Result<SendableRecordBatchStream> {
    let schema = Arc::new(Schema::empty());
    let options = RecordBatchOptions::new().with_row_count(Some(1));
    let batch = RecordBatch::try_new_with_options(Arc::clone(&schema), Vec::new(), &options)?;
    Ok(Box::pin(MemoryStream::try_new(vec![batch], schema, None)?))
}

/// Plans SQL on the table `flows`: the columns of the lake, with addresses as text.
pub(super) async fn sql(
    engine: &Engine,
    source: &Source,
    filter: Vec<Expr>,
    text: &str,
) -> Result<LogicalPlan> {
    let table = provider_as_source(Arc::new(source.clone()));
    let mut plan = LogicalPlanBuilder::scan("lake", table, None)?;
    if let Some(filter) = filter.into_iter().reduce(Expr::and) {
        plan = plan.filter(filter)?;
    }
    let mut shown = Vec::new();
    for field in source.schema.fields() {
        let is_second = field.name().strip_suffix('6').is_some_and(|v4| {
            field.data_type() == &DataType::FixedSizeBinary(16)
                && source.schema.index_of(v4).is_ok()
        });
        if !is_second {
            let value = Typed::new(column(field.name()), field.data_type().clone());
            shown.push(as_text(source, field.name(), value)?.alias(field.name()));
        }
    }
    let view = plan.project(shown)?.build()?;
    let session = SessionContext::new_with_state(engine.session.state());
    session.register_table("flows", Arc::new(ViewTable::new(view, None)))?;
    sql_tables::register(&session, &engine.tables)?;
    session.state().create_logical_plan(text).await
}

/// An address as text, whichever of its columns it is in; any other value as it is.
fn as_text(source: &Source, name: &str, value: Typed) -> Result<Expr> {
    if !value.is_address() {
        return Ok(value.expr);
    }
    let second = format!("{name}6");
    let either = match source.schema.field_with_name(&second) {
        Ok(field) => {
            let v6 = Typed::new(column(&second), field.data_type().clone());
            Typed::call("anyaddress", vec![value, v6])?
        }
        Err(_) => value,
    };
    Ok(Typed::call("totext", vec![either])?.expr)
}
