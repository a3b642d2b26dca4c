//! Two weeks of Harbor's flow logs, a little of each day.
//!
//! Who talks to whom is a table; whether AWS would have let it pass is asked of the oracle, so that the logs agree with the
//! network whatever the table says. A packet that is refused is logged where it is: at the sender's interface, at the
//! receiver's, or, for an answer that a network ACL drops, on its way back.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::net::IpAddr;

use portolan_model::{Direction, InterfaceId, Model, NetworkInterface, Place};
use portolan_net::{Header, Protocol};

use super::interface_id;
use crate::oracle::{Arrival, Certainty, End, Outcome, Probe, Settings, send};
use crate::random::SplitMix64;

/// What begins each file.
const HEADER: &str = "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end \
                      action log-status";

/// 2026-01-01T00:00:00Z.
const FIRST_DAY: i64 = 1_767_225_600;
const DAY: i64 = 24 * 60 * 60;
const DAYS: i64 = 16;

/// An interface that nobody switched flow logs on for.
const NOT_LOGGED: &str = "americas-erp-1";

/// An interface of which AWS lost records once.
const SKIPPED: &str = "ci-1";

/// Somebody who talks to somebody: names of Harbor or addresses outside, a port, and every how many days.
struct Talk {
    from: &'static str,
    to: &'static str,
    protocol: Protocol,
    port: u16,
    every: i64,
}

const fn tcp(from: &'static str, to: &'static str, port: u16, every: i64) -> Talk {
    Talk { from, to, protocol: Protocol::TCP, port, every }
}

/// What is talked about, in no order that matters. The strangers are of RFC 5737.
static TALKS: [Talk; 32] = [
    tcp("192.0.2.10", "harbor-web", 443, 1),
    tcp("192.0.2.131", "harbor-web", 443, 2),
    tcp("198.18.7.5", "harbor-web", 443, 3),
    tcp("192.0.2.18", "harbor-web", 80, 3),
    tcp("harbor-web", "web-1", 8080, 1),
    tcp("harbor-web", "web-2", 8080, 1),
    tcp("web-1", "booking-api-1", 8443, 1),
    tcp("web-2", "booking-api-2", 8443, 2),
    tcp("booking-api-1", "booking-db", 5432, 1),
    tcp("booking-api-2", "booking-db", 5432, 2),
    tcp("booking-api-1", "session-cache-001", 6379, 2),
    tcp("booking-api-2", "session-cache-001", 6379, 2),
    tcp("booking-api-1", "secretsmanager", 443, 4),
    tcp("web-1", "192.0.2.200", 443, 5),
    tcp("monitoring-1", "web-1", 9100, 2),
    tcp("monitoring-1", "web-2", 9100, 2),
    tcp("monitoring-1", "booking-api-1", 9000, 4),
    tcp("monitoring-1", "booking-db", 5432, 5),
    tcp("booking-api-1", "tracking-db", 5432, 3),
    tcp("booking-api-2", "tracking-search-1", 9200, 4),
    tcp("198.51.100.7", "bastion-1", 22, 3),
    tcp("198.51.100.7", "admin-portal-1", 8443, 5),
    tcp("192.0.2.25", "mx-1", 25, 1),
    tcp("staging-web-1", "booking-db", 5432, 7),
    tcp("staging-web-1", "web-1", 9100, 7),
    tcp("192.0.2.77", "partner-edi-1", 443, 3),
    tcp("198.51.100.20", "yard-terminal-1", 3389, 6),
    tcp("198.51.100.31", "label-printer-1", 21, 6),
    tcp("192.0.2.66", "bastion-1", 22, 2),
    tcp("192.0.2.66", "mx-1", 3389, 4),
    tcp("americas-batch-1", "americas-reports-db", 5432, 2),
    Talk { from: "monitoring-1", to: "web-1", protocol: Protocol::ICMP, port: 0, every: 5 },
];

/// Returns the flow logs of Harbor, by path below the example's folder.
///
/// `model` is what the descriptions of [`super::harbor`] come to.
pub fn flow_logs(model: &Model) -> BTreeMap<String, Vec<u8>> {
    let mut logs = Logs { model, random: SplitMix64::new(20_260_101), lines: BTreeMap::new() };
    for day in 0..DAYS {
        for talk in TALKS.iter().filter(|talk| day % talk.every == 0) {
            logs.add_talk(talk, FIRST_DAY + day * DAY);
        }
        logs.add_silence(FIRST_DAY + day * DAY);
    }
    logs.into_files()
}

/// The lines so far.
struct Logs<'m> {
    model: &'m Model,
    random: SplitMix64,
    /// By interface and start.
    lines: BTreeMap<(InterfaceId, i64), Vec<String>>,
}

/// One direction of a talk as an interface sees it.
struct Sighting<'s> {
    interface: &'s NetworkInterface,
    peer: IpAddr,
    local: IpAddr,
    direction: Direction,
    /// The client's port and the service's.
    ports: (u16, u16),
    protocol: Protocol,
    is_accepted: bool,
    /// Whether the interface began.
    is_client: bool,
}

impl<'m> Logs<'m> {
    fn add_talk(&mut self, talk: &Talk, day: i64) {
        let client_port = 49152 + u16::try_from(self.random.below(10_000)).unwrap_or(0);
        let start = day + 6 * 3600 + i64::try_from(self.random.below(12 * 3600)).unwrap_or(0);
        let Some((probe, receiver)) = self.probe(talk, client_port) else { return };
        let outcome = send(self.model, &Settings::default(), &probe);
        for sighting in self.sightings(talk, &probe, &outcome, receiver, client_port) {
            self.add_record(&sighting, start);
        }
    }

    /// Returns the first packet of a talk, and the interface that is meant.
    fn probe(&self, talk: &Talk, client_port: u16) -> Option<(Probe, Option<InterfaceId>)> {
        let model = self.model;
        let from = match talk.from.parse() {
            Ok(address) => End::Internet(address),
            Err(_) => {
                let interface = named(model, talk.from)?;
                let address = interface.ipv4.first()?.address.into();
                End::Interface { interface: interface.id.clone(), address }
            }
        };
        let receiver = named(model, talk.to);
        let to = match (receiver, &from) {
            (None, _) => talk.to.parse().ok()?,
            (Some(interface), End::Internet(_)) => {
                interface.ipv4.iter().find_map(|own| own.public)?.into()
            }
            (Some(interface), End::Interface { .. }) => interface.ipv4.first()?.address.into(),
        };
        let header = if talk.protocol.has_ports() {
            Header::Ports { protocol: talk.protocol, source: client_port, destination: talk.port }
        } else {
            let kind = portolan_net::IcmpKind::echo_request(portolan_net::Family::V4);
            Header::Icmp { protocol: talk.protocol, kind }
        };
        Some((Probe { from, to, header }, receiver.map(|it| it.id.clone())))
    }

    /// Returns what the interfaces at both ends log.
    fn sightings(
        &self,
        talk: &Talk,
        probe: &Probe,
        outcome: &Outcome,
        receiver: Option<InterfaceId>,
        client_port: u16,
    ) -> Vec<Sighting<'m>> {
        let model = self.model;
        let ports = if talk.protocol.has_ports() { (client_port, talk.port) } else { (0, 0) };
        let sighting = |interface, local, peer, direction, is_accepted, is_client| Sighting {
            interface,
            peer,
            local,
            direction,
            ports,
            protocol: talk.protocol,
            is_accepted,
            is_client,
        };
        let refused = step_of(&outcome.trace);
        let is_refused_at_sender = refused.is_some_and(|step| matches!(step, '1' | '4'));
        // What a load balancer does is not known to the oracle; the filters at its interfaces are.
        let is_delivered = outcome.delivered != Certainty::No;
        let is_answered = outcome.answered != Certainty::No;
        let mut seen = Vec::new();
        if let End::Interface { interface, address } = &probe.from
            && let Some(sender) = model.interfaces.get(interface)
        {
            let out = Direction::Outbound;
            seen.push(sighting(sender, *address, probe.to, out, !is_refused_at_sender, true));
            if is_answered {
                seen.push(sighting(sender, *address, probe.to, Direction::Inbound, true, true));
            }
        }
        let arrived = matches!((&outcome.at, &receiver), (Some(Arrival::Interface(at)), Some(id)) if at == id);
        let receiver = receiver.and_then(|id| model.interfaces.get(&id)).filter(|_| arrived);
        if let Some(receiver) = receiver.filter(|_| !is_refused_at_sender)
            && let Some(local) = receiver.ipv4.first().map(|own| IpAddr::V4(own.address))
        {
            let peer = probe.from.address();
            seen.push(sighting(receiver, local, peer, Direction::Inbound, is_delivered, false));
            if is_delivered {
                let passes = is_answered || !self.drops_answer(receiver, local, probe);
                seen.push(sighting(receiver, local, peer, Direction::Outbound, passes, false));
            }
        }
        seen
    }

    /// Returns whether the network ACL of the receiver's subnet drops the answer.
    fn drops_answer(&self, receiver: &NetworkInterface, local: IpAddr, probe: &Probe) -> bool {
        let Header::Ports { protocol, source, destination } = probe.header else { return false };
        let header = Header::Ports { protocol, source: destination, destination: source };
        let from = End::Interface { interface: receiver.id.clone(), address: local };
        let answer = Probe { from, to: probe.from.address(), header };
        let settings = Settings { security_groups: false, ..Settings::default() };
        step_of(&send(self.model, &settings, &answer).trace) == Some('4')
    }

    fn add_record(&mut self, seen: &Sighting<'_>, start: i64) {
        let id = &seen.interface.id;
        if id.as_str() == interface_id(NOT_LOGGED) {
            return;
        }
        let (client, service) = seen.ports;
        let (local_port, peer_port) =
            if seen.is_client { (client, service) } else { (service, client) };
        let (source, destination, source_port, destination_port) = match seen.direction {
            Direction::Inbound => (seen.peer, seen.local, peer_port, local_port),
            Direction::Outbound => (seen.local, seen.peer, local_port, peer_port),
        };
        let packets = if seen.is_accepted { 4 + self.random.below(40) } else { 1 };
        let bytes = packets * if seen.is_accepted { 212 } else { 44 };
        let action = if seen.is_accepted { "ACCEPT" } else { "REJECT" };
        let account = account(&seen.interface.place);
        let protocol = seen.protocol.0;
        let end = start + 59;
        let line = format!(
            "2 {account} {id} {source} {destination} {source_port} {destination_port} {protocol} {packets} {bytes} \
             {start} {end} {action} OK"
        );
        self.lines.entry((id.clone(), start)).or_default().push(line);
    }

    /// Adds a `NODATA` record for each interface that saw nothing on a day, and the one `SKIPDATA` record.
    fn add_silence(&mut self, day: i64) {
        let logged = self.model.interfaces.values();
        let logged = logged.filter(|it| it.id.as_str() != interface_id(NOT_LOGGED));
        let mut silent = Vec::new();
        for interface in logged {
            let of_day = (interface.id.clone(), day)..(interface.id.clone(), day + DAY);
            let is_skipped =
                interface.id.as_str() == interface_id(SKIPPED) && day == FIRST_DAY + 4 * DAY;
            if is_skipped || self.lines.range(of_day).next().is_none() {
                silent.push((interface, if is_skipped { "SKIPDATA" } else { "NODATA" }));
            }
        }
        for (interface, status) in silent {
            let (account, id) = (account(&interface.place), &interface.id);
            let (start, end) = (day + 1800, day + 2399);
            let line = format!("2 {account} {id} - - - - - - - {start} {end} - {status}");
            self.lines.entry((id.clone(), start)).or_default().push(line);
        }
    }

    /// Returns a file for each account and Region, its lines in the order of time.
    fn into_files(self) -> BTreeMap<String, Vec<u8>> {
        let mut by_place: BTreeMap<&Place, BTreeSet<(i64, &InterfaceId, &str)>> = BTreeMap::new();
        for ((id, start), lines) in &self.lines {
            let Some(interface) = self.model.interfaces.get(id) else { continue };
            let file = by_place.entry(&interface.place).or_default();
            file.extend(lines.iter().map(|line| (*start, id, line.as_str())));
        }
        by_place
            .into_iter()
            .map(|(place, lines)| {
                let region = place.region.as_ref().map_or("", |region| region.as_str());
                let path =
                    format!("flow-logs/{}_vpcflowlogs_{region}_20260101T0000Z.log", account(place));
                let mut text = format!("{HEADER}\n");
                for (_, _, line) in lines {
                    // Writing to a string cannot fail.
                    writeln!(text, "{line}").unwrap_or_default();
                }
                (path, text.into_bytes())
            })
            .collect()
    }
}

fn named<'m>(model: &'m Model, name: &str) -> Option<&'m NetworkInterface> {
    model.interfaces.get(interface_id(name).as_str())
}

fn account(place: &Place) -> &str {
    place.account.as_ref().map_or("unknown", |account| account.as_str())
}

/// Returns the number of the step that refuses a packet, if one does.
fn step_of(trace: &[String]) -> Option<char> {
    let refuses = |line: &&String| !line.starts_with("reply") && line.ends_with(": No");
    trace.iter().find(refuses)?.chars().next()
}
