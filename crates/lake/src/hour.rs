//! The hours that files are parted by.

use std::fmt;

use arrow::array::{Array as _, AsArray as _, RecordBatch};
use arrow::datatypes::Int64Type;
use jiff::Timestamp;

const SECONDS: i64 = 3600;

/// What Hive calls the part of rows that have no value there, and every engine reads as one.
const NO_VALUE: &str = "__HIVE_DEFAULT_PARTITION__";

/// One hour of UTC, or the rows without a time.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Hour(
    // INVARIANT: hours since 1970 whose every second a calendar has, up to the year 9999.
    Option<i64>,
);

impl Hour {
    /// The rows that have no time, or one that no calendar has.
    pub(crate) const NONE: Self = Self(None);

    /// Returns the hour of a time in seconds since 1970 UTC.
    pub(crate) fn of(seconds: i64) -> Self {
        let hour = seconds.div_euclid(SECONDS);
        Self(Some(hour).filter(|_| seconds >= 0 && timestamp(hour).is_some()))
    }

    /// Returns the first and the last second of the hour, if it is one.
    pub(crate) fn seconds(self) -> Option<(i64, i64)> {
        let first = self.0? * SECONDS;
        Some((first, first + SECONDS - 1))
    }

    /// Returns the hour of rows that are all of one: that of the first.
    pub(crate) fn of_first(rows: &RecordBatch, column: &str) -> Self {
        let Some(times) = rows.column_by_name(column) else { return Self::NONE };
        let times = times.as_primitive::<Int64Type>();
        let first = (!times.is_empty() && times.is_valid(0)).then(|| times.values().first());
        first.flatten().map_or(Self::NONE, |seconds| Self::of(*seconds))
    }
}

fn timestamp(hour: i64) -> Option<Timestamp> {
    // The last hour of a calendar must be whole.
    Timestamp::from_second(hour.checked_add(1)?.checked_mul(SECONDS)?).ok()?;
    Timestamp::from_second(hour * SECONDS).ok()
}

impl fmt::Display for Hour {
    /// Writes the folder: `day=2026-01-01/hour=05`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.and_then(timestamp) {
            Some(time) => write!(f, "{}", time.strftime("day=%Y-%m-%d/hour=%H")),
            None => write!(f, "day={NO_VALUE}/hour={NO_VALUE}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(seconds: i64, expected: &str) {
        assert_eq!(Hour::of(seconds).to_string(), expected, "{seconds}");
    }

    #[test]
    fn rows_are_parted_by_day_and_hour() {
        check(1_767_225_600, "day=2026-01-01/hour=00");
        check(1_767_225_600 + 24 * 3600 - 1, "day=2026-01-01/hour=23");
        check(0, "day=1970-01-01/hour=00");
        let none = "day=__HIVE_DEFAULT_PARTITION__/hour=__HIVE_DEFAULT_PARTITION__";
        check(-1, none);
        check(i64::MAX, none);
        assert_eq!(Hour::NONE.to_string(), none);
    }
}
