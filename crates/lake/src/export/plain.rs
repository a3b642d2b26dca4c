//! Columns of the lake as other programs know them.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::ops::RangeInclusive;
use std::sync::Arc;

use arrow::array::{
    Array as _, ArrayRef, AsArray as _, BooleanArray, RecordBatch, StringBuilder, new_null_array,
};
use arrow::compute::{cast, filter_record_batch};
use arrow::datatypes::{DataType, Int64Type, UInt32Type};
use arrow::error::ArrowError;
use portolan_flow::{Column, Field, FieldType};

use crate::schema;

/// Returns the type that a field has in the Parquet that AWS delivers.
///
/// Source: VPC User Guide, “Flow log records”, column “Parquet data type”.
pub(super) fn data_type(field_type: FieldType) -> DataType {
    match field_type {
        FieldType::Port | FieldType::Byte => DataType::Int32,
        FieldType::Integer | FieldType::Seconds => DataType::Int64,
        FieldType::Address | FieldType::Word | FieldType::Text => DataType::Utf8,
    }
}

/// Returns the values of a column with the type that AWS gives it; all absent if the batch lacks it.
pub(super) fn values(batch: &RecordBatch, column: &Column) -> Result<ArrayRef, ArrowError> {
    let name = schema::column_name(column);
    let data_type = data_type(column.field_type());
    match batch.column_by_name(&name) {
        None => Ok(new_null_array(&data_type, batch.num_rows())),
        Some(narrow) if column.field_type() == FieldType::Address => {
            Ok(addresses(narrow, batch.column_by_name(&schema::wide_name(&name))))
        }
        Some(array) => cast(array, &data_type),
    }
}

/// Returns the values of a field.
pub(super) fn field(batch: &RecordBatch, field: Field) -> Result<ArrayRef, ArrowError> {
    values(batch, &Column::Known(field))
}

fn addresses(narrow: &ArrayRef, wide: Option<&ArrayRef>) -> ArrayRef {
    let mut texts = StringBuilder::with_capacity(narrow.len(), narrow.len() * 12);
    let narrow = narrow.as_primitive::<UInt32Type>();
    for (row, address) in narrow.iter().enumerate() {
        let wide = wide.filter(|it| it.is_valid(row));
        let wide =
            wide.and_then(|it| <[u8; 16]>::try_from(it.as_fixed_size_binary().value(row)).ok());
        match (address, wide) {
            (Some(address), _) => texts.append_value(Ipv4Addr::from_bits(address).to_string()),
            (None, Some(octets)) => texts.append_value(Ipv6Addr::from(octets).to_string()),
            (None, None) => texts.append_null(),
        }
    }
    Arc::new(texts.finish())
}

/// Returns the rows whose `start` is in the range.
pub(super) fn within(
    batch: &RecordBatch,
    range: &RangeInclusive<i64>,
) -> Result<RecordBatch, ArrowError> {
    let start = batch.column_by_name(Field::Start.column_name());
    let is_in: BooleanArray = match start {
        None => vec![false; batch.num_rows()].into(),
        Some(start) => {
            let times = start.as_primitive::<Int64Type>().iter();
            times.map(|it| Some(it.is_some_and(|seconds| range.contains(&seconds)))).collect()
        }
    };
    filter_record_batch(batch, &is_in)
}
