//! Values from tables: of an equal key, of the longest prefix, or of another source of rows.

use arrow::datatypes::DataType;
use portolan_query::{CidrLookup, Join, Lookup, LookupOutput};
use rustc_hash::FxHashMap;

use super::{Each, Input, Made, Row, cell, declare, put};
use crate::engine::table::{Finder, Reference, Table};
use crate::engine::value::{Value, common, plain};

/// The columns of a table that go into a row, and where.
struct Outputs {
    /// The place in the row of the table, the place in our row, and whether it had a value before.
    places: Vec<(usize, usize)>,
    keeps_existing: bool,
}

impl Outputs {
    fn new(
        input: Input<'_>,
        columns: &mut Vec<(String, DataType)>,
        outputs: &[LookupOutput],
        keeps_existing: bool,
        place: impl Fn(&str) -> Option<usize>,
    ) -> Self {
        let places = outputs
            .iter()
            .map(|output| {
                let from = place(&output.column).unwrap_or(usize::MAX);
                let known = input.kind(input.place(&output.name));
                let kind =
                    if keeps_existing { common(&known, &DataType::Utf8) } else { DataType::Utf8 };
                (from, declare(columns, &output.name, kind))
            })
            .collect();
        Self { places, keeps_existing }
    }

    fn write(&self, row: &mut Row, found: Option<&[String]>) {
        for (from, target) in &self.places {
            if self.keeps_existing && !cell(row, *target).is_missing() {
                continue;
            }
            let value = found.and_then(|found| found.get(*from)).filter(|text| !text.is_empty());
            put(row, *target, value.map_or(Value::Missing, |text| Value::owned(text.clone())));
        }
    }
}

/// `lookup`: the row of a table whose keys equal the values called `of`.
pub(crate) fn lookup(input: Input<'_>, stage: &Lookup, of: &[String], table: &Table) -> Made {
    let mut columns = input.columns();
    let outputs = Outputs::new(input, &mut columns, &stage.outputs, stage.keeps_existing, |it| {
        table.place(it)
    });
    let from: Vec<usize> =
        stage.keys.iter().map(|(name, _)| table.place(name).unwrap_or(usize::MAX)).collect();
    let places: Vec<usize> = of.iter().map(|name| input.place(name)).collect();
    let mut index: FxHashMap<Vec<String>, Vec<String>> = FxHashMap::default();
    for row in table.rows() {
        let key = from.iter().map(|place| row.get(*place).cloned().unwrap_or_default()).collect();
        index.entry(key).or_insert_with(|| row.clone());
    }
    Made::new(
        Each(move |mut row: Row, out: &mut Vec<Row>| {
            let key: Option<Vec<String>> = places
                .iter()
                .map(|place| cell(&row, *place).text().map(std::borrow::Cow::into_owned))
                .collect();
            let found = key.and_then(|key| index.get(&key));
            outputs.write(&mut row, found.map(Vec::as_slice));
            out.push(row);
        }),
        columns,
    )
}

/// `cidrlookup`: what is said of the longest prefix that holds the address called `of`.
pub(crate) fn cidr_lookup(
    input: Input<'_>,
    stage: &CidrLookup,
    of: &str,
    reference: &Reference,
) -> Made {
    let mut columns = input.columns();
    let wanted = stage.outputs.iter().map(|output| output.column.clone()).collect();
    let finder = Finder::new(reference, stage.column.as_deref(), wanted);
    let outputs = Outputs::new(input, &mut columns, &stage.outputs, stage.keeps_existing, |it| {
        finder.place(it)
    });
    let place = input.place(of);
    Made::new(
        Each(move |mut row: Row, out: &mut Vec<Row>| {
            let found = cell(&row, place).address().and_then(|address| finder.find(address));
            outputs.write(&mut row, found.as_deref());
            out.push(row);
        }),
        columns,
    )
}

/// `join`: rows of another source with an equal key beside these. The key of these is the value called `of`; the others come as their
/// key and the fields that are used.
pub(crate) fn join(
    input: Input<'_>,
    stage: &Join,
    of: &str,
    others: &[(String, DataType)],
    rows: Vec<Row>,
) -> Made {
    let mut columns = input.columns();
    let place = input.place(of);
    let lefts: Vec<(usize, usize)> = stage
        .left_fields
        .iter()
        .map(|name| {
            let from = input.place(name);
            (from, declare(&mut columns, &format!("{}.{name}", stage.left), input.kind(from)))
        })
        .collect();
    let rights: Vec<usize> = stage
        .right_fields
        .iter()
        .zip(others.iter().skip(1))
        .map(|(name, (_, kind))| {
            declare(&mut columns, &format!("{}.{name}", stage.right), plain(kind))
        })
        .collect();
    let mut index: FxHashMap<String, Vec<Row>> = FxHashMap::default();
    for row in rows {
        if let Some(key) = row.first().and_then(Value::text) {
            index.entry(key.into_owned()).or_default().push(row);
        }
    }
    let keeps_unmatched = stage.keeps_unmatched;
    Made::new(
        Each(move |mut row: Row, out: &mut Vec<Row>| {
            for (from, target) in &lefts {
                let value = cell(&row, *from).clone();
                put(&mut row, *target, value);
            }
            let key = cell(&row, place).text();
            let partners =
                key.and_then(|key| index.get(&*key)).map(Vec::as_slice).unwrap_or_default();
            for partner in partners {
                let mut row = row.clone();
                for (from, target) in rights.iter().enumerate() {
                    put(&mut row, *target, cell(partner, from + 1).clone());
                }
                out.push(row);
            }
            if partners.is_empty() && keeps_unmatched {
                out.push(row);
            }
        }),
        columns,
    )
}
