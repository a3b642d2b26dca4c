//! What to change so that packets pass, for each reason why they do not.
//!
//! Advice is for those who want the connection. Whether it should be is for them to say.

use portolan_reach::Code;

/// Returns what to change.
pub(crate) const fn remedy(code: Code) -> &'static str {
    match code {
        Code::BadState => "bring the component into a working state, or use another",
        Code::BadStateAttachment => "attach the gateway to the VPC again, or use another",
        Code::BadStateRoute => "point the route to a target that exists",
        Code::EniSecurityGroupRulesMismatch => {
            "add a rule for this traffic to one of the interface's security groups"
        }
        Code::SecurityGroupHasNoRules => {
            "add a rule in this direction to one of the security groups"
        }
        Code::SecurityGroupReferencesNotPreserved => {
            "name the source's addresses in the rule instead of its security group"
        }
        Code::EniSourceDestCheckRestriction => {
            "switch the source/destination check of the interface off, if it is to forward packets"
        }
        Code::SubnetAclRestriction => {
            "allow the traffic by an entry with a lower number than the one that denies it"
        }
        Code::NoRouteToDestination => "add a route to the destination",
        Code::NoPossibleDestination => "ask for an address that an interface has",
        Code::CannotRoute => "point the route to a target that can take this traffic",
        Code::HigherPriorityRoute => {
            "remove the more specific route, or point it to the same target"
        }
        Code::IgwPublicIpAssociationForEgress => {
            "give the source a public address, or route it through a NAT gateway"
        }
        Code::IgwPrivateIpAssociationForIngress => "give the destination a public address",
        Code::IgwDestinationNotInternet => {
            "route the destination to where it is: it is not on the Internet"
        }
        Code::IgwSourceNotInternet => "ask from a public address",
        Code::GatewayRejectsSpoofedTraffic => "ask from an address that is not of the VPC itself",
        Code::IgwNatReflection => "use the private address of the destination",
        Code::ProtocolRestriction => "use a protocol that the component passes",
        Code::NatDestinationAddressPreservation => {
            "begin the connection from inside, or put a load balancer in front"
        }
        Code::PeeringRequiresAddressInVpc => {
            "connect the two VPCs directly, or both to a transit gateway"
        }
        Code::EndpointGatewayProtocolRestriction => "use TCP",
        Code::EndpointIntraVpcTraffic => "begin the connection from the other side",
        Code::NoReturnRoute => {
            "add a route back to the source, the same way that the request comes"
        }
        Code::FunctionTakesNoConnection => "invoke the function instead of connecting to it",
        Code::Port25Blocked => {
            "ask AWS to lift the restriction and tell Portolan so, or use port 587"
        }
        Code::NoSourceOrDestination => "ask for addresses that something has, both of one family",
        Code::NoPath => "connect the two networks",
        Code::NoInternetGateway => "attach an Internet gateway to the VPC and route to it",
        Code::RemapEphemeralPort => {
            "let the network ACL of the NAT gateway's subnet pass replies to ports 1024-65535"
        }
        _ => "see the explanation codes of VPC Reachability Analyzer",
    }
}
