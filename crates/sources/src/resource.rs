//! What all resources of the model have in common, and what two captures of one resource may disagree on.
//!
//! The table at the end of this file is the only place that names the fields one by one. What is not in it
//! is no reason for disagreement: the place (one capture may know the Region and another not), tags
//! (each account has its own for a shared resource), and what is inferred.

use std::collections::BTreeMap;

use portolan_model::{
    CustomerGateway, CustomerGatewayId, Database, DatabaseId, EgressOnlyGateway,
    EgressOnlyGatewayId, Endpoint, EndpointId, Firewall, FirewallId, Function, FunctionId,
    Instance, InstanceId, InterfaceId, InternetGateway, InternetGatewayId, LoadBalancer,
    LoadBalancerId, Model, NatGateway, NatGatewayId, NetworkAcl, NetworkAclId, NetworkInterface,
    Peering, PeeringId, Place, PrefixList, PrefixListId, ResourceKind, RouteTable, RouteTableId,
    SecurityGroup, SecurityGroupId, Subnet, SubnetId, Tags, TargetGroup, TargetGroupId,
    TransitGateway, TransitGatewayAttachment, TransitGatewayAttachmentId, TransitGatewayId,
    TransitGatewayRouteTable, TransitGatewayRouteTableId, Vpc, VpcId, VpnConnection,
    VpnConnectionId, VpnGateway, VpnGatewayId,
};

/// A resource of the model, in a table of its own.
pub(crate) trait Resource: Sized {
    /// The type of its id.
    type Id: Ord + Clone;

    /// Its kind.
    const KIND: ResourceKind;

    /// Returns its id.
    fn id(&self) -> &Self::Id;

    /// Returns its id as text.
    fn id_text(&self) -> &str;

    /// Returns the table that it belongs in.
    fn table(model: &mut Model) -> &mut BTreeMap<Self::Id, Self>;

    /// Yields the VPCs that it is in, attached to or between, from which its place may be told.
    fn vpcs(&self) -> impl Iterator<Item = &VpcId>;

    /// Returns where it is, unless it is between two places, as a peering connection is.
    fn place(&mut self) -> Option<&mut Place>;

    /// Returns the fields on which this and another capture of the same resource disagree.
    fn differing(&self, other: &Self) -> Vec<&'static str>;

    /// Gives what one of two captures of the same resource knows to the one that does not.
    fn exchange(&mut self, other: &mut Self);
}

/// A field that may be unknown, and is then no reason for disagreement.
trait Gap: Clone {
    /// Returns whether nothing is known.
    fn is_gap(&self) -> bool;

    /// Gives what one side knows to the other.
    fn exchange(&mut self, other: &mut Self) {
        if self.is_gap() {
            self.clone_from(other);
        } else if other.is_gap() {
            other.clone_from(self);
        }
    }
}

impl<T: Clone> Gap for Option<T> {
    fn is_gap(&self) -> bool {
        self.is_none()
    }
}

impl<T: Clone> Gap for Vec<T> {
    fn is_gap(&self) -> bool {
        self.is_empty()
    }
}

impl Gap for Tags {
    fn is_gap(&self) -> bool {
        self.0.is_empty()
    }
}

/// A field that tells a VPC.
trait InVpc {
    /// Returns the VPC.
    fn in_vpc(&self) -> Option<&VpcId>;
}

impl InVpc for VpcId {
    fn in_vpc(&self) -> Option<&VpcId> {
        Some(self)
    }
}

impl InVpc for Option<VpcId> {
    fn in_vpc(&self) -> Option<&VpcId> {
        self.as_ref()
    }
}

impl InVpc for Vec<VpcId> {
    fn in_vpc(&self) -> Option<&VpcId> {
        self.first()
    }
}

/// Declares the resources: type, id, table and kind; the fields that tell the place and the VPCs, if any;
/// the fields of which one capture may know more than another; and the fields that must agree.
macro_rules! resources {
    ($($type:ident($id:ident) in $table:ident as $kind:ident {
        place: [$($place:ident)?],
        vpc: [$($vpc:ident $(. $of:ident)?),*],
        gaps: [$($gap:ident $(. $inner:ident)?),*],
        same: [$($field:ident),*],
    })*) => {
        $(impl Resource for $type {
            type Id = $id;

            const KIND: ResourceKind = ResourceKind::$kind;

            fn id(&self) -> &$id {
                &self.id
            }

            fn id_text(&self) -> &str {
                self.id.as_str()
            }

            fn table(model: &mut Model) -> &mut BTreeMap<$id, Self> {
                &mut model.$table
            }

            fn vpcs(&self) -> impl Iterator<Item = &VpcId> {
                let vpcs: [Option<&VpcId>; _] = [$(self.$vpc $(.$of)?.in_vpc()),*];
                vpcs.into_iter().flatten()
            }

            fn place(&mut self) -> Option<&mut Place> {
                [$(&mut self.$place)?].into_iter().next()
            }

            fn exchange(&mut self, other: &mut Self) {
                $(Gap::exchange(&mut self.$gap $(.$inner)?, &mut other.$gap $(.$inner)?);)*
            }

            fn differing(&self, other: &Self) -> Vec<&'static str> {
                [$((stringify!($field), self.$field == other.$field)),*]
                    .into_iter()
                    .filter_map(|(name, is_same)| (!is_same).then_some(name))
                    .collect()
            }
        })*

        /// Calls `look` with the place of every resource that has one, and the VPC that it is in.
        pub(crate) fn each_place(
            model: &mut Model,
            mut look: impl FnMut(&mut Place, Option<&VpcId>),
        ) {
            $(for resource in model.$table.values_mut() {
                let vpc = resource.vpcs().next().cloned();
                if let Some(place) = resource.place() {
                    look(place, vpc.as_ref());
                }
            })*
        }
    };
}

resources! {
    Vpc(VpcId) in vpcs as Vpcs {
        place: [place],
        vpc: [id],
        gaps: [tags],
        same: [cidrs, is_default],
    }
    Subnet(SubnetId) in subnets as Subnets {
        place: [place],
        vpc: [vpc],
        gaps: [tags, zone],
        same: [vpc, zone, ipv4, ipv6, maps_public_ip_on_launch],
    }
    RouteTable(RouteTableId) in route_tables as RouteTables {
        place: [place],
        vpc: [vpc],
        gaps: [tags],
        same: [vpc, is_main, subnets, gateways, routes],
    }
    NetworkAcl(NetworkAclId) in network_acls as NetworkAcls {
        place: [place],
        vpc: [vpc],
        gaps: [tags],
        same: [vpc, is_default, subnets, entries],
    }
    SecurityGroup(SecurityGroupId) in security_groups as SecurityGroups {
        place: [place],
        vpc: [vpc],
        gaps: [tags, vpc],
        same: [name, vpc, rules],
    }
    NetworkInterface(InterfaceId) in interfaces as NetworkInterfaces {
        place: [place],
        vpc: [vpc],
        gaps: [tags],
        same: [
            vpc, subnet, ipv4, ipv6, ipv4_prefixes, ipv6_prefixes, security_groups, source_dest_check,
            kind, description, instance
        ],
    }
    Instance(InstanceId) in instances as Instances {
        place: [place],
        vpc: [],
        gaps: [tags],
        same: [is_running, interfaces],
    }
    InternetGateway(InternetGatewayId) in internet_gateways as InternetGateways {
        place: [place],
        vpc: [vpc],
        gaps: [tags],
        same: [vpc],
    }
    EgressOnlyGateway(EgressOnlyGatewayId) in egress_only_gateways as EgressOnlyInternetGateways {
        place: [place],
        vpc: [vpc],
        gaps: [tags],
        same: [vpc],
    }
    NatGateway(NatGatewayId) in nat_gateways as NatGateways {
        place: [place],
        vpc: [vpc],
        gaps: [tags],
        same: [vpc, subnet, is_public, is_available, addresses],
    }
    PrefixList(PrefixListId) in prefix_lists as PrefixLists {
        place: [place],
        vpc: [],
        gaps: [entries],
        same: [name, entries],
    }
    Peering(PeeringId) in peerings as PeeringConnections {
        place: [],
        vpc: [requester.vpc, accepter.vpc],
        gaps: [
            tags, requester.account, requester.region, requester.ipv4, requester.ipv6,
            accepter.account, accepter.region, accepter.ipv4, accepter.ipv6
        ],
        same: [is_active, requester, accepter],
    }
    Endpoint(EndpointId) in endpoints as Endpoints {
        place: [place],
        vpc: [vpc],
        gaps: [tags],
        same: [vpc, service, kind, is_available, route_tables, interfaces, security_groups],
    }
    LoadBalancer(LoadBalancerId) in load_balancers as LoadBalancers {
        place: [place],
        vpc: [vpc],
        gaps: [tags],
        same: [name, kind, is_internet_facing, vpc, subnets, security_groups, listeners, instances],
    }
    TargetGroup(TargetGroupId) in target_groups as TargetGroups {
        place: [place],
        vpc: [vpc],
        gaps: [targets],
        same: [name, vpc, protocol, port, target_type, load_balancers, targets],
    }
    Database(DatabaseId) in databases as Databases {
        place: [place],
        vpc: [vpc],
        gaps: [vpc, port],
        same: [name, engine, port, vpc, security_groups, is_publicly_accessible],
    }
    Function(FunctionId) in functions as Functions {
        place: [place],
        vpc: [vpc],
        gaps: [vpc],
        same: [name, vpc, subnets, security_groups],
    }
    TransitGateway(TransitGatewayId) in transit_gateways as TransitGateways {
        place: [place],
        vpc: [],
        gaps: [tags],
        same: [has_security_group_referencing],
    }
    TransitGatewayAttachment(TransitGatewayAttachmentId)
    in transit_gateway_attachments as TransitGatewayAttachments {
        place: [place],
        vpc: [],
        gaps: [tags, resource, subnets, route_table],
        same: [transit_gateway, resource_type, resource, subnets, is_available, route_table],
    }
    TransitGatewayRouteTable(TransitGatewayRouteTableId)
    in transit_gateway_route_tables as TransitGatewayRouteTables {
        place: [place],
        vpc: [],
        gaps: [tags, routes, propagations],
        same: [transit_gateway, routes, propagations],
    }
    VpnGateway(VpnGatewayId) in vpn_gateways as VpnGateways {
        place: [place],
        vpc: [vpcs],
        gaps: [tags],
        same: [vpcs],
    }
    CustomerGateway(CustomerGatewayId) in customer_gateways as CustomerGateways {
        place: [place],
        vpc: [],
        gaps: [tags],
        same: [address],
    }
    VpnConnection(VpnConnectionId) in vpn_connections as VpnConnections {
        place: [place],
        vpc: [],
        gaps: [tags],
        same: [customer_gateway, gateway, routes],
    }
    Firewall(FirewallId) in firewalls as Firewalls {
        place: [place],
        vpc: [vpc],
        gaps: [vpc, endpoints],
        same: [name, vpc, endpoints],
    }
}
