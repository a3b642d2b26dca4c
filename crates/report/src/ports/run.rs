//! Ports that stand together in a list because the catalogue says the same of them.

use std::ops::RangeInclusive;

use portolan_catalog::{Entry, Severity, Transport};

/// One or more ports in a row, of which the catalogue says the same.
#[derive(Debug)]
pub(crate) struct Run<'a> {
    pub(crate) ports: RangeInclusive<u16>,
    /// What it says of the first of them.
    pub(crate) entry: &'a Entry,
}

impl Run<'_> {
    /// Returns the ports as text, such as `22` or `8000-8010`.
    pub(crate) fn ports_text(&self) -> String {
        match (self.ports.start(), self.ports.end()) {
            (first, last) if first == last => first.to_string(),
            (first, last) => format!("{first}-{last}"),
        }
    }

    /// Returns the name of the service, or nothing.
    pub(crate) fn name(&self) -> &'static str {
        self.entry.name().unwrap_or_default()
    }

    /// Returns what the service is, or nothing.
    pub(crate) fn title(&self) -> &'static str {
        let registered = || self.entry.registrations.first().map(|row| row.description);
        let guide = self.entry.guides.first().map(|guide| guide.title);
        guide.or_else(registered).unwrap_or_default()
    }

    /// Returns how bad it is that the whole Internet can reach it.
    pub(crate) fn severity(&self) -> Severity {
        self.entry.severity()
    }

    /// Returns who should reach it.
    pub(crate) fn allow(&self) -> &'static str {
        let guide = self.entry.guides.first().copied();
        guide.unwrap_or_else(|| self.entry.guide(Transport::Tcp)).allow.name()
    }

    fn goes_on_with(&self, entry: &Entry) -> bool {
        let is_next = self.ports.end().checked_add(1) == Some(entry.port);
        is_next && !entry.guides.is_empty() && is_alike(self.entry, entry)
    }
}

fn is_alike(a: &Entry, b: &Entry) -> bool {
    a.guides.len() == b.guides.len()
        && a.guides.iter().zip(&b.guides).all(|(a, b)| std::ptr::eq(*a, *b))
}

/// Returns the ports as runs, in their order.
pub(crate) fn runs(entries: &[Entry]) -> Vec<Run<'_>> {
    let mut runs: Vec<Run<'_>> = Vec::new();
    for entry in entries {
        match runs.last_mut() {
            Some(run) if run.goes_on_with(entry) => run.ports = *run.ports.start()..=entry.port,
            _ => runs.push(Run { ports: entry.port..=entry.port, entry }),
        }
    }
    runs
}
