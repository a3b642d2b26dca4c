//! Comparisons of values that are not addresses of the log.

use arrow::datatypes::{DataType, TimeUnit};
use datafusion::common::ScalarValue;
use datafusion::error::Result;
use datafusion::functions::string::expr_fn::contains;
use datafusion::logical_expr::{Expr, cast, lit};
use portolan_query::Comparator;

use super::number;
use crate::engine::function::parse_time;
use crate::engine::scope::Typed;
use crate::engine::value::{Number, plain};

/// Returns the comparison of two values.
pub(super) fn plan(operator: Comparator, left: Typed, right: Typed) -> Result<Expr> {
    let (left, right) = (understood(left, &right), right);
    let (right, left) = (understood(right, &left), left);
    if left.kind == DataType::Null || right.kind == DataType::Null {
        return Ok(lit(ScalarValue::Boolean(None)));
    }
    if left.is_number() && right.is_number() {
        let (left, right) = numbers(left, right)?;
        return Ok(native(operator, left, right));
    }
    let equality = matches!(operator, Comparator::Equal | Comparator::NotEqual);
    if equality && left.is_text() && right.is_text() {
        return Ok(native(operator, left.expr, right.expr));
    }
    if equality && left.is_address() && left.kind == right.kind {
        return Ok(native(operator, left.expr, right.expr));
    }
    Ok(Typed::call(name(operator), vec![left, right])?.expr)
}

/// Takes a literal for what the other side is: a text beside a number for a number, beside a time for a time.
fn understood(value: Typed, other: &Typed) -> Typed {
    let Expr::Literal(ScalarValue::Utf8(Some(text)), _) = &value.expr else {
        return value;
    };
    match Number::parse(text) {
        Some(Number::Integer(whole)) if other.is_number() => super::integer(whole),
        Some(Number::Float(float)) if other.is_number() => {
            Typed::new(lit(float), DataType::Float64)
        }
        None if other.is_time() => parse_time(text).map_or(value, super::integer),
        _ => value,
    }
}

/// Returns both sides in a type in which they compare, and in which a column compares as it is stored.
fn numbers(left: Typed, right: Typed) -> Result<(Expr, Expr)> {
    if let Some((left, right)) = beside_seconds(&left, &right) {
        return Ok((left, right));
    }
    if let Some((right, left)) = beside_seconds(&right, &left) {
        return Ok((left, right));
    }
    if let Some(right) = narrow(&left, &right) {
        return Ok((left.expr, right));
    }
    if let Some(left) = narrow(&right, &left) {
        return Ok((left, right.expr));
    }
    let (left, right) = (number(left)?, number(right)?);
    if left.kind == right.kind {
        return Ok((left.expr, right.expr));
    }
    Ok((left.cast(DataType::Float64).expr, right.cast(DataType::Float64).expr))
}

/// A literal in the type of the column that it is compared with, if it fits.
fn narrow(column: &Typed, literal: &Typed) -> Option<Expr> {
    let Expr::Literal(value @ ScalarValue::Int64(Some(_)), _) = &literal.expr else {
        return None;
    };
    if !column.kind.is_integer() || column.is_address() {
        return None;
    }
    value.cast_to(&column.kind).ok().map(lit)
}

/// A time in seconds, without its cast, and whole seconds as the number of them.
fn beside_seconds(column: &Typed, literal: &Typed) -> Option<(Expr, Expr)> {
    let seconds = DataType::Timestamp(TimeUnit::Second, None);
    let (Expr::Cast(inner), Expr::Literal(ScalarValue::Int64(Some(milliseconds)), _)) =
        (&column.expr, &literal.expr)
    else {
        return None;
    };
    let whole = milliseconds.rem_euclid(1000) == 0;
    (column.kind == seconds && whole)
        .then(|| ((*inner.expr).clone(), lit(milliseconds.div_euclid(1000))))
}

fn native(operator: Comparator, left: Expr, right: Expr) -> Expr {
    match operator {
        Comparator::Equal => left.eq(right),
        Comparator::NotEqual => left.not_eq(right),
        Comparator::Less => left.lt(right),
        Comparator::LessOrEqual => left.lt_eq(right),
        Comparator::Greater => left.gt(right),
        Comparator::GreaterOrEqual => left.gt_eq(right),
    }
}

fn name(operator: Comparator) -> &'static str {
    match operator {
        Comparator::Equal => "equal",
        Comparator::NotEqual => "notequal",
        Comparator::Less => "less",
        Comparator::LessOrEqual => "lessorequal",
        Comparator::Greater => "greater",
        Comparator::GreaterOrEqual => "greaterorequal",
    }
}

/// Returns whether a text contains another.
pub(super) fn like(value: Typed, part: Typed) -> Result<Expr> {
    let text = |value: Typed| -> Result<Expr> {
        match plain(&value.kind) {
            DataType::Utf8 if value.kind == DataType::Utf8 => Ok(value.expr),
            DataType::Utf8 => Ok(cast(value.expr, DataType::Utf8)),
            _ => Ok(Typed::call("totext", vec![value])?.expr),
        }
    };
    if matches!(value.kind, DataType::Dictionary(_, _)) {
        return Ok(Typed::call("contains", vec![value, part])?.expr);
    }
    Ok(contains(text(value)?, text(part)?))
}

/// Returns whether a value equals one of several.
pub(super) fn among(value: &Typed, items: &[Typed]) -> Result<Expr> {
    let mut literals = Vec::new();
    let mut others = Vec::new();
    for item in items {
        let equal = plan(Comparator::Equal, value.clone(), item.clone())?;
        match equal {
            Expr::BinaryExpr(binary)
                if *binary.left == value.expr && matches!(*binary.right, Expr::Literal(..)) =>
            {
                literals.push(*binary.right);
            }
            other => others.push(other),
        }
    }
    let known = (!literals.is_empty()).then(|| value.expr.clone().in_list(literals, false));
    let any = known.into_iter().chain(others).reduce(Expr::or);
    Ok(any.unwrap_or_else(|| lit(false)))
}
