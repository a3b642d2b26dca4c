//! One small model, and what names mean in it.

use std::collections::BTreeMap;

use portolan_model::{
    Belonging, BelongingKind, Database, Endpoint, EndpointKind, Function, Instance, InterfaceKind,
    InternetGateway, LoadBalancer, LoadBalancerKind, NatGateway, NatGatewayAddress, Place,
    PrefixList, Reading, RouteTable, SecurityGroup, Subnet, Tags, Vpc,
};

use super::*;

fn tags(name: &str) -> Tags {
    Tags([("Name".into(), name.into())].into())
}

fn table<K: Ord + Clone, V>(id: fn(&V) -> &K, rows: impl IntoIterator<Item = V>) -> BTreeMap<K, V> {
    rows.into_iter().map(|row| (id(&row).clone(), row)).collect()
}

/// An interface in `vpc-1`, in the subnet and with the security group that `role` names.
fn interface(id: &str, role: &str, belonging: Option<&str>) -> NetworkInterface {
    NetworkInterface {
        id: id.into(),
        place: Place::default(),
        tags: Tags::default(),
        vpc: "vpc-1".into(),
        subnet: format!("subnet-{role}").as_str().into(),
        ipv4: Vec::new(),
        ipv6: Vec::new(),
        ipv4_prefixes: Vec::new(),
        ipv6_prefixes: Vec::new(),
        security_groups: vec![format!("sg-{role}").as_str().into()],
        source_dest_check: true,
        kind: if role == "lambda" { InterfaceKind::Lambda } else { InterfaceKind::Standard },
        description: "".into(),
        instance: None,
        belonging: Belonging { kind: BelongingKind::Service, name: belonging.map(Into::into) },
    }
}

fn instance(id: &str, name: &str, interface: &str) -> Instance {
    Instance {
        id: id.into(),
        place: Place::default(),
        tags: tags(name),
        is_running: true,
        interfaces: vec![interface.into()],
    }
}

fn endpoint(id: &str, kind: EndpointKind, interface: &str) -> Endpoint {
    Endpoint {
        id: id.into(),
        place: Place::default(),
        tags: tags(if kind == EndpointKind::Gateway { "storage" } else { "secrets" }),
        vpc: "vpc-1".into(),
        service: "com.amazonaws.eu-west-1.s3".into(),
        kind,
        is_available: true,
        route_tables: Vec::new(),
        interfaces: vec![interface.into()],
        security_groups: Vec::new(),
    }
}

fn function(name: &str, groups: &[&str]) -> Function {
    Function {
        id: format!("arn:aws:lambda:eu-west-1:111122223333:function:{name}").as_str().into(),
        place: Place::default(),
        name: name.into(),
        vpc: Some("vpc-1".into()),
        subnets: vec!["subnet-lambda".into()],
        security_groups: groups.iter().map(|&group| group.into()).collect(),
    }
}

fn subnet(role: &str) -> Subnet {
    Subnet {
        id: format!("subnet-{role}").as_str().into(),
        place: Place::default(),
        tags: tags(&format!("{role} subnet")),
        vpc: "vpc-1".into(),
        zone: None,
        ipv4: None,
        ipv6: Vec::new(),
        maps_public_ip_on_launch: false,
    }
}

fn security_group(role: &str) -> SecurityGroup {
    SecurityGroup {
        id: format!("sg-{role}").as_str().into(),
        place: Place::default(),
        tags: Tags::default(),
        name: format!("harbor-{role}").as_str().into(),
        vpc: Some("vpc-1".into()),
        rules: Vec::new(),
    }
}

fn prefix_list(id: &str, name: &str, entries: Option<&str>) -> PrefixList {
    let entries = entries.map(|it| it.split(' ').map(|it| it.parse().unwrap()).collect());
    PrefixList { id: id.into(), place: Place::default(), name: name.into(), entries }
}

fn load_balancer() -> LoadBalancer {
    LoadBalancer {
        id: "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/shop/50dc6c495c"
            .into(),
        place: Place::default(),
        tags: Tags::default(),
        name: "shop".into(),
        kind: LoadBalancerKind::Application,
        is_internet_facing: true,
        vpc: Some("vpc-1".into()),
        subnets: Vec::new(),
        security_groups: Vec::new(),
        listeners: Vec::new(),
        instances: Vec::new(),
    }
}

fn database() -> Database {
    Database {
        id: "arn:aws:rds:eu-west-1:111122223333:db:orders".into(),
        place: Place::default(),
        name: "orders".into(),
        engine: "postgres".into(),
        port: Some(5432),
        vpc: None,
        security_groups: Vec::new(),
        is_publicly_accessible: false,
    }
}

fn nat_gateway() -> NatGateway {
    let address =
        NatGatewayAddress { interface: Some("eni-nat".into()), private: None, public: None };
    NatGateway {
        id: "nat-1".into(),
        place: Place::default(),
        tags: tags("way out"),
        vpc: "vpc-1".into(),
        subnet: None,
        is_public: true,
        is_available: true,
        addresses: vec![address],
    }
}

fn model() -> Model {
    let place = Place::default;
    Model {
        interfaces: table(
            |it| &it.id,
            [
                interface("eni-web1", "web", None),
                interface("eni-web2", "web", None),
                interface("eni-lambda", "lambda", None),
                interface("eni-nat", "web", None),
                interface("eni-shop", "shop", Some("app/shop/50dc6c495c")),
                interface("eni-orders", "data", Some("orders")),
                interface("eni-secrets", "data", None),
            ],
        ),
        instances: table(
            |it| &it.id,
            [
                instance("i-1", "web", "eni-web1"),
                instance("i-2", "web", "eni-web2"),
                instance("i-3", "Batch", "eni-gone"),
                instance("i-4", "BATCH", "eni-gone"),
            ],
        ),
        load_balancers: table(|it| &it.id, [load_balancer()]),
        databases: table(|it| &it.id, [database()]),
        functions: table(
            |it| &it.id,
            [function("thumbnail", &["sg-lambda"]), function("resize", &["sg-other"])],
        ),
        subnets: table(|it| &it.id, [subnet("web"), subnet("empty")]),
        vpcs: table(
            |it| &it.id,
            [Vpc {
                id: "vpc-1".into(),
                place: place(),
                tags: tags("harbor"),
                cidrs: Vec::new(),
                is_default: false,
            }],
        ),
        security_groups: table(|it| &it.id, [security_group("web"), security_group("data")]),
        nat_gateways: table(|it| &it.id, [nat_gateway()]),
        endpoints: table(
            |it| &it.id,
            [
                endpoint("vpce-1", EndpointKind::Gateway, "eni-gone"),
                endpoint("vpce-2", EndpointKind::Gateway, "eni-gone"),
                endpoint("vpce-3", EndpointKind::Interface, "eni-secrets"),
            ],
        ),
        internet_gateways: table(
            |it| &it.id,
            [InternetGateway {
                id: "igw-1".into(),
                place: place(),
                tags: tags("harbor"),
                vpc: Some("vpc-1".into()),
            }],
        ),
        prefix_lists: table(
            |it| &it.id,
            [
                prefix_list("pl-1", "office", Some("192.0.2.0/24 2001:db8::/32")),
                prefix_list("pl-2", "unread", None),
            ],
        ),
        route_tables: table(
            |it| &it.id,
            [RouteTable {
                id: "rtb-1".into(),
                place: place(),
                tags: tags("harbor"),
                vpc: "vpc-1".into(),
                is_main: true,
                subnets: Vec::new(),
                gateways: Vec::new(),
                routes: Vec::new(),
            }],
        ),
        ..Model::default()
    }
}

fn spaced(items: impl IntoIterator<Item = impl ToString>) -> String {
    items.into_iter().map(|item| item.to_string()).collect::<Vec<_>>().join(" ")
}

fn text(party: &Party) -> String {
    match party {
        Party::Internet => "the Internet".to_owned(),
        Party::Addresses(set) => spaced(set.prefixes()),
        Party::Interfaces(ids) => spaced(ids),
        Party::Service(id) => format!("service {id}"),
    }
}

#[track_caller]
fn check(name: &str, expected: &str) {
    assert_eq!(text(&resolve(&model(), name).unwrap()), expected, "{name}");
}

#[track_caller]
fn check_error(name: &str, message: &str, help: &str) {
    let error = resolve(&model(), name).unwrap_err();
    assert_eq!((error.to_string().as_str(), error.help().as_deref()), (message, Some(help)));
}

#[test]
fn the_internet_has_a_name_and_gateways() {
    check("internet", "the Internet");
    check(" Internet ", "the Internet");
    check("igw-1", "the Internet");
}

#[test]
fn addresses_are_taken_literally() {
    check("0.0.0.0/0", "0.0.0.0/0");
    check("::/0", "::/0");
    check("10.0.0.7", "10.0.0.7/32");
    check("fd00:1:2:3:4:5:6:7", "fd00:1:2:3:4:5:6:7/128");
    check("10.0.0.0/31, 10.0.0.2-10.0.0.3,2001:db8::1", "10.0.0.0/30 2001:db8::1/128");
    check("pl-1", "192.0.2.0/24 2001:db8::/32");
    check("office", "192.0.2.0/24 2001:db8::/32");
}

#[test]
fn resources_stand_for_their_interfaces() {
    check("eni-web1", "eni-web1");
    check("i-1", "eni-web1");
    check("arn:aws:ec2:eu-west-1:111122223333:instance/i-1", "eni-web1");
    check("web", "eni-web1 eni-web2");
    check("shop", "eni-shop");
    check("app/shop/50dc6c495c", "eni-shop");
    check(load_balancer().id.as_str(), "eni-shop");
    check("orders", "eni-orders");
    check(database().id.as_str(), "eni-orders");
    check("thumbnail", "eni-lambda");
    check("subnet-web", "eni-nat eni-web1 eni-web2");
    check("web subnet", "eni-nat eni-web1 eni-web2");
    check("harbor-data", "eni-orders eni-secrets");
    check("nat-1", "eni-nat");
    check("way out", "eni-nat");
    check("secrets", "eni-secrets");
}

#[test]
fn names_of_services_hold_in_their_place_only() {
    let mut model = model();
    let here = Place { account: Some("111122223333".into()), region: None };
    let elsewhere = Place { account: Some("444455556666".into()), region: None };
    let arn = database().id;
    model.databases.get_mut(&arn).unwrap().place = here.clone();
    model.interfaces.get_mut("eni-orders").unwrap().place = elsewhere;
    assert!(resolve(&model, arn.as_str()).is_err());
    model.interfaces.get_mut("eni-orders").unwrap().place = here;
    assert_eq!(text(&resolve(&model, arn.as_str()).unwrap()), "eni-orders");
}

#[test]
fn interfaces_go_before_gateways_and_tables_of_the_same_name() {
    check("harbor", &text(&resolve(&model(), "vpc-1").unwrap()));
}

#[test]
fn other_case_will_do_if_it_is_clear() {
    check("WEB", "eni-web1 eni-web2");
    check("Harbor", &text(&resolve(&model(), "vpc-1").unwrap()));
    check_error("batch", "`batch` is the name of different things", "write `BATCH` or `Batch`");
}

#[test]
fn gateway_endpoints_stand_for_their_service() {
    check("vpce-1", "service vpce-1");
    check_error(
        "storage",
        "`storage` is the name of different things",
        "write `vpce-1` or `vpce-2`",
    );
}

#[test]
fn unknown_names_get_proposals() {
    check_error("ordres", "nothing that was read is called `ordres`", "did you mean `orders`?");
    check_error(
        "eni-web3",
        "nothing that was read is called `eni-web3`",
        "did you mean `eni-web1` or `eni-web2`?",
    );
    check_error("thumb", "nothing that was read is called `thumb`", "did you mean `thumbnail`?");
    check_error(
        "internte",
        "nothing that was read is called `internte`",
        "did you mean `internet`?",
    );
    check_error(
        "zzz",
        "nothing that was read is called `zzz`",
        "name `internet`, an address, a CIDR, or the id, ARN or Name tag of a resource",
    );
}

#[test]
fn what_has_no_interface_says_so() {
    let read_more =
        "read the output of `aws ec2 describe-network-interfaces` too, or name addresses";
    check_error("i-3", "no network interface of the instance `i-3` was read", read_more);
    check_error("resize", "no network interface of the function `resize` was read", read_more);
    check_error(
        "subnet-empty",
        "no network interface of the subnet `subnet-empty` was read",
        read_more,
    );
    check_error(
        "unread",
        "the entries of the prefix list `unread` were not read",
        "read the output of `aws ec2 get-managed-prefix-list-entries` too",
    );
    check_error(
        "rtb-1",
        "packets neither begin nor end at `rtb-1`, a route table",
        "name what is at the end of the path, such as a subnet",
    );
}

#[test]
fn what_is_not_in_use_says_so() {
    let mut model = model();
    let reading = Reading { files: 1, resources: 7, broken: 0 };
    model.coverage.add(&Place::default(), ResourceKind::NetworkInterfaces, reading);
    let error = resolve(&model, "subnet-empty").unwrap_err();
    let help = "nothing uses it, so that no packet comes from it or goes to it";
    assert_eq!(error.help().as_deref(), Some(help));
}

#[track_caller]
fn check_syntax(name: &str, expected: &[(&str, &str)]) {
    let Err(PartyError::Syntax { text, errors }) = resolve(&model(), name) else {
        panic!("{name} is not refused for its notation");
    };
    let found: Vec<_> =
        errors.iter().map(|it| (&text[it.span.clone()], it.message.as_str())).collect();
    assert_eq!(found, expected);
}

#[test]
fn bad_addresses_are_pointed_at() {
    let length = "`33` is not a prefix length of IPv4";
    check_syntax("10.0.0.0/33", &[("10.0.0.0/33", length)]);
    check_syntax(
        "::1/64, 10.0.0.0/33,10.0.0.9, 10.0.0",
        &[
            ("::1/64", "`::1/64` has bits set after its prefix length"),
            ("10.0.0.0/33", length),
            ("10.0.0", "expected an IPv4 address"),
        ],
    );
    check_syntax("2001:db8::g", &[("2001:db8::g", "expected an IPv6 address")]);
}

#[test]
fn what_is_no_address_is_taken_for_a_name() {
    for name in ["", "web.harbor.example", "arn:aws:s3:::harbor", "a/b", "7-eleven"] {
        let error = resolve(&model(), name).unwrap_err();
        assert!(matches!(error, PartyError::NotFound { .. }), "{name}: {error}");
    }
}
