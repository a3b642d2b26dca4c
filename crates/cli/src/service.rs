//! Names of services where ports are expected: `ssh`, `https`, `postgres`.

use std::ops::RangeInclusive;

use portolan_catalog::{Registration, Transport, Transports, guides, registry};
use portolan_net::{PortRange, PortSet, Protocol};

/// What a name stands for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Service {
    /// The ports.
    pub(crate) ports: PortSet,
    /// The protocols: TCP, UDP or both.
    pub(crate) protocols: Vec<Protocol>,
}

/// Returns what a service name stands for, in any case, or `None` if the catalogue does not know it.
///
/// The catalogue groups what a person would secure together (PostgreSQL and its connection pooler); the
/// registry is narrower. So the ports are those that the registry gives to the name, and the catalogue's where it
/// gives none. The registry reserves both transports for most names; the catalogue knows which is in use.
pub(crate) fn service(name: &str) -> Option<Service> {
    let name = name.to_lowercase();
    let guide = guides().find(|it| it.name == name || it.aliases.contains(&name.as_str()));
    let Some(guide) = guide else { return registered(&name) };
    let is_guided =
        |row: &&Registration| guide.ports.iter().any(|it| it.contains(row.ports.start()));
    let exact: PortSet = rows(&name).filter(is_guided).map(|it| range(&it.ports)).collect();
    let named: PortSet = rows(guide.name).filter(is_guided).map(|it| range(&it.ports)).collect();
    let all: PortSet = guide.ports.iter().map(range).collect();
    let ports = [exact, named, all].into_iter().find(|it| !it.intervals().is_empty())?;
    Some(Service { ports, protocols: protocols(guide.transports) })
}

fn registered(name: &str) -> Option<Service> {
    let ports: PortSet = rows(name).map(|it| range(&it.ports)).collect();
    let is_tcp = rows(name).any(|it| it.covers(Transport::Tcp));
    let transports = if is_tcp { Transports::TCP } else { Transports::UDP };
    let is_known = !ports.intervals().is_empty();
    is_known.then(|| Service { ports, protocols: protocols(transports) })
}

fn rows(name: &str) -> impl Iterator<Item = &'static Registration> {
    registry().iter().filter(move |it| it.name.is_some_and(|it| it.eq_ignore_ascii_case(name)))
}

fn range(ports: &RangeInclusive<u16>) -> PortRange {
    PortRange::between(*ports.start(), *ports.end())
}

fn protocols(transports: Transports) -> Vec<Protocol> {
    let of_flows = [(Transport::Tcp, Protocol::TCP), (Transport::Udp, Protocol::UDP)];
    let used = of_flows.into_iter().filter(|(transport, _)| transports.contains(*transport));
    used.map(|(_, protocol)| protocol).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, ports: &str, protocols: &[Protocol]) {
        let found = service(name).unwrap();
        assert_eq!((found.ports.to_string().as_str(), &*found.protocols), (ports, protocols));
    }

    #[test]
    fn names_mean_what_people_mean() {
        check("ssh", "22", &[Protocol::TCP]);
        check("SSH", "22", &[Protocol::TCP]);
        check("https", "443", &[Protocol::TCP]);
        check("http", "80", &[Protocol::TCP]);
        check("postgres", "5432", &[Protocol::TCP]);
        check("rdp", "3389", &[Protocol::TCP, Protocol::UDP]);
        check("microsoft-ds", "445", &[Protocol::TCP, Protocol::UDP]);
        check("dns", "53", &[Protocol::TCP, Protocol::UDP]);
        check("ntp", "123", &[Protocol::UDP]);
        check("ftp-data", "20", &[Protocol::TCP]);
        check("kubelet", "10250,10255", &[Protocol::TCP]);
        assert_eq!(service("sssh"), None);
    }
}
