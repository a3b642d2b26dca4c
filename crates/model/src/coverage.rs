//! What was read and what was not: the value that keeps "unknown" from passing for "safe".
//!
//! Coverage travels with the model and so with every answer. It is not an error: a partly read account
//! is worth analysing, as long as nobody takes the answer for complete.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::place::Place;

/// The kinds of resource that a source can hold.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum ResourceKind {
    /// VPCs.
    Vpcs,
    /// Subnets.
    Subnets,
    /// Route tables.
    RouteTables,
    /// Network ACLs.
    NetworkAcls,
    /// Security groups with their rules.
    SecurityGroups,
    /// Security group rules on their own, with ids.
    SecurityGroupRules,
    /// Network interfaces.
    NetworkInterfaces,
    /// EC2 instances.
    Instances,
    /// Elastic IP addresses.
    Addresses,
    /// Internet gateways.
    InternetGateways,
    /// Egress-only Internet gateways.
    EgressOnlyInternetGateways,
    /// NAT gateways.
    NatGateways,
    /// Managed prefix lists.
    PrefixLists,
    /// The entries of managed prefix lists.
    PrefixListEntries,
    /// VPC peering connections.
    PeeringConnections,
    /// VPC endpoints.
    Endpoints,
    /// Load balancers of all generations.
    LoadBalancers,
    /// Listeners of load balancers, and their rules.
    Listeners,
    /// Target groups.
    TargetGroups,
    /// Registered targets and their health.
    TargetHealth,
    /// Databases, warehouses, caches and search clusters.
    Databases,
    /// Lambda functions.
    Functions,
    /// Transit gateways.
    TransitGateways,
    /// Transit gateway attachments.
    TransitGatewayAttachments,
    /// Transit gateway route tables.
    TransitGatewayRouteTables,
    /// Routes of transit gateways.
    TransitGatewayRoutes,
    /// Virtual private gateways.
    VpnGateways,
    /// Site-to-Site VPN connections.
    VpnConnections,
    /// Customer gateways.
    CustomerGateways,
    /// AWS Network Firewalls.
    Firewalls,
    /// VPC Block Public Access options.
    BlockPublicAccess,
}

impl ResourceKind {
    /// Every kind, in the order of the enum.
    pub const ALL: [Self; 31] = [
        Self::Vpcs,
        Self::Subnets,
        Self::RouteTables,
        Self::NetworkAcls,
        Self::SecurityGroups,
        Self::SecurityGroupRules,
        Self::NetworkInterfaces,
        Self::Instances,
        Self::Addresses,
        Self::InternetGateways,
        Self::EgressOnlyInternetGateways,
        Self::NatGateways,
        Self::PrefixLists,
        Self::PrefixListEntries,
        Self::PeeringConnections,
        Self::Endpoints,
        Self::LoadBalancers,
        Self::Listeners,
        Self::TargetGroups,
        Self::TargetHealth,
        Self::Databases,
        Self::Functions,
        Self::TransitGateways,
        Self::TransitGatewayAttachments,
        Self::TransitGatewayRouteTables,
        Self::TransitGatewayRoutes,
        Self::VpnGateways,
        Self::VpnConnections,
        Self::CustomerGateways,
        Self::Firewalls,
        Self::BlockPublicAccess,
    ];

    /// The kinds without which an answer about reachability is a guess.
    pub const ESSENTIAL: [Self; 6] = [
        Self::Vpcs,
        Self::Subnets,
        Self::RouteTables,
        Self::NetworkAcls,
        Self::SecurityGroups,
        Self::NetworkInterfaces,
    ];

    /// Returns the AWS CLI command that prints resources of the kind.
    pub const fn command(self) -> &'static str {
        match self {
            Self::Vpcs => "aws ec2 describe-vpcs",
            Self::Subnets => "aws ec2 describe-subnets",
            Self::RouteTables => "aws ec2 describe-route-tables",
            Self::NetworkAcls => "aws ec2 describe-network-acls",
            Self::SecurityGroups => "aws ec2 describe-security-groups",
            Self::SecurityGroupRules => "aws ec2 describe-security-group-rules",
            Self::NetworkInterfaces => "aws ec2 describe-network-interfaces",
            Self::Instances => "aws ec2 describe-instances",
            Self::Addresses => "aws ec2 describe-addresses",
            Self::InternetGateways => "aws ec2 describe-internet-gateways",
            Self::EgressOnlyInternetGateways => "aws ec2 describe-egress-only-internet-gateways",
            Self::NatGateways => "aws ec2 describe-nat-gateways",
            Self::PrefixLists => "aws ec2 describe-managed-prefix-lists",
            Self::PrefixListEntries => "aws ec2 get-managed-prefix-list-entries",
            Self::PeeringConnections => "aws ec2 describe-vpc-peering-connections",
            Self::Endpoints => "aws ec2 describe-vpc-endpoints",
            Self::LoadBalancers => "aws elbv2 describe-load-balancers",
            Self::Listeners => "aws elbv2 describe-listeners",
            Self::TargetGroups => "aws elbv2 describe-target-groups",
            Self::TargetHealth => "aws elbv2 describe-target-health",
            Self::Databases => "aws rds describe-db-instances",
            Self::Functions => "aws lambda list-functions",
            Self::TransitGateways => "aws ec2 describe-transit-gateways",
            Self::TransitGatewayAttachments => "aws ec2 describe-transit-gateway-attachments",
            Self::TransitGatewayRouteTables => "aws ec2 describe-transit-gateway-route-tables",
            Self::TransitGatewayRoutes => "aws ec2 search-transit-gateway-routes",
            Self::VpnGateways => "aws ec2 describe-vpn-gateways",
            Self::VpnConnections => "aws ec2 describe-vpn-connections",
            Self::CustomerGateways => "aws ec2 describe-customer-gateways",
            Self::Firewalls => "aws network-firewall describe-firewall",
            Self::BlockPublicAccess => "aws ec2 describe-vpc-block-public-access-options",
        }
    }
}

impl fmt::Display for ResourceKind {
    /// Prints the kind in words, such as `network ACLs`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Vpcs => "VPCs",
            Self::Subnets => "subnets",
            Self::RouteTables => "route tables",
            Self::NetworkAcls => "network ACLs",
            Self::SecurityGroups => "security groups",
            Self::SecurityGroupRules => "security group rules",
            Self::NetworkInterfaces => "network interfaces",
            Self::Instances => "instances",
            Self::Addresses => "Elastic IP addresses",
            Self::InternetGateways => "Internet gateways",
            Self::EgressOnlyInternetGateways => "egress-only Internet gateways",
            Self::NatGateways => "NAT gateways",
            Self::PrefixLists => "prefix lists",
            Self::PrefixListEntries => "prefix list entries",
            Self::PeeringConnections => "peering connections",
            Self::Endpoints => "VPC endpoints",
            Self::LoadBalancers => "load balancers",
            Self::Listeners => "listeners",
            Self::TargetGroups => "target groups",
            Self::TargetHealth => "target health",
            Self::Databases => "databases",
            Self::Functions => "functions",
            Self::TransitGateways => "transit gateways",
            Self::TransitGatewayAttachments => "transit gateway attachments",
            Self::TransitGatewayRouteTables => "transit gateway route tables",
            Self::TransitGatewayRoutes => "transit gateway routes",
            Self::VpnGateways => "virtual private gateways",
            Self::VpnConnections => "VPN connections",
            Self::CustomerGateways => "customer gateways",
            Self::Firewalls => "network firewalls",
            Self::BlockPublicAccess => "VPC Block Public Access options",
        })
    }
}

/// How much of one kind of resource was read in one account and Region.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Reading {
    /// Files, or parts of files, that held the kind.
    pub files: u32,
    /// Resources that were read.
    pub resources: u64,
    /// Resources that were there and could not be read.
    pub broken: u64,
}

/// Something that was wrong with what was read.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct ReadProblem {
    /// The file, as the user named it or below the folder that the user named.
    pub path: String,
    /// Where in the file, if it is at one place.
    pub position: Option<Position>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// Whether something is missing from the model because of it.
    pub loses_data: bool,
}

/// A place in a JSON file.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Position {
    /// The line, from 1.
    pub line: u64,
    /// The column in bytes, from 1.
    pub column: u64,
    /// The way to the value, such as `SecurityGroups[3].IpPermissions[0].FromPort`.
    pub json_path: String,
}

/// What was present, absent or broken, per account and Region.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Coverage {
    readings: BTreeMap<Place, BTreeMap<ResourceKind, Reading>>,
    problems: BTreeSet<ReadProblem>,
    ignored_files: u64,
}

/// How much is known of one kind in one account and Region.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Status {
    /// It was read, all of it that was given.
    Present,
    /// It was given, and some of it could not be read.
    Broken,
    /// It was not given.
    Absent,
}

impl Coverage {
    /// Adds what one file held of one kind.
    pub fn add(&mut self, place: &Place, kind: ResourceKind, reading: Reading) {
        let kinds = self.readings.entry(place.clone()).or_default();
        let sum = kinds.entry(kind).or_default();
        sum.files = sum.files.saturating_add(reading.files);
        sum.resources = sum.resources.saturating_add(reading.resources);
        sum.broken = sum.broken.saturating_add(reading.broken);
    }

    /// Adds a problem. The same problem counts once.
    pub fn add_problem(&mut self, problem: ReadProblem) {
        self.problems.insert(problem);
    }

    /// Returns the problems, sorted by path and position.
    pub fn problems(&self) -> impl Iterator<Item = &ReadProblem> {
        self.problems.iter()
    }

    /// Counts a file that holds nothing of an account, which is no problem.
    pub fn add_ignored_file(&mut self) {
        self.ignored_files += 1;
    }

    /// Returns how many files held nothing of an account.
    pub fn ignored_files(&self) -> u64 {
        self.ignored_files
    }

    /// Returns the accounts and Regions that something was read of.
    pub fn places(&self) -> impl Iterator<Item = &Place> {
        self.readings.keys()
    }

    /// Returns what was read of a kind in a place, or `None` if nothing was given.
    pub fn reading(&self, place: &Place, kind: ResourceKind) -> Option<Reading> {
        self.readings.get(place)?.get(&kind).copied()
    }

    /// Returns how much is known of a kind in a place.
    pub fn status(&self, place: &Place, kind: ResourceKind) -> Status {
        match self.reading(place, kind) {
            None => Status::Absent,
            Some(reading) if reading.broken > 0 => Status::Broken,
            Some(_) => Status::Present,
        }
    }

    /// Returns whether nothing was lost on the way: no file and no resource was broken.
    pub fn is_whole(&self) -> bool {
        self.problems.iter().all(|problem| !problem.loses_data)
    }

    /// Returns the essential kinds that are not fully known, per place.
    pub fn gaps(&self) -> impl Iterator<Item = (&Place, ResourceKind, Status)> {
        self.places().flat_map(move |place| {
            ResourceKind::ESSENTIAL
                .into_iter()
                .map(move |kind| (place, kind, self.status(place, kind)))
                .filter(|(_, _, status)| *status != Status::Present)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_every_kind_once() {
        assert!(ResourceKind::ALL.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn tells_absent_from_broken_from_present() {
        let (here, mut coverage) = (Place::default(), Coverage::default());
        let reading = |broken| Reading { files: 1, resources: 2, broken };
        coverage.add(&here, ResourceKind::Vpcs, reading(0));
        coverage.add(&here, ResourceKind::Subnets, reading(1));
        let status = |kind| coverage.status(&here, kind);
        assert_eq!(status(ResourceKind::Vpcs), Status::Present);
        assert_eq!(status(ResourceKind::Subnets), Status::Broken);
        assert_eq!(status(ResourceKind::RouteTables), Status::Absent);
        assert_eq!(coverage.gaps().count(), 5);
    }
}
