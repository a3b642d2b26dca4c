//! Transit gateways, their attachments and route tables.
//!
//! Source: EC2 API, `TransitGateway`, `TransitGatewayAttachment`, `TransitGatewayRoute`.

use std::sync::Arc;

use portolan_net::IpPrefix;

use crate::id::{
    PrefixListId, SubnetId, TransitGatewayAttachmentId, TransitGatewayId,
    TransitGatewayRouteTableId,
};
use crate::place::{Place, Tags};

/// A transit gateway.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TransitGateway {
    /// Its id.
    pub id: TransitGatewayId,
    /// Its account and Region.
    pub place: Place,
    /// Its tags.
    pub tags: Tags,
    /// Whether security groups may be referenced across it.
    pub has_security_group_referencing: bool,
}

/// One attachment to a transit gateway.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TransitGatewayAttachment {
    /// Its id.
    pub id: TransitGatewayAttachmentId,
    /// Its account and Region.
    pub place: Place,
    /// Its tags.
    pub tags: Tags,
    /// The transit gateway.
    pub transit_gateway: TransitGatewayId,
    /// What is attached in AWS's words: `vpc`, `vpn`, `direct-connect-gateway`, `peering`, …
    pub resource_type: Arc<str>,
    /// The id of what is attached.
    pub resource: Option<Arc<str>>,
    /// The subnets of a VPC attachment.
    pub subnets: Vec<SubnetId>,
    /// Whether its state is `available`.
    pub is_available: bool,
    /// The route table that routes what comes in through it.
    pub route_table: Option<TransitGatewayRouteTableId>,
}

/// A route table of a transit gateway.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TransitGatewayRouteTable {
    /// Its id.
    pub id: TransitGatewayRouteTableId,
    /// Its account and Region.
    pub place: Place,
    /// Its tags.
    pub tags: Tags,
    /// The transit gateway.
    pub transit_gateway: TransitGatewayId,
    /// Its routes; `None` where they were not read.
    pub routes: Option<Vec<TransitGatewayRoute>>,
    /// The attachments that propagate their routes to it.
    pub propagations: Vec<TransitGatewayAttachmentId>,
}

/// One route of a transit gateway.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TransitGatewayRoute {
    /// The destination, unless a prefix list is.
    pub destination: Option<IpPrefix>,
    /// The prefix list that is the destination.
    pub prefix_list: Option<PrefixListId>,
    /// The attachments that it leads to; none for a blackhole.
    pub attachments: Vec<TransitGatewayAttachmentId>,
    /// Whether it is static.
    pub is_static: bool,
    /// Whether its state is `active`.
    pub is_active: bool,
}
