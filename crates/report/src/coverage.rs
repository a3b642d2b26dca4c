//! What was not read: the footnote of every answer.

use portolan_model::{Coverage, Status};

/// Returns what was not read and how to read it, one line for each essential kind of resource and place.
/// Empty if nothing essential is missing.
pub fn coverage_lines(coverage: &Coverage) -> Vec<String> {
    let line = |(place, kind, status): (_, portolan_model::ResourceKind, _)| {
        let missing = if status == Status::Absent { "not read" } else { "not fully read" };
        format!("{place}: {kind} {missing}: `{}`", kind.command())
    };
    coverage.gaps().map(line).collect()
}
