//! Identifiers: one type for each kind of resource, so that a subnet's id cannot be taken for a VPC's.
//!
//! An id is shared text: cloning costs one reference count, and a hundred thousand interfaces that
//! name the same subnet hold its id once. The text is not checked: AWS has changed the form of ids
//! before (8 digits became 17), and captures with anonymised ids must stay readable.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Returns the id as AWS prints it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.into())
            }
        }

        impl From<Arc<str>> for $name {
            fn from(text: Arc<str>) -> Self {
                Self(text)
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

ids! {
    /// The 12 digits of an AWS account, such as `111122223333`.
    AccountId;
    /// The code of an AWS Region, such as `eu-west-1`.
    RegionName;
    /// The name of an Availability Zone, such as `eu-west-1a`.
    ZoneName;
    /// `vpc-…`
    VpcId;
    /// `subnet-…`
    SubnetId;
    /// `rtb-…`
    RouteTableId;
    /// `acl-…`
    NetworkAclId;
    /// `sg-…`
    SecurityGroupId;
    /// `sgr-…`
    SecurityGroupRuleId;
    /// `eni-…`
    InterfaceId;
    /// `i-…`
    InstanceId;
    /// `igw-…`
    InternetGatewayId;
    /// `eigw-…`
    EgressOnlyGatewayId;
    /// `nat-…`
    NatGatewayId;
    /// `pl-…`
    PrefixListId;
    /// `pcx-…`
    PeeringId;
    /// `vpce-…`
    EndpointId;
    /// `tgw-…`
    TransitGatewayId;
    /// `tgw-attach-…`
    TransitGatewayAttachmentId;
    /// `tgw-rtb-…`
    TransitGatewayRouteTableId;
    /// `vgw-…`
    VpnGatewayId;
    /// `cgw-…`
    CustomerGatewayId;
    /// `vpn-…`
    VpnConnectionId;
    /// The ARN of a load balancer; for a Classic Load Balancer, whose answers leave it out, its name where
    /// the account or Region is not known.
    LoadBalancerId;
    /// The ARN of a target group.
    TargetGroupId;
    /// The ARN of a database, cache or search cluster, or its name where no ARN was read.
    DatabaseId;
    /// The ARN of a Lambda function.
    FunctionId;
    /// The ARN of an AWS Network Firewall.
    FirewallId;
}
