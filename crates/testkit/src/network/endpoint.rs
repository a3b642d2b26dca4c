//! VPC endpoints: gateway endpoints with their prefix list, and the records of interface endpoints.

use std::sync::Arc;

use portolan_model::{
    Endpoint, EndpointKind, InterfaceKind, NetworkInterface, PrefixList, PrefixListId, Tags, Vpc,
};
use portolan_net::IpPrefix;

use super::Draft;
use super::prefix::{v4, v6};

/// The prefix list of the service behind gateway endpoints.
pub(super) const SERVICE_LIST: &str = "pl-service";

impl Draft {
    pub(super) fn add_endpoints(&mut self) {
        let vpcs: Vec<Vpc> = self.model.vpcs.values().cloned().collect();
        for (number, vpc) in vpcs.iter().enumerate() {
            if self.chance(35) {
                self.add_gateway_endpoint(number, vpc);
            }
        }
        let interfaces: Vec<NetworkInterface> = self.model.interfaces.values().cloned().collect();
        for interface in interfaces {
            self.add_endpoint_of(&interface);
        }
    }

    fn add_gateway_endpoint(&mut self, number: usize, vpc: &Vpc) {
        let list = PrefixListId::from(SERVICE_LIST);
        if !self.model.prefix_lists.contains_key(&list) {
            let entries: Vec<IpPrefix> = vec![
                v4([192, 0, 2, 64], 26).into(),
                v6([0x2001, 0xdb8, 0xffff, 0, 0, 0, 0, 0], 48).into(),
            ];
            let list = PrefixList {
                id: list,
                place: vpc.place.clone(),
                name: Arc::from("com.amazonaws.eu-west-1.s3"),
                entries: (!self.random.chance(35)).then_some(entries),
            };
            self.model.prefix_lists.insert(list.id.clone(), list);
        }
        let mut endpoint = endpoint(&format!("vpce-gateway-{number}"), vpc, EndpointKind::Gateway);
        endpoint.is_available = self.chance(92);
        self.model.endpoints.insert(endpoint.id.clone(), endpoint);
    }

    fn add_endpoint_of(&mut self, interface: &NetworkInterface) {
        let kind = match interface.kind {
            InterfaceKind::Endpoint => EndpointKind::Interface,
            InterfaceKind::GatewayLoadBalancerEndpoint => EndpointKind::GatewayLoadBalancer,
            _ => return,
        };
        let Some(vpc) = self.model.vpcs.get(&interface.vpc) else { return };
        let mut endpoint = endpoint(&format!("vpce-{}", interface.id), vpc, kind);
        endpoint.interfaces.push(interface.id.clone());
        endpoint.security_groups.clone_from(&interface.security_groups);
        self.model.endpoints.insert(endpoint.id.clone(), endpoint);
    }
}

fn endpoint(id: &str, vpc: &Vpc, kind: EndpointKind) -> Endpoint {
    Endpoint {
        id: id.into(),
        place: vpc.place.clone(),
        tags: Tags::default(),
        vpc: vpc.id.clone(),
        service: Arc::from("com.amazonaws.eu-west-1.s3"),
        kind,
        is_available: true,
        route_tables: Vec::new(),
        interfaces: Vec::new(),
        security_groups: Vec::new(),
    }
}
