//! Coverage as a person reads it.

use std::fmt::Write as _;

use portolan_model::{Coverage, ResourceKind};

/// Prints problems as a person reads them.
pub(crate) fn problems(coverage: &Coverage) -> String {
    let mut text = String::new();
    for problem in coverage.problems() {
        let at = problem.position.as_ref().map_or_else(String::new, |position| {
            format!(":{}:{} {}", position.line, position.column, position.json_path)
        });
        let lost = if problem.loses_data { "" } else { " (nothing lost)" };
        writeln!(text, "{}{at}: {}{lost}", problem.path.trim_end(), problem.message).expect("text");
        if let Some(help) = &problem.help {
            writeln!(text, "  help: {help}").expect("text");
        }
    }
    text
}

/// Prints what was read where.
pub(crate) fn readings(coverage: &Coverage) -> String {
    let mut text = String::new();
    for place in coverage.places() {
        for kind in ResourceKind::ALL {
            if let Some(reading) = coverage.reading(place, kind) {
                let (files, resources, broken) = (reading.files, reading.resources, reading.broken);
                writeln!(text, "{place}: {kind} {resources}, {broken} broken, {files} files")
                    .expect("text");
            }
        }
    }
    text
}
