//! Arithmetic and numbers.

use arrow::datatypes::DataType;

use super::{Function, at, float, integer, numeric, row};
use crate::engine::value::{Number, Value};

pub(super) static FUNCTIONS: &[Function] = &[
    whole(i64::checked_add, "add", |v| arithmetic(v, i64::checked_add, |a, b| a + b)),
    whole(i64::checked_sub, "subtract", |v| arithmetic(v, i64::checked_sub, |a, b| a - b)),
    whole(i64::checked_mul, "multiply", |v| arithmetic(v, i64::checked_mul, |a, b| a * b)),
    whole(i64::checked_rem, "remainder", |v| arithmetic(v, i64::checked_rem, |a, b| a % b)),
    row("divide", float, |v| floats(v, |a, b| a / b)),
    row("power", float, |v| floats(v, f64::powf)),
    row("negate", same, |v| unary(v, i64::checked_neg, |a| -a)),
    row("abs", same, |v| unary(v, i64::checked_abs, f64::abs)),
    row("ceil", same, |v| unary(v, Some, f64::ceil)),
    row("floor", same, |v| unary(v, Some, f64::floor)),
    row("round", same, round),
    row("sqrt", float, |v| of_float(v, f64::sqrt)),
    row("log", float, |v| of_float(v, f64::ln)),
    row("greatest", numeric, |v| extreme(v, |new, old| new > old)),
    row("least", numeric, |v| extreme(v, |new, old| new < old)),
    row("haversine", float, haversine),
    row("tonumber", float, |v| of_float(v, |a| a)),
    row("toint", integer, |v| {
        let fits = |whole: &i64| i32::try_from(*whole).is_ok();
        at(v, 0).integer().filter(fits).map_or(Value::Missing, Value::Integer)
    }),
    row("tolong", integer, to_whole),
    row("todouble", float, |v| of_float(v, |a| a)),
    row("hextodec", integer, |v| {
        at(v, 0).text().and_then(|text| hex(&text)).map_or(Value::Missing, Value::Integer)
    }),
];

/// The radius of the Earth in kilometres, as the mean of the International Union of Geodesy has it.
const EARTH_RADIUS_KM: f64 = 6371.0088;

const fn whole(
    whole: fn(i64, i64) -> Option<i64>,
    name: &'static str,
    body: for<'a> fn(&[Value<'a>]) -> Value<'a>,
) -> Function {
    Function { whole: Some(whole), ..row(name, numeric, body) }
}

/// A number that is whole if the first argument is.
fn same(kinds: &[DataType]) -> DataType {
    numeric(kinds.get(..1).unwrap_or_default())
}

fn arithmetic<'a>(
    values: &[Value<'a>],
    whole: fn(i64, i64) -> Option<i64>,
    other: fn(f64, f64) -> f64,
) -> Value<'a> {
    match (at(values, 0).number(), at(values, 1).number()) {
        (Some(Number::Integer(a)), Some(Number::Integer(b))) => {
            whole(a, b).map_or(Value::Missing, Value::Integer)
        }
        (Some(a), Some(b)) => Value::float(other(a.float(), b.float())),
        _ => Value::Missing,
    }
}

fn floats<'a>(values: &[Value<'a>], function: fn(f64, f64) -> f64) -> Value<'a> {
    match (at(values, 0).number(), at(values, 1).number()) {
        (Some(a), Some(b)) => Value::float(function(a.float(), b.float())),
        _ => Value::Missing,
    }
}

fn unary<'a>(
    values: &[Value<'a>],
    whole: fn(i64) -> Option<i64>,
    other: fn(f64) -> f64,
) -> Value<'a> {
    match at(values, 0).number() {
        Some(Number::Integer(a)) => whole(a).map_or(Value::Missing, Value::Integer),
        Some(Number::Float(a)) => Value::float(other(a)),
        None => Value::Missing,
    }
}

fn of_float<'a>(values: &[Value<'a>], function: fn(f64) -> f64) -> Value<'a> {
    at(values, 0).number().map_or(Value::Missing, |a| Value::float(function(a.float())))
}

fn to_whole<'a>(values: &[Value<'a>]) -> Value<'a> {
    at(values, 0).integer().map_or(Value::Missing, Value::Integer)
}

/// Rounds half away from zero, to a number of decimals if there is a second argument.
fn round<'a>(values: &[Value<'a>]) -> Value<'a> {
    let Some(decimals) = values.get(1) else {
        return unary(values, Some, f64::round);
    };
    let (Some(number), Some(decimals)) = (at(values, 0).number(), decimals.integer()) else {
        return Value::Missing;
    };
    let scale = 10_f64.powi(i32::try_from(decimals.clamp(-300, 300)).unwrap_or_default());
    Value::float((number.float() * scale).round() / scale)
}

fn extreme<'a>(values: &[Value<'a>], better: fn(&Number, &Number) -> bool) -> Value<'a> {
    let numbers: Option<Vec<Number>> = values.iter().map(Value::number).collect();
    numbers
        .unwrap_or_default()
        .into_iter()
        .reduce(|best, number| if better(&number, &best) { number } else { best })
        .map_or(Value::Missing, Value::from)
}

/// The distance in kilometres between two points given as latitude and longitude in degrees.
fn haversine<'a>(values: &[Value<'a>]) -> Value<'a> {
    let radians = |place| at(values, place).number().map(|number| number.float().to_radians());
    let [Some(lat1), Some(lon1), Some(lat2), Some(lon2)] = [0, 1, 2, 3].map(radians) else {
        return Value::Missing;
    };
    let square = |x: f64| (x / 2.0).sin().powi(2);
    let a = square(lat2 - lat1) + lat1.cos() * lat2.cos() * square(lon2 - lon1);
    Value::float(2.0 * EARTH_RADIUS_KM * a.sqrt().asin())
}

fn hex(text: &str) -> Option<i64> {
    i64::from_str_radix(text.strip_prefix("0x").unwrap_or(text), 16).ok()
}
