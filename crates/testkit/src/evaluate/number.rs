//! Numbers: whole ones stay whole as long as they can.

use std::cmp::Ordering;

use portolan_query::Arithmetic;

/// A number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Number {
    Whole(i64),
    Real(f64),
}

impl Number {
    /// Returns the number in double precision.
    pub(crate) fn real(self) -> f64 {
        match self {
            Self::Whole(it) => real(it),
            Self::Real(it) => it,
        }
    }

    /// Returns the whole number that is left when the fraction is cut off; `None` beyond 64 bits.
    pub(crate) fn whole(self) -> Option<i64> {
        match self {
            Self::Whole(it) => Some(it),
            Self::Real(it) => truncated(it),
        }
    }

    pub(crate) const fn is_whole(self) -> bool {
        matches!(self, Self::Whole(_))
    }

    /// Compares two numbers; whole ones exactly.
    pub(crate) fn order(self, other: Self) -> Ordering {
        match (self, other) {
            (Self::Whole(left), Self::Whole(right)) => left.cmp(&right),
            _ => self.real().partial_cmp(&other.real()).unwrap_or(Ordering::Equal),
        }
    }

    /// Returns the result of an operator; `None` if there is none.
    pub(crate) fn apply(self, operator: Arithmetic, other: Self) -> Option<Self> {
        let is_fraction = matches!(operator, Arithmetic::Divide | Arithmetic::Power);
        if let (Self::Whole(left), Self::Whole(right), false) = (self, other, is_fraction) {
            return whole_result(operator, left, right).map(Self::Whole);
        }
        let (left, right) = (self.real(), other.real());
        let result = match operator {
            Arithmetic::Add => left + right,
            Arithmetic::Subtract => left - right,
            Arithmetic::Multiply => left * right,
            Arithmetic::Divide => left / right,
            Arithmetic::Remainder => left % right,
            Arithmetic::Power => left.powf(right),
        };
        result.is_finite().then_some(Self::Real(result))
    }

    /// Returns a number made of this one, in whichever form it is.
    pub(crate) fn map(
        self,
        whole: impl FnOnce(i64) -> Option<i64>,
        real: impl FnOnce(f64) -> f64,
    ) -> Option<Self> {
        match self {
            Self::Whole(it) => whole(it).map(Self::Whole),
            Self::Real(it) => Some(Self::Real(real(it))).filter(|it| it.real().is_finite()),
        }
    }
}

/// Returns the result of an operator that stays whole; `None` if it overflows or divides by zero.
const fn whole_result(operator: Arithmetic, left: i64, right: i64) -> Option<i64> {
    match operator {
        Arithmetic::Add => left.checked_add(right),
        Arithmetic::Subtract => left.checked_sub(right),
        Arithmetic::Multiply => left.checked_mul(right),
        Arithmetic::Remainder => left.checked_rem(right),
        Arithmetic::Divide | Arithmetic::Power => None,
    }
}

/// Reads a number: digits with an optional sign, fraction and exponent, and nothing else.
pub(crate) fn parse_number(text: &str) -> Option<Number> {
    let is_digit = |it: char| it.is_ascii_digit();
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let is_number = unsigned.starts_with(is_digit) && unsigned.ends_with(is_digit);
    if !is_number {
        return None;
    }
    if let Ok(whole) = text.parse() {
        return Some(Number::Whole(whole));
    }
    text.parse().ok().filter(|it: &f64| it.is_finite()).map(Number::Real)
}

/// Returns the nearest double.
#[expect(
    clippy::cast_precision_loss,
    reason = "the language says that mixed arithmetic is in double precision"
)]
pub(crate) const fn real(whole: i64) -> f64 {
    whole as f64
}

/// Returns a count as a double.
pub(crate) fn count(count: usize) -> f64 {
    real(i64::try_from(count).unwrap_or(i64::MAX))
}

/// Cuts the fraction off; `None` beyond 64 bits.
#[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
pub(crate) fn truncated(real: f64) -> Option<i64> {
    // 2^63 is a double, the largest i64 is not.
    let limit = 9_223_372_036_854_775_808.0;
    (-limit..limit).contains(&real).then(|| real.trunc() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_a_number_only_if_all_of_it_is() {
        assert_eq!(parse_number("007"), Some(Number::Whole(7)));
        assert_eq!(parse_number("-1.5e3"), Some(Number::Real(-1500.0)));
        assert_eq!(
            parse_number("9223372036854775808"),
            Some(Number::Real(9_223_372_036_854_775_808.0))
        );
        for text in
            ["", "-", "1.", ".5", "1_0", " 1", "inf", "NaN", "0x1", "1e", "1e999", "10.0.0.1"]
        {
            assert_eq!(parse_number(text), None, "{text}");
        }
    }

    #[test]
    fn whole_arithmetic_is_exact_or_missing() {
        let whole = Number::Whole;
        let check = |left, operator, right, expected| {
            assert_eq!(whole(left).apply(operator, whole(right)), expected);
        };
        check(2, Arithmetic::Add, 3, Some(whole(5)));
        check(i64::MAX, Arithmetic::Add, 1, None);
        check(7, Arithmetic::Divide, 2, Some(Number::Real(3.5)));
        check(7, Arithmetic::Divide, 0, None);
        check(10, Arithmetic::Remainder, 3, Some(whole(1)));
        check(-7, Arithmetic::Remainder, 3, Some(whole(-1)));
        check(7, Arithmetic::Remainder, 0, None);
        check(2, Arithmetic::Power, 3, Some(Number::Real(8.0)));
        check(0, Arithmetic::Power, -1, None);
    }
}
