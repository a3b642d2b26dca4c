//! Who inside can talk to whom, as a report.

use std::io;

use portolan_reach::{Chart, Matrix};

use crate::format::{Format, Style};

/// What of a matrix to write.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct MatrixOptions {
    /// Whether to write pairs of interfaces instead of pairs of classes.
    pub expand: bool,
    /// The most pairs to write; `None` for all.
    pub limit: Option<usize>,
}

/// Writes who inside can talk to whom.
pub fn matrix(
    chart: &Chart,
    matrix: &Matrix,
    options: &MatrixOptions,
    format: Format,
    style: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let _ = (chart, options, format, style);
    writeln!(out, "{} classes, {} pairs", matrix.classes.len(), matrix.cells.len())
}
