//! Shadows: entries of a network ACL that never decide, or not about all of their packets, because earlier
//! entries match first.
//!
//! Each entry takes the packets that it matches out of what is left for those after it. The packets that
//! an entry matches and an earlier one took are what it is *shadowed* in, as an exact set.

use portolan_model::{Action, Direction, NetworkAcl, NetworkAclEntry};
use portolan_net::{IpPrefix, Set as _, StepMap, Traffic};

use crate::acl::is_written;
use crate::evidence::{Component, RuleReference};
use crate::ip_set::IpSet;
use crate::line::{Spot, spots, to_ip_set};
use crate::rules::acl_reference;

/// An entry of a network ACL that comes too late for some or all of the packets that it matches.
///
/// The closing `*` entries, which nobody wrote, are never shadowed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ShadowedEntry {
    /// The entry.
    pub rule: RuleReference,
    /// Which way the packets go that it matches.
    pub direction: Direction,
    /// Whether it allows what it matches; otherwise it denies it.
    pub allows: bool,
    /// Whether no packet is left that it decides about.
    pub is_whole: bool,
    /// The entries that decide in its place, in the order in which they are tried; never none.
    pub by: Vec<Shadow>,
}

/// One entry that decides in the place of a later one.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Shadow {
    /// The earlier entry.
    pub rule: RuleReference,
    /// Whether it does with the packets what the later one would not.
    pub differs: bool,
    /// The packets: addresses at the other end, and what they can send or get. The parts are disjoint.
    pub packets: Vec<(IpSet, Traffic)>,
}

impl ShadowedEntry {
    /// Returns whether it is written for packets about which the opposite is decided, or for none at all.
    ///
    /// An allowing entry behind one that denies some of its packets is how exceptions are written, and nothing
    /// to tell. A denying entry behind one that allows some of its packets does not keep out what it names.
    pub fn is_telling(&self) -> bool {
        self.is_whole || !self.allows && self.by.iter().any(|shadow| shadow.differs)
    }
}

/// The packets that `later` matches and `earlier` decides about.
#[derive(Clone, Debug)]
pub(crate) struct Overlap {
    pub(crate) later: NetworkAclEntry,
    pub(crate) earlier: NetworkAclEntry,
    pub(crate) packets: StepMap<Spot, Traffic>,
}

/// Returns the entries of a network ACL that are shadowed, by direction, then number.
pub(crate) fn shadowed_entries(acl: &NetworkAcl) -> Vec<ShadowedEntry> {
    [Direction::Inbound, Direction::Outbound]
        .into_iter()
        .flat_map(|direction| shadowed_in(acl, direction))
        .collect()
}

fn shadowed_in(acl: &NetworkAcl, direction: Direction) -> Vec<ShadowedEntry> {
    let reference = |entry| acl_reference(Component::NetworkAcl(acl.id.clone()), entry);
    let overlaps = overlaps(acl, direction);
    overlaps
        .chunk_by(|a, b| a.later == b.later)
        .filter_map(|overlaps| {
            let later = &overlaps.first()?.later;
            let taken = overlaps.iter().fold(nothing(), |sum, it| union(&sum, &it.packets));
            Some(ShadowedEntry {
                rule: reference(later),
                direction,
                allows: later.action == Action::Allow,
                is_whole: difference(&matched(later), &taken) == nothing(),
                by: overlaps
                    .iter()
                    .map(|it| Shadow {
                        rule: reference(&it.earlier),
                        differs: it.earlier.action != later.action,
                        packets: boxes(&it.packets),
                    })
                    .collect(),
            })
        })
        .collect()
}

/// Returns which entries decide about packets that later ones match, by the later, then the earlier.
pub(crate) fn overlaps(acl: &NetworkAcl, direction: Direction) -> Vec<Overlap> {
    let mut entries: Vec<&NetworkAclEntry> = acl
        .entries
        .iter()
        .filter(|entry| entry.direction == direction && is_written(entry))
        .collect();
    entries.sort_by_key(|entry| entry.number);
    if !any_meet(&entries) {
        return Vec::new();
    }
    let mut left = StepMap::constant(Traffic::full());
    let mut decided: Vec<(&NetworkAclEntry, StepMap<Spot, Traffic>)> = Vec::new();
    let mut found = Vec::new();
    for later in entries {
        let own = matched(later);
        for (earlier, packets) in decided.iter().filter(|(earlier, _)| meet(earlier, later)) {
            let packets = intersection(packets, &own);
            if packets != nothing() {
                let (later, earlier) = (later.clone(), (*earlier).clone());
                found.push(Overlap { later, earlier, packets });
            }
        }
        decided.push((later, intersection(&own, &left)));
        left = difference(&left, &own);
    }
    found
}

/// Returns whether any two entries match a packet in common: of most network ACLs none do.
fn any_meet(entries: &[&NetworkAclEntry]) -> bool {
    let behind = |place: usize| entries.iter().skip(place + 1);
    entries.iter().enumerate().any(|(place, a)| behind(place).any(|b| meet(a, b)))
}

fn meet(a: &NetworkAclEntry, b: &NetworkAclEntry) -> bool {
    let addresses = match (a.cidr, b.cidr) {
        (IpPrefix::V4(a), IpPrefix::V4(b)) => a.covers(b) || b.covers(a),
        (IpPrefix::V6(a), IpPrefix::V6(b)) => a.covers(b) || b.covers(a),
        _ => false,
    };
    addresses && a.traffic.to_traffic().intersects(&b.traffic.to_traffic())
}

fn matched(entry: &NetworkAclEntry) -> StepMap<Spot, Traffic> {
    let traffic = entry.traffic.to_traffic();
    let mut map = nothing();
    let scope = spots(entry.cidr);
    map.paint_all(scope.intervals().iter().map(|interval| (*interval, traffic.clone())));
    map
}

fn nothing() -> StepMap<Spot, Traffic> {
    StepMap::constant(Traffic::empty())
}

fn union(a: &StepMap<Spot, Traffic>, b: &StepMap<Spot, Traffic>) -> StepMap<Spot, Traffic> {
    a.zip_with(b, Traffic::union)
}

fn intersection(a: &StepMap<Spot, Traffic>, b: &StepMap<Spot, Traffic>) -> StepMap<Spot, Traffic> {
    a.zip_with(b, Traffic::intersection)
}

fn difference(a: &StepMap<Spot, Traffic>, b: &StepMap<Spot, Traffic>) -> StepMap<Spot, Traffic> {
    a.zip_with(b, Traffic::difference)
}

fn boxes(packets: &StepMap<Spot, Traffic>) -> Vec<(IpSet, Traffic)> {
    let groups = packets.group().into_iter().filter(|(_, traffic)| !traffic.is_empty());
    groups.map(|(addresses, traffic)| (to_ip_set(&addresses), traffic)).collect()
}

#[cfg(test)]
mod tests {
    use portolan_model::{Place, RuleTraffic, Tags};
    use portolan_net::{Header, PortRange, Protocol, parse_traffic};
    use proptest::prelude::*;

    use super::*;

    fn entry(
        number: u32,
        action: Action,
        cidr: &str,
        ports: Option<(u16, u16)>,
    ) -> NetworkAclEntry {
        let ports = ports.and_then(|(first, last)| PortRange::new(first, last));
        let traffic = ports.map_or(RuleTraffic::All, |it| RuleTraffic::Ports(Protocol::TCP, it));
        let direction = Direction::Inbound;
        NetworkAclEntry { number, direction, cidr: cidr.parse().unwrap(), traffic, action }
    }

    fn acl(entries: Vec<NetworkAclEntry>) -> NetworkAcl {
        NetworkAcl {
            id: "acl-1".into(),
            place: Place::default(),
            tags: Tags::default(),
            vpc: "vpc-1".into(),
            is_default: false,
            subnets: Vec::new(),
            entries,
        }
    }

    /// Checks what is told: the number of each shadowed entry, whether it is in whole, and by which entries, with
    /// the addresses and traffic of each part.
    #[track_caller]
    fn check(entries: Vec<NetworkAclEntry>, expected: &[(&str, bool, bool, &str)]) {
        let found: Vec<(String, bool, bool, String)> = shadowed_entries(&acl(entries))
            .into_iter()
            .map(|it| {
                let (is_telling, is_whole) = (it.is_telling(), it.is_whole);
                let by = it.by.iter().map(|shadow| {
                    let parts = shadow.packets.iter().map(|(from, what)| format!("{what} {from}"));
                    format!("{}: {}", shadow.rule.id, parts.collect::<Vec<_>>().join(", "))
                });
                (it.rule.id.clone(), is_whole, is_telling, by.collect::<Vec<_>>().join("; "))
            })
            .collect();
        let expected: Vec<_> = expected
            .iter()
            .map(|(id, is_whole, is_telling, by)| {
                ((*id).to_owned(), *is_whole, *is_telling, (*by).to_owned())
            })
            .collect();
        assert_eq!(found, expected);
    }

    const SSH: Option<(u16, u16)> = Some((22, 22));

    #[test]
    fn a_denial_behind_an_allowance_is_told() {
        check(
            vec![
                entry(100, Action::Allow, "10.0.0.0/8", SSH),
                entry(200, Action::Deny, "10.1.0.0/16", None),
                entry(32767, Action::Deny, "0.0.0.0/0", None),
            ],
            &[("200", false, true, "100: tcp 22 10.1.0.0/16")],
        );
        check(
            vec![
                entry(100, Action::Allow, "10.0.0.0/8", None),
                entry(200, Action::Deny, "10.1.0.0/16", SSH),
            ],
            &[("200", true, true, "100: tcp 22 10.1.0.0/16")],
        );
    }

    #[test]
    fn exceptions_and_repetitions_are_no_holes() {
        check(
            vec![
                entry(10, Action::Deny, "10.1.0.0/16", None),
                entry(20, Action::Allow, "10.0.0.0/8", SSH),
            ],
            &[("20", false, false, "10: tcp 22 10.1.0.0/16")],
        );
        check(
            vec![
                entry(10, Action::Allow, "10.0.0.0/9", None),
                entry(20, Action::Allow, "10.128.0.0/9", None),
                entry(30, Action::Allow, "10.0.0.0/8", SSH),
            ],
            &[("30", true, true, "10: tcp 22 10.0.0.0/9; 20: tcp 22 10.128.0.0/9")],
        );
        check(
            vec![
                entry(10, Action::Allow, "10.0.0.0/8", SSH),
                entry(20, Action::Deny, "10.0.0.0/8", Some((23, 25))),
                entry(30, Action::Deny, "fd00::/8", None),
            ],
            &[],
        );
    }

    #[test]
    fn only_what_decides_is_named() {
        check(
            vec![
                entry(10, Action::Deny, "10.0.0.0/8", SSH),
                entry(20, Action::Allow, "10.0.0.0/8", Some((22, 23))),
                entry(30, Action::Deny, "10.0.0.0/8", Some((22, 23))),
            ],
            &[
                ("20", false, false, "10: tcp 22 10.0.0.0/8"),
                ("30", true, true, "10: tcp 22 10.0.0.0/8; 20: tcp 23 10.0.0.0/8"),
            ],
        );
    }

    const CIDRS: [&str; 7] = [
        "10.0.0.0/29",
        "10.0.0.0/30",
        "10.0.0.4/30",
        "10.0.0.0/31",
        "10.0.0.2/31",
        "10.0.0.5/32",
        "0.0.0.0/0",
    ];

    /// The entry that decides about a packet, as AWS's guide says it: the first that matches.
    fn first_match(entries: &[NetworkAclEntry], address: [u8; 4], port: u16) -> Option<u32> {
        let matches = |entry: &&NetworkAclEntry| {
            let IpPrefix::V4(cidr) = entry.cidr else { return false };
            let ports = match entry.traffic {
                RuleTraffic::Ports(_, range) => range.first()..=range.last(),
                _ => 0..=u16::MAX,
            };
            cidr.contains(address.into()) && ports.contains(&port)
        };
        entries.iter().filter(matches).map(|entry| entry.number).min()
    }

    proptest! {
        /// Every packet of a small world, against the sets: an entry is shadowed in exactly the packets that it
        /// matches and an earlier one decides about.
        #[test]
        fn shadows_are_exact(
            rows in prop::collection::vec((0..CIDRS.len(), 0_u16..6, 0_u16..4, any::<bool>()), 0..7)
        ) {
            let entries: Vec<NetworkAclEntry> = (1..)
                .zip(&rows)
                .map(|(number, (cidr, first, length, allows))| {
                    let action = if *allows { Action::Allow } else { Action::Deny };
                    entry(number, action, CIDRS[*cidr], Some((*first, first + length)))
                })
                .collect();
            let found = shadowed_entries(&acl(entries.clone()));
            for entry in &entries {
                let told = found.iter().find(|it| it.rule.id == entry.number.to_string());
                let mut is_whole = true;
                for (address, port) in (0..16).flat_map(|a| (0..10).map(move |p| ([10, 0, 0, a], p))) {
                    if first_match(std::slice::from_ref(entry), address, port).is_none() {
                        continue;
                    }
                    let deciding = first_match(&entries, address, port).unwrap();
                    let header = parse_traffic(&format!("tcp {port}")).into_result().unwrap();
                    let header: Header = header.witness().unwrap();
                    let by: Vec<&str> = told
                        .into_iter()
                        .flat_map(|it| &it.by)
                        .filter(|shadow| shadow.packets.iter().any(|(from, what)| {
                            from.contains(std::net::IpAddr::from(address)) && what.contains(header)
                        }))
                        .map(|shadow| shadow.rule.id.as_str())
                        .collect();
                    let is_shadowed = deciding < entry.number;
                    is_whole &= is_shadowed;
                    let deciding = deciding.to_string();
                    let expected = if is_shadowed { vec![deciding.as_str()] } else { Vec::new() };
                    prop_assert_eq!(by, expected, "entry {} at {:?} {}", entry.number, address, port);
                }
                // Of `0.0.0.0/0` the small world is a part: what is whole in there need not be whole.
                if entry.cidr.to_string() != "0.0.0.0/0" {
                    prop_assert_eq!(told.is_some_and(|it| it.is_whole), is_whole);
                }
            }
        }
    }
}
