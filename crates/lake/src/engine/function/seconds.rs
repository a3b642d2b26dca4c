//! Rounding whole seconds down, the one function that is computed for every row of a log.
//!
//! Rows are in the order of their time, so that one after the other falls into the same period: to see that takes a comparison, where
//! DataFusion's `%` takes a division and a check for each row.

use std::sync::{Arc, LazyLock};

use arrow::array::{Array as _, AsArray as _, Int64Array};
use arrow::datatypes::{DataType, Int64Type};
use datafusion::common::ScalarValue;
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility, lit,
};

static FLOOR: LazyLock<Arc<ScalarUDF>> =
    LazyLock::new(|| Arc::new(ScalarUDF::from(FloorSeconds::default())));

/// Returns the function for registries.
pub(super) fn udf() -> Arc<ScalarUDF> {
    Arc::clone(&FLOOR)
}

/// Returns `start`, in seconds since 1970, rounded down to a period of `length` seconds; periods are counted from `offset` on.
pub(crate) fn floor_seconds(start: Expr, length: i64, offset: i64) -> Expr {
    FLOOR.call(vec![start, lit(length), lit(offset)])
}

#[derive(Debug, Eq, Hash, PartialEq)]
struct FloorSeconds {
    signature: Signature,
}

impl Default for FloorSeconds {
    fn default() -> Self {
        Self { signature: Signature::exact(vec![DataType::Int64; 3], Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for FloorSeconds {
    fn name(&self) -> &'static str {
        "insights_floorseconds"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Int64)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [start, length, offset] = args.args.as_slice() else {
            return Err(DataFusionError::Internal("a time, a length and an offset".into()));
        };
        let whole = |it: &ColumnarValue| match it {
            ColumnarValue::Scalar(ScalarValue::Int64(Some(it))) => Ok(*it),
            _ => Err(DataFusionError::Internal("a period is a whole number".into())),
        };
        let (length, offset) = (whole(length)?, whole(offset)?);
        let starts = start.to_array(args.number_rows)?;
        let starts = starts.as_primitive::<Int64Type>();
        let floors = floors(starts.values(), length, offset);
        Ok(ColumnarValue::Array(Arc::new(Int64Array::new(floors.into(), starts.nulls().cloned()))))
    }
}

/// Returns the beginning of the period of each time; what cannot be said in 64 bits stays as it is.
fn floors(starts: &[i64], length: i64, offset: i64) -> Vec<i64> {
    let floor = |start: i64| {
        let into = start.checked_sub(offset)?.checked_rem_euclid(length)?;
        start.checked_sub(into)
    };
    let mut last = 0..0;
    let round = |start: &i64| {
        if !last.contains(start) {
            let floor = floor(*start).unwrap_or(*start);
            last = floor..floor.saturating_add(length);
        }
        last.start
    };
    starts.iter().map(round).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn times_are_rounded_down(
            starts in prop::collection::vec(any::<i32>(), 0..100),
            length in 1..1_000_000_i64,
            offset in 0..1_000_000_i64,
        ) {
            let starts: Vec<i64> = starts.into_iter().map(i64::from).collect();
            for (start, floor) in starts.iter().zip(floors(&starts, length, offset)) {
                prop_assert!((floor..floor + length).contains(start));
                prop_assert_eq!((i128::from(floor) - i128::from(offset)).rem_euclid(length.into()), 0);
            }
        }
    }

    #[test]
    fn the_ends_of_time_do_no_harm() {
        assert_eq!(floors(&[i64::MIN, i64::MAX], 300, 0), [i64::MIN, i64::MAX - 7]);
    }
}
