//! Rows of Parquet into rows of the lake.
//!
//! AWS delivers Parquet with addresses as strings and, for each version, other columns. A row is read as the line that it
//! would be in a text log, so that one parser decides what a record is and rejects have one form. That costs a third more
//! than reading text, and Parquet of flow logs comes in small files.

use std::net::{Ipv4Addr, Ipv6Addr};

use arrow::array::{Array as _, ArrayRef, AsArray as _, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, UInt32Type};
use arrow::error::ArrowError;
use portolan_flow::{Column, FieldType, Layout};

use crate::schema;

/// What stands for no value in a line.
const ABSENT: &str = "-";

/// A batch, ready to be written as lines.
pub(super) struct Lines {
    layout: Layout,
    cells: Vec<Cells>,
    rows: usize,
}

/// The values of one column as text.
enum Cells {
    /// The file lacks the column.
    Absent,
    Text(ArrayRef),
    /// Addresses as the lake has them: IPv4, and IPv6 if there is any.
    Numbers(ArrayRef, Option<ArrayRef>),
}

/// Parts a batch into runs of rows that have one layout.
///
/// That is the order of the columns, but for files that came out of a lake, which say for each row what it was.
///
/// # Errors
///
/// Returns an error if a layout is none.
pub(super) fn runs(batch: &RecordBatch) -> Result<Vec<Lines>, ArrowError> {
    let Some(layouts) = batch.column_by_name(schema::LAYOUT) else {
        let names = batch.schema_ref().fields().iter().map(|it| it.name().as_str());
        let layout = parse(&names.collect::<Vec<_>>().join(" "))?;
        return Ok(vec![Lines::new(layout, batch)?]);
    };
    let layouts = cast(layouts, &DataType::Utf8)?;
    let layouts = layouts.as_string::<i32>();
    let mut runs = Vec::new();
    let mut first = 0;
    while first < batch.num_rows() {
        let header = layouts.value(first);
        let length =
            (first..batch.num_rows()).take_while(|row| layouts.value(*row) == header).count();
        runs.push(Lines::new(parse(header)?, &batch.slice(first, length))?);
        first += length;
    }
    Ok(runs)
}

fn parse(header: &str) -> Result<Layout, ArrowError> {
    Layout::parse(header).map_err(|error| ArrowError::ExternalError(Box::new(error)))
}

/// Returns whether columns of these names can be those of a flow log.
pub(super) fn is_flow_log(schema: &arrow::datatypes::Schema) -> bool {
    let known = |name: &str| portolan_flow::Field::in_header(name).is_some();
    let count = schema.fields().iter().filter(|it| known(it.name())).count();
    count * 2 > schema.fields().len() || (count > 0 && schema.index_of(schema::LAYOUT).is_ok())
}

impl Lines {
    fn new(layout: Layout, batch: &RecordBatch) -> Result<Self, ArrowError> {
        let cells = layout.columns().iter().map(|column| cells(column, batch));
        let cells = cells.collect::<Result<_, _>>()?;
        Ok(Self { cells, layout, rows: batch.num_rows() })
    }

    pub(super) fn layout(&self) -> &Layout {
        &self.layout
    }

    pub(super) fn len(&self) -> usize {
        self.rows
    }

    /// Writes a row as a line.
    pub(super) fn write(&self, row: usize, line: &mut String) {
        line.clear();
        for (index, cells) in self.cells.iter().enumerate() {
            if index > 0 {
                line.push(' ');
            }
            cells.write(row, line);
        }
    }
}

fn cells(column: &Column, batch: &RecordBatch) -> Result<Cells, ArrowError> {
    // A lake may have it under a name of its own.
    let name = schema::column_name(column);
    let is_it =
        |it: &str| it == name || it.replace('_', "-").eq_ignore_ascii_case(column.text_name());
    let index = batch.schema_ref().fields().iter().position(|it| is_it(it.name()));
    let Some(array) = index.map(|index| batch.column(index)) else { return Ok(Cells::Absent) };
    if column.field_type() == FieldType::Address && array.data_type() == &DataType::UInt32 {
        let wide = batch.column_by_name(&schema::wide_name(&name));
        return Ok(Cells::Numbers(array.clone(), wide.cloned()));
    }
    Ok(Cells::Text(cast(array, &DataType::Utf8)?))
}

impl Cells {
    fn write(&self, row: usize, line: &mut String) {
        match self {
            Self::Text(array) if array.is_valid(row) => {
                let text = array.as_string::<i32>().value(row);
                line.push_str(if text.is_empty() { ABSENT } else { text });
            }
            Self::Numbers(narrow, _) if narrow.is_valid(row) => {
                let address = Ipv4Addr::from_bits(narrow.as_primitive::<UInt32Type>().value(row));
                line.push_str(&address.to_string());
            }
            Self::Numbers(_, Some(wide)) if wide.is_valid(row) => {
                match <[u8; 16]>::try_from(wide.as_fixed_size_binary().value(row)) {
                    Ok(octets) => line.push_str(&Ipv6Addr::from(octets).to_string()),
                    Err(_) => line.push_str(ABSENT),
                }
            }
            _ => line.push_str(ABSENT),
        }
    }
}
