//! Plain questions to a model, each answered by looking at every record.

use std::net::IpAddr;

use portolan_model::{
    BlockPublicAccess, InstanceId, InternetGateway, InternetGatewayId, Model, NetworkAcl,
    NetworkInterface, Peering, RouteTable, RouteTarget, Subnet, Vpc, VpcId,
};

use super::Certainty;
use super::address::{holds, is_global};

/// Returns whether an interface answers to an address within its VPC.
pub(super) fn has_address(interface: &NetworkInterface, address: IpAddr) -> bool {
    let own = match address {
        IpAddr::V4(address) => interface.ipv4.iter().any(|own| own.address == address),
        IpAddr::V6(address) => interface.ipv6.contains(&address),
    };
    own || interface.ipv4_prefixes.iter().any(|prefix| holds((*prefix).into(), address))
        || interface.ipv6_prefixes.iter().any(|prefix| holds((*prefix).into(), address))
}

/// Returns the interface of a VPC that answers to an address.
pub(super) fn interface_at<'m>(
    model: &'m Model,
    vpc: &VpcId,
    address: IpAddr,
) -> Option<&'m NetworkInterface> {
    model
        .interfaces
        .values()
        .find(|interface| interface.vpc == *vpc && has_address(interface, address))
}

/// Returns the interface that the Internet knows by an address, and the address that it has in its VPC.
pub(super) fn public_holder(model: &Model, address: IpAddr) -> Option<(&NetworkInterface, IpAddr)> {
    model
        .interfaces
        .values()
        .find_map(|interface| Some((interface, private_of(interface, address)?)))
}

fn private_of(interface: &NetworkInterface, public: IpAddr) -> Option<IpAddr> {
    match public {
        IpAddr::V4(public) => {
            let mapped = interface.ipv4.iter().find(|own| own.public == Some(public))?;
            Some(mapped.address.into())
        }
        IpAddr::V6(address) => {
            (is_global(address) && has_address(interface, public)).then_some(public)
        }
    }
}

/// Returns the address that the Internet sees for an interface's own: its public one, or its global IPv6 one.
pub(super) fn public_of(interface: &NetworkInterface, private: IpAddr) -> Option<IpAddr> {
    match private {
        IpAddr::V4(private) => {
            let own = interface.ipv4.iter().find(|own| own.address == private)?;
            own.public.map(Into::into)
        }
        IpAddr::V6(address) => is_global(address).then_some(private),
    }
}

/// Returns the network ACL of a subnet: the one that lists it, else its VPC's default one.
pub(super) fn network_acl_of<'m>(model: &'m Model, subnet: &Subnet) -> Option<&'m NetworkAcl> {
    let all = || model.network_acls.values();
    all()
        .find(|acl| acl.subnets.contains(&subnet.id))
        .or_else(|| all().find(|acl| acl.is_default && acl.vpc == subnet.vpc))
}

/// Returns the route table of a subnet: the one that lists it, else its VPC's main one.
pub(super) fn route_table_of<'m>(model: &'m Model, subnet: &Subnet) -> Option<&'m RouteTable> {
    let all = || model.route_tables.values();
    all()
        .find(|table| table.subnets.contains(&subnet.id))
        .or_else(|| all().find(|table| table.is_main && table.vpc == subnet.vpc))
}

/// Returns the route table of an Internet gateway for what comes in through it, if it has one.
pub(super) fn edge_table_of<'m>(
    model: &'m Model,
    gateway: &InternetGatewayId,
) -> Option<&'m RouteTable> {
    model
        .route_tables
        .values()
        .find(|table| table.gateways.iter().any(|id| **id == *gateway.as_str()))
}

/// Returns the Internet gateway that is attached to a VPC.
pub(super) fn internet_gateway_of<'m>(
    model: &'m Model,
    vpc: &VpcId,
) -> Option<&'m InternetGateway> {
    model.internet_gateways.values().find(|gateway| gateway.vpc.as_ref() == Some(vpc))
}

/// Returns whether a route of a VPC leads to an Internet gateway that is not in the model.
pub(super) fn names_unread_internet_gateway(model: &Model, vpc: &VpcId) -> bool {
    model.route_tables.values().filter(|table| table.vpc == *vpc).any(|table| {
        table.routes.iter().any(|route| match &route.target {
            RouteTarget::InternetGateway(id) => !model.internet_gateways.contains_key(id),
            _ => false,
        })
    })
}

/// Returns how sure a step through an Internet or egress-only gateway of a VPC can be.
pub(super) fn public_access(model: &Model, vpc: &Vpc) -> Certainty {
    match model.block_public_access.get(&vpc.place) {
        None | Some(BlockPublicAccess::Off) => Certainty::Yes,
        Some(_) => Certainty::Maybe,
    }
}

/// Returns the interfaces of an instance, as far as they are in the model.
pub(super) fn interfaces_of<'m>(
    model: &'m Model,
    instance: &InstanceId,
) -> impl Iterator<Item = &'m NetworkInterface> {
    let listed = model.instances.get(instance).map_or(&[][..], |instance| &instance.interfaces);
    model
        .interfaces
        .values()
        .filter(move |one| one.instance.as_ref() == Some(instance) || listed.contains(&one.id))
}

/// Returns whether both sides of a peering connection are in one Region, so that groups are recognised over it.
pub(super) fn is_of_one_region(model: &Model, peering: &Peering) -> Certainty {
    let region = |side: &portolan_model::PeeringSide| {
        let recorded = || model.vpcs.get(&side.vpc).and_then(|vpc| vpc.place.region.clone());
        side.region.clone().or_else(recorded)
    };
    match (region(&peering.requester), region(&peering.accepter)) {
        (Some(one), Some(other)) => Certainty::of(one == other),
        _ => Certainty::Maybe,
    }
}
