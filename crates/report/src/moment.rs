//! Moments as people read them: in UTC, to the minute.

use std::fmt;

/// A moment in seconds since 1970-01-01T00:00:00Z, printed as `2026-01-14 09:30Z`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Moment(pub(crate) i64);

const DAY: i64 = 24 * 60 * 60;

impl Moment {
    /// Returns the year, month and day of the Gregorian calendar.
    ///
    /// Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`.
    const fn date(self) -> (i64, i64, i64) {
        let days = self.0.div_euclid(DAY) + 719_468;
        let era = days.div_euclid(146_097);
        let day_of_era = days.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
        (year, month, day)
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.date();
        let minutes = self.0.rem_euclid(DAY) / 60;
        let (hour, minute) = (minutes / 60, minutes % 60);
        f.pad(&format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}Z"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_dates_of_the_calendar() {
        let check = |seconds, expected| assert_eq!(Moment(seconds).to_string(), expected);
        check(0, "1970-01-01 00:00Z");
        check(-1, "1969-12-31 23:59Z");
        check(951_782_400, "2000-02-29 00:00Z");
        check(1_767_225_599, "2025-12-31 23:59Z");
        check(1_767_225_600, "2026-01-01 00:00Z");
        check(4_107_542_399, "2100-02-28 23:59Z");
        check(4_107_542_400, "2100-03-01 00:00Z");
    }
}
