//! Moments as people type them.

use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// A moment, perhaps relative to now.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Moment {
    /// Milliseconds since 1970 UTC.
    At(i64),
    /// So many milliseconds ago.
    Ago(i64),
}

/// A text that says no moment.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error(
    "`{text}` is no time; write `2026-01-01`, `2026-01-01T06:00Z`, or `3h` for three hours ago"
)]
pub struct MomentError {
    /// The text.
    pub text: String,
}

/// What may follow a number, and how many milliseconds it is.
const UNITS: [(&str, i64); 5] =
    [("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000), ("w", 604_800_000)];

impl Moment {
    /// Returns the moment in milliseconds since 1970 UTC, if it is so late now.
    pub const fn millis(self, now: i64) -> i64 {
        match self {
            Self::At(millis) => millis,
            Self::Ago(millis) => now.saturating_sub(millis),
        }
    }
}

impl FromStr for Moment {
    type Err = MomentError;

    /// Reads a date, a date with a time (UTC, if no zone is named), `now`, or a number with a unit (`90m`, `7d`).
    fn from_str(text: &str) -> Result<Self, MomentError> {
        let text = text.trim();
        let found = ago(text).or_else(|| at(text));
        found.ok_or_else(|| MomentError { text: text.to_owned() })
    }
}

fn ago(text: &str) -> Option<Moment> {
    if text == "now" {
        return Some(Moment::Ago(0));
    }
    let (unit, millis) = UNITS.iter().find(|(unit, _)| text.ends_with(unit))?;
    let count: i64 = text.strip_suffix(unit)?.trim_start_matches('-').parse().ok()?;
    count.checked_mul(*millis).map(Moment::Ago)
}

fn at(text: &str) -> Option<Moment> {
    let moment = |time: Timestamp| Moment::At(time.as_millisecond());
    let in_utc = |time: DateTime| TimeZone::UTC.to_timestamp(time).ok();
    let zoned = text.parse::<Timestamp>().ok();
    let time = zoned.or_else(|| text.parse::<DateTime>().ok().and_then(in_utc));
    let date = || text.parse::<Date>().ok().and_then(|date| in_utc(date.at(0, 0, 0, 0)));
    time.or_else(date).map(moment)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<Moment>) {
        assert_eq!(text.parse().ok(), expected, "{text}");
    }

    #[test]
    fn dates_times_and_distances() {
        check("1970-01-02", Some(Moment::At(86_400_000)));
        check("1970-01-01T06:00Z", Some(Moment::At(21_600_000)));
        check("1970-01-01 06:00", Some(Moment::At(21_600_000)));
        check("1970-01-01T06:00:00.5+02:00", Some(Moment::At(14_400_500)));
        check("90m", Some(Moment::Ago(5_400_000)));
        check("-7d", Some(Moment::Ago(604_800_000)));
        check("now", Some(Moment::Ago(0)));
        check("", None);
        check("yesterday", None);
        check("h", None);
        check("99999999999999999999d", None);
        check("2026-13-01", None);
    }

    #[test]
    fn ago_is_before_now() {
        assert_eq!(Moment::Ago(5).millis(100), 95);
        assert_eq!(Moment::At(5).millis(100), 5);
    }
}
