//! What a person calls a resource.
//!
//! A name is the `Name` tag where there is one. Of an interface a person would rather name whose it is: its
//! instance, load balancer or database; so that is the resource, and the interface is where it is reached.

use std::sync::Arc;

use portolan_model::{
    Belonging, BelongingKind, EndpointId, InterfaceId, Model, NatGatewayId, NetworkInterface,
    Place, SubnetId, Tags,
};
use portolan_reach::{Component, End};

/// The names of a model.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Names<'a> {
    model: &'a Model,
}

/// A resource that has interfaces, as a person would name it. The order is that of a list.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Resource {
    /// Its account and Region.
    pub(crate) place: Place,
    /// What kind of resource it is, such as `load balancer`.
    pub(crate) kind: &'static str,
    /// Its `Name` tag or the name that its owner gave it.
    pub(crate) name: Option<Arc<str>>,
    /// Its id, or its name where it has no other.
    pub(crate) id: Arc<str>,
}

impl Resource {
    /// Returns the name, or else the id.
    pub(crate) fn label(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.id)
    }

    /// Returns kind and name, or else kind and id, such as `load balancer web`.
    pub(crate) fn title(&self) -> String {
        format!("{} {}", self.kind, self.label())
    }

    /// Returns kind and id where they say more than the label does, such as `instance i-0abc`.
    pub(crate) fn detail(&self) -> String {
        match &self.name {
            Some(name) if *name != self.id => format!("{} {}", self.kind, self.id),
            _ => self.kind.to_owned(),
        }
    }
}

/// Returns whose an interface is: the name that a person would say, and the kind of resource.
pub fn interface_owner(model: &Model, id: &InterfaceId) -> (String, &'static str) {
    let resource = Names::new(model).resource(id);
    (resource.label().to_owned(), resource.kind)
}

impl<'a> Names<'a> {
    pub(crate) const fn new(model: &'a Model) -> Self {
        Self { model }
    }

    /// Returns whose an interface is.
    pub(crate) fn resource(self, id: &InterfaceId) -> Resource {
        match self.model.interfaces.get(id) {
            Some(interface) => self.owner(interface),
            None => Resource {
                place: Place::default(),
                kind: "network interface",
                name: None,
                id: id.as_str().into(),
            },
        }
    }

    /// Returns an interface with whose it is, such as `web-1 (eni-0b1)`.
    pub(crate) fn interface(self, id: &InterfaceId) -> String {
        self.owned(id, id.as_str())
    }

    /// Returns what an interface is known by, such as an address of it, with whose it is, unless that is the same.
    pub(crate) fn owned(self, id: &InterfaceId, known_by: &str) -> String {
        match self.resource(id).label() {
            label if label == known_by => known_by.to_owned(),
            label => format!("{label} ({known_by})"),
        }
    }

    fn owner(self, interface: &NetworkInterface) -> Resource {
        let place = interface.place.clone();
        let Belonging { kind, name } = &interface.belonging;
        let is_of_instance = matches!(kind, BelongingKind::Instance | BelongingKind::Unattached);
        if let Some(id) = interface.instance.as_ref().filter(|_| is_of_instance) {
            let tags = self.model.instances.get(id).map(|instance| &instance.tags);
            let name = tags.and_then(Tags::name).or(interface.tags.name()).map(Arc::from);
            return Resource { place, kind: "instance", name, id: id.as_str().into() };
        }
        match name {
            Some(name) => Resource {
                place,
                kind: kind_name(*kind),
                name: self.tagged(*kind, name).or_else(|| Some(name.clone())),
                id: name.clone(),
            },
            None => Resource {
                place,
                kind: kind_name(*kind),
                name: interface.tags.name().map(Arc::from),
                id: interface.id.as_str().into(),
            },
        }
    }

    /// Returns the `Name` tag of what interfaces know by its id only.
    fn tagged(self, kind: BelongingKind, id: &Arc<str>) -> Option<Arc<str>> {
        let tags = match kind {
            BelongingKind::NatGateway => {
                &self.model.nat_gateways.get(&NatGatewayId::from(id.as_ref()))?.tags
            }
            BelongingKind::Endpoint => {
                &self.model.endpoints.get(&EndpointId::from(id.as_ref()))?.tags
            }
            _ => return None,
        };
        tags.name().map(Arc::from)
    }

    /// Returns a component with its kind, its id and its name, such as `security group sg-0c1 (web)`.
    pub(crate) fn component(self, component: &Component) -> String {
        match component {
            Component::Internet => "Internet".to_owned(),
            Component::LinkLocalService(name) => (*name).to_owned(),
            _ => format!("{} {}", component.kind(), self.short(component)),
        }
    }

    /// Returns a component's id and name without its kind, such as `sg-0c1 (web)`.
    pub(crate) fn short(self, component: &Component) -> String {
        match self.component_name(component) {
            // An ARN says nothing more that a person would read.
            Some(name) if component.id().starts_with("arn:") => name,
            Some(name) if name != component.id() => format!("{} ({name})", component.id()),
            _ => component.id().to_owned(),
        }
    }

    /// Returns the name of a component, if it has one.
    pub(crate) fn component_name(self, component: &Component) -> Option<String> {
        let model = self.model;
        let tags = match component {
            Component::Interface(id) => {
                return self.resource(id).name.map(|name| name.as_ref().to_owned());
            }
            Component::SecurityGroup(id) => {
                let group = model.security_groups.get(id)?;
                return Some(group.tags.name().unwrap_or(&group.name).to_owned());
            }
            Component::LoadBalancer(id) => {
                let balancer = model.load_balancers.get(id.as_ref())?;
                return Some(balancer.name.as_ref().to_owned());
            }
            Component::PrefixList(id) => {
                return Some(model.prefix_lists.get(id)?.name.as_ref().to_owned());
            }
            Component::NetworkAcl(id) => &model.network_acls.get(id)?.tags,
            Component::Subnet(id) => &model.subnets.get(id)?.tags,
            Component::RouteTable(id) => &model.route_tables.get(id)?.tags,
            Component::Vpc(id) => &model.vpcs.get(id)?.tags,
            Component::InternetGateway(id) => &model.internet_gateways.get(id)?.tags,
            Component::EgressOnlyGateway(id) => &model.egress_only_gateways.get(id)?.tags,
            Component::NatGateway(id) => &model.nat_gateways.get(id)?.tags,
            Component::Peering(id) => &model.peerings.get(id)?.tags,
            Component::Endpoint(id) => &model.endpoints.get(id)?.tags,
            Component::TransitGateway(id) => &model.transit_gateways.get(id)?.tags,
            Component::VpnGateway(id) => &model.vpn_gateways.get(id)?.tags,
            _ => return None,
        };
        tags.name().map(ToOwned::to_owned)
    }

    /// Returns a security group that was read.
    pub(crate) fn group(
        self,
        id: &portolan_model::SecurityGroupId,
    ) -> Option<&'a portolan_model::SecurityGroup> {
        self.model.security_groups.get(id)
    }

    /// Returns the name of a subnet, or its id.
    pub(crate) fn subnet(self, id: &SubnetId) -> String {
        let component = Component::Subnet(id.clone());
        self.component_name(&component).unwrap_or_else(|| id.to_string())
    }

    /// Returns one end of a flow, such as `web-1 (instance i-0abc) 10.0.0.5`.
    pub(crate) fn end(self, end: &End) -> String {
        match end {
            End::Internet => "the Internet".to_owned(),
            End::Interface { interface, address } => {
                let resource = self.resource(interface);
                format!("{} ({}) {address}", resource.label(), resource.detail())
            }
            End::Service(id) => self.component(&Component::Endpoint(id.clone())),
            End::LinkLocalService(name) => (*name).to_owned(),
            End::Beyond(component) => format!("beyond {}", self.component(component)),
        }
    }
}

/// Returns the kind of resource in words.
const fn kind_name(kind: BelongingKind) -> &'static str {
    match kind {
        BelongingKind::Instance => "instance",
        BelongingKind::LoadBalancer => "load balancer",
        BelongingKind::Database => "database",
        BelongingKind::Cache => "cache",
        BelongingKind::Search => "search domain",
        BelongingKind::Function => "function",
        BelongingKind::Task => "container task",
        BelongingKind::Cluster => "Kubernetes control plane",
        BelongingKind::NatGateway => "NAT gateway",
        BelongingKind::Endpoint => "VPC endpoint",
        BelongingKind::TransitGateway => "transit gateway attachment",
        BelongingKind::FileSystem => "file system",
        BelongingKind::Directory => "directory service",
        BelongingKind::Broker => "message broker",
        BelongingKind::Service => "AWS service",
        BelongingKind::Unattached => "network interface",
    }
}
