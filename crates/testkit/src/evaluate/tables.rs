//! Values from elsewhere: tables, other sources, other queries.

use std::collections::BTreeMap;

use portolan_query::{AppendColumns, CidrLookup, Comparator, Join, Lookup, LookupOutput};

use super::address::{self, Subnet};
use super::expression::compare;
use super::value::{Row, Value, get};
use super::{Run, within};

/// A table of text.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// The names of the columns, in order.
    pub columns: Vec<String>,
    /// The rows: text by the name of its column.
    pub rows: Vec<BTreeMap<String, String>>,
}

impl Table {
    /// Returns the column with prefixes: the first in which every text is one.
    fn prefix_column(&self) -> Option<&String> {
        let has_prefixes = |column: &&String| {
            let all = self.rows.iter().map(|row| row.get(*column));
            !self.rows.is_empty()
                && all.into_iter().all(|text| text.is_some_and(|it| Subnet::parse(it).is_some()))
        };
        self.columns.iter().find(has_prefixes)
    }
}

/// Sets values from the first row of a table whose keys are equal.
pub(super) fn lookup(run: Run<'_>, it: &Lookup, rows: Vec<Row>) -> Vec<Row> {
    let table = run.world.tables.get(&it.table).cloned().unwrap_or_default();
    let find = |row: &Row| {
        let keys: Vec<_> =
            it.keys.iter().map(|(column, key)| (column, run.value(key, row).to_text())).collect();
        let is_equal = |found: &&BTreeMap<String, String>| {
            keys.iter().all(|(column, key)| key.is_some() && found.get(*column) == key.as_ref())
        };
        table.rows.iter().find(is_equal)
    };
    let fill_row = |row: Row| fill(&it.outputs, it.keeps_existing, find(&row), row);
    rows.into_iter().map(fill_row).collect()
}

/// Sets values from the row of a table with the longest prefix that holds an address.
pub(super) fn cidr_lookup(run: Run<'_>, it: &CidrLookup, rows: Vec<Row>) -> Vec<Row> {
    let table = run.world.tables.get(&it.table).cloned().unwrap_or_default();
    let column = it.column.as_ref().or_else(|| table.prefix_column());
    let find = |row: &Row| {
        let address = address::parse(&run.value(&it.address, row).to_text()?)?;
        let prefix = |found: &BTreeMap<String, String>| Subnet::parse(found.get(column?)?);
        let holding = table.rows.iter().filter_map(|found| Some((prefix(found)?, found)));
        // Of equal prefixes the first counts; `max_by_key` takes the last.
        let longest = holding
            .filter(|(subnet, _)| subnet.holds(address))
            .rev()
            .max_by_key(|(it, _)| it.length);
        longest.map(|(_, found)| found)
    };
    let fill_row = |row: Row| fill(&it.outputs, it.keeps_existing, find(&row), row);
    rows.into_iter().map(fill_row).collect()
}

fn fill(
    outputs: &[LookupOutput],
    keeps_existing: bool,
    found: Option<&BTreeMap<String, String>>,
    mut row: Row,
) -> Row {
    for output in outputs {
        let text = found.and_then(|it| it.get(&output.column)).cloned();
        let stays = keeps_existing && get(&row, &output.name).is_present();
        if !stays {
            row.insert(output.name.clone(), text.into());
        }
    }
    row
}

/// Puts rows of another source beside those with an equal key.
pub(super) fn join(run: Run<'_>, it: &Join, rows: &[Row]) -> Vec<Row> {
    let others = within(run.source(Some(&it.source)), &run.window(Some(&it.source)));
    let join_row = |row: &Row| {
        let key = run.value(&it.left_key, row);
        let is_partner = |other: &&Row| {
            compare(Comparator::Equal, &key, &run.value(&it.right_key, other)) == Some(true)
        };
        let partners: Vec<_> = others.iter().filter(is_partner).cloned().collect();
        let alone = partners.is_empty() && it.keeps_unmatched;
        let partners = if alone { vec![Row::new()] } else { partners };
        partners.iter().map(|other| joined(it, row, other)).collect::<Vec<_>>()
    };
    rows.iter().flat_map(join_row).collect()
}

fn joined(it: &Join, row: &Row, other: &Row) -> Row {
    let prefixed = |prefix: &str, row: &Row| -> Vec<(String, Value)> {
        row.iter().map(|(name, value)| (format!("{prefix}.{name}"), value.clone())).collect()
    };
    let mut joined = row.clone();
    joined.extend(prefixed(&it.left, row));
    joined.extend(prefixed(&it.right, other));
    joined
}

/// Puts rows of a query beside these, by position.
pub(super) fn append_columns(run: Run<'_>, it: &AppendColumns, mut rows: Vec<Row>) -> Vec<Row> {
    let most = usize::try_from(it.most).unwrap_or(usize::MAX);
    let others: Vec<_> = run.query(&it.query).into_iter().take(most).collect();
    for (row, other) in rows.iter_mut().zip(&others) {
        for column in &it.query.columns {
            if it.replaces || !get(row, &column.name).is_present() {
                row.insert(column.name.clone(), get(other, &column.name));
            }
        }
    }
    rows
}
