//! The columns of the lake, made from the table of fields in `flow`.
//!
//! Addresses are numbers: comparing, grouping and hashing them costs a third of what it costs for text, and a subnet is a
//! range that the statistics of Parquet can exclude. An address that is not IPv4 stands in a second column of 16 bytes,
//! which only files that need it have. Words and texts are plain strings in the files, so that every engine reads them; in
//! memory they are dictionaries, since there are few of each.
//!
//! Unsigned types were weighed against signed ones, which every reader of Parquet has known for longer: they halve addresses
//! and ports in memory, where queries spend their time, and DuckDB, Spark (as `bigint` and `int`) and Trino (declared so)
//! read them. Trino stumbles over statistics of unsigned numbers above 2^31, so that addresses have none.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field as ArrowField, Schema, SchemaRef};
use portolan_flow::{Column, Field, FieldType, Layout};

/// The column that holds the header of the source, the same in every row of a file.
pub const LAYOUT: &str = "layout";

/// What the name of a column has appended where it holds IPv6 addresses.
const WIDE_SUFFIX: &str = "6";

/// What unknown fields have prepended, lest a field of tomorrow is called like a column of ours.
const UNKNOWN_PREFIX: &str = "x_";

/// The bytes of an IPv6 address.
pub const WIDE_BYTES: i32 = 16;

/// Returns the name of a column of a source in the lake.
pub fn column_name(column: &Column) -> String {
    match column {
        Column::Known(field) => field.column_name().to_owned(),
        Column::Unknown(_) => format!("{UNKNOWN_PREFIX}{}", column.column_name()),
    }
}

/// Returns the name of the column that holds what `column`, a column of addresses, cannot: IPv6.
pub fn wide_name(column: &str) -> String {
    format!("{column}{WIDE_SUFFIX}")
}

/// Returns the type that values of a field have in memory.
///
/// For an address that is the type of IPv4; IPv6 is a `FixedSizeBinary` of [`WIDE_BYTES`] in the column of
/// [`wide_name`].
pub fn data_type(field_type: FieldType) -> DataType {
    match field_type {
        FieldType::Address => DataType::UInt32,
        FieldType::Port => DataType::UInt16,
        FieldType::Byte => DataType::UInt8,
        FieldType::Integer | FieldType::Seconds => DataType::Int64,
        FieldType::Word | FieldType::Text => text(),
    }
}

/// Returns the type of strings in memory: 32-bit numbers into a dictionary.
pub fn text() -> DataType {
    DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
}

/// Returns the columns of a file whose source has this layout.
///
/// They come in the order of the layout, that of IPv6 after its sibling, [`LAYOUT`] last. `is_wide` says of a column of
/// addresses, by its name in the lake, whether the file has IPv6 in it.
pub fn of_layout(layout: &Layout, is_wide: impl Fn(&str) -> bool) -> SchemaRef {
    finish(fields_of(layout, is_wide))
}

/// Returns the columns of [`of_layout`] without [`LAYOUT`].
pub(crate) fn of_rows(layout: &Layout, is_wide: impl Fn(&str) -> bool) -> SchemaRef {
    Arc::new(Schema::new(fields_of(layout, is_wide)))
}

/// Returns every column that a lake can have, in the order of the table of fields; unknown fields aside.
pub fn of_all_fields() -> SchemaRef {
    let mut fields = Vec::new();
    for field in Field::ALL {
        push(&mut fields, field.column_name().to_owned(), field.field_type(), &|_| true);
    }
    finish(fields)
}

/// Returns the columns of a file of which nothing is known.
pub fn empty() -> SchemaRef {
    finish(Vec::new())
}

fn fields_of(layout: &Layout, is_wide: impl Fn(&str) -> bool) -> Vec<ArrowField> {
    let mut fields = Vec::new();
    for column in layout.columns() {
        push(&mut fields, column_name(column), column.field_type(), &is_wide);
    }
    fields
}

fn push(
    fields: &mut Vec<ArrowField>,
    name: String,
    field_type: FieldType,
    is_wide: &impl Fn(&str) -> bool,
) {
    let wide = (field_type == FieldType::Address && is_wide(&name))
        .then(|| ArrowField::new(wide_name(&name), DataType::FixedSizeBinary(WIDE_BYTES), true));
    fields.push(ArrowField::new(name, data_type(field_type), true));
    fields.extend(wide);
}

fn finish(mut fields: Vec<ArrowField>) -> SchemaRef {
    fields.push(ArrowField::new(LAYOUT, text(), true));
    Arc::new(Schema::new(fields))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn check(layout: &str, wide: &[&str], expected: &str) {
        let layout = Layout::parse(layout).unwrap();
        let schema = of_layout(&layout, |name| wide.contains(&name));
        let found: Vec<_> = schema
            .fields()
            .iter()
            .map(|it| match it.data_type() {
                DataType::Dictionary(..) => format!("{} text", it.name()),
                other => format!("{} {other}", it.name()),
            })
            .collect();
        assert_eq!(found.join(", "), expected);
    }

    #[test]
    fn a_file_has_the_columns_of_its_source() {
        check(
            "srcaddr dstport start action",
            &[],
            "srcaddr UInt32, dstport UInt16, start Int64, action text, layout text",
        );
        check(
            "srcaddr dstaddr tcp-flags",
            &["srcaddr"],
            "srcaddr UInt32, srcaddr6 FixedSizeBinary(16), dstaddr UInt32, tcp_flags UInt8, layout text",
        );
        check("start layout", &[], "start Int64, x_layout text, layout text");
    }

    #[test]
    fn no_two_columns_have_one_name() {
        let schema = of_all_fields();
        let names: BTreeSet<_> = schema.fields().iter().map(|it| it.name()).collect();
        assert_eq!(names.len(), schema.fields().len());
        assert!(names.iter().all(|it| !it.starts_with(UNKNOWN_PREFIX)));
    }
}
