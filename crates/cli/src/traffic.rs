//! `--port` and `--protocol`: the packets that a question is about.

use std::ops::Range;
use std::str::FromStr;

use clap::Args;
use portolan_net::{PortSet, Protocol, Set as _, SyntaxError, Traffic, parse_ports};

use crate::diagnostic::Diagnostic;
use crate::error::{CliError, similar_ports};
use crate::service::service;

/// The packets that a question is about, as typed.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = "Selection")]
pub(crate) struct TrafficArguments {
    /// Ports, ranges and services, such as `22,8000-8080,https`
    ///
    /// A number is of TCP unless `--protocol` says otherwise; a service brings its own protocols (`ntp` is UDP).
    #[arg(long, value_name = "LIST")]
    port: Option<String>,

    /// Protocol: tcp, udp, icmp, icmpv6, another name, a number, or all
    ///
    /// Without `--port` and `--protocol` all packets are meant.
    #[arg(long, value_name = "PROTOCOL")]
    protocol: Option<ProtocolArgument>,
}

/// One protocol, or all of them.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum ProtocolArgument {
    All,
    One(Protocol),
}

impl FromStr for ProtocolArgument {
    type Err = portolan_net::ProtocolError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // EC2 writes -1.
        if text.eq_ignore_ascii_case("all") || text == "-1" {
            return Ok(Self::All);
        }
        text.parse().map(Self::One)
    }
}

impl TrafficArguments {
    /// Returns the packets that are meant, or `None` for all.
    ///
    /// # Errors
    ///
    /// Returns [`CliError::Notation`] with every mistake of the list, or why there can be no list.
    pub(crate) fn traffic(&self) -> Result<Option<Traffic>, CliError> {
        match (&self.port, self.protocol) {
            (None, None | Some(ProtocolArgument::All)) => Ok(None),
            (None, Some(ProtocolArgument::One(protocol))) => Ok(Some(Traffic::protocol(protocol))),
            (Some(_), Some(ProtocolArgument::All)) => Err(CliError::PortsOfAllProtocols),
            (Some(_), Some(ProtocolArgument::One(protocol))) if !protocol.has_ports() => {
                Err(CliError::NoPorts { protocol })
            }
            (Some(list), Some(ProtocolArgument::One(protocol))) => {
                parse_list(list, Some(protocol)).map(Some)
            }
            (Some(list), None) => parse_list(list, None).map(Some),
        }
    }
}

/// Reads a list of ports, ranges and services, all of the protocol that is given, or each of its own.
fn parse_list(list: &str, protocol: Option<Protocol>) -> Result<Traffic, CliError> {
    let (mut traffic, mut errors) = (Traffic::empty(), Vec::new());
    let mut start = 0;
    for item in list.split(',') {
        match parse_item(item, start) {
            Ok((ports, usual)) => {
                let protocols = protocol.map_or(usual, |protocol| vec![protocol]);
                let parts = protocols.into_iter().map(|it| of_ports(it, &ports));
                traffic = parts.fold(traffic, |sum, part| sum.union(&part));
            }
            Err(found) => errors.extend(found),
        }
        start += item.len() + 1;
    }
    if errors.is_empty() {
        return Ok(traffic);
    }
    Err(CliError::Notation(Diagnostic::in_argument("invalid list in `--port`", list, errors)))
}

fn of_ports(protocol: Protocol, ports: &PortSet) -> Traffic {
    Traffic::with_ports(protocol, ports.clone(), PortSet::full())
}

/// Reads one item of a list: its ports, and the protocols that it is usually of.
fn parse_item(item: &str, start: usize) -> Result<(PortSet, Vec<Protocol>), Vec<SyntaxError>> {
    if item.contains(|it: char| it.is_alphabetic()) {
        let found = service(item.trim()).ok_or_else(|| vec![unknown_service(item, start)])?;
        return Ok((found.ports, found.protocols));
    }
    let parsed = parse_ports(item).into_result();
    let shifted = |error: SyntaxError| SyntaxError { span: shift(&error.span, start), ..error };
    let ports = parsed.map_err(|errors| errors.into_iter().map(shifted).collect::<Vec<_>>())?;
    Ok((ports, vec![Protocol::TCP]))
}

fn unknown_service(item: &str, start: usize) -> SyntaxError {
    let name = item.trim();
    let start = start + item.len() - item.trim_start().len();
    let help = similar_ports(name)
        .unwrap_or_else(|| "`portolan ports WORD` searches the names of services".to_owned());
    SyntaxError::new(start..start + name.len(), "no service has this name").with_help(help)
}

fn shift(span: &Range<usize>, by: usize) -> Range<usize> {
    span.start + by..span.end + by
}

#[cfg(test)]
mod tests {
    use super::*;

    fn traffic(port: Option<&str>, protocol: Option<&str>) -> Result<Option<Traffic>, CliError> {
        let protocol = protocol.map(|it| it.parse().unwrap());
        TrafficArguments { port: port.map(str::to_owned), protocol }.traffic()
    }

    #[track_caller]
    fn check(port: Option<&str>, protocol: Option<&str>, expected: Option<&str>) {
        let expected = expected.map(|it| portolan_net::parse_traffic(it).into_result().unwrap());
        assert_eq!(traffic(port, protocol).unwrap(), expected);
    }

    #[test]
    fn lists_and_protocols_make_traffic() {
        check(None, None, None);
        check(None, Some("all"), None);
        check(None, Some("-1"), None);
        check(None, Some("TCP"), Some("tcp"));
        check(None, Some("icmp"), Some("icmp"));
        check(None, Some("47"), Some("gre"));
        check(Some("22,8000-8080, ssh"), None, Some("tcp/22,8000-8080"));
        check(Some("53"), Some("udp"), Some("udp/53"));
        check(Some("ntp,22"), None, Some("udp/123 tcp/22"));
        check(Some("ntp"), Some("tcp"), Some("tcp/123"));
    }

    #[test]
    fn ports_need_a_protocol_that_has_them() {
        let status = |protocol| traffic(Some("22"), Some(protocol)).unwrap_err().to_string();
        assert_eq!(status("icmp"), "icmp has no ports");
        assert_eq!(status("all"), "`--port` needs a protocol that has ports");
    }

    #[test]
    fn every_mistake_of_a_list_is_shown() {
        let error = traffic(Some("22, 8080-8000,htps ,70000,"), None).unwrap_err();
        let found: Vec<_> = error
            .diagnostics()
            .into_iter()
            .map(|it| (it.source[it.span].to_owned(), it.message))
            .collect();
        let expected = [
            ("8080-8000", "this range ends before it starts"),
            ("htps", "no service has this name"),
            ("70000", "no port is above 65535"),
            ("", "expected a port number"),
        ];
        assert_eq!(found, expected.map(|(text, message)| (text.to_owned(), message.to_owned())));
    }
}
