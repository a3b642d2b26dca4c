//! Fills one VPC from tables: each method adds resources that the tables name.

use super::super::describe::load_balancer_name;
use super::super::estate::{
    AclEntry, CacheNode, Database, Endpoint, Estate, Function, Gateway, GroupName, Holder,
    Instance, Interface, LoadBalancer, NatGateway, NetworkAcl, PrefixList, PublicAddress, Route,
    RouteTable, Rule, SecurityGroup, Site, Subnet, TargetGroup, Traffic, Vpc,
};
use super::super::identity::uuid;
use super::super::place::Region;
use super::map::{id, public};

/// A /24 subnet.
#[derive(Debug)]
pub(super) struct Lot {
    pub(super) name: &'static str,
    /// The letter of its zone.
    zone: char,
    /// The third octet, and the number of the /64 if it has one.
    third: u8,
    is_public: bool,
    has_ipv6: bool,
}

impl Lot {
    pub(super) const fn public(name: &'static str, zone: char, third: u8) -> Self {
        Self { name, zone, third, is_public: true, has_ipv6: false }
    }

    pub(super) const fn private(name: &'static str, zone: char, third: u8) -> Self {
        Self { name, zone, third, is_public: false, has_ipv6: false }
    }

    pub(super) const fn dual_stack(self) -> Self {
        Self { has_ipv6: true, ..self }
    }
}

/// Where an interface is: the subnet, the last octet, and that of the public address if any.
pub(super) type Berth = (&'static Lot, u8, Option<u8>);

/// An instance with one interface.
pub(super) struct Machine {
    pub(super) name: &'static str,
    pub(super) class: &'static str,
    pub(super) berth: Berth,
    pub(super) groups: &'static [&'static str],
    pub(super) is_windows: bool,
    /// A second address of the same interface: the last octet, and that of its public address.
    pub(super) second: Option<(u8, Option<u8>)>,
}

impl Machine {
    pub(super) const fn new(
        name: &'static str,
        class: &'static str,
        berth: Berth,
        groups: &'static [&'static str],
    ) -> Self {
        Self { name, class, berth, groups, is_windows: false, second: None }
    }

    pub(super) const fn on_windows(self) -> Self {
        Self { is_windows: true, ..self }
    }

    pub(super) const fn and_second(self, last: u8, public: Option<u8>) -> Self {
        Self { second: Some((last, public)), ..self }
    }
}

/// One VPC with everything inside it.
pub(super) struct Network {
    pub(super) vpc: Vpc,
    pub(super) estate: Estate,
}

impl Network {
    /// Returns the VPC with its Internet gateway, the default security group and subnets.
    pub(super) fn new(vpc: Vpc, lots: &[&Lot]) -> Self {
        let mut network = Self { vpc, estate: Estate::default() };
        network.estate.vpcs.push(network.vpc.clone());
        network.estate.internet_gateways.push(network.gateway("igw"));
        network.estate.subnets = lots.iter().map(|lot| network.subnet(lot)).collect();
        network.default_security_group();
        network
    }

    /// Returns the VPC's gateway of the kind `prefix`, which bears the VPC's name.
    pub(super) fn gateway(&self, prefix: &str) -> Gateway {
        let name = self.vpc.name.clone();
        Gateway { id: id(prefix, &name), name, vpc: self.vpc.id.clone() }
    }

    fn subnet(&self, lot: &Lot) -> Subnet {
        let ipv6 = self.vpc.ipv6.filter(|_| lot.has_ipv6);
        Subnet {
            id: id("subnet", lot.name),
            name: lot.name.to_owned(),
            vpc: self.vpc.id.clone(),
            zone: lot.zone,
            cidr: self.vpc.cidr.part(24, lot.third.into()),
            ipv6: ipv6.map(|block| block.part(64, lot.third.into())),
            is_public: lot.is_public,
            taken: 0,
        }
    }

    /// Adds a route table: the local routes, then `routes` of destination and target.
    pub(super) fn route_table(&mut self, name: &str, lots: &[&Lot], routes: &[(&str, String)]) {
        let added = routes.iter().map(|(destination, target)| Route::new(*destination, target));
        let table = RouteTable {
            id: id("rtb", name),
            name: name.to_owned(),
            vpc: self.vpc.id.clone(),
            is_main: false,
            subnets: subnet_ids(lots),
            routes: Route::local(&self.vpc).into_iter().chain(added).collect(),
        };
        self.estate.route_tables.push(table);
    }

    /// Adds the main route table, which serves the subnets that no other one names.
    pub(super) fn main_route_table(&mut self, name: &str, routes: &[(&str, String)]) {
        self.route_table(name, &[], routes);
        self.estate.route_tables.iter_mut().for_each(|table| table.is_main = table.name == name);
    }

    /// Adds the network ACL that allows everything, for the subnets without one of their own.
    pub(super) fn default_network_acl(&mut self, lots: &[&Lot]) {
        let entries = AclEntry::allow_everything(self.vpc.ipv6.is_some());
        let name = format!("{}/default", self.vpc.name);
        self.estate.network_acls.push(NetworkAcl {
            id: id("acl", &name),
            name: String::new(),
            vpc: self.vpc.id.clone(),
            is_default: true,
            subnets: subnet_ids(lots),
            ingress: entries.clone(),
            egress: entries,
        });
    }

    pub(super) fn network_acl(
        &mut self,
        name: &str,
        lots: &[&Lot],
        ingress: Vec<AclEntry>,
        egress: Vec<AclEntry>,
    ) {
        self.estate.network_acls.push(NetworkAcl {
            id: id("acl", name),
            name: name.to_owned(),
            vpc: self.vpc.id.clone(),
            is_default: false,
            subnets: subnet_ids(lots),
            ingress,
            egress,
        });
    }

    /// Adds a security group whose outbound side is as AWS made it: everything.
    pub(super) fn security_group(&mut self, name: &str, description: &str, ingress: Vec<Rule>) {
        let ipv6 = self.vpc.ipv6.map(|_| Rule::everywhere6());
        let egress = [Rule::everywhere()].into_iter().chain(ipv6).collect();
        self.strict_security_group(name, description, ingress, egress);
    }

    pub(super) fn strict_security_group(
        &mut self,
        name: &str,
        description: &str,
        ingress: Vec<Rule>,
        egress: Vec<Rule>,
    ) {
        let GroupName { id, name } = self.group(name);
        let (description, vpc) = (description.to_owned(), self.vpc.id.clone());
        let group = SecurityGroup { id, name, description, vpc, ingress, egress };
        self.estate.security_groups.push(group);
    }

    fn default_security_group(&mut self) {
        let itself = Rule::from_group(Traffic::ALL, &self.group("default").id, "");
        self.security_group("default", "default VPC security group", vec![itself]);
    }

    fn group(&self, name: &str) -> GroupName {
        let id = match name {
            "default" => id("sg", &format!("{}/default", self.vpc.name)),
            _ => id("sg", name),
        };
        GroupName { id, name: name.to_owned() }
    }

    fn groups(&self, names: &[&str]) -> Vec<GroupName> {
        names.iter().map(|name| self.group(name)).collect()
    }

    /// Returns the interface of `name` at a berth; of several, the `index`-th, counted from 0.
    fn interface(&self, name: &str, index: usize, holder: Holder, berth: Berth) -> Interface {
        let (lot, last, public_last) = berth;
        let subnet = self.subnet(lot);
        let name = if index == 0 { name.to_owned() } else { format!("{name}/{index}") };
        let site = Site { subnet: subnet.id, vpc: subnet.vpc, zone: subnet.zone };
        let ipv6 = subnet.ipv6.map(|block| block.address(last.into()));
        let is_ours = matches!(holder, Holder::Instance(..) | Holder::NatGateway);
        let obtain = if is_ours { PublicAddress::elastic } else { PublicAddress::lent };
        let address = subnet.cidr.address(last.into());
        Interface::new(id("eni", &name), holder, site, address)
            .with_ipv6(ipv6)
            .with_public(public_last.map(public).map(obtain))
    }

    fn interfaces(
        &self,
        name: &str,
        holder: &Holder,
        berths: &[Berth],
        groups: &[&str],
        description: &str,
    ) -> Vec<Interface> {
        let interface = |(index, berth): (usize, &Berth)| Interface {
            groups: self.groups(groups),
            description: description.to_owned(),
            ..self.interface(name, index, holder.clone(), *berth)
        };
        berths.iter().enumerate().map(interface).collect()
    }

    pub(super) fn instances(&mut self, machines: &[Machine]) {
        for machine in machines {
            let instance = self.instance(machine);
            self.estate.instances.push(instance);
        }
    }

    fn instance(&self, machine: &Machine) -> Instance {
        let instance = id("i", machine.name);
        let holder = Holder::Instance(instance.clone(), 0);
        let mut interface = self.interface(machine.name, 0, holder, machine.berth);
        interface.groups = self.groups(machine.groups);
        if let Some((last, public_last)) = machine.second {
            let address = self.subnet(machine.berth.0).cidr.address(last.into());
            let elastic = public_last.map(public).map(PublicAddress::elastic);
            interface = interface.with_secondary(address).with_public(elastic);
        }
        Instance {
            id: instance,
            name: machine.name.to_owned(),
            class: machine.class,
            is_windows: machine.is_windows,
            key_name: "harbor-operations",
            tags: Vec::new(),
            interfaces: vec![interface],
        }
    }

    /// Adds a NAT gateway and returns its id.
    pub(super) fn nat_gateway(&mut self, name: &str, berth: Berth) -> String {
        let gateway = id("nat", name);
        let interface = self
            .interface(name, 0, Holder::NatGateway, berth)
            .described(format!("Interface for NAT Gateway {gateway}"));
        self.estate.nat_gateways.push(NatGateway {
            id: gateway.clone(),
            name: name.to_owned(),
            interface: Interface { ipv6: None, ..interface },
        });
        gateway
    }

    /// Adds the gateway endpoint of S3 for the named route tables, with the routes that it brings.
    pub(super) fn s3_endpoint(&mut self, name: &str, region: &Region, route_tables: &[&str]) {
        let endpoint = id("vpce", name);
        let served = |table: &&mut RouteTable| route_tables.contains(&table.name.as_str());
        for table in self.estate.route_tables.iter_mut().filter(served) {
            table.routes.push(Route::new(region.s3.id, &endpoint));
        }
        self.estate.endpoints.push(Endpoint::Gateway {
            id: endpoint,
            name: name.to_owned(),
            vpc: self.vpc.id.clone(),
            service: "s3".to_owned(),
            route_tables: route_tables.iter().map(|name| id("rtb", name)).collect(),
        });
    }

    pub(super) fn interface_endpoint(&mut self, service: &str, berths: &[Berth], group: &str) {
        let name = format!("{}-{service}", self.vpc.name);
        let endpoint = id("vpce", &name);
        let description = format!("VPC Endpoint Interface {endpoint}");
        let interfaces = self.interfaces(&name, &Holder::Endpoint, berths, &[group], &description);
        self.estate.endpoints.push(Endpoint::Interface {
            id: endpoint,
            name,
            vpc: self.vpc.id.clone(),
            service: service.to_owned(),
            groups: self.groups(&[group]),
            interfaces,
        });
    }

    pub(super) fn database(&mut self, name: &str, berths: &[Berth], groups: &[&str]) {
        let interfaces =
            self.interfaces(name, &Holder::Database, berths, groups, "RDSNetworkInterface");
        // The first berth has the database; the others only complete its subnet group.
        let Some(interface) = interfaces.into_iter().next() else { return };
        let is_public = interface.addresses.iter().any(|address| address.public.is_some());
        self.estate.databases.push(Database {
            name: name.to_owned(),
            is_public,
            subnets: berths.iter().map(|(lot, ..)| (id("subnet", lot.name), lot.zone)).collect(),
            interface: Interface { denies_internet: !is_public, ..interface },
        });
    }

    /// Adds a cache of one node per berth.
    pub(super) fn cache(&mut self, cluster: &str, berths: &[Berth], group: &str) {
        for (number, berth) in (1..).zip(berths) {
            let name = format!("{cluster}-{number:03}");
            let interface = self.interface(&name, 0, Holder::Cache, *berth);
            let interface = Interface { groups: self.groups(&[group]), ..interface }
                .described(format!("ElastiCache {name}"));
            let node = CacheNode { cluster: cluster.to_owned(), number, interface };
            self.estate.cache_nodes.push(node);
        }
    }

    pub(super) fn function(&mut self, name: &str, berths: &[Berth], group: &str) {
        let description = format!("AWS Lambda VPC ENI-{name}-{}", uuid(&["harbor", name]));
        let holder = Holder::Function(name.to_owned());
        let interfaces = self.interfaces(name, &holder, berths, &[group], &description);
        self.estate.functions.push(Function { name: name.to_owned(), interfaces });
    }

    /// Adds an Application Load Balancer that faces the Internet and serves port 443.
    pub(super) fn load_balancer(
        &mut self,
        name: &str,
        berths: &[Berth],
        group: &str,
        (port, machines): (u16, &[&str]),
    ) {
        let description = format!("ELB {}", load_balancer_name(&self.vpc.id, name));
        let holder = Holder::ApplicationLoadBalancer;
        let interfaces = self.interfaces(name, &holder, berths, &[group], &description);
        self.estate.load_balancers.push(LoadBalancer {
            name: name.to_owned(),
            vpc: self.vpc.id.clone(),
            is_internet_facing: true,
            groups: self.groups(&[group]),
            interfaces,
            target_group: TargetGroup {
                name: format!("{name}-targets"),
                port,
                targets: machines.iter().map(|machine| id("i", machine)).collect(),
            },
        });
    }

    pub(super) fn prefix_list(&mut self, name: &str, entries: &[(&str, &'static str)]) {
        self.estate.prefix_lists.push(PrefixList {
            id: id("pl", name),
            name: name.to_owned(),
            is_published: false,
            entries: entries.iter().map(|(block, note)| ((*block).to_owned(), *note)).collect(),
        });
    }
}

fn subnet_ids(lots: &[&Lot]) -> Vec<String> {
    lots.iter().map(|lot| id("subnet", lot.name)).collect()
}

/// Returns the S3 prefix list of a Region, which everybody sees.
pub(super) fn s3_prefix_list(region: &Region) -> PrefixList {
    PrefixList {
        id: region.s3.id.to_owned(),
        name: format!("com.amazonaws.{}.s3", region.name),
        is_published: true,
        entries: region.s3.entries.iter().map(|block| (block.to_string(), "")).collect(),
    }
}
