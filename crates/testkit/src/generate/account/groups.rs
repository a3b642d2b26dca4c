//! The security groups of one VPC: one for every ten interfaces, with 4 to 15 rules each.

use super::super::estate::{Estate, GroupName, Peer, PeerGroup, Rule, SecurityGroup, Traffic};
use super::layout::{Layout, VpcPlan};
use super::network::{CORPORATE, PREFIX_LISTS, prefix_list_id};
use crate::random::SplitMix64;

/// What the members of a group do.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Role {
    /// A load balancer that faces the Internet.
    Balancer,
    Web,
    Service,
    Database,
    Cache,
    Function,
    Endpoint,
    Batch,
    /// A group that hosts have besides their own, for monitoring or log-in.
    Common,
}

/// How many of a hundred groups have each role; of each there is at least one.
const SHARES: [(usize, Role, &str); 9] = [
    (5, Role::Balancer, "alb"),
    (14, Role::Web, "web"),
    (40, Role::Service, "service"),
    (12, Role::Database, "db"),
    (6, Role::Cache, "cache"),
    (7, Role::Function, "function"),
    (1, Role::Endpoint, "endpoint"),
    (8, Role::Batch, "batch"),
    (7, Role::Common, "common"),
];

const APPLICATIONS: [&str; 16] = [
    "orders", "billing", "tracking", "customs", "fleet", "pricing", "identity", "ledger", "search",
    "catalog", "quotes", "crew", "berths", "fuel", "claims", "weather",
];

/// What random rules are about, by weight.
const TRAFFIC: [(usize, Traffic); 14] = [
    (16, Traffic::tcp(443)),
    (12, Traffic::tcp(22)),
    (10, Traffic::tcp(8080)),
    (8, Traffic::tcp(8443)),
    (7, Traffic::tcp(5432)),
    (6, Traffic::tcp(6379)),
    (6, Traffic::tcp(9092)),
    (6, Traffic::tcp_range(8000, 8100)),
    (6, Traffic::tcp(3306)),
    (5, Traffic::tcp_range(30000, 32767)),
    (5, Traffic::udp(53)),
    (5, Traffic::udp(161)),
    (4, Traffic::PING),
    (4, Traffic::ALL),
];

/// Who random rules are about, by weight.
#[derive(Clone, Copy, Debug)]
enum PeerKind {
    Group,
    Itself,
    Subnet,
    Vpc,
    OtherVpc,
    Corporate,
    Address,
    PrefixList,
    Ipv6,
    Everywhere,
}

const PEERS: [(usize, PeerKind); 10] = [
    (38, PeerKind::Group),
    (8, PeerKind::Itself),
    (13, PeerKind::Subnet),
    (7, PeerKind::Vpc),
    (8, PeerKind::OtherVpc),
    (5, PeerKind::Corporate),
    (8, PeerKind::Address),
    (8, PeerKind::PrefixList),
    (3, PeerKind::Ipv6),
    (2, PeerKind::Everywhere),
];

/// The groups of a VPC by role.
pub(super) struct Groups {
    groups: Vec<(Role, GroupName)>,
}

impl Groups {
    fn new(plan: &VpcPlan) -> Self {
        let count = plan.interfaces / 10;
        let of_share = |(share, role, suffix): (usize, Role, &'static str)| {
            let numbers = 0..(count * share / 100).max(1);
            numbers.map(move |number| {
                let application =
                    APPLICATIONS.iter().cycle().nth(number).copied().unwrap_or_default();
                (role, format!("{application}-{suffix}-{:02}", number / APPLICATIONS.len() + 1))
            })
        };
        let named = SHARES.into_iter().flat_map(of_share);
        // The other VPCs of the place know this group of their hub by name.
        let monitoring = (Role::Common, "monitoring".to_owned());
        let groups = [monitoring]
            .into_iter()
            .chain(named)
            .map(|(role, name)| (role, GroupName { id: plan.id("sg", &name), name }));
        Self { groups: groups.collect() }
    }

    /// Returns one of the groups with the role.
    pub(super) fn pick(&self, random: &mut SplitMix64, role: Role) -> Option<&GroupName> {
        let of_role: Vec<&GroupName> = self.of(role).collect();
        random.pick(&of_role).copied()
    }

    pub(super) fn of(&self, role: Role) -> impl Iterator<Item = &GroupName> {
        self.groups.iter().filter(move |(other, _)| *other == role).map(|(_, group)| group)
    }
}

/// Adds the security groups of a VPC and returns them by role.
pub(super) fn fill(estate: &mut Estate, layout: &Layout, plan: &VpcPlan) -> Groups {
    let groups = Groups::new(plan);
    estate.security_groups.push(default(plan));
    let mut author = Author { layout, plan, groups: &groups, random: plan.random("groups") };
    for (role, name) in &groups.groups {
        estate.security_groups.push(author.security_group(*role, name));
    }
    groups
}

fn default(plan: &VpcPlan) -> SecurityGroup {
    let GroupName { id, name } = default_name(plan);
    let ingress = vec![Rule::from_group(Traffic::ALL, &id, "")];
    let (description, vpc) = ("default VPC security group".to_owned(), plan.vpc.id.clone());
    SecurityGroup { id, name, description, vpc, ingress, egress: vec![Rule::everywhere()] }
}

/// Returns the group that AWS made with the VPC.
pub(super) fn default_name(plan: &VpcPlan) -> GroupName {
    GroupName { id: plan.id("sg", "default"), name: "default".to_owned() }
}

/// Writes rules for the groups of one VPC.
struct Author<'plan> {
    layout: &'plan Layout,
    plan: &'plan VpcPlan,
    groups: &'plan Groups,
    random: SplitMix64,
}

impl Author<'_> {
    fn security_group(&mut self, role: Role, name: &GroupName) -> SecurityGroup {
        let target = self.random.within(4..=15);
        let mut ingress = Vec::new();
        self.usual(role).into_iter().for_each(|rule| add(&mut ingress, rule));
        let egress = self.egress(name);
        // Chance repeats itself; so many tries find enough rules that differ.
        for _ in 0..4 * target {
            if ingress.len() + egress.len() < target {
                add(&mut ingress, self.random_rule(name));
            }
        }
        let GroupName { id, name } = name.clone();
        let (description, vpc) =
            (format!("Managed by Terraform: {name}"), self.plan.vpc.id.clone());
        SecurityGroup { id, name, description, vpc, ingress, egress }
    }

    /// Returns the rules that groups of the role always have.
    fn usual(&mut self, role: Role) -> Vec<Rule> {
        match role {
            Role::Balancer => {
                let ipv6 =
                    self.plan.vpc.ipv6.map(|_| Rule::from_block(Traffic::tcp(443), "::/0", ""));
                let world = |port| Rule::from_block(Traffic::tcp(port), "0.0.0.0/0", "public site");
                [world(80), world(443)].into_iter().chain(ipv6).collect()
            }
            Role::Web => self.admit_role(Traffic::tcp(8080), Role::Balancer, 2),
            Role::Service => self.admit_role(Traffic::tcp(8443), Role::Web, 2),
            Role::Database => self.admit_role(Traffic::tcp(5432), Role::Service, 3),
            Role::Cache => self.admit_role(Traffic::tcp(6379), Role::Service, 3),
            Role::Function | Role::Batch => Vec::new(),
            Role::Endpoint => vec![Rule::from_block(Traffic::tcp(443), self.plan.vpc.cidr, "")],
            Role::Common => self.admit_hub(),
        }
    }

    fn admit_role(&mut self, traffic: Traffic, role: Role, count: usize) -> Vec<Rule> {
        let groups = (0..count).filter_map(|_| self.groups.pick(&mut self.random, role));
        groups.map(|group| Rule::from_group(traffic, &group.id, "")).collect()
    }

    /// Returns the rule that lets the hub's monitoring in, over the peering connection.
    fn admit_hub(&self) -> Vec<Rule> {
        let hub = self.layout.peers(self.plan).find(|other| other.is_hub);
        let rule = hub.map(|hub| {
            let group = PeerGroup {
                id: hub.id("sg", "monitoring"),
                account: Some(hub.place.account.id.clone()),
                vpc: hub.vpc.id.clone(),
                peering: self.plan.peering(hub).id,
            };
            Rule::new(Traffic::tcp(9100), Peer::PeerGroup(group), "node exporter")
        });
        rule.into_iter().collect()
    }

    fn egress(&mut self, name: &GroupName) -> Vec<Rule> {
        if self.random.chance(70) {
            let ipv6 = self.plan.vpc.ipv6.map(|_| Rule::everywhere6());
            return [Rule::everywhere()].into_iter().chain(ipv6).collect();
        }
        let s3 = Peer::PrefixList(self.plan.place.region.s3.id.to_owned());
        let mut egress = vec![Rule::new(Traffic::tcp(443), s3, "S3")];
        for _ in 0..self.random.within(1..=3) {
            add(&mut egress, self.random_rule(name));
        }
        egress
    }

    fn random_rule(&mut self, name: &GroupName) -> Rule {
        let traffic = self.random.pick_weighted(&TRAFFIC).copied().unwrap_or(Traffic::ALL);
        let kind = self.random.pick_weighted(&PEERS).copied().unwrap_or(PeerKind::Vpc);
        // What is open to everybody is rarely everything.
        let is_web = matches!(kind, PeerKind::Everywhere | PeerKind::Ipv6);
        let traffic = if is_web && traffic == Traffic::ALL { Traffic::tcp(443) } else { traffic };
        Rule::new(traffic, self.peer(kind, name), "")
    }

    fn peer(&mut self, kind: PeerKind, name: &GroupName) -> Peer {
        let block = self.plan.vpc.cidr;
        match kind {
            PeerKind::Group => {
                let picked = self.random.pick(&self.groups.groups).map(|(_, group)| group);
                Peer::Group(picked.unwrap_or(name).id.clone())
            }
            PeerKind::Itself => Peer::Group(name.id.clone()),
            PeerKind::Subnet => Peer::Block(block.part(20, self.number(12)).to_string()),
            PeerKind::Vpc => Peer::Block(block.to_string()),
            PeerKind::OtherVpc => Peer::Block(format!("10.{}.0.0/16", self.number(256))),
            PeerKind::Corporate => Peer::Block(CORPORATE.to_owned()),
            PeerKind::Address => Peer::Block(format!("198.51.100.{}/32", self.number(256))),
            PeerKind::PrefixList => {
                let list = self.random.pick(&PREFIX_LISTS).map_or("offices", |(name, ..)| name);
                Peer::PrefixList(prefix_list_id(&self.plan.place, list))
            }
            PeerKind::Ipv6 => {
                let block = self.plan.vpc.ipv6.map(|block| block.to_string());
                Peer::Block(block.unwrap_or_else(|| "::/0".to_owned()))
            }
            PeerKind::Everywhere => Peer::Block("0.0.0.0/0".to_owned()),
        }
    }

    fn number(&mut self, bound: usize) -> u32 {
        u32::try_from(self.random.below(bound)).unwrap_or(0)
    }
}

/// Adds a rule unless there is one for the same traffic and peer, which AWS would refuse.
fn add(rules: &mut Vec<Rule>, rule: Rule) {
    let is_same = |other: &Rule| other.traffic == rule.traffic && other.peer == rule.peer;
    if !rules.iter().any(is_same) {
        rules.push(rule);
    }
}
