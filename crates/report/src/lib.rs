//! Answers as table, JSON, CSV, Markdown and HTML with pictures.
//!
//! Each answer of `reach` is put once into the words of a person, and each format then renders those: findings by
//! resource, the worst first; a path with the rule of every step. No format decides anything that another does
//! not. Pictures are computed as numbers first and drawn second.
//!
//! Invariants: everything that comes from AWS is hostile text, which no format lets do anything but be read; what
//! is unknown is shown as unknown; every answer says what was not read; the same input gives the same bytes.
//!
//! A template engine was rejected: [`maud`] is checked by the compiler and escapes by default.

mod answer;
mod assumed;
mod chart;
mod coverage;
mod evaluation;
mod exposure;
mod finding;
#[cfg(test)]
mod fixture;
mod format;
mod grid;
#[cfg(test)]
mod hostile;
mod inert;
mod json;
mod listing;
mod markdown;
mod matrix;
mod moment;
mod names;
mod page;
mod paint;
mod plan;
mod ports;
mod rating;
mod rejection;
mod rows;
mod schema;
mod services;
mod sheet;
mod sources;
mod why;
mod wire;

pub use crate::answer::{AnswerSet, QuestionText, answer};
pub use crate::coverage::coverage_lines;
pub use crate::evaluation::evaluation;
pub use crate::exposure::{ExposureOptions, exposure, worst_severity};
pub use crate::format::{Format, Style};
pub use crate::matrix::{MatrixOptions, MatrixReport};
pub use crate::names::interface_owner;
pub use crate::plan::{PlanFormat, plan};
pub use crate::ports::ports;
pub use crate::rejection::rejection;
pub use crate::rows::{Column, ColumnKind, Drawing, RowSet, Value, row_lines, rows, series_svg};
pub use crate::schema::schemas;
