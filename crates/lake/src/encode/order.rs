//! The order of the rows of a file.

use arrow::array::{AsArray as _, RecordBatch, UInt32Array};
use arrow::datatypes::Int64Type;
use arrow::error::ArrowError;
use portolan_flow::{Field, Layout};

use crate::rows;

/// Puts the rows of some batches in the order of `start`; those without one first, rows of one second as they are.
///
/// Batches that are in order stay as they are, and are not put together: most logs are written as time goes by, and what comes
/// out of many threads is in order again once the batches are.
pub(super) fn in_order(
    layout: &Layout,
    batches: &[RecordBatch],
) -> Result<Vec<RecordBatch>, ArrowError> {
    let batches = rows::alike(layout, batches)?;
    if is_in_order(&batches) {
        return Ok(batches);
    }
    let rows = rows::concatenate(&batches)?;
    let order = times(std::slice::from_ref(&rows)).map(order_of).next().unwrap_or_default();
    Ok(vec![arrow::compute::take_record_batch(&rows, &UInt32Array::from(order))?])
}

/// Returns whether each row of the batches comes at its time or later than the one before.
fn is_in_order(batches: &[RecordBatch]) -> bool {
    times(batches).flatten().is_sorted()
}

/// Returns the times of each batch, if they have any. A row without one has the time 0.
fn times(batches: &[RecordBatch]) -> impl Iterator<Item = &[i64]> {
    batches.iter().filter_map(|rows| {
        let start = rows.column_by_name(Field::Start.column_name())?;
        Some(start.as_primitive::<Int64Type>().values().as_ref())
    })
}

/// Up to how many different times rows are sorted by counting: those of an hour, and what a source has wrong.
const COUNTED: usize = 1 << 16;

/// Returns the rows in the order of their times, those of one time in the order in which they are.
fn order_of(times: &[i64]) -> Vec<u32> {
    let least = times.iter().copied().min().unwrap_or_default();
    let after = |time: i64| usize::try_from(time.checked_sub(least)?).ok();
    let span = times.iter().copied().max().and_then(after).filter(|it| *it < COUNTED);
    let Some(span) = span else {
        let mut order: Vec<(i64, u32)> = times.iter().copied().zip(0..).collect();
        order.sort_unstable();
        return order.into_iter().map(|(_, row)| row).collect();
    };
    let mut places = places(times.iter().filter_map(|it| after(*it)), span);
    let mut order = vec![0; times.len()];
    for (time, row) in times.iter().zip(0..) {
        let Some(place) = after(*time).and_then(|it| places.get_mut(it)) else { continue };
        if let Some(slot) = order.get_mut(*place) {
            *slot = row;
        }
        *place += 1;
    }
    order
}

/// Returns where the first of each number up to `greatest` comes if they are sorted.
fn places(numbers: impl Iterator<Item = usize>, greatest: usize) -> Vec<usize> {
    let mut counts = vec![0_usize; greatest + 1];
    for number in numbers {
        if let Some(count) = counts.get_mut(number) {
            *count += 1;
        }
    }
    let mut next = 0;
    for count in &mut counts {
        next += std::mem::replace(count, next);
    }
    counts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::order_of;

    proptest! {
        #[test]
        fn order_is_that_of_a_stable_sort(
            times in prop_oneof![
                prop::collection::vec(1_000_i64..1_009, 0..60),
                prop::collection::vec(any::<i64>(), 0..9),
            ],
        ) {
            let mut expected: Vec<u32> = (0..).take(times.len()).collect();
            expected.sort_by_key(|row| times[*row as usize]);
            prop_assert_eq!(order_of(&times), expected);
        }
    }
}
