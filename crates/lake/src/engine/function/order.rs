//! The order of `sort` as text that compares byte by byte, so that DataFusion can sort by it, spill and merge.

use super::{Function, at, row, text};
use crate::engine::value::{Number, Value};

pub(super) static FUNCTIONS: &[Function] =
    &[row("sortkey", text, |v| sort_key(at(v, 0)).map_or(Value::Missing, Value::owned))];

/// Returns a text that compares as the value does in the order of `sort`: texts in natural order, then numbers.
///
/// A run of digits becomes a digit, its length and itself without leading zeros: the digit keeps its place among other characters.
/// A number becomes 16 hexadecimal digits of its bits, made to be ordered.
pub(crate) fn sort_key(value: &Value<'_>) -> Option<String> {
    if value.is_missing() {
        return None;
    }
    if let Some(number) = value.number() {
        return Some(format!("n{:016x}", ordered(number)));
    }
    let text = value.to_string();
    let mut key = String::from("a");
    let mut rest = text.as_str();
    while let Some(first) = rest.chars().next() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 {
            key.push(first);
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
            continue;
        }
        let (run, after) = rest.split_at(digits);
        let run = run.trim_start_matches('0');
        let length = u32::try_from(run.len()).unwrap_or(u32::MAX);
        key.push('0');
        key.push(char::from_u32(length.saturating_add(1).min(0xd000)).unwrap_or('\u{d000}'));
        key.push_str(run);
        rest = after;
    }
    Some(key)
}

/// Bits that are ordered as numbers are; whole numbers beyond 2^53 that a float cannot tell apart are equal.
fn ordered(number: Number) -> u64 {
    let bits = (number.float() + 0.0).to_bits();
    if bits >> 63 == 1 { !bits } else { bits | (1 << 63) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::engine::value::sort_order;

    fn value() -> impl Strategy<Value = Value<'static>> {
        prop_oneof![
            Just(Value::Missing),
            any::<i32>().prop_map(|it| Value::Integer(it.into())),
            (-1e9..1e9_f64).prop_map(Value::Float),
            "[a.0-1]{0,6}".prop_map(Value::owned),
            "(10|9)\\.(0|00|1)\\.x?".prop_map(Value::owned),
        ]
    }

    proptest! {
        #[test]
        fn keys_compare_as_values_do(left in value(), right in value()) {
            let expected = sort_order(&left, &right);
            let found = sort_key(&left).cmp(&sort_key(&right));
            // Leading zeros alone do not matter to the key.
            prop_assert!(found == expected || found.is_eq() && left.to_string() != right.to_string());
        }
    }
}
