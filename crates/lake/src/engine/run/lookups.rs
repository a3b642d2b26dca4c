//! The tables that a query names, and whether they have the columns that it names.

use datafusion::error::{DataFusionError, Result};
use portolan_query::{CidrLookup, Lookup, LookupOutput};

use crate::engine::table::{Reference, Table, Tables};

/// Returns the table of a `lookup`.
pub(super) fn table<'t>(tables: &'t Tables, lookup: &Lookup) -> Result<&'t Table> {
    let keys = lookup.keys.iter().map(|(column, _)| column.as_str());
    let name = &lookup.table;
    match found(tables, name, keys.chain(taken(&lookup.outputs)))? {
        Reference::Table(table) => Ok(table),
        Reference::Database(_) => Err(wrong(format!(
            "`{name}` is a database of addresses; look them up with `cidrlookup {name} srcAddr OUTPUT …`"
        ))),
    }
}

/// Returns what a `cidrlookup` looks into.
pub(super) fn reference<'t>(tables: &'t Tables, lookup: &CidrLookup) -> Result<&'t Reference> {
    found(tables, &lookup.table, lookup.column.as_deref().into_iter().chain(taken(&lookup.outputs)))
}

fn taken(outputs: &[LookupOutput]) -> impl Iterator<Item = &str> {
    outputs.iter().map(|output| output.column.as_str())
}

fn found<'t, 'n>(
    tables: &'t Tables,
    name: &str,
    mut columns: impl Iterator<Item = &'n str>,
) -> Result<&'t Reference> {
    let reference = tables.find(name).ok_or_else(|| {
        let known: Vec<String> = tables.each().map(|(name, _)| name.to_owned()).collect();
        let known = listed(&known);
        wrong(format!("there is no table `{name}`: {known}"))
    })?;
    match columns.find(|column| !reference.has(column)) {
        None => Ok(reference),
        Some(column) => {
            let known = listed(&reference.columns());
            Err(wrong(format!("the table `{name}` has no column `{column}`: {known}")))
        }
    }
}

fn listed(names: &[String]) -> String {
    match names {
        [] => "there is none".to_owned(),
        names => format!("there are {}", names.join(", ")),
    }
}

fn wrong(message: String) -> DataFusionError {
    DataFusionError::Plan(message)
}
