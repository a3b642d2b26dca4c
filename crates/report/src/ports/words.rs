//! What the formats for people say of a port in the same words.

use portolan_catalog::{
    AwsUse, Benchmark, Entry, ExampleRule, Guide, Registration, Transport, Transports, Verdict,
};

/// A fact about a port: what it is about, and what it says.
pub(crate) type Fact = (&'static str, String);

/// Returns the port with its name, such as `5432 postgresql`.
pub(crate) fn heading(entry: &Entry) -> String {
    match entry.name() {
        Some(name) => format!("{} {name}", entry.port),
        None => entry.port.to_string(),
    }
}

/// Returns what others say of the port: its range, the registry, AWS, clients, benchmarks.
pub(crate) fn facts(entry: &Entry) -> Vec<Fact> {
    let assignment = entry.assignment(Transport::Tcp);
    let mut facts = vec![("range", format!("{} ports (RFC 6335); tcp {assignment}", entry.class))];
    facts.extend(entry.registrations.iter().map(|row| ("registry", registration(row))));
    facts.extend(entry.aws_uses.iter().map(|it| ("AWS", aws_use(it))));
    let clients: Vec<&str> = entry.ephemeral_ranges.iter().map(|range| range.client).collect();
    if !clients.is_empty() {
        facts.push(("clients", format!("chosen by {} for their own end", clients.join("; "))));
    }
    facts.extend(entry.benchmarks.iter().map(|it| ("benchmark", benchmark(it))));
    facts
}

fn registration(row: &Registration) -> String {
    let name = row.name.unwrap_or("no name");
    format!("{} {name}: {}", transports(row.transports), row.description)
}

/// Returns the transports, or `any` if the source names none.
pub(crate) fn transports(transports: Transports) -> String {
    if transports.is_empty() { "any".to_owned() } else { transports.to_string() }
}

fn aws_use(found: &AwsUse) -> String {
    let transports = transports(found.listener.transports);
    format!("{} ({transports}): {}", found.service.name, found.listener.role)
}

fn benchmark(benchmark: &Benchmark) -> String {
    let verdict = match benchmark.verdict {
        Verdict::Forbidden => "must not be open to the Internet",
        Verdict::Accepted => "may be open to the Internet",
    };
    format!("{} {}: {verdict}", benchmark.publisher, benchmark.rule)
}

/// Returns the guides to a port with a transport of each: those that were written for it, or the one for all
/// ports of its class.
pub(crate) fn guides(entry: &Entry) -> Vec<(Transport, &'static Guide)> {
    let with_transport = |guide: &&'static Guide| {
        let transport = guide.transports.iter().next().unwrap_or(Transport::Tcp);
        (transport, *guide)
    };
    if entry.guides.is_empty() {
        return vec![(Transport::Tcp, entry.guide(Transport::Tcp))];
    }
    entry.guides.iter().map(with_transport).collect()
}

/// Returns what a guide says, without its title and severity.
pub(crate) fn advice(guide: &Guide) -> Vec<Fact> {
    vec![
        ("why", guide.why.to_owned()),
        ("setting", guide.recommended.to_owned()),
        ("open to", guide.allow.to_string()),
    ]
}

/// Returns a rule that sets what the guide recommends, if there is one, as a command.
pub(crate) fn example(guide: &Guide, transport: Transport, port: u16) -> Option<ExampleRule> {
    ExampleRule::new(guide, transport, port)
}
