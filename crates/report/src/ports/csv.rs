//! Ports as comma-separated values.

use std::io;

use crate::ports::run::Run;
use crate::ports::words::guides;
use crate::sheet::Sheet;

const HEADS: [&str; 8] =
    ["ports", "name", "title", "class", "severity", "allow", "why", "recommended"];

/// Writes one row for each run of ports.
pub(crate) fn write(runs: &[Run<'_>], out: &mut dyn io::Write) -> io::Result<()> {
    let mut sheet = Sheet::new(&HEADS, out)?;
    for run in runs {
        let guide = guides(run.entry).into_iter().next().map(|(_, guide)| guide);
        sheet.row(&[
            &run.ports_text(),
            run.name(),
            run.title(),
            run.entry.class.name(),
            run.severity().name(),
            run.allow(),
            guide.map(|it| it.why).unwrap_or_default(),
            guide.map(|it| it.recommended).unwrap_or_default(),
        ])?;
    }
    sheet.finish()
}
