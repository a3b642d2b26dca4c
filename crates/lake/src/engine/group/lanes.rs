//! Columns as lanes of 64 bits, and back.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray as _, BooleanArray, Float64Array, Int64Array, UInt8Array, UInt16Array,
    UInt32Array,
};
use arrow::buffer::NullBuffer;
use arrow::compute::cast;
use arrow::datatypes::{
    DataType, Float64Type, Int64Type, TimeUnit, TimestampMillisecondType, TimestampSecondType,
    UInt8Type, UInt16Type, UInt32Type,
};
use datafusion::error::{DataFusionError, Result};

/// Returns how many bits values of a type take, or `None` if they are no numbers of a fixed width.
pub(super) fn bits(kind: &DataType) -> Option<u32> {
    match kind {
        DataType::UInt8 => Some(8),
        DataType::UInt16 => Some(16),
        DataType::UInt32 => Some(32),
        DataType::Int64
        | DataType::Float64
        | DataType::Timestamp(TimeUnit::Second | TimeUnit::Millisecond, None) => Some(64),
        _ => None,
    }
}

/// Returns whether values of a type can be compared as signed numbers of 64 bits.
pub(super) fn is_whole(kind: &DataType) -> bool {
    bits(kind).is_some() && *kind != DataType::Float64
}

/// Appends the values of a column; what stands where there is none means nothing.
pub(super) fn read(array: &dyn Array, out: &mut Vec<u64>) -> Result<()> {
    out.clear();
    match array.data_type() {
        DataType::UInt8 => {
            out.extend(array.as_primitive::<UInt8Type>().values().iter().map(|it| u64::from(*it)));
        }
        DataType::UInt16 => {
            out.extend(array.as_primitive::<UInt16Type>().values().iter().map(|it| u64::from(*it)));
        }
        DataType::UInt32 => {
            out.extend(array.as_primitive::<UInt32Type>().values().iter().map(|it| u64::from(*it)));
        }
        DataType::Int64 => {
            out.extend(
                array.as_primitive::<Int64Type>().values().iter().map(|it| it.cast_unsigned()),
            );
        }
        DataType::Timestamp(TimeUnit::Second, None) => {
            let values = array.as_primitive::<TimestampSecondType>().values();
            out.extend(values.iter().map(|it| it.cast_unsigned()));
        }
        DataType::Timestamp(TimeUnit::Millisecond, None) => {
            let values = array.as_primitive::<TimestampMillisecondType>().values();
            out.extend(values.iter().map(|it| it.cast_unsigned()));
        }
        DataType::Float64 => {
            out.extend(array.as_primitive::<Float64Type>().values().iter().map(|it| it.to_bits()));
        }
        other => return Err(DataFusionError::Internal(format!("no lane for {other}"))),
    }
    Ok(())
}

/// Makes a column of lanes.
pub(super) fn write(
    kind: &DataType,
    lanes: impl Iterator<Item = u64>,
    nulls: Option<NullBuffer>,
) -> Result<ArrayRef> {
    Ok(match kind {
        DataType::UInt8 => {
            let values: Vec<u8> = lanes.map(|it| u8::try_from(it).unwrap_or_default()).collect();
            Arc::new(UInt8Array::new(values.into(), nulls))
        }
        DataType::UInt16 => {
            let values: Vec<u16> = lanes.map(|it| u16::try_from(it).unwrap_or_default()).collect();
            Arc::new(UInt16Array::new(values.into(), nulls))
        }
        DataType::UInt32 => {
            let values: Vec<u32> = lanes.map(|it| u32::try_from(it).unwrap_or_default()).collect();
            Arc::new(UInt32Array::new(values.into(), nulls))
        }
        DataType::Float64 => {
            let values: Vec<f64> = lanes.map(f64::from_bits).collect();
            Arc::new(Float64Array::new(values.into(), nulls))
        }
        DataType::Boolean => {
            let values: Vec<bool> = lanes.map(|it| it != 0).collect();
            Arc::new(BooleanArray::new(values.into(), nulls))
        }
        kind => {
            let values: Vec<i64> = lanes.map(u64::cast_signed).collect();
            cast(&Int64Array::new(values.into(), nulls), kind)?
        }
    })
}
