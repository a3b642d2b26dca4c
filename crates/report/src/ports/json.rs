//! Ports as a JSON document.

use portolan_catalog as catalog;
use portolan_catalog::{Entry, Transport, Transports};
use schemars::JsonSchema;
use serde::Serialize;

use crate::json::FORMAT_VERSION;
use crate::ports::words::{example, guides};

/// What the catalogue says of ports: the output of `portolan ports --format json`.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "Ports")]
pub(crate) struct Document {
    /// The version of this format, such as `1.0`.
    format_version: &'static str,
    /// The edition of the IANA registry, such as `July 2026`.
    registry_edition: &'static str,
    /// The ports.
    ports: Vec<Port>,
}

/// What the catalogue says of one port.
#[expect(clippy::struct_field_names, reason = "the names of the document")]
#[derive(Debug, JsonSchema, Serialize)]
struct Port {
    /// The port.
    port: u16,
    /// The name of the service that the world expects there, or null.
    name: Option<&'static str>,
    /// The range of RFC 6335: `system`, `user` or `dynamic`.
    class: &'static str,
    /// How bad it is that the whole Internet can reach it: `info` to `critical`.
    severity: &'static str,
    /// What the IANA registry says.
    registrations: Vec<Registration>,
    /// What AWS runs there.
    aws: Vec<AwsUse>,
    /// The clients that may use it as their own end of a connection.
    clients: Vec<Client>,
    /// The rules of benchmarks that name it.
    benchmarks: Vec<Benchmark>,
    /// What we recommend; if nobody has judged the port, the advice for all ports of its class.
    guides: Vec<Guide>,
}

/// A row of the registry.
#[derive(Debug, JsonSchema, Serialize)]
struct Registration {
    /// The transports; empty if the registry does not say.
    transports: Vec<&'static str>,
    /// The service name, or null for a port that is reserved.
    name: Option<&'static str>,
    /// What the service is.
    description: &'static str,
}

/// A service of AWS that listens at the port.
#[derive(Debug, JsonSchema, Serialize)]
struct AwsUse {
    /// The name of the service.
    service: &'static str,
    /// The transports.
    transports: Vec<&'static str>,
    /// What listens, and for whom.
    role: &'static str,
    /// The page that says so.
    source: &'static str,
}

/// A client that chooses its own port from a range.
#[expect(clippy::struct_field_names, reason = "the names of the document")]
#[derive(Debug, JsonSchema, Serialize)]
struct Client {
    /// What opens the connection.
    client: &'static str,
    /// The range, first and last.
    ports: [u16; 2],
    /// The page that says so.
    source: &'static str,
}

/// A rule of a benchmark.
#[derive(Debug, JsonSchema, Serialize)]
struct Benchmark {
    /// Who publishes it.
    publisher: &'static str,
    /// Its number or name.
    rule: &'static str,
    /// `forbidden` or `accepted`.
    verdict: String,
    /// The page that lists its ports.
    source: &'static str,
}

/// A judgement of a service.
#[derive(Debug, JsonSchema, Serialize)]
struct Guide {
    /// The short name of the service.
    name: &'static str,
    /// Its full name.
    title: &'static str,
    /// The transports for which the judgement holds.
    transports: Vec<&'static str>,
    /// What sort of service it is, in words.
    kind: &'static str,
    /// How bad it is that the whole Internet can reach it.
    severity: &'static str,
    /// Who should reach it, in words.
    allow: &'static str,
    /// Why the severity is what it is.
    why: &'static str,
    /// The recommended setting.
    recommended: &'static str,
    /// A rule with that setting, or null where none is recommended.
    example: Option<Example>,
}

/// A rule in two notations.
#[derive(Debug, JsonSchema, Serialize)]
struct Example {
    /// A command of the AWS CLI.
    aws_cli: String,
    /// Terraform resources.
    terraform: String,
}

impl Document {
    pub(crate) fn new(entries: &[Entry]) -> Self {
        Self {
            format_version: FORMAT_VERSION,
            registry_edition: catalog::REGISTRY_EDITION,
            ports: entries.iter().map(port).collect(),
        }
    }
}

fn port(entry: &Entry) -> Port {
    Port {
        port: entry.port,
        name: entry.name(),
        class: entry.class.name(),
        severity: entry.severity().name(),
        registrations: entry.registrations.iter().map(registration).collect(),
        aws: entry.aws_uses.iter().map(aws_use).collect(),
        clients: entry.ephemeral_ranges.iter().map(|range| client(range)).collect(),
        benchmarks: entry.benchmarks.iter().map(|it| benchmark(it)).collect(),
        guides: guides(entry).into_iter().map(|it| guide(it, entry.port)).collect(),
    }
}

fn names(transports: Transports) -> Vec<&'static str> {
    transports.iter().map(Transport::name).collect()
}

fn registration(row: &catalog::Registration) -> Registration {
    let transports = names(row.transports);
    Registration { transports, name: row.name, description: row.description }
}

fn aws_use(found: &catalog::AwsUse) -> AwsUse {
    AwsUse {
        service: found.service.name,
        transports: names(found.listener.transports),
        role: found.listener.role,
        source: found.service.source,
    }
}

const fn client(range: &catalog::EphemeralRange) -> Client {
    let ports = [*range.ports.start(), *range.ports.end()];
    Client { client: range.client, ports, source: range.source }
}

fn benchmark(benchmark: &catalog::Benchmark) -> Benchmark {
    Benchmark {
        publisher: benchmark.publisher,
        rule: benchmark.rule,
        verdict: benchmark.verdict.to_string(),
        source: benchmark.source,
    }
}

fn guide((transport, guide): (Transport, &'static catalog::Guide), port: u16) -> Guide {
    let rule = example(guide, transport, port);
    Guide {
        name: guide.name,
        title: guide.title,
        transports: names(guide.transports),
        kind: guide.kind.name(),
        severity: guide.severity.name(),
        allow: guide.allow.name(),
        why: guide.why,
        recommended: guide.recommended,
        example: rule.map(|it| Example { aws_cli: it.aws_cli(), terraform: it.terraform() }),
    }
}
