//! What several answers say about one thing.

use std::net::Ipv4Addr;

use insta::assert_snapshot;
use portolan_model::{BelongingKind, Model};

use crate::folder::{Folder, read, read_all};
use crate::print::problems;

const GROUP: &str = r#""SecurityGroups": [{"GroupId": "sg-1", "GroupName": "web", "VpcId": "vpc-1", "IpPermissions": [
    {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "0.0.0.0/0"}],
     "UserIdGroupPairs": [{"GroupId": "sg-2", "UserId": "111122223333"}]}]}]"#;

/// Prints the rules of a group by id.
fn rules(model: &Model, group: &str) -> String {
    let rules = model.security_groups[group].rules.iter().map(|rule| {
        let id = rule.id.as_ref().map_or("-", |id| id.as_str());
        format!("{id} {:?} {} {:?}", rule.direction, rule.traffic.to_traffic(), rule.peer)
    });
    rules.collect::<Vec<_>>().join("\n")
}

#[test]
fn gives_rules_their_ids() {
    let json = format!(
        r#"{{"SecurityGroupRules": [
        {{"SecurityGroupRuleId": "sgr-1", "GroupId": "sg-1", "IsEgress": false, "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIpv4": "0.0.0.0/0"}},
        {{"SecurityGroupRuleId": "sgr-2", "GroupId": "sg-1", "IsEgress": false, "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "ReferencedGroupInfo": {{"GroupId": "sg-2"}}}},
        {{"SecurityGroupRuleId": "sgr-3", "GroupId": "sg-1", "IsEgress": true, "IpProtocol": "-1", "FromPort": -1, "ToPort": -1, "CidrIpv6": "::/0"}}
        ], {GROUP}}}"#
    );
    let model = read(&json);
    assert_snapshot!(rules(&model, "sg-1"), @"
    sgr-1 Inbound tcp 443 V4(Prefix { network: 0.0.0.0, length: 0 })
    sgr-2 Inbound tcp 443 Group(GroupReference { group: sg-2, account: Some(111122223333), vpc: None, peering: None })
    sgr-3 Outbound all traffic V6(Prefix { network: ::, length: 0 })
    ");
    assert_snapshot!(problems(&model.coverage), @"
    file.json: `sg-1` is not the same as where it is described: 1 rule differs
      help: capture both again, at one time; until then the rules of both count
    ");
}

#[test]
fn tells_of_rules_that_only_one_answer_has() {
    let rules = |ports: &[u16]| {
        let rule = |port: &u16| {
            format!(
                r#"{{"SecurityGroupRuleId": "sgr-{port}", "GroupId": "sg-1", "IsEgress": false, "IpProtocol": "tcp", "FromPort": {port}, "ToPort": {port}, "CidrIpv4": "0.0.0.0/0"}}"#
            )
        };
        let rules: Vec<String> = ports.iter().map(rule).collect();
        format!(r#"{{"SecurityGroupRules": [{}]}}"#, rules.join(","))
    };
    let group = r#"{"SecurityGroups": [{"GroupId": "sg-1", "IpPermissions": [
        {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]},
        {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]}]}"#;
    let told =
        |answers: &[String]| problems(&read(&format!("{group}{}", answers.concat())).coverage);
    assert_eq!(told(&[]), "");
    assert_eq!(told(&[rules(&[22, 80])]), "");
    assert_eq!(told(&[rules(&[22]), rules(&[80, 22])]), "");
    assert_snapshot!(told(&[rules(&[80, 443])]), @"
    file.json: `sg-1` is not the same as where it is described: 2 rules differ
      help: capture both again, at one time; until then the rules of both count
    ");
}

#[test]
fn builds_a_group_from_its_rules() {
    let model = read(
        r#"{"NetworkInterfaces": [{"NetworkInterfaceId": "eni-1", "VpcId": "vpc-1", "SubnetId": "subnet-1", "Groups": [{"GroupId": "sg-9"}]}],
        "SecurityGroupRules": [{"SecurityGroupRuleId": "sgr-1", "GroupId": "sg-9", "GroupOwnerId": "111122223333", "IsEgress": false,
            "IpProtocol": "udp", "FromPort": 53, "ToPort": 53, "PrefixListId": "pl-1"}]}"#,
    );
    assert_snapshot!(rules(&model, "sg-9"), @"sgr-1 Inbound udp 53 PrefixList(pl-1)");
    assert_eq!(model.security_groups["sg-9"].vpc, Some("vpc-1".into()));
}

const INSTANCE: &str = r#"{"Reservations": [{"Instances": [{"InstanceId": "i-1", "NetworkInterfaces": [
    {"NetworkInterfaceId": "eni-1", "VpcId": "vpc-1", "SubnetId": "subnet-1", "PrivateIpAddress": "10.0.0.1"}]}]}]}"#;
const INTERFACE: &str = r#"{"NetworkInterfaces": [
    {"NetworkInterfaceId": "eni-1", "VpcId": "vpc-1", "SubnetId": "subnet-1", "PrivateIpAddress": "10.0.0.2"}]}"#;

/// Checks which private address `eni-1` has.
#[track_caller]
fn check_address(files: &[(&str, &str)], expected: [u8; 4]) {
    let model = read_all(files);
    assert_eq!(model.interfaces["eni-1"].ipv4[0].address, Ipv4Addr::from(expected));
    assert_eq!(problems(&model.coverage), "");
}

#[test]
fn believes_the_interface_before_the_instance() {
    check_address(&[("a.json", INSTANCE)], [10, 0, 0, 1]);
    check_address(&[("a.json", INSTANCE), ("b.json", INTERFACE)], [10, 0, 0, 2]);
    check_address(&[("a.json", INTERFACE), ("b.json", INSTANCE)], [10, 0, 0, 2]);
}

#[test]
fn maps_elastic_addresses() {
    let address = |public: &str| {
        format!(
            r#"{{"Addresses": [{{"PublicIp": "{public}", "PrivateIpAddress": "10.0.0.2", "NetworkInterfaceId": "eni-1"}}, {{"PublicIp": "203.0.113.9"}}]}}"#
        )
    };
    let model = read_all(&[("a.json", &address("203.0.113.1")), ("b.json", INTERFACE)]);
    assert_eq!(model.interfaces["eni-1"].ipv4[0].public, Some(Ipv4Addr::new(203, 0, 113, 1)));

    let folder = Folder::new();
    folder.write("a.json", address("203.0.113.1").as_bytes());
    folder.write("b.json", address("203.0.113.2").as_bytes());
    folder.write("c.json", INTERFACE.as_bytes());
    let model = folder.read();
    assert_eq!(model.interfaces["eni-1"].ipv4[0].public, Some(Ipv4Addr::new(203, 0, 113, 1)));
    assert_snapshot!(folder.problems(&model), @"
    b.json: `10.0.0.2` maps to 203.0.113.2 here, and to 203.0.113.1 where `eni-1` is described
      help: capture both again, at one time; the interface's description counts
    ");
}

const BALANCER: &str = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/web/1";
const LISTENER: &str = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/app/web/1/2";
const RULE: &str =
    "arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener-rule/app/web/1/2/3";
const TARGETS: &str = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/web/1";

#[test]
fn gives_listeners_to_their_load_balancer() {
    let json = format!(
        r#"{{"Rules": [{{"RuleArn": "{RULE}", "Actions": [{{"ForwardConfig": {{"TargetGroups": [{{"TargetGroupArn": "tg-b"}}]}}}}]}}],
        "Listeners": [{{"ListenerArn": "{LISTENER}", "LoadBalancerArn": "{BALANCER}", "Port": 443, "Protocol": "HTTPS",
            "DefaultActions": [{{"TargetGroupArn": "tg-a"}}]}}],
        "LoadBalancers": [{{"LoadBalancerArn": "{BALANCER}", "Type": "application"}}]}}"#
    );
    let model = read(&json);
    assert_snapshot!(format!("{:?}", model.load_balancers[BALANCER].listeners), @r#"[Listener { port: Some(443), protocol: "HTTPS", target_groups: [tg-a, tg-b], instance_port: None }]"#);
}

/// Checks the targets of the target group, in files of which one may be named after it.
#[track_caller]
fn check_targets(name: &str, json: &str, expected: Option<usize>) {
    let group = format!(r#"{{"TargetGroups": [{{"TargetGroupArn": "{TARGETS}"}}]}}"#);
    let model = read_all(&[("groups.json", &group), (name, json)]);
    let targets = model.target_groups[TARGETS].targets.as_ref();
    assert_eq!(targets.map(Vec::len), expected, "{name}");
    assert_eq!(model.coverage.is_whole(), expected.is_some(), "{name}");
}

#[test]
fn finds_whose_targets_they_are() {
    let health = r#"{"TargetHealthDescriptions": [{"Target": {"Id": "i-1", "Port": 80}, "TargetHealth": {"State": "healthy"}}]}"#;
    let encoded = TARGETS.replace(':', "%3A").replace('/', "%2F");
    check_targets(&format!("elbv2-describe-target-health/{encoded}"), health, Some(1));
    check_targets("target-health.json", health, None);
    let beside = format!(r#"{{"TargetHealthDescriptions": [], "TargetGroupArn": "{TARGETS}"}}"#);
    check_targets("target-health.json", &beside, Some(0));
    let grouped = format!(
        r#"{{"LoadBalancerTargetHealth": [{{"TargetGroupArn": "{TARGETS}", "TargetHealthDescriptions": [{{"Target": {{"Id": "10.0.0.1"}}}}, {{"Target": {{"Id": "10.0.0.2"}}}}]}}]}}"#
    );
    check_targets("LoadBalancerTargetHealth.json", &grouped, Some(2));
}

#[test]
fn gives_entries_to_their_prefix_list() {
    let entries = r#"{"Entries": [{"Cidr": "192.0.2.0/24", "Description": "office"}, {"Cidr": "198.51.100.0/24"}]}"#;
    let list = r#"{"PrefixLists": [{"PrefixListId": "pl-1", "PrefixListName": "offices"}]}"#;
    let model = read_all(&[
        ("lists.json", list),
        ("entries.pl-1.json", entries),
        ("pl-2/entries.json", entries),
    ]);
    let lists = model.prefix_lists.values().map(|list| {
        let entries = list.entries.iter().flatten().map(ToString::to_string);
        format!("{}: {}", list.name, entries.collect::<Vec<_>>().join(" "))
    });
    assert_snapshot!(lists.collect::<Vec<_>>().join("\n"), @"
    offices: 192.0.2.0/24 198.51.100.0/24
    pl-2: 192.0.2.0/24 198.51.100.0/24
    ");
}

#[test]
fn gives_routes_to_the_transit_gateways_table() {
    let table = r#"{"TransitGatewayRouteTables": [{"TransitGatewayRouteTableId": "tgw-rtb-1", "TransitGatewayId": "tgw-1"}]}"#;
    let routes = r#"{"Routes": [{"DestinationCidrBlock": "10.0.0.0/8", "Type": "static", "State": "active"}], "AdditionalRoutesAvailable": false}"#;
    let propagations = r#"{"TransitGatewayRouteTablePropagations": [{"TransitGatewayAttachmentId": "tgw-attach-1", "State": "enabled"}]}"#;
    let model = read_all(&[
        ("tables.json", table),
        ("routes-tgw-rtb-1.json", routes),
        ("propagations-tgw-rtb-1.json", propagations),
    ]);
    let table = &model.transit_gateway_route_tables["tgw-rtb-1"];
    assert_eq!(table.routes.as_ref().map(Vec::len), Some(1));
    assert_eq!(table.propagations.len(), 1);
    assert_eq!(problems(&model.coverage), "");
}

#[test]
fn names_the_interface_of_a_database_if_only_one_fits() {
    let database = |name: &str, subnet: &str| {
        format!(
            r#"{{"DBInstanceIdentifier": "{name}", "VpcSecurityGroups": [{{"VpcSecurityGroupId": "sg-1"}}],
            "DBSubnetGroup": {{"VpcId": "vpc-1", "Subnets": [{{"SubnetIdentifier": "{subnet}"}}]}}}}"#
        )
    };
    let interface = r#""NetworkInterfaces": [{"NetworkInterfaceId": "eni-1", "VpcId": "vpc-1", "SubnetId": "subnet-1",
        "Description": "RDSNetworkInterface", "Groups": [{"GroupId": "sg-1"}]}]"#;
    let name = |databases: &[String]| {
        let json = format!(r#"{{{interface}, "DBInstances": [{}]}}"#, databases.join(","));
        let belonging = read(&json).interfaces["eni-1"].belonging.clone();
        assert_eq!(belonging.kind, BelongingKind::Database);
        belonging.name.map(|name| name.to_string())
    };
    assert_eq!(name(&[]), None);
    assert_eq!(name(&[database("a", "subnet-1")]).as_deref(), Some("a"));
    assert_eq!(name(&[database("a", "subnet-1"), database("b", "subnet-2")]).as_deref(), Some("a"));
    assert_eq!(name(&[database("a", "subnet-1"), database("b", "subnet-1")]), None);
}

#[test]
fn finds_the_vpc_of_a_cache_by_its_groups() {
    let model = read(&format!(
        r#"{{{GROUP}, "CacheClusters": [{{"CacheClusterId": "sessions", "SecurityGroups": [{{"SecurityGroupId": "sg-1"}}]}}]}}"#
    ));
    assert_eq!(model.databases["sessions"].vpc, Some("vpc-1".into()));
}
