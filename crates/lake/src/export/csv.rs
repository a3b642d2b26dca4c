//! The report as CSV.

use std::io::Write;
use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, AsArray as _, RecordBatch, StringArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Int64Type};
use portolan_flow::Field;

use super::{Sink, plain};
use crate::error::LakeError;
use crate::manifest::FileEntry;
use crate::time::time_text;

/// The columns, by what their heads say.
static COLUMNS: [(&str, Field); 10] = [
    ("time", Field::Start),
    ("source address", Field::SrcAddr),
    ("source port", Field::SrcPort),
    ("destination address", Field::DstAddr),
    ("destination port", Field::DstPort),
    ("protocol", Field::Protocol),
    ("packets", Field::Packets),
    ("bytes", Field::Bytes),
    ("action", Field::Action),
    ("status", Field::LogStatus),
];

/// Writes CSV as RFC 4180 has it.
pub(super) struct Csv<'a> {
    out: &'a mut dyn Write,
}

impl<'a> Csv<'a> {
    pub(super) fn new(out: &'a mut dyn Write) -> Result<Self, LakeError> {
        let heads: Vec<_> = COLUMNS.iter().map(|(head, _)| *head).collect();
        let mut csv = Self { out };
        csv.put(&format!("{}\r\n", heads.join(",")))?;
        Ok(csv)
    }

    fn put(&mut self, text: &str) -> Result<(), LakeError> {
        self.out.write_all(text.as_bytes()).map_err(LakeError::file("write", "-"))
    }
}

impl Sink for Csv<'_> {
    fn write(&mut self, _: &FileEntry, batch: &RecordBatch) -> Result<(), LakeError> {
        let columns = COLUMNS.iter().map(|(_, field)| texts(batch, *field));
        let columns = columns.collect::<Result<Vec<_>, _>>()?;
        let mut text = String::new();
        for row in 0..batch.num_rows() {
            for (index, column) in columns.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                if column.is_valid(row) {
                    push_cell(&mut text, column.as_string::<i32>().value(row));
                }
            }
            text.push_str("\r\n");
        }
        self.put(&text)
    }

    fn finish(self: Box<Self>) -> Result<(), LakeError> {
        self.out.flush().map_err(LakeError::file("write", "-"))
    }
}

fn texts(batch: &RecordBatch, field: Field) -> Result<ArrayRef, LakeError> {
    let values = plain::field(batch, field)?;
    if field != Field::Start {
        return Ok(cast(&values, &DataType::Utf8)?);
    }
    let times = values.as_primitive::<Int64Type>().iter();
    let texts: StringArray = times.map(|it| it.map(time_text)).collect();
    Ok(Arc::new(texts))
}

/// Adds a cell. What a sheet would take for a formula has an apostrophe before it: logs are written by strangers, too.
fn push_cell(line: &mut String, text: &str) {
    let is_formula = text.starts_with(['=', '+', '-', '@']);
    if !is_formula && !text.contains([',', '"', '\r', '\n']) {
        line.push_str(text);
        return;
    }
    line.push('"');
    if is_formula {
        line.push('\'');
    }
    line.push_str(&text.replace('"', "\"\""));
    line.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let mut line = String::new();
        push_cell(&mut line, text);
        assert_eq!(line, expected);
    }

    #[test]
    fn cells_are_only_text() {
        check("ACCEPT", "ACCEPT");
        check("2001:db8::1", "2001:db8::1");
        check("a,b", "\"a,b\"");
        check("say \"no\"", "\"say \"\"no\"\"\"");
        check("=cmd()", "\"'=cmd()\"");
    }
}
