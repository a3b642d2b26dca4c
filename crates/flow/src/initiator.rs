//! Who began a connection.
//!
//! A flow is one direction of one interval, and its ports alone do not say who called whom. TCP flags do: only the one who
//! begins sends a SYN without an ACK. They are or-ed over the interval, so the answerer has SYN and ACK both (18), while the
//! beginner has SYN alone, because AWS reports ACK only together with SYN.
//!
//! Source: Amazon VPC User Guide, "Flow log records", `tcp-flags`; its example of one connection in several intervals.

use portolan_net::Protocol;

/// SYN and ACK in [`Field::TcpFlags`](crate::Field::TcpFlags).
const SYN_ACK: u8 = 18;

/// SYN in [`Field::TcpFlags`](crate::Field::TcpFlags).
const SYN: u8 = 2;

/// Ports below are those of services on every system: RFC 6335, section 6, "System Ports".
const SYSTEM_PORTS_END: u16 = 1024;

/// Ports from here on are given out to clients: those of Linux, which begin lower than the 49152 of RFC 6335.
const EPHEMERAL_PORTS_START: u16 = 32768;

/// Which end of a flow began the connection.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Initiator {
    /// The source of the record: it is the client.
    Source,
    /// The destination of the record: the source is the server that answers.
    Destination,
}

/// What says so.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Basis {
    /// The flags of TCP: certain.
    Flags,
    /// The ports, of which one is a service's and the other a client's: a guess that is usually right.
    Ports,
}

/// Returns which end of a flow began, and what says so; `None` if nothing does.
///
/// `flags` are those of TCP, if the log has them; a record from the middle of a connection has none set, and then the ports
/// speak, as they do for UDP. Other protocols have no ports, and no answer.
///
/// ```
/// use portolan_flow::{Basis, Initiator, initiator};
/// use portolan_net::Protocol;
///
/// let answer = initiator(Protocol::TCP, Some(2), 43416, 5001);
/// assert_eq!(answer, Some((Initiator::Source, Basis::Flags)));
/// let answer = initiator(Protocol::UDP, None, 53, 40000);
/// assert_eq!(answer, Some((Initiator::Destination, Basis::Ports)));
/// ```
pub fn initiator(
    protocol: Protocol,
    flags: Option<u8>,
    source_port: u16,
    destination_port: u16,
) -> Option<(Initiator, Basis)> {
    if !protocol.has_ports() {
        return None;
    }
    let flags = flags.filter(|_| protocol == Protocol::TCP).unwrap_or_default();
    match flags & SYN_ACK {
        SYN => Some((Initiator::Source, Basis::Flags)),
        SYN_ACK => Some((Initiator::Destination, Basis::Flags)),
        _ => by_ports(source_port, destination_port).map(|it| (it, Basis::Ports)),
    }
}

/// Guesses by what kinds of ports the two are.
fn by_ports(source: u16, destination: u16) -> Option<Initiator> {
    match (rank(source), rank(destination)) {
        (source, destination) if source > destination => Some(Initiator::Source),
        (source, destination) if source < destination => Some(Initiator::Destination),
        _ => None,
    }
}

/// Returns how much a port looks like that of a client, 0 to 2.
fn rank(port: u16) -> u8 {
    match port {
        ..SYSTEM_PORTS_END => 0,
        EPHEMERAL_PORTS_START.. => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(flags: Option<u8>, ports: (u16, u16), expected: Option<(Initiator, Basis)>) {
        assert_eq!(initiator(Protocol::TCP, flags, ports.0, ports.1), expected);
    }

    #[test]
    fn flags_are_certain() {
        let source = Some((Initiator::Source, Basis::Flags));
        let destination = Some((Initiator::Destination, Basis::Flags));
        // SYN; SYN and FIN; SYN and RST; and their answers. Ports do not matter.
        for flags in [2, 3, 6] {
            check(Some(flags), (22, 43416), source);
            check(Some(flags | 16), (43416, 22), destination);
        }
    }

    #[test]
    fn ports_are_guessed_from() {
        check(Some(1), (43416, 5001), Some((Initiator::Source, Basis::Ports)));
        check(None, (5001, 43416), Some((Initiator::Destination, Basis::Ports)));
        check(Some(0), (2049, 111), Some((Initiator::Source, Basis::Ports)));
        check(None, (22, 80), None);
        check(None, (50000, 40000), None);
    }

    #[test]
    fn flags_are_those_of_tcp_only() {
        assert_eq!(initiator(Protocol::UDP, Some(2), 50000, 40000), None);
        assert_eq!(initiator(Protocol::ICMP, None, 0, 0), None);
    }
}
