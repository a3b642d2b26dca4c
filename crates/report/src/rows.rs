//! The answer of a query on flow logs: the columns that the query named, and its rows.
//!
//! What the columns mean only the query knows, so a report shows them as they come, in every format. Where there is
//! something to draw (numbers over time, or numbers by name), it can be drawn too: in the terminal with
//! [`Drawing`], as a picture in HTML and with [`series_svg`].

mod csv;
mod html;
pub(crate) mod json;
mod markdown;
pub(crate) mod series;
mod table;

use std::borrow::Cow;
use std::io;

use crate::format::{Format, Style};

/// The answer of a query.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RowSet {
    /// What the values of each row are, in their order.
    pub columns: Vec<Column>,
    /// The rows, in the order of the query. Each has as many values as there are columns.
    pub rows: Vec<Vec<Value>>,
    /// What a reader must know to read the rows rightly: that counts are lower bounds, that something was left out.
    pub remarks: Vec<String>,
}

/// A column.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Column {
    /// Its name, as the query gave it or as it wrote the expression.
    pub name: String,
    /// What its values are, where they are not missing.
    pub kind: ColumnKind,
}

/// What the values of a column are.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ColumnKind {
    /// Texts, or values of several kinds.
    Text,
    /// Numbers.
    Number,
    /// Points in time.
    Time,
}

impl ColumnKind {
    /// Returns the name in lower case.
    const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "number",
            Self::Time => "time",
        }
    }
}

/// A value of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// There is none.
    Missing,
    /// A whole number.
    Integer(i64),
    /// Any other number; never infinite.
    Number(f64),
    /// A text.
    Text(String),
    /// A point in time.
    Time {
        /// Milliseconds since 1970-01-01T00:00:00Z.
        millis: i64,
        /// How a person reads it, in UTC.
        text: String,
    },
}

impl Value {
    /// Returns the value as text; a missing one is empty.
    fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Missing => Cow::Borrowed(""),
            Self::Integer(number) => Cow::Owned(number.to_string()),
            Self::Number(number) => Cow::Owned(number.to_string()),
            Self::Text(text) | Self::Time { text, .. } => Cow::Borrowed(text),
        }
    }

    /// Returns the number, if it is one.
    #[expect(clippy::cast_precision_loss, reason = "a picture is not more precise than that")]
    const fn number(&self) -> Option<f64> {
        match self {
            Self::Integer(number) => Some(*number as f64),
            Self::Number(number) => Some(*number),
            Self::Missing | Self::Text(_) | Self::Time { .. } => None,
        }
    }
}

/// What a terminal draws instead of a table.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Drawing {
    /// Nothing: a table.
    #[default]
    Nothing,
    /// A bar for each row, as long as its last number.
    Bars,
    /// A line of blocks for each series of numbers over time.
    Sparkline,
}

/// Writes the answer of a query. `drawing` is for [`Format::Table`]; HTML has a picture where there is a time series.
pub fn rows(
    set: &RowSet,
    drawing: Drawing,
    format: Format,
    style: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    match (format, drawing) {
        (Format::Table, Drawing::Nothing) => table::write(set, style, out),
        (Format::Table, Drawing::Bars) => table::write_bars(set, style, out),
        (Format::Table, Drawing::Sparkline) => table::write_sparklines(set, style, out),
        (Format::Json, _) => crate::json::write(&json::Document::new(set), out),
        (Format::Csv, _) => csv::write(set, out),
        (Format::Markdown, _) => markdown::write(set, out),
        (Format::Html, _) => html::write(set, out),
    }
}

/// Writes each row as a line, for what goes on and on: values with two spaces between them, and nothing else.
pub fn row_lines(set: &RowSet, out: &mut dyn io::Write) -> io::Result<()> {
    table::write_lines(set, out)
}

/// Writes a time series as one SVG picture, light or dark as its reader prefers; returns whether there is one in the answer.
///
/// A time series has a column of times, and at least one of numbers; with one column of texts, each text is a series.
pub fn series_svg(set: &RowSet, out: &mut dyn io::Write) -> io::Result<bool> {
    let Some(series) = series::Series::of(set) else { return Ok(false) };
    let drawing = crate::chart::series::stand_alone(&series);
    out.write_all(crate::inert::inert_document(&drawing.into_string()).as_bytes())?;
    out.write_all(b"\n")?;
    Ok(true)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::fixture::{terminal, written};

    /// Returns an answer of bytes by action over time, with a hostile name.
    pub(crate) fn traffic(name: &str) -> RowSet {
        let column = |name: &str, kind| Column { name: name.to_owned(), kind };
        let row = |minute: i64, action: &str, bytes: i64| {
            vec![
                Value::Time {
                    millis: minute * 60_000,
                    text: format!("1970-01-01 00:{minute:02}:00.000"),
                },
                Value::Text(action.to_owned()),
                Value::Integer(bytes),
            ]
        };
        RowSet {
            columns: vec![
                column("bin(5m)", ColumnKind::Time),
                column(name, ColumnKind::Text),
                column("sum(bytes)", ColumnKind::Number),
            ],
            rows: vec![
                row(0, "ACCEPT", 1500),
                row(0, "REJECT", 40),
                row(5, "ACCEPT", 3000),
                row(10, "ACCEPT", 750),
                row(10, name, 120),
            ],
            remarks: vec![String::from("2 records say that others were left out (SKIPDATA)")],
        }
    }

    fn check(drawing: Drawing, format: Format) -> String {
        written(|out| rows(&traffic("action"), drawing, format, &terminal(60), out))
    }

    #[test]
    fn a_table_aligns_numbers() {
        insta::assert_snapshot!(check(Drawing::Nothing, Format::Table), @r"
        bin(5m)                  action  sum(bytes)
        1970-01-01 00:00:00.000  ACCEPT        1500
        1970-01-01 00:00:00.000  REJECT          40
        1970-01-01 00:05:00.000  ACCEPT        3000
        1970-01-01 00:10:00.000  ACCEPT         750
        1970-01-01 00:10:00.000  action         120

        2 records say that others were left out (SKIPDATA)
        ");
    }

    #[test]
    fn bars_are_as_long_as_the_numbers() {
        insta::assert_snapshot!(check(Drawing::Bars, Format::Table), @r"
        1970-01-01 00:00:00.000  ACCEPT  1500  ████████▌
        1970-01-01 00:00:00.000  REJECT    40  ▎
        1970-01-01 00:05:00.000  ACCEPT  3000  █████████████████
        1970-01-01 00:10:00.000  ACCEPT   750  ████▎
        1970-01-01 00:10:00.000  action   120  ▋

        2 records say that others were left out (SKIPDATA)
        ");
    }

    #[test]
    fn sparklines_run_over_time() {
        insta::assert_snapshot!(check(Drawing::Sparkline, Format::Table), @r"
        ACCEPT  ▄█▂  max 3000
        action    ▁  max 120
        REJECT  ▁    max 40
        1970-01-01 00:00:00.000 to 1970-01-01 00:10:00.000

        2 records say that others were left out (SKIPDATA)
        ");
    }

    #[test]
    fn lines_are_rows_and_nothing_else() {
        insta::assert_snapshot!(written(|out| row_lines(&traffic("action"), out)), @r"
        1970-01-01 00:00:00.000  ACCEPT  1500
        1970-01-01 00:00:00.000  REJECT  40
        1970-01-01 00:05:00.000  ACCEPT  3000
        1970-01-01 00:10:00.000  ACCEPT  750
        1970-01-01 00:10:00.000  action  120
        ");
    }

    #[test]
    fn json_has_a_row_as_an_object() {
        insta::assert_snapshot!(check(Drawing::Nothing, Format::Json), @r#"
        {
          "format_version": "1.0",
          "columns": [
            {
              "name": "bin(5m)",
              "kind": "time"
            },
            {
              "name": "action",
              "kind": "text"
            },
            {
              "name": "sum(bytes)",
              "kind": "number"
            }
          ],
          "rows": [
            {
              "bin(5m)": "1970-01-01 00:00:00.000",
              "action": "ACCEPT",
              "sum(bytes)": 1500
            },
            {
              "bin(5m)": "1970-01-01 00:00:00.000",
              "action": "REJECT",
              "sum(bytes)": 40
            },
            {
              "bin(5m)": "1970-01-01 00:05:00.000",
              "action": "ACCEPT",
              "sum(bytes)": 3000
            },
            {
              "bin(5m)": "1970-01-01 00:10:00.000",
              "action": "ACCEPT",
              "sum(bytes)": 750
            },
            {
              "bin(5m)": "1970-01-01 00:10:00.000",
              "action": "action",
              "sum(bytes)": 120
            }
          ],
          "remarks": [
            "2 records say that others were left out (SKIPDATA)"
          ]
        }
        "#);
    }

    #[test]
    fn csv_and_markdown_have_the_rows() {
        insta::assert_snapshot!(check(Drawing::Nothing, Format::Csv), @r"
        bin(5m),action,sum(bytes)
        1970-01-01 00:00:00.000,ACCEPT,1500
        1970-01-01 00:00:00.000,REJECT,40
        1970-01-01 00:05:00.000,ACCEPT,3000
        1970-01-01 00:10:00.000,ACCEPT,750
        1970-01-01 00:10:00.000,action,120
        ");
        insta::assert_snapshot!(check(Drawing::Nothing, Format::Markdown), @r"
        | bin(5m) | action | sum(bytes) |
        | --- | --- | --- |
        | 1970-01-01 00:00:00.000 | ACCEPT | 1500 |
        | 1970-01-01 00:00:00.000 | REJECT | 40 |
        | 1970-01-01 00:05:00.000 | ACCEPT | 3000 |
        | 1970-01-01 00:10:00.000 | ACCEPT | 750 |
        | 1970-01-01 00:10:00.000 | action | 120 |

        - 2 records say that others were left out (SKIPDATA)
        ");
    }

    #[test]
    fn a_page_draws_what_it_lists() {
        let page = check(Drawing::Nothing, Format::Html);
        assert!(page.contains("<svg class=\"series\"") && page.contains("SKIPDATA"), "{page}");
    }

    #[test]
    fn only_a_time_series_is_a_picture() {
        let mut drawn = Vec::new();
        assert!(series_svg(&traffic("action"), &mut drawn).unwrap());
        assert!(String::from_utf8(drawn).unwrap().contains("xmlns=\"http://www.w3.org/2000/svg\""));
        let mut none = Vec::new();
        assert!(!series_svg(&RowSet::default(), &mut none).unwrap() && none.is_empty());
    }

    #[test]
    fn an_empty_answer_says_so() {
        let text = written(|out| {
            rows(&RowSet::default(), Drawing::Nothing, Format::Table, &terminal(60), out)
        });
        assert_eq!(text, "no rows\n");
    }
}
