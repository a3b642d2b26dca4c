//! Packets worth sending through a network.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use portolan_model::{
    Direction, Model, NetworkInterface, RouteDestination, RulePeer, RuleTraffic, VpcId,
};
use portolan_net::{Header, IpPrefix};

use super::prefix::edges;
use super::traffic;
use crate::oracle::{End, Probe};
use crate::random::SplitMix64;

/// How many packets are sent through one network.
const COUNT: usize = 64;

/// Hosts of the Internet: inside and outside of the CIDRs that rules, routes and VPCs name.
const HOSTS_V4: [Ipv4Addr; 6] = [
    Ipv4Addr::new(192, 0, 2, 99),
    Ipv4Addr::new(192, 0, 2, 200),
    Ipv4Addr::new(198, 51, 100, 7),
    Ipv4Addr::new(203, 0, 113, 250),
    Ipv4Addr::new(8, 8, 8, 8),
    Ipv4Addr::new(172, 16, 0, 1),
];

/// The same for IPv6; the last is NAT64's.
const HOSTS_V6: [Ipv6Addr; 3] = [
    Ipv6Addr::new(0x2001, 0xdb8, 0xffff, 0, 0, 0, 0, 0x99),
    Ipv6Addr::new(0x2606, 0, 0, 0, 0, 0, 0, 1),
    Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0xc000, 0x263),
];

/// Addresses that no filter stops, and one beside them.
const SERVICES: [IpAddr; 5] = [
    IpAddr::V4(Ipv4Addr::new(169, 254, 169, 254)),
    IpAddr::V4(Ipv4Addr::new(169, 254, 169, 253)),
    IpAddr::V4(Ipv4Addr::new(169, 254, 169, 252)),
    IpAddr::V4(Ipv4Addr::new(10, 0, 0, 2)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x253)),
];

/// Returns packets that test a network: between its interfaces, from and to the Internet, and at the edges of its
/// CIDRs and port ranges. Some of them are of no sense on purpose; both addresses are always of one family.
pub fn probes(model: &Model, random: &mut SplitMix64) -> Vec<Probe> {
    let places = Places::of(model);
    (0..COUNT).filter_map(|_| places.probe(random)).collect()
}

/// Everything in a network that a packet can be aimed at.
#[derive(Debug)]
struct Places<'m> {
    /// Who can send, each interface with its VPC.
    senders: Vec<(End, &'m VpcId)>,
    private: Vec<IpAddr>,
    /// The same, by VPC.
    neighbours: BTreeMap<&'m VpcId, Vec<IpAddr>>,
    public: Vec<IpAddr>,
    hosts: Vec<IpAddr>,
    edges: Vec<IpAddr>,
    rules: Vec<RuleTraffic>,
    /// What the groups at an address let in.
    inbound: BTreeMap<IpAddr, Vec<RuleTraffic>>,
}

impl<'m> Places<'m> {
    fn of(model: &'m Model) -> Self {
        let mut places = Self {
            senders: Vec::new(),
            private: Vec::new(),
            neighbours: BTreeMap::new(),
            public: Vec::new(),
            hosts: HOSTS_V4.map(IpAddr::V4).into_iter().chain(HOSTS_V6.map(IpAddr::V6)).collect(),
            edges: prefixes_of(model)
                .collect::<BTreeSet<_>>()
                .into_iter()
                .flat_map(edges)
                .collect(),
            rules: rules_of(model).collect(),
            inbound: BTreeMap::new(),
        };
        model.interfaces.values().for_each(|interface| places.add(model, interface));
        places
    }

    fn add(&mut self, model: &Model, interface: &'m NetworkInterface) {
        let private = private_addresses(interface);
        let public = interface.ipv4.iter().filter_map(|own| own.public).map(IpAddr::V4);
        let public: Vec<IpAddr> =
            public.chain(interface.ipv6.iter().map(|own| IpAddr::V6(*own))).collect();
        let rules = inbound_rules(model, interface);
        for address in private.iter().chain(&public) {
            self.inbound.entry(*address).or_default().extend(&rules);
        }
        let ends = private
            .iter()
            .map(|address| End::Interface { interface: interface.id.clone(), address: *address });
        self.senders.extend(ends.map(|end| (end, &interface.vpc)));
        self.neighbours.entry(&interface.vpc).or_default().extend(&private);
        self.private.extend(private);
        self.public.extend(public);
    }

    fn probe(&self, random: &mut SplitMix64) -> Option<Probe> {
        let (from, vpc) = if random.chance(20) {
            (End::Internet(*random.pick(&self.hosts)?), None)
        } else {
            let (from, vpc) = random.pick(&self.senders)?;
            (from.clone(), Some(*vpc))
        };
        let to = self.destination(random, from.address().is_ipv6(), vpc)?;
        let header = self.header(random, to);
        Some(Probe { from, to, header })
    }

    /// Returns an address for a packet from a VPC, or from the Internet.
    fn destination(
        &self,
        random: &mut SplitMix64,
        is_v6: bool,
        vpc: Option<&VpcId>,
    ) -> Option<IpAddr> {
        let neighbours =
            vpc.and_then(|vpc| self.neighbours.get(vpc)).map_or(&[][..], Vec::as_slice);
        let weights = if vpc.is_some() { [35, 20, 15, 17, 9, 4] } else { [0, 8, 85, 2, 4, 1] };
        let pools: [&[IpAddr]; 6] =
            [neighbours, &self.private, &self.public, &self.hosts, &self.edges, &SERVICES];
        let pools: Vec<(usize, &[IpAddr])> = weights.into_iter().zip(pools).collect();
        let pool = random.pick_weighted(&pools)?;
        let family: Vec<IpAddr> =
            pool.iter().filter(|address| address.is_ipv6() == is_v6).copied().collect();
        random.pick(&family).copied()
    }

    /// Returns a header: often one that the groups at the destination, or any rule of the network, are about.
    fn header(&self, random: &mut SplitMix64, to: IpAddr) -> Header {
        let inbound = self.inbound.get(&to).map_or(&[][..], Vec::as_slice);
        let rule = match random.below(4) {
            0 | 1 => random.pick(inbound).copied(),
            2 => random.pick(&self.rules).copied(),
            _ => None,
        };
        match rule {
            Some(rule) => traffic::header_for(random, rule, to.is_ipv6()),
            None => traffic::header(random, to.is_ipv6()),
        }
    }
}

/// Returns the addresses of an interface, and the first and last one of each prefix that it holds.
fn private_addresses(interface: &NetworkInterface) -> Vec<IpAddr> {
    let ipv4 = interface.ipv4.iter().map(|own| IpAddr::V4(own.address));
    let ipv6 = interface.ipv6.iter().map(|own| IpAddr::V6(*own));
    let prefixes_v4 = interface.ipv4_prefixes.iter().flat_map(|one| [one.network(), one.last()]);
    let prefixes_v6 = interface.ipv6_prefixes.iter().flat_map(|one| [one.network(), one.last()]);
    let delegated = prefixes_v4.map(IpAddr::V4).chain(prefixes_v6.map(IpAddr::V6));
    ipv4.chain(ipv6).chain(delegated).collect()
}

fn inbound_rules(model: &Model, interface: &NetworkInterface) -> Vec<RuleTraffic> {
    let groups = interface.security_groups.iter().filter_map(|id| model.security_groups.get(id));
    let rules = groups.flat_map(|group| &group.rules);
    rules.filter(|rule| rule.direction == Direction::Inbound).map(|rule| rule.traffic).collect()
}

fn prefixes_of(model: &Model) -> impl Iterator<Item = IpPrefix> {
    let rules = model.security_groups.values().flat_map(|group| &group.rules);
    let peers = rules.filter_map(|rule| match rule.peer {
        RulePeer::V4(prefix) => Some(IpPrefix::V4(prefix)),
        RulePeer::V6(prefix) => Some(IpPrefix::V6(prefix)),
        RulePeer::PrefixList(_) | RulePeer::Group(_) => None,
    });
    let routes = model.route_tables.values().flat_map(|table| &table.routes);
    let destinations = routes.filter_map(|route| match route.destination {
        RouteDestination::V4(prefix) => Some(IpPrefix::V4(prefix)),
        RouteDestination::V6(prefix) => Some(IpPrefix::V6(prefix)),
        RouteDestination::PrefixList(_) => None,
    });
    let entries = model.network_acls.values().flat_map(|acl| &acl.entries);
    let listed = model.prefix_lists.values().filter_map(|list| list.entries.as_ref());
    peers
        .chain(destinations)
        .chain(entries.map(|entry| entry.cidr))
        .chain(listed.flatten().copied())
}

fn rules_of(model: &Model) -> impl Iterator<Item = RuleTraffic> {
    let groups = model.security_groups.values().flat_map(|group| &group.rules);
    let acls = model.network_acls.values().flat_map(|acl| &acl.entries);
    groups.map(|rule| rule.traffic).chain(acls.map(|entry| entry.traffic))
}
