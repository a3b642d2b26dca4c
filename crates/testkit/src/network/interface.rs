//! Interfaces, their addresses, and the instances that some of them belong to.

use std::net::{Ipv4Addr, Ipv6Addr};

use portolan_model::{
    Instance, InterfaceKind, NetworkInterface, PrivateAddress, SecurityGroupId, Subnet, Tags, VpcId,
};

use super::prefix::{v4, v6};
use super::{Draft, piece};

/// The kinds of interface and how often each is drawn. NAT gateways bring their own.
const KINDS: [(usize, InterfaceKind); 8] = [
    (72, InterfaceKind::Standard),
    (7, InterfaceKind::Lambda),
    (7, InterfaceKind::Endpoint),
    (4, InterfaceKind::LoadBalancer),
    (4, InterfaceKind::Service),
    (2, InterfaceKind::TransitGateway),
    (2, InterfaceKind::GatewayLoadBalancerEndpoint),
    (2, InterfaceKind::GatewayLoadBalancer),
];

/// The hosts of a subnet that interfaces get: AWS keeps the first four and the last of a subnet, and a /28 has 16.
const HOSTS: [u8; 11] = [4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14];

impl Draft {
    pub(super) fn add_interfaces(&mut self) {
        let subnets: Vec<Subnet> = self.model.subnets.values().cloned().collect();
        for number in 0..self.random.within(3..=14) {
            if let Some(subnet) = self.pick(&subnets) {
                self.add_interface(number, &subnet);
            }
        }
    }

    fn add_interface(&mut self, number: usize, subnet: &Subnet) {
        let kind = self.random.pick_weighted(&KINDS).copied().unwrap_or(InterfaceKind::Standard);
        let mut interface = piece::interface(&format!("eni-{number}"), subnet, kind);
        self.give_addresses(&mut interface, subnet);
        if interface.ipv4.is_empty() && interface.ipv6.is_empty() {
            return;
        }
        if self.chance(6) {
            self.give_prefixes(&mut interface, subnet);
        }
        interface.security_groups = self.groups_for(&interface);
        interface.source_dest_check = !self.chance(12);
        if kind == InterfaceKind::Standard && self.chance(50) {
            self.attach(&mut interface, number);
        }
        self.model.interfaces.insert(interface.id.clone(), interface);
    }

    fn give_addresses(&mut self, interface: &mut NetworkInterface, subnet: &Subnet) {
        let count = if self.chance(20) { 2 } else { 1 };
        for _ in 0..count {
            if let Some(address) = self.free_ipv4(subnet, interface) {
                let public = if self.is_public(&subnet.vpc) { self.public_address() } else { None };
                interface.ipv4.push(PrivateAddress { address, public });
            }
            if self.chance(80)
                && let Some(address) = self.free_ipv6(subnet, interface)
            {
                interface.ipv6.push(address);
            }
        }
    }

    /// Returns whether the next address gets a public one: only with an Internet gateway in the VPC.
    fn is_public(&mut self, vpc: &VpcId) -> bool {
        let has_gateway =
            self.model.internet_gateways.values().any(|gateway| gateway.vpc.as_ref() == Some(vpc));
        has_gateway && self.chance(55)
    }

    /// Delegates prefixes beyond the addresses of [`HOSTS`]; only a /24 has room for them.
    fn give_prefixes(&mut self, interface: &mut NetworkInterface, subnet: &Subnet) {
        let slot = u8::try_from(self.model.interfaces.len()).unwrap_or(0) & 7;
        if let Some(cidr) = subnet.ipv4.filter(|cidr| cidr.length() == 24) {
            let [a, b, c, _] = cidr.network().octets();
            interface.ipv4_prefixes.push(v4([a, b, c, 64 | (slot << 4)], 28));
        }
        if let Some(cidr) = subnet.ipv6.first() {
            let [a, b, c, d, ..] = cidr.network().segments();
            interface.ipv6_prefixes.push(v6([a, b, c, d, 1 + u16::from(slot), 0, 0, 0], 80));
        }
    }

    fn groups_for(&mut self, interface: &NetworkInterface) -> Vec<SecurityGroupId> {
        let has_none = match interface.kind {
            InterfaceKind::NatGateway
            | InterfaceKind::TransitGateway
            | InterfaceKind::GatewayLoadBalancer
            | InterfaceKind::GatewayLoadBalancerEndpoint => true,
            InterfaceKind::LoadBalancer => self.chance(40),
            _ => false,
        };
        if has_none {
            return Vec::new();
        }
        let groups: Vec<SecurityGroupId> = self
            .model
            .security_groups
            .values()
            .filter(|group| group.vpc.as_ref() == Some(&interface.vpc))
            .map(|group| group.id.clone())
            .collect();
        let mut chosen: Vec<SecurityGroupId> =
            (0..self.random.within(1..=3)).filter_map(|_| self.pick(&groups)).collect();
        chosen.sort_unstable();
        chosen.dedup();
        chosen
    }

    fn attach(&mut self, interface: &mut NetworkInterface, number: usize) {
        let instance = Instance {
            id: format!("i-{number}").as_str().into(),
            place: interface.place.clone(),
            tags: Tags::default(),
            is_running: true,
            interfaces: vec![interface.id.clone()],
        };
        interface.instance = Some(instance.id.clone());
        self.model.instances.insert(instance.id.clone(), instance);
    }

    /// Returns an IPv4 address of the subnet that neither the model nor `draft` has, if one is left.
    pub(super) fn free_ipv4(
        &mut self,
        subnet: &Subnet,
        draft: &NetworkInterface,
    ) -> Option<Ipv4Addr> {
        let [a, b, c, d] = subnet.ipv4?.network().octets();
        let free: Vec<Ipv4Addr> = HOSTS
            .iter()
            .map(|host| Ipv4Addr::new(a, b, c, d | host))
            .filter(|address| {
                let mut all = self.model.interfaces.values().chain([draft]);
                !all.any(|one| {
                    one.vpc == subnet.vpc && one.ipv4.iter().any(|own| own.address == *address)
                })
            })
            .collect();
        self.pick(&free)
    }

    fn free_ipv6(&mut self, subnet: &Subnet, draft: &NetworkInterface) -> Option<Ipv6Addr> {
        let network = subnet.ipv6.first()?.network().to_bits();
        let free: Vec<Ipv6Addr> = HOSTS
            .iter()
            .map(|host| Ipv6Addr::from_bits(network | u128::from(*host)))
            .filter(|address| {
                let mut all = self.model.interfaces.values().chain([draft]);
                !all.any(|one| one.ipv6.contains(address))
            })
            .collect();
        self.pick(&free)
    }

    /// Returns a public address that nobody has, of the block that RFC 5737 keeps for examples.
    pub(super) fn public_address(&mut self) -> Option<Ipv4Addr> {
        self.public_addresses = self.public_addresses.checked_add(1)?;
        Some(Ipv4Addr::new(203, 0, 113, self.public_addresses))
    }
}
