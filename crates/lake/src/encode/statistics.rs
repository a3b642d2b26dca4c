//! What lets a query skip a file.

use std::collections::BTreeMap;

use arrow::array::{AsArray as _, RecordBatch};
use arrow::compute::{max, min};
use arrow::datatypes::{Int32Type, Int64Type, UInt32Type};
use portolan_flow::{Field, FieldType, Layout};

use crate::schema;

/// What `log-status` says of a record that is whole.
const WHOLE: &str = "OK";

/// What it says of one that stands for records that were left out.
///
/// Source: Amazon VPC user guide, "Flow log records", field `log-status`.
const SKIPPED: &str = "SKIPDATA";

/// Returns the first and the last `start`.
pub(super) fn time_range(rows: &RecordBatch) -> Option<(i64, i64)> {
    let start = rows.column_by_name(Field::Start.column_name())?.as_primitive::<Int64Type>();
    Some((min(start)?, max(start)?))
}

/// Returns the columns of addresses that have a sibling for IPv6.
pub(super) fn wide_columns(layout: &Layout, rows: &RecordBatch) -> Vec<String> {
    let is_wide = |name: &String| rows.column_by_name(&schema::wide_name(name)).is_some();
    address_columns(layout).filter(is_wide).collect()
}

/// Returns how many rows say that there was nothing, or that something is missing.
pub(super) fn rows_without_data(rows: &RecordBatch) -> u64 {
    rows_whose_status(rows, |status| status != WHOLE)
}

/// Returns how many rows stand for others that were left out.
pub(super) fn rows_skipped(rows: &RecordBatch) -> u64 {
    rows_whose_status(rows, |status| status == SKIPPED)
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
pub(super) fn addresses(layout: &Layout, rows: &RecordBatch) -> BTreeMap<String, (u32, u32)> {
    let range = |name: String| {
        let column = rows.column_by_name(&name)?.as_primitive::<UInt32Type>();
        Some((name, (min(column)?, max(column)?)))
    };
    address_columns(layout).filter_map(range).collect()
}

fn address_columns(layout: &Layout) -> impl Iterator<Item = String> {
    let columns = layout.columns().iter();
    columns.filter(|it| it.field_type() == FieldType::Address).map(schema::column_name)
}
