//! The tables of the user in SQL: tables of texts, and a function for what is said of an address.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema};
use datafusion::common::{ScalarValue, plan_err};
use datafusion::datasource::MemTable;
use datafusion::error::Result;
use datafusion::execution::context::SessionContext;
use datafusion::logical_expr::{ColumnarValue, Volatility, create_udf};

use crate::engine::table::{Finder, Reference, Table, Tables};

/// What SQL calls the look-up of an address: the table, the address and the column.
const FUNCTION: &str = "cidrlookup";

/// Makes the tables known to a session.
pub(super) fn register(session: &SessionContext, tables: &Tables) -> Result<()> {
    let mut finders = BTreeMap::new();
    for (name, reference) in tables.each() {
        if let Reference::Table(table) = reference {
            session.register_table(name, Arc::new(in_memory(table)?))?;
        }
        finders.insert(name.to_owned(), Finder::new(reference, None, Vec::new()));
    }
    session.register_udf(create_udf(
        FUNCTION,
        vec![DataType::Utf8; 3],
        DataType::Utf8,
        Volatility::Immutable,
        Arc::new(move |arguments| look_up(&finders, arguments)),
    ));
    Ok(())
}

fn in_memory(table: &Table) -> Result<MemTable> {
    let field = |name: &String| Field::new(name, DataType::Utf8, true);
    let schema = Arc::new(Schema::new(table.columns().iter().map(field).collect::<Vec<_>>()));
    let column = |place| -> ArrayRef {
        let cells = table.rows().iter().map(|row: &Vec<String>| row.get(place));
        Arc::new(
            cells
                .map(|cell: Option<&String>| cell.filter(|it| !it.is_empty()))
                .collect::<StringArray>(),
        )
    };
    let columns = (0..table.columns().len()).map(column).collect();
    let batch = RecordBatch::try_new(Arc::clone(&schema), columns)?;
    MemTable::try_new(schema, vec![vec![batch]])
}

/// `cidrlookup('table', address, 'column')`.
fn look_up(
    finders: &BTreeMap<String, Finder>,
    arguments: &[ColumnarValue],
) -> Result<ColumnarValue> {
    let [
        ColumnarValue::Scalar(ScalarValue::Utf8(Some(name))),
        address,
        ColumnarValue::Scalar(ScalarValue::Utf8(Some(column))),
    ] = arguments
    else {
        return plan_err!("write `{FUNCTION}('table', address, 'column')`");
    };
    let Some(finder) = finders.get(name) else {
        return plan_err!("there is no table `{name}`: `--table {name}=FILE` gives one");
    };
    let found = |address: Option<&str>| finder.value(address?.parse().ok()?, column);
    Ok(match address {
        ColumnarValue::Scalar(scalar) => {
            ColumnarValue::Scalar(ScalarValue::Utf8(found(scalar.try_as_str().flatten())))
        }
        ColumnarValue::Array(addresses) => {
            let addresses = datafusion::common::cast::as_string_array(addresses)?;
            let values: StringArray = addresses.iter().map(found).collect();
            ColumnarValue::Array(Arc::new(values))
        }
    })
}
