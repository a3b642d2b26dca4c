//! The interfaces of one VPC: those of services first, then instances until the number is reached.

use super::super::describe::load_balancer_name;
use super::super::estate::{
    CacheNode, Database, Endpoint, Estate, Function, GroupName, Holder, Instance, Interface,
    LoadBalancer, NatGateway, PublicAddress, Subnet, TargetGroup,
};
use super::super::identity::uuid;
use super::groups::{Groups, Role, default_name};
use super::layout::VpcPlan;
use super::network::{Tier, nat_zones, subnets_of, tiers};
use crate::random::SplitMix64;

const INSTANCE_TYPES: [&str; 8] = [
    "t3.medium",
    "t3.large",
    "m6i.large",
    "m6i.xlarge",
    "c6i.large",
    "c6i.xlarge",
    "r6i.large",
    "m5.large",
];

/// Where instances are, by weight, in the order of the tiers. With two thirds of the public tier's having a public address, and
/// load balancers and NAT gateways, about 15 of 100 interfaces are public.
const INSTANCE_TIERS: [(usize, Tier); 4] =
    [(21, Tier::Public), (48, Tier::App), (19, Tier::Data), (12, Tier::Batch)];

/// Adds as many interfaces as the plan says, with everything that owns them.
pub(super) fn fill(estate: &mut Estate, plan: &VpcPlan, groups: &Groups) {
    let mut fleet = Fleet {
        plan,
        groups,
        random: plan.random("fleet"),
        next_hosts: vec![FIRST_HOST; estate.subnets.len()],
        public_addresses: 0,
        left: plan.interfaces,
    };
    fleet.nat_gateways(estate);
    fleet.load_balancers(estate);
    fleet.endpoints(estate);
    fleet.databases(estate);
    fleet.caches(estate);
    fleet.functions(estate);
    fleet.instances(estate);
    fleet.targets(estate);
}

/// The first address that an interface gets: AWS keeps four, and people like room.
const FIRST_HOST: u32 = 10;

struct Fleet<'plan> {
    plan: &'plan VpcPlan,
    groups: &'plan Groups,
    random: SplitMix64,
    /// The next free address of each subnet, in the order of `Estate::subnets`.
    next_hosts: Vec<u32>,
    public_addresses: usize,
    /// How many interfaces are still to be made.
    left: usize,
}

impl Fleet<'_> {
    /// Returns how many of a service there are: one per so many interfaces, as long as room is left.
    fn number_of(&self, one_per: usize, interfaces_each: usize) -> usize {
        (self.plan.interfaces / one_per).min(self.left / interfaces_each.max(1))
    }

    fn nat_gateways(&mut self, estate: &mut Estate) {
        let subnets = subnets_of(estate, self.plan, Tier::Public);
        for subnet in subnets.iter().filter(|subnet| nat_zones(self.plan).contains(&subnet.zone)) {
            let zone = subnet.zone.to_string();
            let id = self.plan.id("nat", &zone);
            let public = PublicAddress::elastic(self.public_address());
            let interface = self
                .interface(estate, &id, Holder::NatGateway, subnet)
                .described(format!("Interface for NAT Gateway {id}"))
                .with_public(Some(public))
                .with_ipv6(None);
            let name = format!("{}-{zone}", self.plan.vpc.name);
            estate.nat_gateways.push(NatGateway { id, name, interface });
        }
    }

    fn load_balancers(&mut self, estate: &mut Estate) {
        let subnets = subnets_of(estate, self.plan, Tier::Public);
        for number in 0..self.number_of(150, 2 * subnets.len()) {
            let name = format!("{}-alb-{number}", self.plan.vpc.name);
            let groups = self.one_group(Role::Balancer);
            let holder = Holder::ApplicationLoadBalancer;
            let description = format!("ELB {}", load_balancer_name(&self.plan.vpc.id, &name));
            let mut interfaces = self.per_subnet(estate, &subnets, &name, &holder, &description);
            for interface in &mut interfaces {
                interface.groups.clone_from(&groups);
                for address in &mut interface.addresses {
                    address.public = Some(PublicAddress::lent(self.public_address()));
                }
            }
            estate.load_balancers.push(LoadBalancer {
                target_group: TargetGroup { name: name.clone(), port: 8080, targets: Vec::new() },
                name,
                vpc: self.plan.vpc.id.clone(),
                is_internet_facing: true,
                groups,
                interfaces,
            });
        }
    }

    fn endpoints(&mut self, estate: &mut Estate) {
        let subnets = subnets_of(estate, self.plan, Tier::App);
        let services = ["secretsmanager", "ecr.dkr", "logs", "ssm"];
        for service in services.into_iter().take(self.number_of(150, 2 * subnets.len())) {
            let id = self.plan.id("vpce", service);
            let groups = self.one_group(Role::Endpoint);
            let description = format!("VPC Endpoint Interface {id}");
            let interfaces =
                self.per_subnet(estate, &subnets, service, &Holder::Endpoint, &description);
            let interfaces = in_groups(interfaces, &groups);
            let (name, vpc) =
                (format!("{}-{service}", self.plan.vpc.name), self.plan.vpc.id.clone());
            let service = service.to_owned();
            estate.endpoints.push(Endpoint::Interface {
                id,
                name,
                vpc,
                service,
                groups,
                interfaces,
            });
        }
    }

    fn databases(&mut self, estate: &mut Estate) {
        let subnets = subnets_of(estate, self.plan, Tier::Data);
        let group: Vec<_> = subnets.iter().map(|subnet| (subnet.id.clone(), subnet.zone)).collect();
        for number in 0..self.number_of(50, 2) {
            let name = format!("{}-db-{number}", self.plan.vpc.name);
            let groups = self.one_group(Role::Database);
            let Some(subnet) = self.random.pick(&subnets) else { return };
            let interface = Interface {
                groups,
                denies_internet: true,
                ..self.interface(estate, &name, Holder::Database, subnet).with_ipv6(None)
            };
            let interface = interface.described("RDSNetworkInterface");
            let subnets = group.clone();
            estate.databases.push(Database { name, is_public: false, subnets, interface });
        }
    }

    fn caches(&mut self, estate: &mut Estate) {
        let subnets = subnets_of(estate, self.plan, Tier::Data);
        for cluster in 0..self.number_of(120, 2) {
            let cluster = format!("{}-cache-{cluster}", self.plan.vpc.name);
            let groups = self.one_group(Role::Cache);
            for (number, subnet) in (1..=2).zip(&subnets) {
                let name = format!("{cluster}-{number:03}");
                let interface = self.interface(estate, &name, Holder::Cache, subnet);
                let interface = Interface { groups: groups.clone(), ..interface.with_ipv6(None) }
                    .described(format!("ElastiCache {name}"));
                estate.cache_nodes.push(CacheNode { cluster: cluster.clone(), number, interface });
            }
        }
    }

    fn functions(&mut self, estate: &mut Estate) {
        let subnets = subnets_of(estate, self.plan, Tier::App);
        let subnets = subnets.get(..2).unwrap_or(&subnets);
        for number in 0..self.number_of(80, 2) {
            let name = format!("{}-function-{number}", self.plan.vpc.name);
            let groups = self.one_group(Role::Function);
            let holder = Holder::Function(name.clone());
            let description = format!("AWS Lambda VPC ENI-{name}-{}", uuid(&[&name]));
            let interfaces = self.per_subnet(estate, subnets, &name, &holder, &description);
            let interfaces = in_groups(interfaces, &groups);
            estate.functions.push(Function { name, interfaces });
        }
    }

    fn instances(&mut self, estate: &mut Estate) {
        // Each has an interface at least.
        for number in 0..self.left {
            if self.left > 0 {
                let instance = self.instance(estate, number);
                estate.instances.extend(instance);
            }
        }
    }

    fn instance(&mut self, estate: &Estate, number: usize) -> Option<Instance> {
        let present = INSTANCE_TIERS.get(..tiers(self.plan).len())?;
        let tier = *self.random.pick_weighted(present)?;
        let subnets = subnets_of(estate, self.plan, tier);
        let subnet = self.random.pick(&subnets)?;
        let name = format!("{}-{number:05}", self.plan.vpc.name);
        let id = self.plan.id("i", &name);
        let mut interfaces = vec![self.primary(estate, &id, tier, subnet)];
        if self.left > 0 && self.random.chance(4) {
            let holder = Holder::Instance(id.clone(), 1);
            let second = self.interface(estate, &format!("{id}/1"), holder, subnet);
            interfaces.push(Interface { groups: self.instance_groups(tier), ..second });
        }
        Some(Instance {
            id,
            name,
            class: self.random.pick(&INSTANCE_TYPES).copied()?,
            is_windows: self.random.chance(12),
            key_name: "operations",
            tags: vec![("Environment", self.plan.place.account.name.clone())],
            interfaces,
        })
    }

    fn primary(&mut self, estate: &Estate, id: &str, tier: Tier, subnet: &Subnet) -> Interface {
        let holder = Holder::Instance(id.to_owned(), 0);
        let mut interface = self.interface(estate, id, holder, subnet);
        if tier == Tier::Public && self.random.chance(67) {
            let address = self.public_address();
            let is_elastic = self.random.chance(30);
            interface = interface.with_public(Some(PublicAddress { address, is_elastic }));
        }
        if self.random.chance(5) {
            interface = interface.with_secondary(self.address(estate, subnet));
        }
        let has_ipv6 = self.random.chance(50);
        interface.ipv6 = interface.ipv6.filter(|_| has_ipv6);
        interface.groups = self.instance_groups(tier);
        interface
    }

    /// Returns one to three groups: one for what the host does, others for everybody's needs.
    fn instance_groups(&mut self, tier: Tier) -> Vec<GroupName> {
        let role = match tier {
            Tier::Public => Role::Web,
            Tier::App => Role::Service,
            Tier::Data => Role::Database,
            Tier::Batch => Role::Batch,
        };
        let mut groups = self.one_group(role);
        if self.random.chance(60) {
            groups.extend(self.one_group(Role::Common));
        }
        if self.random.chance(15) {
            groups.push(default_name(self.plan));
        }
        groups
    }

    fn one_group(&mut self, role: Role) -> Vec<GroupName> {
        self.groups.pick(&mut self.random, role).cloned().into_iter().collect()
    }

    /// Gives each load balancer a few of the instances that have a web group.
    fn targets(&mut self, estate: &mut Estate) {
        let is_web = |group: &GroupName| self.groups.of(Role::Web).any(|web| web.id == group.id);
        let has_web = |interface: &Interface| interface.groups.iter().any(is_web);
        let webs =
            estate.instances.iter().filter(|instance| instance.interfaces.iter().any(has_web));
        let webs: Vec<String> = webs.map(|instance| instance.id.clone()).collect();
        let balancers = estate.load_balancers.iter_mut();
        for (balancer, targets) in balancers.zip(webs.chunks(8)) {
            balancer.target_group.targets = targets.to_vec();
        }
    }

    fn per_subnet(
        &mut self,
        estate: &Estate,
        subnets: &[Subnet],
        name: &str,
        holder: &Holder,
        description: &str,
    ) -> Vec<Interface> {
        let interface = |subnet: &Subnet| {
            let name = format!("{name}/{}", subnet.zone);
            let interface = self.interface(estate, &name, holder.clone(), subnet);
            interface.described(description).with_ipv6(None)
        };
        subnets.iter().map(interface).collect()
    }

    /// Makes an interface, which counts, with an address of each family that the subnet has.
    fn interface(
        &mut self,
        estate: &Estate,
        name: &str,
        holder: Holder,
        subnet: &Subnet,
    ) -> Interface {
        self.left = self.left.saturating_sub(1);
        let address = self.address(estate, subnet);
        let ipv6 = subnet.ipv6.map(|block| block.address(self.random.next_number() >> 1 | 1));
        Interface::new(self.plan.id("eni", name), holder, subnet.site(), address).with_ipv6(ipv6)
    }

    /// Returns the next address of a subnet, leaving a gap now and then.
    fn address(&mut self, estate: &Estate, subnet: &Subnet) -> std::net::Ipv4Addr {
        let gap = u32::from(self.random.chance(25));
        let index = estate.subnets.iter().position(|other| other.id == subnet.id);
        let next = index.and_then(|index| self.next_hosts.get_mut(index));
        let host = next.map_or(FIRST_HOST, |next| {
            *next += 1 + gap;
            *next
        });
        subnet.cidr.address(host)
    }

    fn public_address(&mut self) -> std::net::Ipv4Addr {
        self.public_addresses += 1;
        self.plan.public_address(self.public_addresses)
    }
}

fn in_groups(interfaces: Vec<Interface>, groups: &[GroupName]) -> Vec<Interface> {
    let join = |interface| Interface { groups: groups.to_vec(), ..interface };
    interfaces.into_iter().map(join).collect()
}
