//! The vocabulary of explanations: why packets do not pass, in the words of Reachability Analyzer.
//!
//! Engineers search for these codes, so we use AWS's own where AWS has one.
//!
//! Source: VPC Reachability Analyzer guide, "Explanation codes". Those that AWS has no code for
//! begin with `PORTOLAN_`.

use std::fmt;

macro_rules! codes {
    ($($name:ident = $code:literal, $meaning:literal;)*) => {
        /// Why packets do not pass a component.
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        #[non_exhaustive]
        pub enum Code {
            $(#[doc = $meaning] $name,)*
        }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Returns the code as AWS writes it, such as `NO_ROUTE_TO_DESTINATION`.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// Returns what it means, as a sentence without a full stop.
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$name => $meaning,)* }
            }
        }
    };
}

codes! {
    BadState = "BAD_STATE",
        "the component is not in a working state";
    BadStateAttachment = "BAD_STATE_ATTACHMENT",
        "the gateway is not attached to the VPC";
    BadStateRoute = "BAD_STATE_ROUTE",
        "the route is a blackhole: its target is gone";
    EniSecurityGroupRulesMismatch = "ENI_SG_RULES_MISMATCH",
        "no rule of the interface's security groups allows the traffic";
    SecurityGroupHasNoRules = "SG_HAS_NO_RULES",
        "the security groups have no rules in this direction";
    SecurityGroupReferencesNotPreserved = "SG_REFERENCES_NOT_PRESERVED",
        "a rule names the source's security group, which is not recognised along this path";
    EniSourceDestCheckRestriction = "ENI_SOURCE_DEST_CHECK_RESTRICTION",
        "the interface drops packets that are neither from it nor for it";
    SubnetAclRestriction = "SUBNET_ACL_RESTRICTION",
        "the subnet's network ACL does not allow the traffic";
    NoRouteToDestination = "NO_ROUTE_TO_DESTINATION",
        "the route table has no route to the destination";
    NoPossibleDestination = "NO_POSSIBLE_DESTINATION",
        "nothing in the VPC has the destination address";
    CannotRoute = "CANNOT_ROUTE",
        "the target of the route cannot take the traffic";
    HigherPriorityRoute = "HIGHER_PRIORITY_ROUTE",
        "a route of higher priority takes the traffic elsewhere";
    IgwPublicIpAssociationForEgress = "IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS",
        "an Internet gateway passes only sources that have a public address";
    IgwPrivateIpAssociationForIngress = "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS",
        "an Internet gateway passes only to public addresses that are mapped to an interface";
    IgwDestinationNotInternet = "IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS",
        "an Internet gateway drops destinations that the Internet does not route";
    IgwSourceNotInternet = "IGW_SOURCE_ADDRESS_NOT_IN_RFC1918_INGRESS",
        "an Internet gateway drops sources that the Internet does not route";
    GatewayRejectsSpoofedTraffic = "GATEWAY_REJECTS_SPOOFED_TRAFFIC",
        "the gateway drops packets whose source address is of the VPC itself";
    IgwNatReflection = "IGW_NAT_REFLECTION",
        "the packet would come back through the Internet gateway that it left by";
    ProtocolRestriction = "PROTOCOL_RESTRICTION",
        "the component does not pass this protocol";
    NatDestinationAddressPreservation = "NGW_DEST_ADDRESS_PRESERVATION",
        "a NAT gateway takes no connection that is begun from outside";
    PeeringRequiresAddressInVpc = "PCX_REQUIRES_ADDRESS_IN_VPC_CIDR",
        "a peering connection passes only to addresses of the peer VPC: it is not transitive";
    EndpointGatewayProtocolRestriction = "VPCE_GATEWAY_PROTOCOL_RESTRICTION",
        "a gateway endpoint passes only TCP and ICMP echo";
    EndpointIntraVpcTraffic = "VPCE_INTRA_VPC_TRAFFIC",
        "a VPC endpoint answers and never begins a connection";
    NoReturnRoute = "PORTOLAN_NO_RETURN_ROUTE",
        "replies are not routed back the way that the request came";
    FunctionTakesNoConnection = "PORTOLAN_FUNCTION_TAKES_NO_CONNECTION",
        "a Lambda function's interface takes no connection that is begun from outside";
    Port25Blocked = "PORTOLAN_PORT_25_BLOCKED",
        "EC2 blocks outbound traffic to port 25 of public addresses unless AWS has lifted it";
    NoSourceOrDestination = "NO_SOURCE_OR_DESTINATION",
        "nothing that was read has the source or the destination, or their families differ";
    NoPath = "NO_PATH",
        "there is no path between the source and the destination";
    NoInternetGateway = "PORTOLAN_NO_INTERNET_GATEWAY",
        "the VPC has no Internet gateway";
    ListenersMismatch = "ELBV2_LISTENERS_MISMATCH",
        "no listener of the load balancer forwards the traffic";
    RemapEphemeralPort = "REMAP_EPHEMERAL_PORT",
        "replies to the ports 1024-65535 that a NAT gateway chooses from do not pass";
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_in_aws_style() {
        let mut codes: Vec<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert!(
            codes.iter().all(|code| code.chars().all(|c| matches!(c, 'A'..='Z' | '0'..='9' | '_')))
        );
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), Code::ALL.len());
    }
}
