//! From a name to its ports.

use std::ops::RangeInclusive;

use crate::guides::guides;
use crate::registry::registry;
use crate::transport::Transports;

/// The most names that [`suggest`] offers.
const SUGGESTIONS: usize = 3;

/// How a text matched.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum MatchKind {
    /// The text is the name of the service.
    Name,
    /// The text is another name of the service.
    Alias,
    /// The text is part of the name, or of the description.
    Part,
}

/// Ports that a text may mean.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Match {
    /// How the text matched.
    pub kind: MatchKind,
    /// The ports.
    pub ports: RangeInclusive<u16>,
    /// The transports, or none if the registry does not name them.
    pub transports: Transports,
    /// The name of the service.
    pub name: &'static str,
    /// What the service is; empty if nobody says.
    pub description: &'static str,
}

/// Returns the ports that `text` may mean, in any case: those with this name or alias first, then
/// those whose name or description contains it.
///
/// In both halves our guides come before the registry, for the world has `efs` at 2049 and only the
/// registry at 520. A port can come twice, once from each. An empty text means nothing. O(n): it
/// reads the whole registry.
pub fn find(text: &str) -> Vec<Match> {
    let text = text.trim().to_lowercase();
    if text.is_empty() {
        return Vec::new();
    }
    let mut matches: Vec<Match> = guide_matches(&text).chain(registry_matches(&text)).collect();
    // Stable: within both halves our guides stay before the registry.
    matches.sort_by_key(|found| found.kind == MatchKind::Part);
    matches
}

/// Returns up to three names that are spelled almost like `text`, the closest first.
///
/// Returns none if `text` is itself a name, or is like none.
pub fn suggest(text: &str) -> Vec<&'static str> {
    let text = text.trim().to_lowercase();
    let tolerance = text.chars().count().div_ceil(4);
    let mut close: Vec<(usize, &'static str)> = names()
        .map(|name| (strsim::damerau_levenshtein(&text, &name.to_lowercase()), name))
        .filter(|(distance, _)| *distance <= tolerance)
        .collect();
    if close.iter().any(|(distance, _)| *distance == 0) {
        return Vec::new();
    }
    // Stable: at the same distance our own names stay before those of the registry.
    close.sort_by_key(|(distance, _)| *distance);
    let mut names: Vec<&'static str> = Vec::new();
    for (_, name) in close {
        if !names.contains(&name) && names.len() < SUGGESTIONS {
            names.push(name);
        }
    }
    names
}

fn guide_matches(text: &str) -> impl Iterator<Item = Match> {
    guides()
        .filter_map(move |guide| {
            let kind = match_kind(text, guide.name, guide.aliases, guide.title)?;
            Some((kind, guide))
        })
        .flat_map(|(kind, guide)| {
            guide.ports.iter().map(move |ports| Match {
                kind,
                ports: ports.clone(),
                transports: guide.transports,
                name: guide.name,
                description: guide.title,
            })
        })
}

fn registry_matches(text: &str) -> impl Iterator<Item = Match> {
    registry().iter().filter_map(move |row| {
        let name = row.name?;
        Some(Match {
            kind: match_kind(text, name, &[], row.description)?,
            ports: row.ports.clone(),
            transports: row.transports,
            name,
            description: row.description,
        })
    })
}

fn match_kind(text: &str, name: &str, aliases: &[&str], description: &str) -> Option<MatchKind> {
    let name = name.to_lowercase();
    if name == text {
        Some(MatchKind::Name)
    } else if aliases.contains(&text) {
        Some(MatchKind::Alias)
    } else if name.contains(text) || description.to_lowercase().contains(text) {
        Some(MatchKind::Part)
    } else {
        None
    }
}

/// Iterates over every name and alias, ours before those of the registry.
fn names() -> impl Iterator<Item = &'static str> {
    let ours =
        guides().flat_map(|guide| [guide.name].into_iter().chain(guide.aliases.iter().copied()));
    ours.chain(registry().iter().filter_map(|row| row.name))
}
