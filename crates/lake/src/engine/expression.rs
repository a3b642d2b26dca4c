//! Expressions of a query as expressions of DataFusion.
//!
//! What both types make plain (numbers with numbers, text with text) becomes an operator of DataFusion, which is vectorised and can be
//! pushed into the scan; everything else becomes a function of ours that looks at each pair of values.

mod address;
mod arithmetic;
mod comparison;

use arrow::datatypes::{DataType, TimeUnit};
use datafusion::common::ScalarValue;
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::{Expr, lit};
use portolan_query::{Expression, Function, Literal, Period, Step};

use super::function::{Period as FloorPeriod, floor_seconds};
use super::scope::{Binding, Scope, Typed};
use super::value::plain;

/// What expressions may ask about beside the row.
#[derive(Clone, Debug, Default)]
pub(crate) struct Context {
    /// When the query began, in milliseconds since 1970.
    pub(crate) now: i64,
    /// The time range of the query, in milliseconds since 1970.
    pub(crate) range: (i64, i64),
}

/// Plans expressions over the names of a scope.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Expressions<'a> {
    pub(crate) scope: &'a Scope,
    pub(crate) context: &'a Context,
    /// The keys and aggregates of the `stats` that an output belongs to.
    pub(crate) keys: &'a [Typed],
    pub(crate) aggregates: &'a [Typed],
}

impl<'a> Expressions<'a> {
    pub(crate) fn new(scope: &'a Scope, context: &'a Context) -> Self {
        Self { scope, context, keys: &[], aggregates: &[] }
    }

    /// Returns the expression that has this value.
    pub(crate) fn value(&self, expression: &Expression) -> Result<Typed> {
        match expression {
            Expression::Literal(literal) => Ok(self::literal(literal)),
            Expression::Field { name, .. } => self.scope.value(name),
            Expression::Key { index, .. } => at(self.keys, *index),
            Expression::Aggregate { index, .. } => at(self.aggregates, *index),
            Expression::Item { of, step } => {
                let step = match step {
                    Step::Key(key) => text(key),
                    Step::Index(index) => integer(i64::from(*index)),
                };
                Typed::call("item", vec![self.value(of)?, step])
            }
            Expression::Call { function, arguments } => self.call(*function, arguments),
            Expression::Negate(operand) => arithmetic::negate(self.value(operand)?),
            Expression::Arithmetic { operator, left, right } => {
                arithmetic::plan(*operator, self.value(left)?, self.value(right)?)
            }
            Expression::Not(_) | Expression::And(_) | Expression::Or(_) => {
                Ok(boolean(self.condition(expression, false)?))
            }
            Expression::Compare { .. }
            | Expression::Like { .. }
            | Expression::Matches { .. }
            | Expression::In { .. }
            | Expression::InQuery { .. } => Ok(boolean(self.condition(expression, false)?)),
        }
    }

    /// Returns a condition.
    ///
    /// If `kept` is set, false and missing are the same to whoever asks, as at the top of a filter: then an address needs to be
    /// compared in the column of its own family only.
    pub(crate) fn condition(&self, expression: &Expression, kept: bool) -> Result<Expr> {
        match expression {
            Expression::And(all) => self.join(all, kept, Expr::and, true),
            Expression::Or(any) => self.join(any, kept, Expr::or, false),
            Expression::Not(inner) => Ok(!self.condition(inner, false)?),
            Expression::Compare { operator, left, right } => {
                if let Some(known) = address::compare(self, *operator, left, right, kept)? {
                    return Ok(known);
                }
                comparison::plan(*operator, self.value(left)?, self.value(right)?)
            }
            Expression::Like { value, part, negated } => {
                let planned = match address::like(self, value, part, kept && !negated)? {
                    Some(known) => known,
                    None => comparison::like(self.value(value)?, self.value(part)?)?,
                };
                Ok(negate_if(*negated, planned))
            }
            Expression::Matches { value, regex, negated } => {
                let arguments = vec![self.value(value)?, text(regex)];
                Ok(negate_if(*negated, Typed::call("matches", arguments)?.expr))
            }
            Expression::In { value, items, negated } => {
                let planned = match address::among(self, value, items, kept && !negated)? {
                    Some(known) => known,
                    None => {
                        let items = items.iter().map(|item| self.value(item));
                        comparison::among(&self.value(value)?, &items.collect::<Result<Vec<_>>>()?)?
                    }
                };
                Ok(negate_if(*negated, planned))
            }
            Expression::InQuery { .. } => Err(DataFusionError::Plan(
                "a query within a query is answered before the plan is made".to_owned(),
            )),
            Expression::Call { function, arguments } => {
                match address::in_subnet(self, *function, arguments, kept)? {
                    Some(known) => Ok(known),
                    None => truth(self.call(*function, arguments)?),
                }
            }
            other => truth(self.value(other)?),
        }
    }

    fn join(
        &self,
        parts: &[Expression],
        kept: bool,
        join: fn(Expr, Expr) -> Expr,
        of_none: bool,
    ) -> Result<Expr> {
        let parts = parts.iter().map(|part| self.condition(part, kept));
        let parts = parts.collect::<Result<Vec<_>>>()?;
        Ok(parts.into_iter().reduce(join).unwrap_or_else(|| lit(of_none)))
    }

    fn call(&self, function: Function, arguments: &[Expression]) -> Result<Typed> {
        let (from, to) = self.context.range;
        match function {
            Function::Now => return Ok(integer(self.context.now.div_euclid(1000))),
            Function::QueryStartTime => return Ok(integer(from)),
            Function::QueryEndTime => return Ok(integer(to)),
            Function::QueryTimeRange => return Ok(integer(to.saturating_sub(from))),
            Function::IsIpInSubnet | Function::IsIpv4InSubnet | Function::IsIpv6InSubnet => {
                if let Some(known) = address::in_subnet(self, function, arguments, false)? {
                    return Ok(boolean(known));
                }
            }
            Function::DateFloor => {
                if let Some(known) = self.floor_start(arguments) {
                    return Ok(known);
                }
            }
            Function::IsPresent => {
                if let [one] = arguments {
                    return Ok(boolean(self.value(one)?.expr.is_not_null()));
                }
            }
            _ => {}
        }
        let conditions = function == Function::If || function == Function::Case;
        let last = arguments.len().saturating_sub(1);
        let planned = arguments.iter().enumerate().map(|(place, argument)| {
            let is_condition = conditions && place % 2 == 0 && place < last;
            if is_condition {
                return Ok(boolean(self.condition(argument, true)?));
            }
            self.value(argument)
        });
        let name = function.signature().name.to_lowercase();
        Typed::call(&name, planned.collect::<Result<Vec<_>>>()?)
    }

    /// Rounds the time of a record down to whole seconds of a fixed length without leaving its column of seconds.
    fn floor_start(&self, arguments: &[Expression]) -> Option<Typed> {
        let [time, Expression::Literal(Literal::Period(period))] = arguments else {
            return None;
        };
        let Expression::Field { name, .. } = time else {
            return None;
        };
        let is_start = matches!(self.scope.find(name), Some(Binding::Timestamp));
        let start = self.scope.lake_column(portolan_flow::Field::Start.column_name());
        let seconds = period.milliseconds().filter(|length| length % 1000 == 0).map(|it| it / 1000);
        let (true, Some(start), Some(seconds)) = (is_start, start, seconds) else {
            return None;
        };
        let week = 7 * 86_400;
        let offset = if seconds % week == 0 { 4 * 86_400 } else { 0 };
        let kind = DataType::Timestamp(TimeUnit::Second, None);
        let floor = floor_seconds(start.expr, seconds, offset);
        Some(Typed::new(floor, DataType::Int64).cast(kind))
    }
}

fn at(values: &[Typed], index: usize) -> Result<Typed> {
    let missing = || DataFusionError::Plan(format!("there is no value {index} of the stats"));
    values.get(index).cloned().ok_or_else(missing)
}

/// Returns what a literal is.
pub(crate) fn literal(literal: &Literal) -> Typed {
    match literal {
        Literal::Text(it) | Literal::Regex(it) => text(it),
        Literal::Integer(it) => integer(*it),
        Literal::Decimal(it) => Typed::new(lit(*it), DataType::Float64),
        Literal::Period(it) => text(&floor_period(*it).to_string()),
    }
}

/// Returns a period as functions of time take it.
pub(crate) fn floor_period(period: Period) -> FloorPeriod {
    match (period.milliseconds(), period.months()) {
        (None, Some(months)) => FloorPeriod::Months(months),
        (milliseconds, _) => FloorPeriod::Fixed(milliseconds.unwrap_or(1)),
    }
}

pub(crate) fn text(text: &str) -> Typed {
    Typed::new(lit(text), DataType::Utf8)
}

pub(crate) fn integer(value: i64) -> Typed {
    Typed::new(lit(value), DataType::Int64)
}

fn boolean(expr: Expr) -> Typed {
    Typed::new(expr, DataType::Boolean)
}

fn negate_if(negated: bool, condition: Expr) -> Expr {
    if negated { !condition } else { condition }
}

/// Returns whether a value counts as true.
pub(crate) fn truth(value: Typed) -> Result<Expr> {
    match plain(&value.kind) {
        DataType::Boolean => Ok(value.expr),
        DataType::Null => Ok(lit(ScalarValue::Boolean(None))),
        DataType::Int64 => Ok(value.expr.not_eq(lit(0_i64))),
        _ => Ok(Typed::call("truth", vec![value])?.expr),
    }
}

/// Returns the value as a number of DataFusion: whole if it is, otherwise a float.
pub(crate) fn number(value: Typed) -> Result<Typed> {
    match plain(&value.kind) {
        DataType::Int64 | DataType::Boolean => Ok(value.cast(DataType::Int64)),
        DataType::Timestamp(_, _) => {
            let milliseconds = DataType::Timestamp(TimeUnit::Millisecond, None);
            Ok(value.cast(milliseconds).cast(DataType::Int64))
        }
        DataType::Float64 => Ok(value),
        _ => Typed::call("tonumber", vec![value]),
    }
}
