//! `outlier`: values far from the others.

use portolan_query::Outlier;

use super::number::{Number, count, truncated};
use super::value::{Row, Value, get};

/// Removes rows with values far from the others, or clamps these.
pub(super) fn outlier(it: &Outlier, mut rows: Vec<Row>) -> Vec<Row> {
    let bounds: Vec<_> = it.fields.iter().map(|name| (name, bounds(it, name, &rows))).collect();
    if it.removes {
        rows.retain(|row| {
            bounds.iter().all(|(name, bounds)| beyond(*bounds, &get(row, name)).is_none())
        });
    }
    for row in &mut rows {
        for (name, bounds) in &bounds {
            let boundary = beyond(*bounds, &get(row, name));
            if let Some(boundary) = boundary {
                row.insert((*name).clone(), Value::Decimal(boundary));
            }
            if it.marks {
                row.insert(format!("{name}_outlier"), Value::Boolean(boundary.is_some()));
            }
        }
    }
    rows
}

/// Returns the lowest and highest value that is not far; `None` if there are no numbers.
fn bounds(it: &Outlier, name: &str, rows: &[Row]) -> Option<(f64, f64)> {
    let mut numbers: Vec<_> =
        rows.iter().filter_map(|row| get(row, name).number()).map(Number::real).collect();
    numbers.sort_by(f64::total_cmp);
    let (first, third) = (quantile(&numbers, 0.25)?, quantile(&numbers, 0.75)?);
    let far = it.factor * (third - first);
    let low = if it.uses_lower { first - far } else { f64::NEG_INFINITY };
    Some((low, third + far))
}

/// Returns the boundary that a value is beyond.
fn beyond(bounds: Option<(f64, f64)>, value: &Value) -> Option<f64> {
    let (low, high) = bounds?;
    let number = value.number()?.real();
    let boundary = number.clamp(low, high);
    ((number - boundary).abs() > 0.0).then_some(boundary)
}

/// Returns a quantile of sorted numbers, between two of them in proportion.
pub(super) fn quantile(sorted: &[f64], share: f64) -> Option<f64> {
    let place = share * count(sorted.len().checked_sub(1)?);
    let below = usize::try_from(truncated(place)?).ok()?;
    let low = *sorted.get(below)?;
    let high = sorted.get(below + 1).copied().unwrap_or(low);
    Some(low + (high - low) * place.fract())
}
