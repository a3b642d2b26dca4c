//! Natural order: runs of digits compare as numbers, so that `h9` stands before `h10`.

use std::cmp::Ordering;

/// Compares two texts in natural order.
///
/// A run of digits compares by its length without leading zeros, then by its digits; everything else by code point. Of two texts
/// that differ in leading zeros alone the shorter is first, so that only equal texts are equal.
pub(crate) fn compare(left: &str, right: &str) -> Ordering {
    let (mut a, mut b) = (left.as_bytes(), right.as_bytes());
    loop {
        let (digits_a, digits_b) = (run(a), run(b));
        if digits_a > 0 && digits_b > 0 {
            let (number_a, rest_a) = a.split_at(digits_a);
            let (number_b, rest_b) = b.split_at(digits_b);
            let order = compare_digits(number_a, number_b);
            if order.is_ne() {
                return order;
            }
            (a, b) = (rest_a, rest_b);
            continue;
        }
        let (Some((x, rest_a)), Some((y, rest_b))) = (a.split_first(), b.split_first()) else {
            return a
                .len()
                .cmp(&b.len())
                .then_with(|| left.len().cmp(&right.len()))
                .then_with(|| left.cmp(right));
        };
        if x != y {
            return x.cmp(y);
        }
        (a, b) = (rest_a, rest_b);
    }
}

/// Returns how many digits `text` begins with.
fn run(text: &[u8]) -> usize {
    text.iter().take_while(|byte| byte.is_ascii_digit()).count()
}

fn compare_digits(left: &[u8], right: &[u8]) -> Ordering {
    let (left, right) = (without_zeros(left), without_zeros(right));
    left.len().cmp(&right.len()).then_with(|| left.cmp(right))
}

fn without_zeros(digits: &[u8]) -> &[u8] {
    let zeros = digits.iter().take_while(|&&digit| digit == b'0').count();
    digits.get(zeros..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(left: &str, right: &str, expected: Ordering) {
        assert_eq!(compare(left, right), expected, "{left} {right}");
        assert_eq!(compare(right, left), expected.reverse(), "{right} {left}");
    }

    #[test]
    fn digits_count_as_numbers() {
        check("h9", "h10", Ordering::Less);
        check("10.0.9.1", "10.0.10.1", Ordering::Less);
        check("a", "b", Ordering::Less);
        check("a1b", "a1", Ordering::Greater);
        check("", "a", Ordering::Less);
        check("x", "x", Ordering::Equal);
        check("x01", "x1", Ordering::Greater);
    }
}
