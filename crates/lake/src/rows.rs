//! Records gathered into columns.
//!
//! Strings are numbered as they come: the columns of flow logs that are text hold few different ones, and what is numbered
//! here need not be hashed again when it is written.

mod addresses;
mod numbers;
mod words;

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray as _, RecordBatch};
use arrow::datatypes::{Int64Type, Schema, SchemaRef, UInt8Type, UInt16Type};
use arrow::error::ArrowError;
use portolan_flow::{Cells, Field, FieldType, Layout, Value};

use crate::schema;
use addresses::Addresses;
use numbers::Numbers;
use words::unify;
pub(crate) use words::{Numbering, Words};

/// Rows of one layout, in the order in which they came.
#[derive(Debug)]
pub(crate) struct Rows {
    layout: Arc<Layout>,
    columns: Vec<Values>,
    length: usize,
}

/// The values of one column.
#[derive(Debug)]
enum Values {
    Address(Addresses),
    Port(Numbers<UInt16Type>),
    Byte(Numbers<UInt8Type>),
    Integer(Numbers<Int64Type>),
    Text(Words),
}

impl Rows {
    /// Returns no rows, with room for some.
    pub(crate) fn new(layout: Arc<Layout>, capacity: usize) -> Self {
        let types = layout.columns().iter().map(portolan_flow::Column::field_type);
        let columns = types.map(|it| Values::new(it, capacity)).collect();
        Self { layout, columns, length: 0 }
    }

    /// Returns how many rows there are.
    pub(crate) const fn len(&self) -> usize {
        self.length
    }

    /// Adds a row: the values of a record of this layout.
    pub(crate) fn push(&mut self, values: &[Value<'_>]) {
        for (column, value) in self.columns.iter_mut().zip(values) {
            column.push(*value);
        }
        self.length += 1;
    }

    /// Adds the rows of lines of this layout, and returns whether each is a record. If one is not, none is added.
    pub(crate) fn extend(&mut self, cells: Cells<'_>) -> bool {
        let are_records =
            self.columns.iter_mut().enumerate().all(|(index, it)| it.extend(cells, index));
        if are_records {
            self.length += cells.rows();
        } else {
            self.columns.iter_mut().for_each(|it| it.truncate(self.length));
        }
        are_records
    }

    /// Returns the rows as a batch with the columns of [`schema::of_layout`], but for [`schema::LAYOUT`].
    pub(crate) fn finish(self) -> Result<RecordBatch, ArrowError> {
        let mut arrays: Vec<ArrayRef> = Vec::new();
        let mut is_wide = Vec::new();
        for values in self.columns {
            is_wide.push(values.finish_into(&mut arrays)?);
        }
        let names = self.layout.columns().iter().map(schema::column_name);
        let wide: Vec<_> = names.zip(is_wide).filter_map(|(name, it)| it.then_some(name)).collect();
        let schema = schema::of_rows(&self.layout, |name| wide.iter().any(|it| it == name));
        RecordBatch::try_new(schema, arrays)
    }
}

impl Values {
    fn new(field_type: FieldType, capacity: usize) -> Self {
        match field_type {
            FieldType::Address => Self::Address(Addresses::with_capacity(capacity)),
            FieldType::Port => Self::Port(Numbers::with_capacity(capacity)),
            FieldType::Byte => Self::Byte(Numbers::with_capacity(capacity)),
            FieldType::Integer | FieldType::Seconds => {
                Self::Integer(Numbers::with_capacity(capacity))
            }
            FieldType::Word | FieldType::Text => Self::Text(Words::with_capacity(capacity)),
        }
    }

    /// Adds a value. One of another type than the column's cannot come out of a parser; it would be absent.
    fn push(&mut self, value: Value<'_>) {
        match (self, value) {
            (Self::Address(column), value) => column.push(value),
            (Self::Port(column), Value::Port(it)) => column.push(Some(it)),
            (Self::Port(column), _) => column.push(None),
            (Self::Byte(column), Value::Byte(it)) => column.push(Some(it)),
            (Self::Byte(column), _) => column.push(None),
            (Self::Integer(column), Value::Integer(it)) => column.push(Some(it)),
            (Self::Integer(column), _) => column.push(None),
            (Self::Text(column), Value::Text(it)) => column.push(it),
            (Self::Text(column), _) => column.push_absent(),
        }
    }

    /// Adds the cells of a column of lines, and returns whether each is a value or absent.
    fn extend(&mut self, cells: Cells<'_>, index: usize) -> bool {
        match self {
            Self::Address(column) => column.extend(cells, index),
            Self::Port(column) => column.extend(cells, index),
            Self::Byte(column) => column.extend(cells, index),
            Self::Integer(column) => column.extend(cells, index),
            Self::Text(column) => column.extend(cells, index),
        }
    }

    /// Takes off what is after the first rows.
    fn truncate(&mut self, rows: usize) {
        match self {
            Self::Address(column) => column.truncate(rows),
            Self::Port(column) => column.truncate(rows),
            Self::Byte(column) => column.truncate(rows),
            Self::Integer(column) => column.truncate(rows),
            Self::Text(column) => column.truncate(rows),
        }
    }

    /// Adds the arrays of the column, and returns whether there are two.
    fn finish_into(self, arrays: &mut Vec<ArrayRef>) -> Result<bool, ArrowError> {
        match self {
            Self::Address(column) => return column.finish_into(arrays),
            Self::Port(column) => arrays.push(Arc::new(column.finish())),
            Self::Byte(column) => arrays.push(Arc::new(column.finish())),
            Self::Integer(column) => arrays.push(Arc::new(column.finish())),
            Self::Text(column) => arrays.push(column.finish()?),
        }
        Ok(false)
    }
}

/// Gives batches of one layout the same columns: some may lack those of IPv6 that others have.
///
/// The batch whose first row is the earliest comes first: what came in order, and was only mixed up by threads, is in order then.
pub(crate) fn alike(
    layout: &Layout,
    batches: &[RecordBatch],
) -> Result<Vec<RecordBatch>, ArrowError> {
    let mut batches: Vec<&RecordBatch> = batches.iter().collect();
    batches.sort_by_key(|batch| first_start(batch));
    let has = |name: &str| batches.iter().any(|it| it.schema_ref().index_of(name).is_ok());
    let schema = schema::of_rows(layout, |name| has(&schema::wide_name(name)));
    let widened = batches.iter().map(|batch| {
        let columns = schema.fields().iter().map(|field| {
            batch.column_by_name(field.name()).cloned().unwrap_or_else(|| {
                arrow::array::new_null_array(field.data_type(), batch.num_rows())
            })
        });
        RecordBatch::try_new(SchemaRef::clone(&schema), columns.collect())
    });
    widened.collect()
}

/// Puts batches of the same columns together.
pub(crate) fn concatenate(batches: &[RecordBatch]) -> Result<RecordBatch, ArrowError> {
    let schema = batches.first().map_or_else(|| Arc::new(Schema::empty()), RecordBatch::schema);
    let columns = schema.fields().iter().enumerate().map(|(index, field)| {
        let parts: Vec<_> = batches.iter().map(|it| ArrayRef::clone(it.column(index))).collect();
        if field.data_type() == &schema::text() { unify(&parts) } else { concat(&parts) }
    });
    let columns = columns.collect::<Result<_, _>>()?;
    RecordBatch::try_new(schema, columns)
}

/// Returns the time of the first row.
fn first_start(rows: &RecordBatch) -> Option<i64> {
    let start = rows.column_by_name(Field::Start.column_name())?;
    start.as_primitive::<Int64Type>().iter().next().flatten()
}

fn concat(parts: &[ArrayRef]) -> Result<ArrayRef, ArrowError> {
    let parts: Vec<_> = parts.iter().map(AsRef::as_ref).collect();
    arrow::compute::concat(&parts)
}

#[cfg(test)]
mod tests {
    use arrow::datatypes::UInt32Type;
    use portolan_flow::Record;

    use super::*;

    fn batch(layout: &Arc<Layout>, lines: &[&str]) -> RecordBatch {
        let mut rows = Rows::new(Arc::clone(layout), lines.len());
        let mut record = Record::default();
        for line in lines {
            record.read(layout, line).unwrap();
            rows.push(record.values());
        }
        rows.finish().unwrap()
    }

    #[test]
    fn addresses_of_both_families_stand_side_by_side() {
        let layout = Arc::new(Layout::parse("srcaddr action").unwrap());
        let narrow = batch(&layout, &["10.0.0.1 ACCEPT", "- -"]);
        let mixed = batch(&layout, &["10.0.0.2 REJECT", "2001:db8::1 ACCEPT", "- ACCEPT"]);
        assert_eq!(narrow.num_columns(), 2);
        assert_eq!(mixed.num_columns(), 3);
        let all = concatenate(&alike(&layout, &[narrow, mixed]).unwrap()).unwrap();
        let names: Vec<_> = all.schema_ref().fields().iter().map(|it| it.name().clone()).collect();
        assert_eq!(names, ["srcaddr", "srcaddr6", "action"]);
        let addresses: Vec<_> = all.column(0).as_primitive::<UInt32Type>().iter().collect();
        assert_eq!(addresses, [Some(0x0a00_0001), None, Some(0x0a00_0002), None, None]);
        let wide = all.column(1).as_fixed_size_binary();
        assert_eq!(wide.iter().flatten().count(), 1);
        assert_eq!(wide.value(3).first(), Some(&0x20));
        let words: Vec<_> = words::texts(all.column(2));
        assert_eq!(words, [Some("ACCEPT"), None, Some("REJECT"), Some("ACCEPT"), Some("ACCEPT")]);
    }
}
