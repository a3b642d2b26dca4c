//! Internet, egress-only and NAT gateways, peering connections, and the switch that closes them.

use portolan_model::{
    BlockPublicAccess, EgressOnlyGateway, InterfaceKind, InternetGateway, NatGateway,
    NatGatewayAddress, Peering, PeeringSide, PrivateAddress, Subnet, Tags, Vpc,
};
use portolan_net::IpPrefix;

use super::prefix::{overlap, v4};
use super::{Draft, piece};

impl Draft {
    pub(super) fn add_gateways(&mut self) {
        let vpcs: Vec<Vpc> = self.model.vpcs.values().cloned().collect();
        for (number, vpc) in vpcs.iter().enumerate() {
            if self.chance(80) {
                self.add_internet_gateway(number, vpc);
            }
            if self.chance(60) && vpc.cidrs.iter().any(|cidr| matches!(cidr, IpPrefix::V6(_))) {
                self.add_egress_only_gateway(number, vpc);
            }
            for (other_number, other) in vpcs.iter().enumerate().skip(number + 1) {
                if self.chance(70) {
                    self.add_peering(&format!("pcx-{number}{other_number}"), vpc, other);
                }
            }
        }
        if self.chance(8) {
            self.add_far_peering();
        }
    }

    fn add_internet_gateway(&mut self, number: usize, vpc: &Vpc) {
        let id = format!("igw-{number}");
        let gateway = InternetGateway {
            id: id.as_str().into(),
            place: vpc.place.clone(),
            tags: Tags::default(),
            vpc: Some(vpc.id.clone()),
        };
        self.model.internet_gateways.insert(gateway.id.clone(), gateway);
    }

    fn add_egress_only_gateway(&mut self, number: usize, vpc: &Vpc) {
        let id = format!("eigw-{number}");
        let gateway = EgressOnlyGateway {
            id: id.as_str().into(),
            place: vpc.place.clone(),
            tags: Tags::default(),
            vpc: Some(vpc.id.clone()),
        };
        self.model.egress_only_gateways.insert(gateway.id.clone(), gateway);
    }

    /// Adds a connection, unless the VPCs overlap: AWS refuses that.
    fn add_peering(&mut self, id: &str, requester: &Vpc, accepter: &Vpc) {
        let meets = |one: &IpPrefix| accepter.cidrs.iter().any(|other| overlap(*one, *other));
        if requester.cidrs.iter().any(meets) {
            return;
        }
        let peering = Peering {
            id: id.into(),
            tags: Tags::default(),
            is_active: self.chance(88),
            requester: side(requester),
            accepter: side(accepter),
        };
        self.model.peerings.insert(peering.id.clone(), peering);
    }

    /// Adds a connection to a VPC that nobody read.
    fn add_far_peering(&mut self) {
        let Some(vpc) = self.vpc_ids().first().and_then(|id| self.model.vpcs.get(id).cloned())
        else {
            return;
        };
        let far = piece::vpc("vpc-far", vpc.place.clone(), vec![v4([10, 9, 0, 0], 16).into()]);
        self.add_peering("pcx-far", &vpc, &far);
    }

    pub(super) fn add_nat_gateways(&mut self) {
        let subnets: Vec<Subnet> =
            self.model.subnets.values().filter(|subnet| subnet.ipv4.is_some()).cloned().collect();
        for (number, subnet) in subnets.iter().enumerate() {
            if self.chance(30) {
                self.add_nat_gateway(&number.to_string(), subnet);
            }
        }
    }

    fn add_nat_gateway(&mut self, number: &str, subnet: &Subnet) {
        let mut interface =
            piece::interface(&format!("eni-nat-{number}"), subnet, InterfaceKind::NatGateway);
        let is_public = self.chance(88);
        let count = if self.chance(8) { 2 } else { 1 };
        for _ in 0..count {
            let Some(address) = self.free_ipv4(subnet, &interface) else { continue };
            let public = if is_public { self.public_address() } else { None };
            interface.ipv4.push(PrivateAddress { address, public });
        }
        if interface.ipv4.is_empty() {
            return;
        }
        let addresses = interface.ipv4.iter().map(|one| NatGatewayAddress {
            interface: Some(interface.id.clone()),
            private: Some(one.address),
            public: one.public,
        });
        let gateway = NatGateway {
            id: format!("nat-{number}").as_str().into(),
            place: subnet.place.clone(),
            tags: Tags::default(),
            vpc: subnet.vpc.clone(),
            subnet: (!self.random.chance(5)).then(|| subnet.id.clone()),
            is_public,
            is_available: self.random.chance(92),
            addresses: addresses.collect(),
        };
        self.model.nat_gateways.insert(gateway.id.clone(), gateway);
        self.model.interfaces.insert(interface.id.clone(), interface);
    }

    pub(super) fn block_public_access(&mut self) {
        let modes = [
            BlockPublicAccess::Off,
            BlockPublicAccess::Bidirectional,
            BlockPublicAccess::Ingress,
            BlockPublicAccess::Other,
        ];
        let vpcs: Vec<Vpc> = self.model.vpcs.values().cloned().collect();
        for vpc in vpcs {
            if self.chance(8)
                && let Some(mode) = self.pick(&modes)
            {
                self.model.block_public_access.insert(vpc.place, mode);
            }
        }
    }
}

fn side(vpc: &Vpc) -> PeeringSide {
    let mut side = PeeringSide {
        vpc: vpc.id.clone(),
        account: vpc.place.account.clone(),
        region: vpc.place.region.clone(),
        ipv4: Vec::new(),
        ipv6: Vec::new(),
    };
    for cidr in &vpc.cidrs {
        match cidr {
            IpPrefix::V4(cidr) => side.ipv4.push(*cidr),
            IpPrefix::V6(cidr) => side.ipv6.push(*cidr),
        }
    }
    side
}
