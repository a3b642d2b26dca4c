//! Writes a plan as the AWS CLI would describe it.
//!
//! Each submodule turns one kind of resource into the JSON of its `describe-*` command (CLI version 2).
//! Member names and their order are those of the services' API models.

mod endpoint;
mod filter;
mod gateway;
mod host;
mod instance;
mod load_balancer;
mod network_interface;
mod prefix_list;
mod service;
mod vpc;

use std::io;

pub(super) use load_balancer::full_name as load_balancer_name;
use load_balancer::target_group_arn;

use super::document::{Command, Document};
use super::estate::Estate;
use super::json::{Json, object};
use super::place::Place;
use super::sink::Sink;

const VPCS: Command = Command::new("describe-vpcs", "Vpcs");
const SUBNETS: Command = Command::new("describe-subnets", "Subnets");
const ROUTE_TABLES: Command = Command::new("describe-route-tables", "RouteTables");
const NETWORK_ACLS: Command = Command::new("describe-network-acls", "NetworkAcls");
const SECURITY_GROUPS: Command = Command::new("describe-security-groups", "SecurityGroups");
const SECURITY_GROUP_RULES: Command =
    Command::new("describe-security-group-rules", "SecurityGroupRules");
const NETWORK_INTERFACES: Command =
    Command::new("describe-network-interfaces", "NetworkInterfaces");
const INSTANCES: Command = Command::new("describe-instances", "Reservations");
const INTERNET_GATEWAYS: Command = Command::new("describe-internet-gateways", "InternetGateways");
const EGRESS_ONLY_GATEWAYS: Command =
    Command::new("describe-egress-only-internet-gateways", "EgressOnlyInternetGateways");
const NAT_GATEWAYS: Command = Command::new("describe-nat-gateways", "NatGateways");
const ADDRESSES: Command = Command::new("describe-addresses", "Addresses");
const PEERINGS: Command = Command::new("describe-vpc-peering-connections", "VpcPeeringConnections");
const ENDPOINTS: Command = Command::new("describe-vpc-endpoints", "VpcEndpoints");
const MANAGED_PREFIX_LISTS: Command = Command::new("describe-managed-prefix-lists", "PrefixLists");
const PREFIX_LISTS: Command = Command::new("describe-prefix-lists", "PrefixLists");
const LOAD_BALANCERS: Command = Command::new("describe-load-balancers", "LoadBalancers");
const TARGET_GROUPS: Command = Command::new("describe-target-groups", "TargetGroups");
const DATABASES: Command = Command::new("describe-db-instances", "DBInstances");
const CACHE_CLUSTERS: Command = Command::new("describe-cache-clusters", "CacheClusters");
const CACHE_SUBNET_GROUPS: Command =
    Command::new("describe-cache-subnet-groups", "CacheSubnetGroups");
const FUNCTIONS: Command = Command::new("list-functions", "Functions");

/// The commands that somebody runs once per account and Region, whether there is anything or not.
const WHOLE: [Command; 22] = [
    VPCS,
    SUBNETS,
    ROUTE_TABLES,
    NETWORK_ACLS,
    SECURITY_GROUPS,
    SECURITY_GROUP_RULES,
    NETWORK_INTERFACES,
    INSTANCES,
    INTERNET_GATEWAYS,
    EGRESS_ONLY_GATEWAYS,
    NAT_GATEWAYS,
    ADDRESSES,
    PEERINGS,
    ENDPOINTS,
    MANAGED_PREFIX_LISTS,
    PREFIX_LISTS,
    LOAD_BALANCERS,
    TARGET_GROUPS,
    DATABASES,
    CACHE_CLUSTERS,
    CACHE_SUBNET_GROUPS,
    FUNCTIONS,
];

// These answer about one thing, and the answer does not say which: the file's name must.
const PREFIX_LIST_ENTRIES: Command = Command::new("get-managed-prefix-list-entries", "Entries");
const LISTENERS: Command = Command::new("describe-listeners", "Listeners");
const TARGET_HEALTH: Command = Command::new("describe-target-health", "TargetHealthDescriptions");

/// The documents of one account and Region, open for resources.
pub(crate) struct Description<'run, S> {
    place: &'run Place,
    sink: &'run mut S,
}

impl<'run, S: Sink> Description<'run, S> {
    pub(crate) fn begin(place: &'run Place, sink: &'run mut S) -> io::Result<Self> {
        for command in WHOLE {
            sink.begin(&Document::new(place, command, None))?;
        }
        Ok(Self { place, sink })
    }

    /// Adds the resources to the documents.
    pub(crate) fn write(&mut self, estate: &Estate) -> io::Result<()> {
        self.network(estate)?;
        self.gateways(estate)?;
        self.services(estate)?;
        self.answers_about_one_thing(estate)
    }

    pub(crate) fn end(self) -> io::Result<()> {
        WHOLE
            .iter()
            .try_for_each(|command| self.sink.end(&Document::new(self.place, *command, None)))
    }

    fn network(&mut self, estate: &Estate) -> io::Result<()> {
        self.each(VPCS, &estate.vpcs, vpc::vpc)?;
        self.each(SUBNETS, &estate.subnets, vpc::subnet)?;
        self.each(ROUTE_TABLES, &estate.route_tables, vpc::route_table)?;
        self.each(NETWORK_ACLS, &estate.network_acls, filter::network_acl)?;
        self.each(SECURITY_GROUPS, &estate.security_groups, filter::security_group)?;
        for group in &estate.security_groups {
            self.all(SECURITY_GROUP_RULES, filter::security_group_rules(self.place, group))?;
        }
        self.each(NETWORK_INTERFACES, estate.interfaces(), network_interface::network_interface)?;
        self.each(INSTANCES, &estate.instances, instance::reservation)
    }

    fn gateways(&mut self, estate: &Estate) -> io::Result<()> {
        let egress_only = &estate.egress_only_internet_gateways;
        self.each(INTERNET_GATEWAYS, &estate.internet_gateways, gateway::internet_gateway)?;
        self.each(EGRESS_ONLY_GATEWAYS, egress_only, gateway::egress_only_internet_gateway)?;
        self.each(NAT_GATEWAYS, &estate.nat_gateways, gateway::nat_gateway)?;
        for interface in estate.interfaces() {
            self.all(ADDRESSES, network_interface::elastic_addresses(self.place, interface))?;
        }
        self.each(PEERINGS, &estate.peerings, gateway::peering)?;
        self.each(ENDPOINTS, &estate.endpoints, endpoint::endpoint)?;
        self.each(MANAGED_PREFIX_LISTS, &estate.prefix_lists, prefix_list::managed)?;
        let published = estate.prefix_lists.iter().filter(|list| list.is_published);
        self.each(PREFIX_LISTS, published, prefix_list::published)
    }

    fn services(&mut self, estate: &Estate) -> io::Result<()> {
        self.each(LOAD_BALANCERS, &estate.load_balancers, load_balancer::load_balancer)?;
        self.each(TARGET_GROUPS, &estate.load_balancers, load_balancer::target_group)?;
        self.each(DATABASES, &estate.databases, service::database)?;
        self.each(CACHE_CLUSTERS, &estate.cache_nodes, service::cache_cluster)?;
        let first_nodes = || estate.cache_nodes.iter().filter(|node| node.number == 1);
        for first in first_nodes() {
            let nodes = estate.cache_nodes.iter().filter(|node| node.cluster == first.cluster);
            let group = service::cache_subnet_group(self.place, first, nodes);
            self.all(CACHE_SUBNET_GROUPS, [group])?;
        }
        self.each(FUNCTIONS, &estate.functions, service::function)
    }

    fn answers_about_one_thing(&mut self, estate: &Estate) -> io::Result<()> {
        for list in &estate.prefix_lists {
            self.about(PREFIX_LIST_ENTRIES, &list.id, &prefix_list::entries(list))?;
        }
        for balancer in &estate.load_balancers {
            let listeners = load_balancer::listeners(self.place, balancer);
            self.about(LISTENERS, &balancer.name, &listeners)?;
            let health = load_balancer::target_health(&balancer.target_group);
            self.about(TARGET_HEALTH, &target_group_arn(self.place, balancer), &health)?;
        }
        Ok(())
    }

    fn each<T>(
        &mut self,
        command: Command,
        things: impl IntoIterator<Item = T>,
        describe: impl Fn(&Place, T) -> Json,
    ) -> io::Result<()> {
        let place = self.place;
        self.all(command, things.into_iter().map(|thing| describe(place, thing)))
    }

    fn all(&mut self, command: Command, items: impl IntoIterator<Item = Json>) -> io::Result<()> {
        let document = Document::new(self.place, command, None);
        items.into_iter().try_for_each(|item| self.sink.item(&document, &item))
    }

    fn about(&mut self, command: Command, subject: &str, items: &[Json]) -> io::Result<()> {
        let document = Document::new(self.place, command, Some(subject));
        self.sink.begin(&document)?;
        items.iter().try_for_each(|item| self.sink.item(&document, item))?;
        self.sink.end(&document)
    }
}

/// Returns the tags of something that only has a name; an empty name is no tag.
fn name_tag(name: &str) -> Json {
    let tag = (!name.is_empty()).then(|| tag("Name", name.to_owned()));
    Json::list(tag)
}

fn tag(key: &'static str, value: String) -> Json {
    object! { "Key": key, "Value": value }
}
