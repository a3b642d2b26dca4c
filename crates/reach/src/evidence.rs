//! Evidence: which components a packet meets, which rules let it pass or stop it, and what is not known.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use portolan_model::{
    Direction, EgressOnlyGatewayId, EndpointId, InterfaceId, InternetGatewayId, NatGatewayId,
    NetworkAclId, PeeringId, PrefixListId, RouteTableId, SecurityGroupId, SubnetId,
    TransitGatewayId, VpcId, VpnGatewayId,
};
use portolan_net::Header;

use crate::code::Code;
use crate::note::Note;

/// One thing that packets pass through or are stopped by.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Component {
    /// Everything outside AWS that public addresses lead to and come from.
    Internet,
    /// A network interface.
    Interface(InterfaceId),
    /// A security group.
    SecurityGroup(SecurityGroupId),
    /// A network ACL.
    NetworkAcl(NetworkAclId),
    /// A subnet.
    Subnet(SubnetId),
    /// A route table.
    RouteTable(RouteTableId),
    /// A VPC.
    Vpc(VpcId),
    /// An Internet gateway.
    InternetGateway(InternetGatewayId),
    /// An egress-only Internet gateway.
    EgressOnlyGateway(EgressOnlyGatewayId),
    /// A NAT gateway.
    NatGateway(NatGatewayId),
    /// A VPC peering connection.
    Peering(PeeringId),
    /// A VPC endpoint.
    Endpoint(EndpointId),
    /// A transit gateway.
    TransitGateway(TransitGatewayId),
    /// A virtual private gateway.
    VpnGateway(VpnGatewayId),
    /// A prefix list.
    PrefixList(PrefixListId),
    /// A load balancer, by its id or ARN.
    LoadBalancer(Arc<str>),
    /// A service of AWS at a link-local or reserved address, by its name.
    LinkLocalService(&'static str),
    /// VPC Block Public Access, at the border of a VPC.
    BlockPublicAccess(VpcId),
    /// Anything else, by its id.
    Other(Arc<str>),
}

impl Component {
    /// Returns the kind of component in words, such as `network ACL`.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Internet => "Internet",
            Self::Interface(_) => "network interface",
            Self::SecurityGroup(_) => "security group",
            Self::NetworkAcl(_) => "network ACL",
            Self::Subnet(_) => "subnet",
            Self::RouteTable(_) => "route table",
            Self::Vpc(_) => "VPC",
            Self::InternetGateway(_) => "Internet gateway",
            Self::EgressOnlyGateway(_) => "egress-only Internet gateway",
            Self::NatGateway(_) => "NAT gateway",
            Self::Peering(_) => "peering connection",
            Self::Endpoint(_) => "VPC endpoint",
            Self::TransitGateway(_) => "transit gateway",
            Self::VpnGateway(_) => "virtual private gateway",
            Self::PrefixList(_) => "prefix list",
            Self::LoadBalancer(_) => "load balancer",
            Self::LinkLocalService(_) => "link-local service",
            Self::BlockPublicAccess(_) => "VPC Block Public Access of",
            Self::Other(_) => "component",
        }
    }

    /// Returns its id, or its name where it has no id.
    pub fn id(&self) -> &str {
        match self {
            Self::Internet => "internet",
            Self::Interface(id) => id.as_str(),
            Self::SecurityGroup(id) => id.as_str(),
            Self::NetworkAcl(id) => id.as_str(),
            Self::Subnet(id) => id.as_str(),
            Self::RouteTable(id) => id.as_str(),
            Self::Vpc(id) | Self::BlockPublicAccess(id) => id.as_str(),
            Self::InternetGateway(id) => id.as_str(),
            Self::EgressOnlyGateway(id) => id.as_str(),
            Self::NatGateway(id) => id.as_str(),
            Self::Peering(id) => id.as_str(),
            Self::Endpoint(id) => id.as_str(),
            Self::TransitGateway(id) => id.as_str(),
            Self::VpnGateway(id) => id.as_str(),
            Self::PrefixList(id) => id.as_str(),
            Self::LoadBalancer(id) | Self::Other(id) => id,
            Self::LinkLocalService(name) => name,
        }
    }
}

impl fmt::Display for Component {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.id())
    }
}

/// One step of a path.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Hop {
    /// What the packet meets.
    pub component: Component,
    /// Which way it passes a filter; `None` where there is only one.
    pub direction: Option<Direction>,
    /// The rules that let it pass: of security groups every one that does, of a network ACL or route
    /// table the one that decides. Empty where nothing is filtered.
    pub rules: Vec<RuleReference>,
    /// What is to be told of rules here, beside what they say.
    pub notes: Vec<Note>,
}

/// One rule of a component, as evidence.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct RuleReference {
    /// What the rule is part of.
    pub component: Component,
    /// Its id or number: `sgr-…`, or the place in the list where no id was read (`inbound 2`, from 1); the
    /// number of a network ACL entry (`100`, `*`); the destination of a route (`0.0.0.0/0`).
    pub id: String,
    /// What it says, such as `tcp 22 from 0.0.0.0/0`.
    pub text: String,
    /// What it names: a prefix list, a security group, the target of a route.
    pub names: Vec<Component>,
}

/// A reason why packets do not pass.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Blocker {
    /// The reason in AWS's vocabulary.
    pub code: Code,
    /// What stops them.
    pub component: Component,
    /// Which way they pass it, if it is a filter.
    pub direction: Option<Direction>,
    /// The rule that stops them; `None` where it is the lack of a rule.
    pub rule: Option<RuleReference>,
    /// Whether it stops the replies, not the requests.
    pub on_reply: bool,
    /// What is to be told of rules here, beside what they say.
    pub notes: Vec<Note>,
}

/// A reason why it is not known whether packets pass.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Unknown {
    /// What it is that cannot be told.
    pub reason: UnknownReason,
    /// Where.
    pub component: Component,
}

/// The kinds of ignorance.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum UnknownReason {
    /// The component is named and was not read.
    NotRead,
    /// The network ACL of the subnet was not read.
    NoNetworkAcl,
    /// The engine does not model the component yet.
    NotModelled,
    /// An appliance decides, whose configuration AWS does not know.
    Appliance,
    /// Two routes are equally good, and AWS does not say which it takes.
    AmbiguousRoute,
    /// AWS's documents contradict what is observed.
    Undocumented,
    /// Replies pass at some of the source ports that the gateway may choose, not at all of them.
    SomeEphemeralPorts,
    /// The state of the route was not read, or is of a kind that is not known.
    RouteState,
    /// The far end is outside what was read.
    OutsideModel,
}

impl UnknownReason {
    /// Returns what it means, as a phrase that follows the component.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::NotRead => "was not read",
            Self::NoNetworkAcl => "has a network ACL that was not read",
            Self::NotModelled => "is not modelled yet",
            Self::Appliance => "is an appliance that decides for itself",
            Self::AmbiguousRoute => "has two equally good routes",
            Self::Undocumented => "behaves in a way that AWS does not document",
            Self::SomeEphemeralPorts => "lets replies pass at some ephemeral ports only",
            Self::RouteState => "has a route whose state is not known",
            Self::OutsideModel => "is outside what was read",
        }
    }
}

/// One concrete packet.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Witness {
    /// The source address as the sender writes it.
    pub source: IpAddr,
    /// The destination address as the sender writes it.
    pub destination: IpAddr,
    /// Protocol, ports, ICMP type and code.
    pub header: Header,
}
