//! Severities of ports and of ranges: the guides laid out over all 65,536 ports.
//!
//! For each transport the ports are cut into runs that share one guide, a few hundred in all. One
//! binary search then answers for a port, and a short walk answers for a range. An array of 65,536
//! entries was rejected: it is larger, and no faster where it matters, which is wide ranges.
//!
//! Invariant: the runs of a transport are sorted, touch, and cover every port.

use std::ops::RangeInclusive;
use std::sync::LazyLock;

use crate::guide::Guide;
use crate::guides::{guides, unlisted};
use crate::port_class::PortClass;
use crate::severity::Severity;
use crate::transport::Transport;

/// The severity of traffic of every protocol, open to the whole Internet.
pub const ALL_TRAFFIC: Severity = Severity::Critical;

/// The runs of each transport, in the order of [`Transport::ALL`].
static CHARTS: LazyLock<[Vec<Run>; 4]> = LazyLock::new(|| Transport::ALL.map(chart));

/// Ports that share one guide.
#[derive(Debug)]
struct Run {
    ports: RangeInclusive<u16>,
    guide: &'static Guide,
}

/// Returns the guide to `port`: the one written for it, or the one for all ports of its class.
///
/// O(log n).
pub fn guide(transport: Transport, port: u16) -> &'static Guide {
    runs(transport, port..=port)
        .next()
        .map_or_else(|| fallback(PortClass::of(port)), |run| run.guide)
}

/// Returns how bad it is that the whole Internet can reach `port`.
///
/// A port of which the catalogue knows nothing is [`Severity::Medium`]: unknown is not safe.
/// O(log n).
pub fn severity(transport: Transport, port: u16) -> Severity {
    guide(transport, port).severity
}

/// Returns how bad it is that the whole Internet can reach all of `ports`: as bad as the worst.
///
/// All 65,536 ports together are [`Severity::Critical`] whatever the transport. An empty range
/// opens nothing and is [`Severity::Info`]. O(log n) for a narrow range, a few hundred steps for
/// the widest.
pub fn worst_severity(transport: Transport, ports: RangeInclusive<u16>) -> Severity {
    if ports == (0..=u16::MAX) {
        return ALL_TRAFFIC;
    }
    guides_in(transport, ports).map(|guide| guide.severity).max().unwrap_or(Severity::Info)
}

/// Iterates over the guides to `ports`, in the order of the ports.
///
/// The same guide comes again where its ports do not touch; the guides for unlisted ports are
/// among them.
pub fn guides_in(
    transport: Transport,
    ports: RangeInclusive<u16>,
) -> impl Iterator<Item = &'static Guide> {
    runs(transport, ports).map(|run| run.guide)
}

/// Iterates over the runs that share a port with `ports`.
fn runs(transport: Transport, ports: RangeInclusive<u16>) -> impl Iterator<Item = &'static Run> {
    let chart = CHARTS.get(transport as usize).map_or(&[][..], Vec::as_slice);
    let first = chart.partition_point(|run| run.ports.end() < ports.start());
    let met = chart.get(first..).unwrap_or_default().iter();
    met.take_while(move |run| !ports.is_empty() && run.ports.start() <= ports.end())
}

/// Lays the guides of `transport` out over all ports.
fn chart(transport: Transport) -> Vec<Run> {
    let mut listed: Vec<Run> = guides()
        .filter(|guide| guide.transports.contains(transport))
        .flat_map(|guide| guide.ports.iter().map(move |ports| Run { ports: ports.clone(), guide }))
        .collect();
    listed.sort_by_key(|run| *run.ports.start());
    let gaps = gaps(&listed);
    listed.extend(gaps);
    listed.sort_by_key(|run| *run.ports.start());
    listed
}

/// Returns a run of the fallback guide for every stretch that no listed run covers.
fn gaps(listed: &[Run]) -> Vec<Run> {
    let before = listed.iter().map(|run| u32::from(*run.ports.start()));
    let after = listed.iter().map(|run| u32::from(*run.ports.end()) + 1);
    let starts = std::iter::once(0).chain(after);
    let ends = before.chain(std::iter::once(1 << 16));
    starts.zip(ends).flat_map(|(start, end)| fallbacks(start, end)).collect()
}

/// Returns the fallback runs of the ports `start..end`, one for each class that they meet.
fn fallbacks(start: u32, end: u32) -> impl Iterator<Item = Run> {
    PortClass::ALL.into_iter().filter_map(move |class| {
        let ports = class.ports();
        let first = u16::try_from(start).ok()?.max(*ports.start());
        let last = u16::try_from(end.checked_sub(1)?).ok()?.min(*ports.end());
        (first <= last).then(|| Run { ports: first..=last, guide: fallback(class) })
    })
}

/// Returns the guide for the ports of `class` for which none was written.
const fn fallback(class: PortClass) -> &'static Guide {
    match class {
        PortClass::System => &unlisted::SYSTEM,
        PortClass::User => &unlisted::USER,
        PortClass::Dynamic => &unlisted::DYNAMIC,
    }
}
