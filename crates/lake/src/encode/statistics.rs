//! What lets a query skip a file.

use std::collections::BTreeMap;

use arrow::array::{ArrowPrimitiveType, AsArray as _, RecordBatch};
use arrow::datatypes::{Int32Type, Int64Type, UInt32Type};
use portolan_flow::{Field, FieldType, Layout};

use super::parts::{present, range};
use crate::schema;

/// What `log-status` says of a record that is whole.
const WHOLE: &str = "OK";

/// What it says of one that stands for records that were left out.
///
/// Source: Amazon VPC user guide, "Flow log records", field `log-status`.
const SKIPPED: &str = "SKIPDATA";

/// Returns the first and the last `start`.
pub(super) fn time_range(batches: &[RecordBatch]) -> Option<(i64, i64)> {
    range_of::<Int64Type>(batches, Field::Start.column_name())
}

/// Returns the least and the greatest value of a column; `None` if there is none.
fn range_of<T: ArrowPrimitiveType<Native: Ord>>(
    batches: &[RecordBatch],
    column: &str,
) -> Option<(T::Native, T::Native)> {
    let columns = batches.iter().filter_map(|rows| rows.column_by_name(column));
    range(columns.flat_map(|it| present(it.as_primitive::<T>())))
}

/// Returns the columns of addresses that have a sibling for IPv6.
pub(super) fn wide_columns(layout: &Layout, batches: &[RecordBatch]) -> Vec<String> {
    let is_wide = |name: &String| {
        batches.iter().any(|rows| rows.column_by_name(&schema::wide_name(name)).is_some())
    };
    address_columns(layout).filter(is_wide).collect()
}

/// Returns how many rows say that there was nothing, or that something is missing.
pub(super) fn rows_without_data(batches: &[RecordBatch]) -> u64 {
    batches.iter().map(|rows| rows_whose_status(rows, |status| status != WHOLE)).sum()
}

/// Returns how many rows stand for others that were left out.
pub(super) fn rows_skipped(batches: &[RecordBatch]) -> u64 {
    batches.iter().map(|rows| rows_whose_status(rows, |status| status == SKIPPED)).sum()
}

fn rows_whose_status(rows: &RecordBatch, is_counted: impl Fn(&str) -> bool) -> u64 {
    let Some(status) = rows.column_by_name(Field::LogStatus.column_name()) else { return 0 };
    let status = status.as_dictionary::<Int32Type>();
    let words = status.values().as_string::<i32>();
    let counted: Vec<bool> = words.iter().map(|word| word.is_some_and(&is_counted)).collect();
    let is_counted = |number: &i32| {
        usize::try_from(*number).ok().and_then(|it| counted.get(it)).copied().unwrap_or_default()
    };
    status.keys().iter().flatten().filter(is_counted).count() as u64
}

/// Returns the least and the greatest IPv4 address of each column that has any.
pub(super) fn addresses(layout: &Layout, batches: &[RecordBatch]) -> BTreeMap<String, (u32, u32)> {
    let range = |name: String| range_of::<UInt32Type>(batches, &name).map(|range| (name, range));
    address_columns(layout).filter_map(range).collect()
}

fn address_columns(layout: &Layout) -> impl Iterator<Item = String> {
    let columns = layout.columns().iter();
    columns.filter(|it| it.field_type() == FieldType::Address).map(schema::column_name)
}
