//! What lets a query skip a file.

use std::collections::BTreeMap;

use arrow::array::{AsArray as _, RecordBatch};
use arrow::compute::{max, min};
use arrow::datatypes::{Int32Type, Int64Type, UInt32Type};
use portolan_flow::{Field, FieldType, Layout};

use crate::schema;

/// What `log-status` says of a record that is whole.
const WHOLE: &str = "OK";

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

/// Returns how many rows say that something is missing.
pub(super) fn rows_without_data(rows: &RecordBatch) -> u64 {
    let Some(status) = rows.column_by_name(Field::LogStatus.column_name()) else { return 0 };
    let status = status.as_dictionary::<Int32Type>();
    let words = status.values().as_string::<i32>();
    let whole = words.iter().position(|it| it == Some(WHOLE));
    let whole = whole.and_then(|it| i32::try_from(it).ok());
    let missing = |number: &Option<i32>| number.is_some() && *number != whole;
    status.keys().iter().filter(missing).count() as u64
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
