//! Periods of time, such as the `5m` of `bin(5m)`.

/// A unit of time.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Unit {
    /// `ms`
    Millisecond,
    /// `s`
    Second,
    /// `m`
    Minute,
    /// `h`
    Hour,
    /// `d`
    Day,
    /// `w`; weeks begin on Monday.
    Week,
    /// `mo`; months are those of the calendar in UTC.
    Month,
    /// `q`
    Quarter,
    /// `y`
    Year,
}

/// What a unit is called and how much of it AWS allows.
#[derive(Debug)]
struct Row {
    unit: Unit,
    /// The first is the one that we print. Names of more than one letter may have an `s`.
    names: &'static [&'static str],
    /// The length in milliseconds, if it is fixed.
    milliseconds: Option<i64>,
    /// The number of months, if it is not.
    months: Option<i64>,
    /// The largest count that AWS obeys.
    cap: Option<u32>,
}

/// Source: CloudWatch Logs user guide, "Datetime functions" (units, caps).
static UNITS: &[Row] = &[
    fixed(Unit::Millisecond, &["ms", "msec", "millisecond"], 1, Some(1000)),
    fixed(Unit::Second, &["s", "sec", "second"], 1000, Some(60)),
    fixed(Unit::Minute, &["m", "min", "minute"], 60_000, Some(60)),
    fixed(Unit::Hour, &["h", "hr", "hour"], 3_600_000, Some(24)),
    fixed(Unit::Day, &["d", "day"], 86_400_000, None),
    fixed(Unit::Week, &["w", "week"], 604_800_000, None),
    calendar(Unit::Month, &["mo", "mon", "month"], 1),
    calendar(Unit::Quarter, &["q", "qtr", "quarter"], 3),
    calendar(Unit::Year, &["y", "yr", "year"], 12),
];

const fn fixed(
    unit: Unit,
    names: &'static [&'static str],
    milliseconds: i64,
    cap: Option<u32>,
) -> Row {
    Row { unit, names, milliseconds: Some(milliseconds), months: None, cap }
}

const fn calendar(unit: Unit, names: &'static [&'static str], months: i64) -> Row {
    Row { unit, names, milliseconds: None, months: Some(months), cap: None }
}

impl Unit {
    /// Returns the unit of this name, in any case, singular or plural.
    pub fn named(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        let singular = name.strip_suffix('s').filter(|it| it.len() > 1);
        let has = |row: &&Row| {
            row.names.contains(&name.as_str()) || singular.is_some_and(|it| row.names.contains(&it))
        };
        UNITS.iter().find(has).map(|row| row.unit)
    }

    /// Returns the shortest name, such as `m`.
    pub fn as_str(self) -> &'static str {
        self.row().and_then(|row| row.names.first()).copied().unwrap_or_default()
    }

    /// Returns the largest count of the unit that AWS obeys; it takes larger ones for this one without a word.
    pub fn cap(self) -> Option<u32> {
        self.row().and_then(|row| row.cap)
    }

    fn row(self) -> Option<&'static Row> {
        UNITS.iter().find(|row| row.unit == self)
    }
}

/// A number of units of time, such as five minutes.
///
/// Periods of a fixed length begin at multiples of it since 1970-01-01 UTC, weeks at multiples since Monday
/// 1970-01-05, months, quarters and years at multiples since January 1970.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Period {
    /// How many; 1 or more.
    pub count: u32,
    /// Of what.
    pub unit: Unit,
}

impl Period {
    /// Returns the length in milliseconds, or `None` if months of the calendar have to be counted.
    pub fn milliseconds(self) -> Option<i64> {
        let each = self.unit.row()?.milliseconds?;
        each.checked_mul(i64::from(self.count))
    }

    /// Returns the number of months, or `None` if the length is fixed.
    pub fn months(self) -> Option<i64> {
        Some(self.unit.row()?.months? * i64::from(self.count))
    }
}

impl std::fmt::Display for Period {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{}", self.count, self.unit.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_have_short_long_and_plural_names() {
        let check = |names: &[&str], unit| {
            for name in names {
                assert_eq!(Unit::named(name), Some(unit), "{name}");
            }
        };
        check(&["ms", "msec", "msecs", "Milliseconds"], Unit::Millisecond);
        check(&["s", "sec", "secs", "second", "seconds"], Unit::Second);
        check(&["m", "min", "mins", "MINUTE"], Unit::Minute);
        check(&["mo", "mos", "mon", "mons", "months"], Unit::Month);
        check(&["q", "qtrs", "quarters"], Unit::Quarter);
        for name in ["", "ss", "x", "dd", "minut"] {
            assert_eq!(Unit::named(name), None, "{name}");
        }
    }

    #[test]
    fn lengths_are_fixed_or_counted_in_months() {
        let five_minutes = Period { count: 5, unit: Unit::Minute };
        assert_eq!(five_minutes.milliseconds(), Some(300_000));
        assert_eq!(five_minutes.months(), None);
        let two_quarters = Period { count: 2, unit: Unit::Quarter };
        assert_eq!((two_quarters.milliseconds(), two_quarters.months()), (None, Some(6)));
        assert_eq!(two_quarters.to_string(), "2q");
    }
}
