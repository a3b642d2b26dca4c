//! Rows as a JSON document.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};

use crate::json::FORMAT_VERSION;
use crate::rows::{Column, RowSet, Value};

/// The answer of a query: the output of `portolan flows query --format json`.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "Rows")]
pub(crate) struct Document<'a> {
    /// The version of this format, such as `1.0`.
    format_version: &'static str,
    /// The columns, in their order.
    columns: Vec<ColumnDocument<'a>>,
    /// The rows, in the order of the query.
    rows: Vec<RowDocument<'a>>,
    /// What a reader must know to read the rows rightly.
    remarks: &'a [String],
}

/// A column.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "Column")]
struct ColumnDocument<'a> {
    /// Its name, which is also that of the properties of rows.
    name: &'a str,
    /// `text`, `number`, or `time`: a text such as `2026-01-01 00:05:00.000`, in UTC.
    kind: &'static str,
}

/// A row: a property for each column that has a value.
#[derive(Debug)]
struct RowDocument<'a> {
    columns: &'a [Column],
    values: &'a [Value],
}

impl<'a> Document<'a> {
    pub(super) fn new(set: &'a RowSet) -> Self {
        let column = |it: &'a Column| ColumnDocument { name: &it.name, kind: it.kind.name() };
        let row = |values: &'a Vec<Value>| RowDocument { columns: &set.columns, values };
        Self {
            format_version: FORMAT_VERSION,
            columns: set.columns.iter().map(column).collect(),
            rows: set.rows.iter().map(row).collect(),
            remarks: &set.remarks,
        }
    }
}

impl Serialize for RowDocument<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (column, value) in self.columns.iter().zip(self.values) {
            match value {
                Value::Missing => {}
                Value::Integer(number) => map.serialize_entry(&column.name, number)?,
                Value::Number(number) => map.serialize_entry(&column.name, number)?,
                Value::Text(text) | Value::Time { text, .. } => {
                    map.serialize_entry(&column.name, text)?;
                }
            }
        }
        map.end()
    }
}

impl JsonSchema for RowDocument<'_> {
    fn schema_name() -> Cow<'static, str> {
        "Row".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "description": "A row: a property for each column that has a value in it, a text or a number.",
        })
    }
}
