//! Accounts of any size, for benchmarks and scale tests.
//!
//! The proportions are those of grown companies: a hub VPC with which the others are peered, three tiers
//! over three zones, a security group for every ten interfaces, most interfaces private. Everything about
//! one VPC is planned, written, and forgotten before the next, so memory does not grow with the account.

mod fleet;
mod groups;
mod layout;
mod network;
mod network_acls;
mod routes;

use std::fmt;
use std::io;

use super::describe::Description;
use super::estate::Estate;
use super::sink::Sink;
use layout::{Layout, VpcPlan};

/// How large an account to make.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// The exact number of network interfaces in all accounts and Regions together.
    pub interfaces: usize,
    /// How many of them a VPC has on average; VPCs are of equal size but for the remainder.
    pub interfaces_per_vpc: usize,
}

impl Shape {
    /// Returns the usual shape for a number of interfaces.
    pub const fn new(interfaces: usize) -> Self {
        Self { interfaces, interfaces_per_vpc: 600 }
    }
}

/// How much of everything there is.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Counts {
    /// Pairs of account and Region.
    pub places: usize,
    /// VPCs.
    pub vpcs: usize,
    /// Subnets.
    pub subnets: usize,
    /// Network ACLs, default ones included.
    pub network_acls: usize,
    /// Security groups, default ones included.
    pub security_groups: usize,
    /// Rules of security groups, both directions.
    pub security_group_rules: usize,
    /// Network interfaces.
    pub interfaces: usize,
    /// Interfaces with a public IPv4 address.
    pub public_interfaces: usize,
    /// Instances.
    pub instances: usize,
}

impl Counts {
    fn add(&mut self, estate: &Estate) {
        let groups = &estate.security_groups;
        let rules = groups.iter().map(|group| group.ingress.len() + group.egress.len());
        self.vpcs += estate.vpcs.len();
        self.subnets += estate.subnets.len();
        self.network_acls += estate.network_acls.len();
        self.security_groups += groups.len();
        self.security_group_rules += rules.sum::<usize>();
        self.instances += estate.instances.len();
        for interface in estate.interfaces() {
            let is_public = interface.addresses.iter().any(|address| address.public.is_some());
            self.interfaces += 1;
            self.public_interfaces += usize::from(is_public);
        }
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{} interfaces ({} public, {} instances) in {} VPCs and {} subnets of {} accounts and \
             Regions; {} security groups with {} rules, {} network ACLs",
            self.interfaces,
            self.public_interfaces,
            self.instances,
            self.vpcs,
            self.subnets,
            self.places,
            self.security_groups,
            self.security_group_rules,
            self.network_acls,
        )
    }
}

/// Writes the descriptions of accounts of the given shape; the seed decides everything else.
///
/// # Errors
///
/// Returns the first error of the sink.
pub fn account(shape: &Shape, seed: u64, sink: &mut impl Sink) -> io::Result<Counts> {
    let layout = Layout::new(shape, seed);
    let mut counts = Counts::default();
    for (place, plans) in layout.places() {
        counts.places += 1;
        let mut description = Description::begin(place, sink)?;
        description.write(&network::shared_by_place(place))?;
        for plan in plans {
            let estate = vpc(&layout, plan);
            counts.add(&estate);
            description.write(&estate)?;
        }
        description.end()?;
    }
    Ok(counts)
}

fn vpc(layout: &Layout, plan: &VpcPlan) -> Estate {
    let mut estate = Estate::default();
    network::fill(&mut estate, layout, plan);
    let groups = groups::fill(&mut estate, layout, plan);
    fleet::fill(&mut estate, plan, &groups);
    estate.count_addresses();
    estate
}
