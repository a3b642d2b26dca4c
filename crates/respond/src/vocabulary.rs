//! The words in which a rule can name peers: the groups, prefix lists and CIDRs that the model knows.

use std::collections::BTreeMap;
use std::net::IpAddr;

use portolan_model::{
    Model, NetworkInterface, PrefixListId, RouteDestination, RulePeer, SecurityGroup,
    SecurityGroupId, VpcId,
};
use portolan_net::{IpPrefix, Prefix, Set as _, Traffic};
use portolan_reach::{Admitted, Chart, IpSet};

/// What peers can be called.
#[derive(Debug)]
pub(crate) struct Vocabulary<'c> {
    pub(crate) model: &'c Model,
    /// How many interfaces hold each group.
    members: BTreeMap<&'c SecurityGroupId, u32>,
    /// The CIDRs of subnets, VPCs, routes, network ACLs and rules; the narrowest first.
    cidrs: Vec<(IpPrefix, IpSet)>,
    /// The prefix lists whose entries were read, the smallest first.
    lists: Vec<(&'c PrefixListId, IpSet)>,
    /// The addresses of interfaces within their VPCs.
    inventory: IpSet,
    internet: IpSet,
}

impl<'c> Vocabulary<'c> {
    pub(crate) fn of(chart: &'c Chart) -> Self {
        let model = chart.model();
        let mut members = BTreeMap::new();
        for group in model.interfaces.values().flat_map(|interface| &interface.security_groups) {
            *members.entry(group).or_default() += 1;
        }
        let mut lists: Vec<(&PrefixListId, IpSet)> = model
            .prefix_lists
            .values()
            .filter_map(|list| Some((&list.id, list.entries.as_ref()?.iter().copied().collect())))
            .collect();
        lists.sort_by_key(|(id, set)| (size(set), *id));
        let (cidrs, inventory) = (cidrs(model), inventory(model));
        Self { model, members, cidrs, lists, inventory, internet: chart.internet() }
    }

    /// Returns how many interfaces hold a group.
    pub(crate) fn members(&self, group: &SecurityGroupId) -> u32 {
        self.members.get(group).copied().unwrap_or(0)
    }

    /// Yields the CIDRs that hold an address, the narrowest first.
    pub(crate) fn cidrs_of(&self, address: IpAddr) -> impl Iterator<Item = &(IpPrefix, IpSet)> {
        self.cidrs.iter().filter(move |(_, set)| set.contains(address))
    }

    /// Yields the prefix lists that hold an address, the smallest first.
    pub(crate) fn lists_of(
        &self,
        address: IpAddr,
    ) -> impl Iterator<Item = &(&'c PrefixListId, IpSet)> {
        self.lists.iter().filter(move |(_, set)| set.contains(address))
    }

    /// Returns how many addresses of a set interfaces have.
    pub(crate) fn known_addresses(&self, set: &IpSet) -> u128 {
        size(&IpSet {
            v4: self.inventory.v4.intersection(&set.v4),
            v6: self.inventory.v6.intersection(&set.v6),
        })
    }

    /// Returns the addresses that interfaces with a group have within their VPC.
    pub(crate) fn holders(&self, group: &SecurityGroupId) -> IpSet {
        let holds = |it: &&NetworkInterface| {
            it.security_groups.contains(group) && self.vpc_of(group) == Some(&it.vpc)
        };
        let holders: Vec<_> = self.model.interfaces.values().filter(holds).collect();
        let v4 = holders.iter().flat_map(|it| &it.ipv4).map(|own| Prefix::single(own.address));
        let v4 = v4.chain(holders.iter().flat_map(|it| it.ipv4_prefixes.iter().copied()));
        let v6 = holders.iter().flat_map(|it| &it.ipv6).map(|own| Prefix::single(*own));
        let v6 = v6.chain(holders.iter().flat_map(|it| it.ipv6_prefixes.iter().copied()));
        IpSet { v4: v4.collect(), v6: v6.collect() }
    }

    /// Returns whether some of the addresses are of the Internet.
    pub(crate) fn has_public(&self, set: &IpSet) -> bool {
        set.v4.intersects(&self.internet.v4) || set.v6.intersects(&self.internet.v6)
    }

    /// Returns whether an address is one of the Internet.
    pub(crate) fn is_public(&self, address: IpAddr) -> bool {
        self.internet.contains(address)
    }

    /// Returns the addresses that a peer of a rule stands for, whoever has them; `None` for a group, which stands
    /// for interfaces, and for a prefix list that was not read.
    pub(crate) fn addresses(&self, peer: &RulePeer) -> Option<IpSet> {
        match peer {
            RulePeer::V4(prefix) => Some(IpSet::from_iter([IpPrefix::V4(*prefix)])),
            RulePeer::V6(prefix) => Some(IpSet::from_iter([IpPrefix::V6(*prefix)])),
            RulePeer::PrefixList(id) => {
                let entries = self.model.prefix_lists.get(id)?.entries.as_ref()?;
                Some(entries.iter().copied().collect())
            }
            RulePeer::Group(_) => None,
        }
    }

    /// Returns whether a rule with this peer admits nothing that is not admitted, now or after interfaces come and go.
    ///
    /// A reference to a group admits whoever will hold it: all the addresses that its VPC can give must be admitted,
    /// unless a reference to it is. The addresses are those of the families that its holders use today.
    pub(crate) fn permits(&self, admitted: &Admitted, peer: &RulePeer, traffic: &Traffic) -> bool {
        match (peer, self.addresses(peer)) {
            (_, Some(addresses)) => admitted.contains(&addresses, traffic),
            (RulePeer::Group(reference), None) => {
                self.permits_group(admitted, &reference.group, traffic)
            }
            (_, None) => false,
        }
    }

    /// Returns whether a reference to a group admits nothing that is not admitted.
    pub(crate) fn permits_group(
        &self,
        admitted: &Admitted,
        group: &SecurityGroupId,
        traffic: &Traffic,
    ) -> bool {
        let rest = traffic.difference(&admitted.by_group(group));
        rest.is_empty() || self.space(group).is_some_and(|it| admitted.contains(&it, &rest))
    }

    /// Returns all addresses that an interface with this group can have within its VPC: those of the families in which
    /// one has an address today. Without that, no IPv4 rule could become a reference in a VPC that has IPv6 somewhere.
    fn space(&self, group: &SecurityGroupId) -> Option<IpSet> {
        let cidrs = &self.model.vpcs.get(self.vpc_of(group)?)?.cidrs;
        let holders = self.holders(group);
        let is_used = |cidr: &&IpPrefix| match cidr {
            IpPrefix::V4(_) => true,
            IpPrefix::V6(_) => !holders.v6.is_empty(),
        };
        let space: IpSet = cidrs.iter().filter(is_used).copied().collect();
        (!space.is_empty()).then_some(space)
    }

    pub(crate) fn vpc_of(&self, group: &SecurityGroupId) -> Option<&'c VpcId> {
        self.model.security_groups.get(group)?.vpc.as_ref()
    }

    /// Returns how many pairs of a peer and a header a rule admits today; the largest number if there are more.
    pub(crate) fn weight(&self, peer: &RulePeer, traffic: &Traffic) -> u128 {
        let peers = match peer {
            RulePeer::Group(reference) => self.members(&reference.group).into(),
            other => self.addresses(other).map_or(u128::MAX, |set| size(&set)),
        };
        let ports = |ports: &portolan_net::Ports| as_u128(&ports.firsts().count());
        let headers = ports(traffic.tcp_ports())
            + ports(traffic.udp_ports())
            + as_u128(&traffic.icmp_kinds().count())
            + as_u128(&traffic.icmpv6_kinds().count())
            + as_u128(&traffic.other_protocols().count());
        peers.saturating_mul(headers)
    }
}

/// Returns the prefix of one address.
pub(crate) fn prefix(address: IpAddr) -> IpPrefix {
    match address {
        IpAddr::V4(address) => Prefix::single(address).into(),
        IpAddr::V6(address) => Prefix::single(address).into(),
    }
}

/// Returns how many addresses a set holds; the largest number if there are more.
pub(crate) fn size(set: &IpSet) -> u128 {
    as_u128(&set.v4.count()).saturating_add(as_u128(&set.v6.count()))
}

fn as_u128(count: &portolan_net::BigUint) -> u128 {
    u128::try_from(count).unwrap_or(u128::MAX)
}

fn cidrs(model: &Model) -> Vec<(IpPrefix, IpSet)> {
    let subnets = model.subnets.values().flat_map(|subnet| {
        let v4 = subnet.ipv4.map(IpPrefix::V4).into_iter();
        v4.chain(subnet.ipv6.iter().copied().map(IpPrefix::V6))
    });
    let vpcs = model.vpcs.values().flat_map(|vpc| vpc.cidrs.iter().copied());
    let routes = model.route_tables.values().flat_map(|table| &table.routes);
    let routes = routes.filter_map(|route| match route.destination {
        RouteDestination::V4(prefix) => Some(IpPrefix::V4(prefix)),
        RouteDestination::V6(prefix) => Some(IpPrefix::V6(prefix)),
        RouteDestination::PrefixList(_) => None,
    });
    let entries = model.network_acls.values().flat_map(|acl| &acl.entries).map(|entry| entry.cidr);
    let rules = model.security_groups.values().flat_map(rule_cidrs);
    let mut all: Vec<IpPrefix> =
        subnets.chain(vpcs).chain(routes).chain(entries).chain(rules).collect();
    all.sort_unstable_by_key(|prefix| (std::cmp::Reverse(length(*prefix)), *prefix));
    all.dedup();
    all.into_iter().map(|prefix| (prefix, IpSet::from_iter([prefix]))).collect()
}

fn rule_cidrs(group: &SecurityGroup) -> impl Iterator<Item = IpPrefix> {
    group.rules.iter().filter_map(|rule| match rule.peer {
        RulePeer::V4(prefix) => Some(IpPrefix::V4(prefix)),
        RulePeer::V6(prefix) => Some(IpPrefix::V6(prefix)),
        RulePeer::PrefixList(_) | RulePeer::Group(_) => None,
    })
}

const fn length(prefix: IpPrefix) -> u8 {
    match prefix {
        IpPrefix::V4(prefix) => prefix.length(),
        IpPrefix::V6(prefix) => prefix.length(),
    }
}

fn inventory(model: &Model) -> IpSet {
    let interfaces = || model.interfaces.values();
    IpSet {
        v4: interfaces().flat_map(|it| &it.ipv4).map(|own| own.address).collect(),
        v6: interfaces().flat_map(|it| &it.ipv6).copied().collect(),
    }
}
