//! `outlier`: values far from the others, by quartiles.

use arrow::datatypes::DataType;
use portolan_query::Outlier;

use super::{All, Input, Made, Row, cell, declare, put};
use crate::engine::value::{Number, Value};

/// Removes rows with values far from the others, or clamps the values.
pub(crate) fn outlier(input: Input<'_>, stage: &Outlier) -> Made {
    let mut columns = input.columns();
    let stage = stage.clone();
    let places: Vec<usize> = stage.fields.iter().map(|name| input.place(name)).collect();
    if !stage.removes {
        for place in &places {
            if let Some((_, kind)) = columns.get_mut(*place) {
                *kind = DataType::Float64;
            }
        }
    }
    let marks: Vec<usize> = if stage.marks {
        let mark = |name| declare(&mut columns, &format!("{name}_outlier"), DataType::Boolean);
        stage.fields.iter().map(mark).collect()
    } else {
        Vec::new()
    };
    Made::new(
        All::new(move |mut rows: Vec<Row>| {
            let bounds: Vec<Option<(f64, f64)>> =
                places.iter().map(|place| bounds(&rows, *place, &stage)).collect();
            let mut kept = Vec::with_capacity(rows.len());
            for mut row in rows.drain(..) {
                let mut removed = false;
                for (field, place) in places.iter().enumerate() {
                    let number = cell(&row, *place).number().map(Number::float);
                    let bound = bounds.get(field).copied().flatten();
                    let far = match (number, bound) {
                        (Some(number), Some((low, high))) => number < low || number > high,
                        _ => false,
                    };
                    if let Some(mark) = marks.get(field) {
                        put(&mut row, *mark, Value::Boolean(far));
                    }
                    removed |= far && stage.removes;
                    if let (true, Some(number), Some((low, high))) = (far, number, bound) {
                        put(&mut row, *place, Value::float(number.clamp(low, high)));
                    }
                }
                if !removed {
                    kept.push(row);
                }
            }
            kept
        }),
        columns,
    )
}

/// The least and the largest value that is not far from the others.
fn bounds(rows: &[Row], place: usize, stage: &Outlier) -> Option<(f64, f64)> {
    let mut numbers: Vec<f64> =
        rows.iter().filter_map(|row| cell(row, place).number()).map(Number::float).collect();
    numbers.sort_by(f64::total_cmp);
    let (first, third) = (quantile(&numbers, 0.25)?, quantile(&numbers, 0.75)?);
    let reach = stage.factor * (third - first);
    let low = if stage.uses_lower { first - reach } else { f64::NEG_INFINITY };
    Some((low, third + reach))
}

/// A quantile with linear interpolation between the two nearest ranks.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "a place among numbers"
)]
pub(super) fn quantile(sorted: &[f64], share: f64) -> Option<f64> {
    let place = share * sorted.len().checked_sub(1)? as f64;
    let below = sorted.get(place.floor() as usize)?;
    let above = sorted.get(place.ceil() as usize)?;
    Some(below + (above - below) * place.fract())
}
