//! Comma-separated values (RFC 4180) that a spreadsheet shows and does not run.
//!
//! A cell that begins with a character of [`FORMULA`] is a formula to a spreadsheet, so such a cell gets a `'` in
//! front, which spreadsheets take as "this is text".
//!
//! Source: OWASP, "CSV Injection".

use std::borrow::Cow;
use std::io;

use csv::{Terminator, Writer, WriterBuilder};

use crate::inert::inert;

/// The characters with which a formula begins, or that spreadsheets skip before one.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A table that is written row by row.
pub(crate) struct Sheet<'a> {
    writer: Writer<&'a mut dyn io::Write>,
}

impl<'a> Sheet<'a> {
    /// Begins a table with the line of column heads.
    pub(crate) fn new(heads: &[&str], out: &'a mut dyn io::Write) -> io::Result<Self> {
        let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(out);
        writer.write_record(heads.iter().map(|head| harmless(head)))?;
        Ok(Self { writer })
    }

    /// Writes a row.
    pub(crate) fn row(&mut self, cells: &[&str]) -> io::Result<()> {
        let cells = cells.iter().map(|cell| harmless(cell));
        self.writer.write_record(cells)?;
        Ok(())
    }

    /// Writes a row of texts, each with whether it is a number, which no spreadsheet takes for a formula.
    pub(crate) fn values<'t>(
        &mut self,
        cells: impl Iterator<Item = (Cow<'t, str>, bool)>,
    ) -> io::Result<()> {
        for (text, is_number) in cells {
            let text = if is_number { text.into_owned() } else { harmless(&text) };
            self.writer.write_field(text)?;
        }
        self.writer.write_record(None::<&[u8]>)?;
        Ok(())
    }

    /// Writes what is left to write.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

fn harmless(cell: &str) -> String {
    let text = inert(cell);
    if cell.starts_with(FORMULA) { format!("'{text}") } else { text.into_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn disarms_formulas_and_quotes_as_rfc_4180_says() {
        let mut out = Vec::new();
        let mut sheet = Sheet::new(&["name", "text"], &mut out).unwrap();
        sheet.row(&["=1+1", "a,b"]).unwrap();
        sheet.row(&["@x", "say \"hi\""]).unwrap();
        sheet.row(&["\t=1", "two\nlines"]).unwrap();
        sheet.row(&["a-b", ""]).unwrap();
        sheet.finish().unwrap();
        let expected = "name,text\r\n'=1+1,\"a,b\"\r\n'@x,\"say \"\"hi\"\"\"\r\n\
                        '\\u{9}=1,two\\u{a}lines\r\na-b,\r\n";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
