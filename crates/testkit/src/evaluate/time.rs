//! Times, periods and how they are written.

use jiff::civil::DateTime;
use jiff::fmt::strtime::BrokenDownTime;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use portolan_query::{Period, Unit};

use super::number::Number;
use super::value::Value;

/// Monday 1970-01-05, where weeks are counted from.
const FIRST_MONDAY: i64 = 4 * 86_400_000;

/// Returns the milliseconds since 1970 that a value means as a time.
pub(crate) fn milliseconds(value: &Value) -> Option<i64> {
    value.number().and_then(Number::whole)
}

/// Returns a time as CloudWatch writes it, in UTC.
pub(crate) fn text(milliseconds: i64) -> String {
    let time = Timestamp::from_millisecond(milliseconds);
    time.map_or_else(
        |_| milliseconds.to_string(),
        |it| it.strftime("%Y-%m-%d %H:%M:%S%.3f").to_string(),
    )
}

/// Returns the last beginning of a period that is not after the time.
pub(crate) fn floor(milliseconds: i64, period: Period) -> Option<i64> {
    if let Some(length) = period.milliseconds() {
        let origin = if period.unit == Unit::Week { FIRST_MONDAY } else { 0 };
        let since = milliseconds.checked_sub(origin)?;
        return since.checked_sub(since.rem_euclid(length))?.checked_add(origin);
    }
    let length = period.months()?;
    let month = month(milliseconds)?;
    first_of(month - month.rem_euclid(length))
}

/// Returns the first beginning of a period that is not before the time.
pub(crate) fn ceil(milliseconds: i64, period: Period) -> Option<i64> {
    let floor = floor(milliseconds, period)?;
    if floor == milliseconds { Some(floor) } else { next(floor, period) }
}

/// Returns the beginning of the period after the one that begins at a time.
pub(crate) fn next(start: i64, period: Period) -> Option<i64> {
    match period.milliseconds() {
        Some(length) => start.checked_add(length),
        None => first_of(month(start)? + period.months()?),
    }
}

/// Returns the time so much earlier; months are those of the calendar, in UTC.
pub(crate) fn earlier(milliseconds: i64, period: Period) -> i64 {
    if let Some(length) = period.milliseconds() {
        return milliseconds.saturating_sub(length);
    }
    let months = period.months().unwrap_or(0);
    let moved = civil(milliseconds)
        .and_then(|it| it.checked_sub(Span::new().try_months(months).ok()?).ok());
    moved.and_then(utc).unwrap_or(milliseconds)
}

/// Returns the months since January 1970.
fn month(milliseconds: i64) -> Option<i64> {
    let date = civil(milliseconds)?;
    Some((i64::from(date.year()) - 1970) * 12 + i64::from(date.month()) - 1)
}

/// Returns the first moment of a month, counted from January 1970.
fn first_of(month: i64) -> Option<i64> {
    let year = i16::try_from(1970 + month.div_euclid(12)).ok()?;
    let month = i8::try_from(month.rem_euclid(12) + 1).ok()?;
    utc(DateTime::new(year, month, 1, 0, 0, 0, 0).ok()?)
}

fn civil(milliseconds: i64) -> Option<DateTime> {
    let time = Timestamp::from_millisecond(milliseconds).ok()?;
    Some(time.to_zoned_datetime(TimeZone::UTC).datetime())
}

fn utc(date: DateTime) -> Option<i64> {
    date.to_zoned_datetime(TimeZone::UTC).ok().map(|it| it.timestamp().as_millisecond())
}

/// Returns a time written in a format of strftime.
pub(crate) fn format(milliseconds: i64, format: &str, zone: &str) -> Option<String> {
    let zone = TimeZone::get(zone).ok()?;
    let time = Timestamp::from_millisecond(milliseconds).ok()?.to_zoned_datetime(zone);
    jiff::fmt::strtime::format(format, &time).ok()
}

/// Reads a date that is written in a pattern of Java's `DateTimeFormatter`, and returns its milliseconds since 1970.
pub(crate) fn parse(text: &str, pattern: &str, zone: &str) -> Option<i64> {
    let parsed = BrokenDownTime::parse(strptime(pattern)?, text).ok()?;
    if parsed.offset().is_some() {
        return parsed.to_timestamp().ok().map(Timestamp::as_millisecond);
    }
    let midnight = jiff::civil::Time::midnight();
    let date = parsed.to_date().ok()?.to_datetime(parsed.to_time().unwrap_or(midnight));
    let zoned = date.to_zoned_datetime(TimeZone::get(zone).ok()?).ok()?;
    Some(zoned.timestamp().as_millisecond())
}

/// Letters of Java's patterns, how many at least, and the same for `strptime`.
static LETTERS: &[(char, usize, &str)] = &[
    ('y', 3, "%Y"),
    ('u', 3, "%Y"),
    ('y', 1, "%y"),
    ('M', 4, "%B"),
    ('M', 3, "%b"),
    ('M', 1, "%m"),
    ('d', 1, "%d"),
    ('D', 1, "%j"),
    ('E', 4, "%A"),
    ('E', 1, "%a"),
    ('H', 1, "%H"),
    ('h', 1, "%I"),
    ('m', 1, "%M"),
    ('s', 1, "%S"),
    ('S', 1, "%f"),
    ('a', 1, "%p"),
    ('X', 1, "%:z"),
    ('x', 1, "%z"),
    ('Z', 1, "%z"),
];

/// Returns a pattern of Java's as one of `strptime`; `None` if it uses what that cannot say.
fn strptime(pattern: &str) -> Option<String> {
    let mut format = String::new();
    let mut rest = pattern;
    while let Some(first) = rest.chars().next() {
        let length = rest.find(|it| it != first).unwrap_or(rest.len());
        let (run, after) = rest.split_at_checked(length)?;
        if first == '\'' {
            let (literal, after) = rest.get(1..)?.split_once('\'')?;
            format.push_str(if literal.is_empty() { "'" } else { literal });
            rest = after;
        } else {
            format.push_str(&directive(first, run)?);
            rest = after;
        }
    }
    Some(format)
}

fn directive(letter: char, run: &str) -> Option<String> {
    let row = LETTERS.iter().find(|(it, least, _)| *it == letter && run.len() >= *least);
    match row {
        Some((.., directive)) => Some((*directive).to_owned()),
        None if letter.is_ascii_alphabetic() => None,
        None => Some(run.replace('%', "%%")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn period(count: u32, unit: Unit) -> Period {
        Period { count, unit }
    }

    #[track_caller]
    fn check(time: &str, period: Period, expected_floor: &str, expected_ceil: &str) {
        let milliseconds = time.parse::<Timestamp>().unwrap().as_millisecond();
        let found =
            [floor(milliseconds, period), ceil(milliseconds, period)].map(|it| text(it.unwrap()));
        assert_eq!(
            found,
            [expected_floor, expected_ceil].map(|it| format!("{it}.000")),
            "{time} {period}"
        );
    }

    #[test]
    fn periods_begin_where_they_should() {
        check(
            "2023-08-01T12:34:56Z",
            period(5, Unit::Minute),
            "2023-08-01 12:30:00",
            "2023-08-01 12:35:00",
        );
        check(
            "2023-08-01T12:30:00Z",
            period(5, Unit::Minute),
            "2023-08-01 12:30:00",
            "2023-08-01 12:30:00",
        );
        check(
            "1969-12-31T23:59:59Z",
            period(1, Unit::Day),
            "1969-12-31 00:00:00",
            "1970-01-01 00:00:00",
        );
        check(
            "2023-08-03T00:00:00Z",
            period(1, Unit::Week),
            "2023-07-31 00:00:00",
            "2023-08-07 00:00:00",
        );
        check(
            "2023-08-03T00:00:00Z",
            period(1, Unit::Month),
            "2023-08-01 00:00:00",
            "2023-09-01 00:00:00",
        );
        check(
            "2023-08-03T00:00:00Z",
            period(1, Unit::Quarter),
            "2023-07-01 00:00:00",
            "2023-10-01 00:00:00",
        );
        check(
            "1969-08-03T00:00:00Z",
            period(1, Unit::Year),
            "1969-01-01 00:00:00",
            "1970-01-01 00:00:00",
        );
    }

    #[test]
    fn dates_are_read_and_written() {
        assert_eq!(parse("2023-08-01", "yyyy-MM-dd", "UTC"), Some(1_690_848_000_000));
        assert_eq!(
            parse("01/Aug/2023:12:00:00 +0200", "dd/MMM/yyyy:HH:mm:ss Z", "UTC"),
            Some(1_690_884_000_000)
        );
        assert_eq!(
            parse("2023-08-01T10:00", "yyyy-MM-dd'T'HH:mm", "Europe/Berlin"),
            Some(1_690_876_800_000)
        );
        assert_eq!(parse("yesterday", "yyyy-MM-dd", "UTC"), None);
        assert_eq!(parse("2023", "QQQ", "UTC"), None);
        assert_eq!(format(1_690_848_000_000, "%Y-%m-%d", "UTC").as_deref(), Some("2023-08-01"));
        assert_eq!(format(1_690_848_000_000, "%H", "Asia/Tokyo").as_deref(), Some("09"));
        assert_eq!(format(0, "%Y", "Nowhere/At_All"), None);
        let month = period(1, Unit::Month);
        assert_eq!(text(earlier(1_680_220_800_000, month)), "2023-02-28 00:00:00.000");
    }
}
