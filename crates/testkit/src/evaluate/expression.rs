//! What each expression computes.

use std::cmp::Ordering;

use portolan_query::{Comparator, Expression};

use super::function::negated;
use super::value::{Row, Value, get};
use super::{Run, json, regex};

impl Run<'_> {
    /// Returns whether a condition is true.
    pub(super) fn holds(self, condition: &Expression, row: &Row) -> bool {
        self.truth(condition, row) == Some(true)
    }

    /// Returns whether a condition is true or false; `None` if it is neither.
    fn truth(self, condition: &Expression, row: &Row) -> Option<bool> {
        self.value(condition, row).truth()
    }

    /// Returns the value of an expression in a row.
    pub(super) fn value(self, expression: &Expression, row: &Row) -> Value {
        match expression {
            Expression::Literal(literal) => literal.into(),
            Expression::Field { name, .. } => get(row, name),
            // In the outputs of `stats`, rows hold keys and aggregates under these names.
            Expression::Key { index, .. } => get(row, &key_name(*index)),
            Expression::Aggregate { index, .. } => get(row, &aggregate_name(*index)),
            Expression::Item { of, step } => json::item(&self.value(of, row), step),
            Expression::Call { function, arguments } => self.call(*function, arguments, row),
            Expression::Negate(operand) => {
                self.value(operand, row).number().and_then(negated).into()
            }
            Expression::Arithmetic { operator, left, right } => {
                let numbers = self.value(left, row).number().zip(self.value(right, row).number());
                numbers.and_then(|(left, right)| left.apply(*operator, right)).into()
            }
            Expression::Not(operand) => self.truth(operand, row).map(|it| !it).into(),
            Expression::And(all) => self.junction(all, row, false).into(),
            Expression::Or(all) => self.junction(all, row, true).into(),
            Expression::Compare { operator, left, right } => {
                compare(*operator, &self.value(left, row), &self.value(right, row)).into()
            }
            Expression::Like { value, part, negated } => {
                let texts = self.value(value, row).to_text().zip(self.value(part, row).to_text());
                texts.map(|(text, part)| text.contains(&part) != *negated).into()
            }
            Expression::Matches { value, regex, negated } => {
                let matches = self.value(value, row).to_text().zip(regex::compiled(regex));
                matches.map(|(text, regex)| regex.is_match(&text) != *negated).into()
            }
            Expression::In { value, items, negated } => {
                let value = self.value(value, row);
                let equal = items
                    .iter()
                    .map(|item| compare(Comparator::Equal, &value, &self.value(item, row)));
                any(equal).map(|it| it != *negated).into()
            }
            Expression::InQuery { value, query, negated } => {
                let value = self.value(value, row);
                if !value.is_present() {
                    return Value::Missing;
                }
                let column = query.columns.first().map(|it| it.name.as_str()).unwrap_or_default();
                let rows = self.query(query);
                let mut equal =
                    rows.iter().map(|row| compare(Comparator::Equal, &value, &get(row, column)));
                (equal.any(|it| it == Some(true)) != *negated).into()
            }
        }
    }

    /// Returns `decisive` if one condition is that, `None` if one is neither, and the contrary otherwise.
    fn junction(self, all: &[Expression], row: &Row, decisive: bool) -> Option<bool> {
        let truths = all.iter().map(|it| self.truth(it, row));
        if decisive { any(truths) } else { any(truths.map(|it| it.map(|it| !it))).map(|it| !it) }
    }
}

/// Returns whether one is true; `None` if none is and one is neither true nor false.
fn any(truths: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let truths: Vec<_> = truths.collect();
    if truths.contains(&Some(true)) {
        return Some(true);
    }
    (!truths.contains(&None)).then_some(false)
}

/// Compares two values, as [`Comparator`] says.
pub(super) fn compare(operator: Comparator, left: &Value, right: &Value) -> Option<bool> {
    if !left.is_present() || !right.is_present() {
        return None;
    }
    let is_structure = |it: &Value| matches!(it, Value::List(_) | Value::Map(_));
    if is_structure(left) || is_structure(right) {
        return Some(false);
    }
    let is_equality = matches!(operator, Comparator::Equal | Comparator::NotEqual);
    let order = match (left, right) {
        (Value::Text(one), Value::Text(other)) if is_equality => Some(one.cmp(other)),
        (Value::Text(one), Value::Text(other)) => {
            let numbers = left.number().zip(right.number());
            Some(numbers.map_or_else(|| one.cmp(other), |(one, other)| one.order(other)))
        }
        _ => left.number().zip(right.number()).map(|(one, other)| one.order(other)),
    };
    Some(satisfies(operator, order))
}

/// Returns whether an order is the one that is asked for; values without order are unequal.
fn satisfies(operator: Comparator, order: Option<Ordering>) -> bool {
    match operator {
        Comparator::Equal => order == Some(Ordering::Equal),
        Comparator::NotEqual => order != Some(Ordering::Equal),
        Comparator::Less => order.is_some_and(Ordering::is_lt),
        Comparator::LessOrEqual => order.is_some_and(Ordering::is_le),
        Comparator::Greater => order.is_some_and(Ordering::is_gt),
        Comparator::GreaterOrEqual => order.is_some_and(Ordering::is_ge),
    }
}

/// Returns the name of a key in the rows that outputs of `stats` are computed from. No field is called so.
pub(super) fn key_name(index: usize) -> String {
    format!("\0key {index}")
}

/// Returns the name of an aggregate in these rows.
pub(super) fn aggregate_name(index: usize) -> String {
    format!("\0aggregate {index}")
}
