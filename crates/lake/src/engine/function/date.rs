//! Time: rounding to periods, reading and writing dates. All in UTC unless a zone is given.

use jiff::civil::{Date, DateTime};
use jiff::fmt::strtime;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Unit as JiffUnit};

use super::{Function, at, integer, row, text};
use crate::engine::value::Value;
use arrow::datatypes::{DataType, TimeUnit};

pub(super) static FUNCTIONS: &[Function] = &[
    row("datefloor", time, |v| round(v, floor)),
    row("dateceil", time, |v| round(v, ceil)),
    row("frommillis", time, |v| at(v, 0).integer().map_or(Value::Missing, Value::Time)),
    row("tomillis", integer, |v| at(v, 0).integer().map_or(Value::Missing, Value::Integer)),
    row("parsedate", integer, parse_date),
    row("formatdate", text, format_date),
    row("totime", time, |v| to_time(at(v, 0)).map_or(Value::Missing, Value::Time)),
    row("timetext", text, |v| {
        at(v, 0).integer().and_then(print).map_or(Value::Missing, Value::owned)
    }),
];

fn time(_: &[DataType]) -> DataType {
    DataType::Timestamp(TimeUnit::Millisecond, None)
}

/// The first Monday after 1970 began, in milliseconds: where weeks are counted from.
const FIRST_MONDAY: i64 = 4 * 86_400_000;
/// A week in milliseconds.
const WEEK: i64 = 7 * 86_400_000;

/// A length of time that moments are rounded to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Period {
    /// Milliseconds, counted from 1970 or, if it is weeks, from its first Monday.
    Fixed(i64),
    /// Months of the calendar, counted from January 1970.
    Months(i64),
}

impl Period {
    /// Reads what [`Period`] is written as in plans: milliseconds, or months with an `m`.
    fn parse(value: &Value<'_>) -> Option<Self> {
        let text = value.text()?;
        match text.strip_suffix('m') {
            Some(months) => months.parse().ok().map(Self::Months),
            None => text.parse().ok().map(Self::Fixed),
        }
    }
}

impl std::fmt::Display for Period {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Fixed(milliseconds) => write!(f, "{milliseconds}"),
            Self::Months(months) => write!(f, "{months}m"),
        }
    }
}

/// Returns the last beginning of a period that is not after a moment, both in milliseconds since 1970.
pub(crate) fn floor(moment: i64, period: Period) -> Option<i64> {
    match period {
        Period::Fixed(length) => {
            let offset = if length % WEEK == 0 { FIRST_MONDAY } else { 0 };
            let into = moment.checked_sub(offset)?.checked_rem_euclid(length)?;
            moment.checked_sub(into)
        }
        Period::Months(months) => {
            let date =
                Timestamp::from_millisecond(moment).ok()?.to_zoned_datetime(TimeZone::UTC).date();
            let month = months_since_1970(date);
            month_start(month - month.checked_rem_euclid(months)?)
        }
    }
}

fn ceil(moment: i64, period: Period) -> Option<i64> {
    let start = floor(moment, period)?;
    if start == moment {
        return Some(moment);
    }
    match period {
        Period::Fixed(length) => start.checked_add(length),
        Period::Months(months) => {
            let date =
                Timestamp::from_millisecond(start).ok()?.to_zoned_datetime(TimeZone::UTC).date();
            month_start(months_since_1970(date) + months)
        }
    }
}

fn months_since_1970(date: Date) -> i64 {
    (i64::from(date.year()) - 1970) * 12 + i64::from(date.month()) - 1
}

fn month_start(months: i64) -> Option<i64> {
    let year = i16::try_from(1970 + months.div_euclid(12)).ok()?;
    let month = i8::try_from(months.rem_euclid(12) + 1).ok()?;
    let date = Date::new(year, month, 1).ok()?;
    Some(date.to_zoned_datetime(TimeZone::UTC).ok()?.timestamp().as_millisecond())
}

fn round<'a>(values: &[Value<'a>], function: fn(i64, Period) -> Option<i64>) -> Value<'a> {
    let moment = to_time(at(values, 0));
    moment
        .zip(Period::parse(at(values, 1)))
        .and_then(|(moment, period)| function(moment, period))
        .map_or(Value::Missing, Value::Time)
}

/// Returns the moment that a number of milliseconds or a text such as `2023-08-01 12:00` is.
pub(crate) fn to_time(value: &Value<'_>) -> Option<i64> {
    match value.integer() {
        Some(milliseconds) => Some(milliseconds),
        None => value.text().and_then(|text| parse(&text)),
    }
}

/// Reads a date, or a date and time, with or without a zone; without one it is UTC.
pub(crate) fn parse(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Some(moment.as_millisecond());
    }
    let moment = text.parse::<DateTime>().ok()?;
    Some(moment.to_zoned_datetime(TimeZone::UTC).ok()?.timestamp().as_millisecond())
}

/// Writes a moment as CloudWatch does: `2026-01-01 00:00:00.000`.
pub(crate) fn print(milliseconds: i64) -> Option<String> {
    let moment = Timestamp::from_millisecond(milliseconds).ok()?;
    let moment = moment.round(JiffUnit::Millisecond).ok()?.to_zoned_datetime(TimeZone::UTC);
    strtime::format("%Y-%m-%d %H:%M:%S.%3f", &moment).ok()
}

fn zone(value: Option<&Value<'_>>) -> Option<TimeZone> {
    match value {
        None => Some(TimeZone::UTC),
        Some(name) => TimeZone::get(&name.text()?).ok(),
    }
}

fn format_date<'a>(values: &[Value<'a>]) -> Value<'a> {
    let format = || {
        let moment = Timestamp::from_millisecond(to_time(at(values, 0))?).ok()?;
        let zoned = moment.to_zoned_datetime(zone(values.get(2))?);
        strtime::format(at(values, 1).text()?.as_ref(), &zoned).ok()
    };
    format().map_or(Value::Missing, Value::owned)
}

fn parse_date<'a>(values: &[Value<'a>]) -> Value<'a> {
    let parse = || {
        let pattern = strtime_of_java(&at(values, 1).text()?)?;
        let mut parts = strtime::parse(&pattern, at(values, 0).text()?.as_ref()).ok()?;
        if parts.hour().is_none() {
            parts.set_hour(Some(0)).ok()?;
        }
        if let Ok(moment) = parts.to_timestamp() {
            return Some(moment.as_millisecond());
        }
        let moment = parts.to_datetime().ok()?.to_zoned_datetime(zone(values.get(2))?).ok()?;
        Some(moment.timestamp().as_millisecond())
    };
    parse().map_or(Value::Missing, Value::Integer)
}

/// Java's letters (`DateTimeFormatter`) and what they are to `strptime`; the longest are first.
static JAVA: &[(&str, &str)] = &[
    ("yyyy", "%Y"),
    ("uuuu", "%Y"),
    ("MMMM", "%B"),
    ("EEEE", "%A"),
    ("SSSSSSSSS", "%f"),
    ("SSSSSS", "%f"),
    ("XXX", "%:z"),
    ("SSS", "%f"),
    ("MMM", "%b"),
    ("EEE", "%a"),
    ("yy", "%y"),
    ("MM", "%m"),
    ("dd", "%d"),
    ("HH", "%H"),
    ("hh", "%I"),
    ("mm", "%M"),
    ("ss", "%S"),
    ("VV", "%Q"),
    ("XX", "%z"),
    ("M", "%m"),
    ("d", "%d"),
    ("H", "%H"),
    ("h", "%I"),
    ("m", "%M"),
    ("s", "%S"),
    ("S", "%f"),
    ("a", "%p"),
    ("Z", "%z"),
    ("X", "%z"),
];

/// Translates a pattern of Java; `None` if it has a letter that we do not know.
fn strtime_of_java(pattern: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = pattern;
    while let Some(first) = rest.chars().next() {
        if let Some(quoted) = rest.strip_prefix('\'') {
            let (literal, after) = quoted.split_once('\'')?;
            out.push_str(if literal.is_empty() { "'" } else { literal });
            rest = after;
        } else if let Some((java, ours)) = JAVA.iter().find(|(java, _)| rest.starts_with(java)) {
            out.push_str(ours);
            rest = rest.get(java.len()..)?;
        } else if first.is_ascii_alphabetic() {
            return None;
        } else {
            out.push_str(if first == '%' { "%%" } else { "" });
            out.extend((first != '%').then_some(first));
            rest = rest.get(first.len_utf8()..)?;
        }
    }
    Some(out)
}
