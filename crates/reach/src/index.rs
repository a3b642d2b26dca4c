//! The model, numbered: interfaces, subnets and VPCs as small integers that know each other.

use std::net::IpAddr;

use portolan_model::{
    BlockPublicAccess, InterfaceId, InterfaceKind, InternetGatewayId, Model, NetworkInterface,
    RouteTarget, SecurityGroupId, SubnetId, VpcId,
};
use portolan_net::{IpPrefix, Set as _};
use rustc_hash::FxHashMap;

use crate::line::{Spot, Spots, spots};
use crate::world;

/// The numbered parts of a model.
#[derive(Debug)]
pub(crate) struct Index {
    /// By interface id.
    pub(crate) interfaces: Vec<Node>,
    pub(crate) subnets: Vec<SubnetNode>,
    pub(crate) vpcs: Vec<VpcNode>,
    /// The different combinations of security groups; each sorted.
    pub(crate) group_sets: Vec<Vec<SecurityGroupId>>,
    /// Interface and inside address of each address that the Internet leads to.
    pub(crate) public: FxHashMap<Spot, (usize, Spot)>,
    /// What the Internet routes.
    pub(crate) internet: Spots,
    vpc_numbers: FxHashMap<VpcId, usize>,
    subnet_numbers: FxHashMap<SubnetId, usize>,
}

/// One interface.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) id: InterfaceId,
    pub(crate) vpc: usize,
    pub(crate) subnet: usize,
    pub(crate) group_set: usize,
    pub(crate) kind: InterfaceKind,
    pub(crate) source_dest_check: bool,
    pub(crate) addresses: Vec<NodeAddress>,
    /// The prefixes delegated to it.
    pub(crate) delegated: Vec<Spots>,
}

/// One address of an interface.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NodeAddress {
    /// The address on the interface.
    pub(crate) inside: Spot,
    /// The address that the Internet knows it by, if any.
    pub(crate) outside: Option<Spot>,
}

/// One subnet.
#[derive(Debug)]
pub(crate) struct SubnetNode {
    pub(crate) id: SubnetId,
    pub(crate) vpc: usize,
    pub(crate) cidrs: Spots,
    /// Whether it was read; otherwise it is only named by an interface.
    pub(crate) is_read: bool,
}

/// One VPC.
#[derive(Debug)]
pub(crate) struct VpcNode {
    pub(crate) id: VpcId,
    pub(crate) prefixes: Vec<IpPrefix>,
    pub(crate) cidrs: Spots,
    /// Whether it was read; otherwise it is only named by something.
    pub(crate) is_read: bool,
    /// The Internet gateway that is attached to it.
    pub(crate) internet_gateway: Option<InternetGatewayId>,
    /// An Internet gateway that a route leads to and that was not read.
    pub(crate) unread_gateway: Option<InternetGatewayId>,
    /// Whether VPC Block Public Access does anything here.
    pub(crate) blocks_public_access: bool,
    /// Which interface has an address.
    pub(crate) addresses: FxHashMap<Spot, usize>,
    /// Which interface has a delegated prefix.
    pub(crate) delegated: Vec<(Spots, usize)>,
    /// Its interfaces.
    pub(crate) interfaces: Vec<usize>,
}

impl Index {
    pub(crate) fn new(model: &Model) -> Self {
        let mut index = Self {
            interfaces: Vec::with_capacity(model.interfaces.len()),
            subnets: Vec::new(),
            vpcs: Vec::new(),
            group_sets: Vec::new(),
            public: FxHashMap::default(),
            internet: world::internet(),
            vpc_numbers: FxHashMap::default(),
            subnet_numbers: FxHashMap::default(),
        };
        index.add_vpcs(model);
        for subnet in model.subnets.values() {
            let cidrs = subnet.ipv4.map(Into::into).into_iter();
            let cidrs = cidrs.chain(subnet.ipv6.iter().copied().map(Into::into));
            let cidrs = cidrs.fold(Spots::empty(), |sum, cidr| sum.union(&spots(cidr)));
            let vpc = index.vpc_number(&subnet.vpc);
            index.subnet_numbers.insert(subnet.id.clone(), index.subnets.len());
            index.subnets.push(SubnetNode { id: subnet.id.clone(), vpc, cidrs, is_read: true });
        }
        let mut set_numbers = FxHashMap::default();
        for interface in model.interfaces.values() {
            index.add_interface(interface, &mut set_numbers);
        }
        index
    }

    fn add_vpcs(&mut self, model: &Model) {
        for vpc in model.vpcs.values() {
            let number = self.vpc_number(&vpc.id);
            let blocks = model.block_public_access.get(&vpc.place);
            if let Some(node) = self.vpcs.get_mut(number) {
                node.is_read = true;
                node.prefixes.clone_from(&vpc.cidrs);
                node.cidrs =
                    vpc.cidrs.iter().fold(Spots::empty(), |sum, cidr| sum.union(&spots(*cidr)));
                node.blocks_public_access =
                    blocks.is_some_and(|mode| *mode != BlockPublicAccess::Off);
            }
        }
        for gateway in model.internet_gateways.values() {
            let number = gateway.vpc.as_ref().map(|vpc| self.vpc_number(vpc));
            if let Some(node) = number.and_then(|number| self.vpcs.get_mut(number)) {
                node.internet_gateway = Some(gateway.id.clone());
            }
        }
        self.find_unread_gateways(model);
    }

    /// Notes the gateways that routes lead to and that were not read.
    fn find_unread_gateways(&mut self, model: &Model) {
        for table in model.route_tables.values() {
            let number = self.vpc_number(&table.vpc);
            let routed = table.routes.iter().find_map(|route| match &route.target {
                RouteTarget::InternetGateway(id) if !model.internet_gateways.contains_key(id) => {
                    Some(id.clone())
                }
                _ => None,
            });
            if let Some(node) = self.vpcs.get_mut(number)
                && node.unread_gateway.is_none()
            {
                node.unread_gateway = routed;
            }
        }
    }

    /// Returns the number of a VPC; one that was not read gets a number too.
    fn vpc_number(&mut self, id: &VpcId) -> usize {
        if let Some(&number) = self.vpc_numbers.get(id) {
            return number;
        }
        self.vpc_numbers.insert(id.clone(), self.vpcs.len());
        self.vpcs.push(VpcNode {
            id: id.clone(),
            prefixes: Vec::new(),
            is_read: false,
            cidrs: Spots::empty(),
            internet_gateway: None,
            unread_gateway: None,
            blocks_public_access: false,
            addresses: FxHashMap::default(),
            delegated: Vec::new(),
            interfaces: Vec::new(),
        });
        self.vpcs.len() - 1
    }

    fn add_interface(
        &mut self,
        interface: &NetworkInterface,
        set_numbers: &mut FxHashMap<Vec<SecurityGroupId>, usize>,
    ) {
        let vpc = self.vpc_number(&interface.vpc);
        let subnet = *self.subnet_numbers.entry(interface.subnet.clone()).or_insert_with(|| {
            let id = interface.subnet.clone();
            self.subnets.push(SubnetNode { id, vpc, cidrs: Spots::empty(), is_read: false });
            self.subnets.len() - 1
        });
        let number = self.interfaces.len();
        let addresses = addresses(interface, &self.internet);
        let delegated = delegated(interface);
        if let Some(node) = self.vpcs.get_mut(vpc) {
            node.interfaces.push(number);
            for address in &addresses {
                node.addresses.entry(address.inside).or_insert(number);
            }
            node.delegated.extend(delegated.iter().map(|prefix| (prefix.clone(), number)));
        }
        let outside = |a: &NodeAddress| a.outside.map(|outside| (outside, (number, a.inside)));
        for (address, owner) in addresses.iter().filter_map(outside) {
            self.public.entry(address).or_insert(owner);
        }
        let group_set = self.group_set_number(interface, set_numbers);
        self.interfaces.push(Node {
            id: interface.id.clone(),
            vpc,
            subnet,
            group_set,
            kind: interface.kind,
            source_dest_check: interface.source_dest_check,
            addresses,
            delegated,
        });
    }

    fn group_set_number(
        &mut self,
        interface: &NetworkInterface,
        set_numbers: &mut FxHashMap<Vec<SecurityGroupId>, usize>,
    ) -> usize {
        let mut groups = interface.security_groups.clone();
        groups.sort_unstable();
        groups.dedup();
        if let Some(&number) = set_numbers.get(&groups) {
            return number;
        }
        set_numbers.insert(groups.clone(), self.group_sets.len());
        self.group_sets.push(groups);
        self.group_sets.len() - 1
    }

    /// Returns the number of an interface.
    pub(crate) fn interface(&self, id: &InterfaceId) -> Option<usize> {
        self.interfaces.binary_search_by(|node| node.id.cmp(id)).ok()
    }

    /// Yields the delegated prefixes that the Internet leads to, with their interfaces.
    pub(crate) fn public_prefixes(&self) -> impl Iterator<Item = (&Spots, usize)> {
        let all = self.vpcs.iter().flat_map(|vpc| &vpc.delegated);
        all.filter(|(prefix, _)| self.internet.contains_set(prefix) && !is_ipv4(prefix))
            .map(|(prefix, interface)| (prefix, *interface))
    }

    /// Returns whether a VPC was read.
    pub(crate) fn is_vpc_read(&self, vpc: usize) -> bool {
        self.vpcs.get(vpc).is_some_and(|vpc| vpc.is_read)
    }

    /// Returns the addresses that interfaces have within their VPC.
    pub(crate) fn own_addresses(&self, interfaces: impl IntoIterator<Item = usize>) -> Spots {
        let nodes = interfaces.into_iter().filter_map(|number| self.interfaces.get(number));
        nodes.fold(Spots::empty(), |sum, node| {
            let exact: Spots = node.addresses.iter().map(|address| address.inside).collect();
            node.delegated.iter().fold(sum.union(&exact), |sum, prefix| sum.union(prefix))
        })
    }

    /// Returns the number of a subnet that is in the model or named by an interface in it.
    pub(crate) fn subnet(&self, id: &SubnetId) -> Option<usize> {
        self.subnet_numbers.get(id).copied()
    }

    /// Returns the security groups that an interface holds, sorted.
    pub(crate) fn groups(&self, interface: usize) -> &[SecurityGroupId] {
        let node = self.interfaces.get(interface);
        let set = node.and_then(|node| self.group_sets.get(node.group_set));
        set.map_or(&[], Vec::as_slice)
    }

    /// Returns the number of a VPC that is in the model or named by something in it.
    pub(crate) fn vpc(&self, id: &VpcId) -> Option<usize> {
        self.vpc_numbers.get(id).copied()
    }
}

/// Returns the addresses of an interface, with what the Internet knows them by.
fn addresses(interface: &NetworkInterface, internet: &Spots) -> Vec<NodeAddress> {
    let v4 = interface
        .ipv4
        .iter()
        .map(|a| NodeAddress { inside: a.address.into(), outside: a.public.map(Spot::from) });
    let v6 = interface.ipv6.iter().map(|address| {
        let inside = Spot::from(IpAddr::V6(*address));
        NodeAddress { inside, outside: internet.contains(inside).then_some(inside) }
    });
    v4.chain(v6).collect()
}

fn delegated(interface: &NetworkInterface) -> Vec<Spots> {
    let v4 = interface.ipv4_prefixes.iter().map(|prefix| spots((*prefix).into()));
    v4.chain(interface.ipv6_prefixes.iter().map(|prefix| spots((*prefix).into()))).collect()
}

fn is_ipv4(prefix: &Spots) -> bool {
    prefix.first().is_some_and(Spot::is_ipv4)
}
