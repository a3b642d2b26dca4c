//! Dates and times as people write them, such as `2023-08-01` or `2023-08-01T12:30:00+02:00`.
//!
//! Forty lines, so that a pure crate needs no calendar: the proleptic Gregorian one, without leap seconds.

/// Milliseconds of a minute.
const MINUTE: i64 = 60_000;

/// Returns the milliseconds since 1970 of a date, with or without a time, in UTC unless a zone is written.
pub(crate) fn parse_date(text: &str) -> Option<i64> {
    let text = text.trim();
    let (date, rest) = text.split_at_checked(10)?;
    let days = days(date)?;
    let (clock, offset) = zone(rest)?;
    let clock = match clock.strip_prefix(['T', 't', ' ']) {
        None if clock.is_empty() => 0,
        None => return None,
        Some(clock) => milliseconds(clock)?,
    };
    Some(days * 24 * 60 * MINUTE + clock - offset)
}

/// Returns the days from 1970-01-01 to a date of the form `YYYY-MM-DD`.
///
/// Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`.
fn days(date: &str) -> Option<i64> {
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        2 => 28 + i64::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if !(1..=last).contains(&day) {
        return None;
    }
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    Some(era * 146_097 + day_of_era - 719_468)
}

/// Splits `…Z`, `… UTC`, `…+HH:MM` and `…-HHMM` into what is before it and the milliseconds east of UTC.
fn zone(rest: &str) -> Option<(&str, i64)> {
    for suffix in [" UTC", "Z", "z"] {
        if let Some(clock) = rest.strip_suffix(suffix) {
            return Some((clock, 0));
        }
    }
    let Some(sign) = rest.rfind(['+', '-']) else { return Some((rest, 0)) };
    let (clock, offset) = rest.split_at_checked(sign)?;
    let digits = offset.get(1..)?.replace(':', "");
    let (hours, minutes) = digits.split_at_checked(2)?;
    let [hours] = numbers(hours, ':', [2])?;
    let [minutes] = numbers(minutes, ':', [2])?;
    let east = (hours * 60 + minutes) * MINUTE;
    let is_real = hours < 24 && minutes < 60 && !clock.is_empty();
    is_real.then_some((clock.trim_end(), if offset.starts_with('-') { -east } else { east }))
}

/// Returns the milliseconds since midnight of `HH:MM`, `HH:MM:SS` or `HH:MM:SS.fff`.
fn milliseconds(clock: &str) -> Option<i64> {
    let (whole, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let whole = if whole.len() == 5 { format!("{whole}:00") } else { whole.to_owned() };
    let [hours, minutes, seconds] = numbers(&whole, ':', [2, 2, 2])?;
    let is_fraction =
        (1..=9).contains(&fraction.len()) && fraction.bytes().all(|it| it.is_ascii_digit());
    let is_real = hours < 24 && minutes < 60 && seconds < 60 && is_fraction;
    let thousandths = format!("{fraction:0<3}").get(..3)?.parse::<i64>().ok()?;
    is_real.then_some((hours * 60 + minutes) * MINUTE + seconds * 1000 + thousandths)
}

/// Returns the numbers between the separators, which must have exactly so many digits.
fn numbers<const COUNT: usize>(
    text: &str,
    separator: char,
    digits: [usize; COUNT],
) -> Option<[i64; COUNT]> {
    let mut parts = text.split(separator);
    let mut numbers = [0; COUNT];
    for (number, length) in numbers.iter_mut().zip(digits) {
        let part = parts.next().filter(|it| it.len() == length)?;
        let is_number = part.bytes().all(|it| it.is_ascii_digit());
        *number = part.parse().ok().filter(|_| is_number)?;
    }
    parts.next().is_none().then_some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<i64>) {
        assert_eq!(parse_date(text), expected, "{text}");
    }

    #[test]
    fn dates_and_times_are_utc_unless_they_have_a_zone() {
        check("1970-01-01", Some(0));
        check("2023-08-01", Some(1_690_848_000_000));
        check("2023-08-01T12:30", Some(1_690_893_000_000));
        check("2023-08-01 12:30:00.25", Some(1_690_893_000_250));
        check("2023-08-01T12:30:00Z", Some(1_690_893_000_000));
        check("2023-08-01 12:30:00 UTC", Some(1_690_893_000_000));
        check("2023-08-01T14:30:00+02:00", Some(1_690_893_000_000));
        check("2023-08-01T07:00:00-0530", Some(1_690_893_000_000));
        check("1969-12-31T23:59:59.999", Some(-1));
        check("2000-02-29", Some(951_782_400_000));
        check("0000-03-01", Some(-62_162_035_200_000));
    }

    #[test]
    fn anything_else_is_no_date() {
        for text in [
            "",
            "2023",
            "2023-8-1",
            "2023-13-01",
            "2023-02-29",
            "2023-08-01T",
            "2023-08-01T25:00",
            "2023-08-01x",
            "2023-08-01+02:00",
            "2023-08-01T12:30+2",
            "2023-08-01T12:30:00.",
            "10.0.0.1",
            "a023-08-01",
            "２０２３-08-01",
            "2023-08-01T12:30:00+25:00",
        ] {
            check(text, None);
        }
    }
}
