//! Arithmetic.

use arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use datafusion::error::Result;
use datafusion::functions::core::expr_fn::nullif;
use datafusion::logical_expr::{Expr, lit};
use portolan_query::Arithmetic;

use super::number;
use crate::engine::scope::Typed;

/// Returns an operation on two numbers.
///
/// Floats are DataFusion's; whole numbers go through functions of ours, for which an overflow is a missing value and not an error.
pub(super) fn plan(operator: Arithmetic, left: Typed, right: Typed) -> Result<Typed> {
    let (left, right) = (number(left)?, number(right)?);
    match operator {
        Arithmetic::Divide => {
            let (left, right) = (left.cast(DataType::Float64), right.cast(DataType::Float64));
            Ok(Typed::new(left.expr / not_zero(right.expr), DataType::Float64))
        }
        Arithmetic::Power => Typed::call("power", vec![left, right]),
        _ => Typed::call(name(operator), vec![left, right]),
    }
}

/// Returns the number with the other sign.
pub(super) fn negate(value: Typed) -> Result<Typed> {
    Typed::call("negate", vec![number(value)?])
}

fn name(operator: Arithmetic) -> &'static str {
    match operator {
        Arithmetic::Add => "add",
        Arithmetic::Subtract => "subtract",
        Arithmetic::Multiply => "multiply",
        Arithmetic::Divide => "divide",
        Arithmetic::Remainder => "remainder",
        Arithmetic::Power => "power",
    }
}

/// Returns a divisor that is missing if it is zero.
fn not_zero(divisor: Expr) -> Expr {
    match divisor {
        Expr::Literal(ScalarValue::Float64(Some(value)), _) if value != 0.0 => divisor,
        divisor => nullif(divisor, lit(0.0)),
    }
}
