//! Times as AWS writes them, into numbers.
//!
//! A calendar crate would bring time zones that no log has; this is the one conversion there is.

/// Reads `2026-01-31T23:59:59Z`, with or without a fraction, and `2026-01-31 23:59:59.000`, into milliseconds since 1970
/// UTC.
///
/// `None` if it is anything else. A leap second is the second after it.
pub(crate) fn millis(text: &str) -> Option<i64> {
    let text = text.strip_suffix('Z').unwrap_or(text);
    let (date, time) = text.split_once(['T', ' '])?;
    let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let [hour, minute, second] = numbers(time, ':')?;
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let seconds = days(date)? * 86_400 + hour * 3_600 + minute * 60 + second;
    Some(seconds * 1_000 + thousandths(fraction)?)
}

/// Reads `2026-01-31` into days since 1970.
fn days(date: &str) -> Option<i64> {
    let [year, month, day] = numbers(date, '-')?;
    days_of(year, month, day)
}

/// Returns the days since 1970 of a date in the Gregorian calendar, in years 1 to 9999; `None` if there is no such day.
pub(crate) fn days_of(year: i64, month: i64, day: i64) -> Option<i64> {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        2 => 28 + i64::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if !(1..=9999).contains(&year) || !(1..=length).contains(&day) {
        return None;
    }
    // Years that begin in March have the leap day last, and months of which five have 153 days.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days_before_year = year * 365 + year / 4 - year / 100 + year / 400;
    // 719,468 days lie between the first of March of the year 0 and 1970.
    Some(days_before_year + (153 * month + 2) / 5 + day - 1 - 719_468)
}

/// Reads three numbers of two or four digits.
fn numbers(text: &str, separator: char) -> Option<[i64; 3]> {
    let mut parts = text.split(separator).map(number);
    let numbers = [parts.next()??, parts.next()??, parts.next()??];
    parts.next().is_none().then_some(numbers)
}

/// Reads a number of two or four digits.
pub(crate) fn number(text: &str) -> Option<i64> {
    let is_number = matches!(text.len(), 2 | 4) && text.bytes().all(|it| it.is_ascii_digit());
    if is_number { text.parse().ok() } else { None }
}

/// Reads the digits after the point, of which the first three count.
fn thousandths(fraction: &str) -> Option<i64> {
    let is_number =
        (1..=9).contains(&fraction.len()) && fraction.bytes().all(|it| it.is_ascii_digit());
    if !is_number {
        return None;
    }
    format!("{fraction:0<3}").get(..3)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str, expected: Option<i64>) {
        assert_eq!(millis(text), expected, "{text}");
    }

    #[test]
    fn times_of_aws_are_read() {
        check("1970-01-01T00:00:00Z", Some(0));
        check("2026-01-01T00:00:00.000Z", Some(1_767_225_600_000));
        check("2026-01-01 00:00:00.123", Some(1_767_225_600_123));
        check("2024-02-29T23:59:59.5Z", Some(1_709_251_199_500));
        check("1969-12-31T23:59:59Z", Some(-1_000));
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "Z",
            "2026-01-01",
            "2026-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-00-01T00:00:00Z",
            "2026-01-01T24:00:00Z",
            "2026-01-01T00:60:00Z",
            "2026-1-01T00:00:00Z",
            "2026-01-01T00:00:00.Z",
            "2026-01-01T00:00:00+01:00",
            "+026-01-01T00:00:00Z",
            "0000-01-01T00:00:00Z",
        ] {
            check(text, None);
        }
    }

    proptest! {
        /// The next day is one day later, whatever month or year it begins.
        #[test]
        fn days_follow_each_other(year in 1970..2100_i64, month in 1..=12_i64, day in 1..=31_i64) {
            if let Some(today) = days_of(year, month, day) {
                let next = [(year, month, day + 1), (year, month + 1, 1), (year + 1, 1, 1)];
                let tomorrow = next.into_iter().find_map(|(year, month, day)| days_of(year, month, day));
                prop_assert_eq!(tomorrow, Some(today + 1));
            }
        }
    }
}
