//! Natural order: that of `sort`.

use std::cmp::Ordering;

use super::value::Value;

/// Compares two values as `sort` does, ascending: missing ones, then text, then numbers.
///
/// Text that is a number counts as one; numbers that are equal are ordered by their text. In other text a run of digits is
/// compared by its length and then its digits, everything else by code points.
///
/// Source: CloudWatch Logs user guide, "sort".
pub fn natural_order(left: &Value, right: &Value) -> Ordering {
    let (left_text, right_text) = (left.to_text(), right.to_text());
    match (left.number(), right.number()) {
        (Some(one), Some(other)) => one.order(other).then_with(|| left_text.cmp(&right_text)),
        (Some(_), None) => Ordering::Greater,
        (None, Some(_)) => Ordering::Less,
        (None, None) => match (left_text, right_text) {
            (Some(one), Some(other)) => text_order(&one, &other),
            (one, other) => one.is_some().cmp(&other.is_some()),
        },
    }
}

fn text_order(left: &str, right: &str) -> Ordering {
    let mut pairs = chunks(left).into_iter().zip(chunks(right));
    let differ = pairs.find_map(|(one, other)| {
        let order = if is_digits(one) && is_digits(other) {
            one.len().cmp(&other.len()).then_with(|| one.cmp(other))
        } else {
            one.cmp(other)
        };
        order.is_ne().then_some(order)
    });
    differ.unwrap_or_else(|| chunks(left).len().cmp(&chunks(right).len()))
}

/// Splits text into runs of digits and single other characters.
fn chunks(text: &str) -> Vec<&str> {
    let mut chunks = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let digits = rest.find(|it: char| !it.is_ascii_digit()).unwrap_or(rest.len());
        let length = if first.is_ascii_digit() { digits } else { first.len_utf8() };
        let (chunk, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        chunks.push(chunk);
        rest = after;
    }
    chunks
}

fn is_digits(chunk: &str) -> bool {
    chunk.bytes().all(|it| it.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of AWS's documentation, in its order.
    #[test]
    fn order_is_that_of_the_documentation() {
        let documented = [
            "!:",
            "#",
            "*%04",
            "0#",
            "5A",
            "111A",
            "2345_",
            "@",
            "@_",
            "A",
            "A9876fghj",
            "a12345hfh",
            "0",
            "01",
            "1",
            "2",
            "3",
        ];
        let mut values = documented.map(Value::text);
        values.reverse();
        values.sort_by(natural_order);
        assert_eq!(values, documented.map(Value::text));
    }

    #[test]
    fn addresses_and_mixed_values() {
        let check = |less: Value, more: Value| {
            assert_eq!(natural_order(&less, &more), Ordering::Less, "{less:?} {more:?}");
            assert_eq!(natural_order(&more, &less), Ordering::Greater, "{less:?} {more:?}");
        };
        check(Value::text("9.0.0.1"), Value::text("10.0.0.1"));
        check(Value::Missing, Value::text(""));
        check(Value::text("z"), Value::Integer(-5));
        check(Value::Decimal(1.5), Value::Integer(2));
        check(Value::text("9a"), Value::text("1"));
    }
}
