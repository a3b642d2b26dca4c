//! The fields that the tests know: those of flow logs that the tests use.

use portolan_query::{Kind, KnownField, Vocabulary};

/// Name, aliases with commas between them, kind.
static FIELDS: &[(&str, &str, Kind)] = &[
    ("@timestamp", "", Kind::Time),
    ("@message", "", Kind::Text),
    ("@logStream", "logStream", Kind::Text),
    ("srcAddr", "source ip, source address", Kind::Address),
    ("dstAddr", "destination ip, destination address", Kind::Address),
    ("srcPort", "source port", Kind::Integer),
    ("dstPort", "destination port", Kind::Integer),
    ("protocol", "", Kind::Integer),
    ("packets", "", Kind::Integer),
    ("bytes", "", Kind::Integer),
    ("startTime", "start, start time", Kind::Seconds),
    ("endTime", "end, end time", Kind::Seconds),
    ("action", "", Kind::Text),
    ("logStatus", "", Kind::Text),
    ("accountId", "", Kind::Text),
    ("interfaceId", "", Kind::Text),
    ("version", "", Kind::Integer),
    ("tcpFlags", "", Kind::Integer),
    ("flowDirection", "", Kind::Text),
];

/// Returns a small vocabulary of flow logs.
pub(crate) fn flows() -> Vocabulary {
    Vocabulary::new(FIELDS.iter().map(|(name, aliases, kind)| KnownField {
        name: String::from(*name),
        aliases: aliases.split(", ").filter(|it| !it.is_empty()).map(String::from).collect(),
        kind: *kind,
        summary: String::new(),
    }))
}
