//! What is said of what cannot be read, and that all the rest is read.

use insta::assert_snapshot;

use crate::folder::{Folder, read};
use crate::print::problems;

/// Checks how many security groups are read in spite of the problems that are printed.
#[track_caller]
fn told(json: &str, groups: usize) -> String {
    let model = read(json);
    assert_eq!(model.security_groups.len(), groups, "{json}");
    problems(&model.coverage)
}

#[test]
fn says_where_a_field_has_the_wrong_type() {
    let json = r#"{
  "SecurityGroups": [
    {"GroupId": "sg-1"},
    {"GroupId": "sg-2", "IpPermissions": [
      {"IpProtocol": "tcp", "FromPort": "http", "ToPort": 80}
    ]},
    {"GroupId": "sg-3"}
  ]
}"#;
    assert_snapshot!(told(json, 2), @r#"
    file.json:5:41 SecurityGroups[1].IpPermissions[0].FromPort: invalid type: string "http", expected a whole number
      help: capture it again with `aws ec2 describe-security-groups`
    "#);
}

#[test]
fn says_where_a_value_makes_no_sense() {
    let json = r#"{"SecurityGroups": [{"GroupId": "sg-1"},
{"GroupId": "sg-2", "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 80, "ToPort": 22}]},
{"GroupId": "sg-3", "IpPermissionsEgress": [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "10.0.0.0/8"}, {"CidrIp": "10.0.0.0/33"}]}]},
{"GroupId": "sg-4", "IpPermissions": [{"IpProtocol": "tcq"}]},
{"GroupName": "sg-5"}, 7, [], null,
{"GroupId": "sg-6", "IpPermissions": {}}, {"GroupId": "sg-7", "Tags": [{"Key": true}]},
{"GroupId": "sg-8", "IpPermissions": [{"IpProtocol": "-1", "Ipv6Ranges": [{"CidrIpv6": "10.0.0.0/8"}]}]}]}"#;
    assert_snapshot!(told(json, 1), @"
    file.json:2:39 SecurityGroups[1].IpPermissions[0]: `80` to `22` is not a range of ports
      help: capture it again with `aws ec2 describe-security-groups`
    file.json:3:116 SecurityGroups[2].IpPermissionsEgress[0].IpRanges[1].CidrIp: `33` is not a prefix length of IPv4
      help: capture it again with `aws ec2 describe-security-groups`
    file.json:4:39 SecurityGroups[3].IpPermissions[0]: `tcq` is not a protocol
      help: capture it again with `aws ec2 describe-security-groups`
    file.json:5:1 SecurityGroups[4]: missing field `GroupId`
      help: capture it again with `aws ec2 describe-security-groups`
    file.json:5:24 SecurityGroups[5]: invalid type: integer `7`, expected an object
      help: capture it again with `aws ec2 describe-security-groups`
    file.json:5:27 SecurityGroups[6]: invalid length 0, expected an object
      help: capture it again with `aws ec2 describe-security-groups`
    file.json:5:31 SecurityGroups[7]: invalid type: null, expected an object
      help: capture it again with `aws ec2 describe-security-groups`
    file.json:6:1 SecurityGroups[8]: invalid type: object, expected a list
      help: capture it again with `aws ec2 describe-security-groups`
    file.json:6:80 SecurityGroups[9].Tags[0].Key: invalid type: boolean `true`, expected a string
      help: capture it again with `aws ec2 describe-security-groups`
    file.json:7:88 SecurityGroups[10].IpPermissions[0].Ipv6Ranges[0].CidrIpv6: `10.0.0.0` is not an IPv6 address
      help: capture it again with `aws ec2 describe-security-groups`
    ");
}

#[test]
fn refuses_rules_and_routes_that_it_cannot_model() {
    let json = r#"{"NetworkAcls": [{"NetworkAclId": "acl-1", "VpcId": "vpc-1", "Entries": [
        {"RuleNumber": 1, "Egress": false, "Protocol": "-1", "RuleAction": "maybe", "CidrBlock": "0.0.0.0/0"}]}],
    "RouteTables": [{"RouteTableId": "rtb-1", "VpcId": "vpc-1", "Routes": [{"DestinationStarSystem": "Sol", "GatewayId": "local"}]}],
    "SecurityGroupRules": [{"SecurityGroupRuleId": "sgr-1", "GroupId": "sg-1", "IsEgress": false, "IpProtocol": "-1"}],
    "NetworkInterfaces": [{"NetworkInterfaceId": "eni-1", "PrivateIpAddress": "10.0.0.256"}, {"NetworkInterfaceId": "eni-2"}]}"#;
    assert_snapshot!(told(json, 0), @"
    file.json:2:9 NetworkAcls[0].Entries[0]: `maybe` is neither `allow` nor `deny`
      help: capture it again with `aws ec2 describe-network-acls`
    file.json:3:76 RouteTables[0].Routes[0]: the route has no destination
      help: capture it again with `aws ec2 describe-route-tables`
    file.json:4:28 SecurityGroupRules[0]: the rule has neither a CIDR nor a prefix list nor a group
      help: capture it again with `aws ec2 describe-security-group-rules`
    file.json:5:79 NetworkInterfaces[0].PrivateIpAddress: invalid IPv4 address syntax
      help: capture it again with `aws ec2 describe-network-interfaces`
    file.json:5:94 NetworkInterfaces[1]: missing field `VpcId`
      help: capture it again with `aws ec2 describe-network-interfaces`
    ");
}

#[test]
fn reads_what_comes_before_the_file_breaks() {
    assert_snapshot!(told(r#"{"SecurityGroups": [{"GroupId": "sg-1"}, {"Grou"#, 1), @"
    file.json:1:48 SecurityGroups[1]: the file ends in the middle of a value
      help: capture it again: the command was interrupted, or the disk was full
    ");
    assert_snapshot!(told("{\"SecurityGroups\": [{\"GroupId\": \"sg-1\"},\n {\"GroupId\": \"sg-2\"}}", 2), @"
    file.json:2:21 SecurityGroups[2]: expected `,` or the closing bracket, found `}`
      help: capture it again with `--output json`, and mix nothing else into the file
    ");
    assert_snapshot!(told(r#"{"SecurityGroups": [{"GroupId": "sg-1", "Tags": [tru]}, {"GroupId": "sg-2"}]}"#, 1), @"
    file.json:1:49 SecurityGroups[0].Tags: expected `true`, `false` or `null`
      help: capture it again with `aws ec2 describe-security-groups`
    ");
    assert_snapshot!(told("aws: command not found", 0), @"
    file.json: is not JSON
      help: capture it with `--output json`, or take it out of the folder
    ");
    assert_snapshot!(told(" \n", 0), @"
    file.json: is empty
      help: the command that should have filled it failed: run it again and read what it says
    ");
    assert_snapshot!(told("\u{feff}{\"SecurityGroups\": [{\"GroupId\": \"sg-1\"}]}", 1), @"");
}

#[test]
fn counts_what_it_does_not_tell() {
    let json = format!("{{\"SecurityGroups\": [{}{{\"GroupId\": \"sg-1\"}}]}}", "7,".repeat(1000));
    let told = told(&json, 1);
    let lines: Vec<&str> = told.lines().filter(|line| !line.starts_with(' ')).collect();
    assert_eq!(lines.len(), 101);
    assert_snapshot!(lines[99..].join("\n"), @"
    file.json:1:219 SecurityGroups[99]: invalid type: integer `7`, expected an object
    file.json:1:221 SecurityGroups[100]: 900 more problems from here on
    ");
    let model = read(&json);
    let place = portolan_model::Place::default();
    let reading = model.coverage.reading(&place, portolan_model::ResourceKind::SecurityGroups);
    assert_eq!(reading.map(|reading| (reading.resources, reading.broken)), Some((1, 1000)));
}

#[test]
fn says_that_an_answer_is_not_whole() {
    let json = r#"{"SecurityGroups": [{"GroupId": "sg-1"}], "NextToken": "eyJ"}"#;
    assert_snapshot!(told(json, 1), @"
    file.json: `SecurityGroups` go on in a page that is not here
      help: capture it again without `--no-paginate` and `--max-items`
    ");
    let pages =
        format!(r#"{json} {{"SecurityGroups": [{{"GroupId": "sg-2"}}], "NextToken": null}}"#);
    assert_snapshot!(told(&pages, 2), @"");
    let error = r#"{"status_code": 403, "data": {"Error": {"Code": "UnauthorizedOperation", "Message": "no"}}}"#;
    assert_snapshot!(told(error, 0), @"
    file.json: AWS answered with the error `UnauthorizedOperation`
      help: capture it again: the call must be allowed, and what it asks for must exist
    ");
    let routes = r#"{"Routes": [{"DestinationCidrBlock": "10.0.0.0/8"}], "AdditionalRoutesAvailable": true, "TransitGatewayRouteTableId": "tgw-rtb-1"}"#;
    assert_snapshot!(told(routes, 0), @"
    file.json: there are more `Routes` than are here
      help: search again with filters that find fewer routes at a time
    ");
}

#[test]
fn ignores_what_other_services_say() {
    let json = r#"{"Rules": [{"Name": "nightly"}], "Listeners": [{"ListenerArn": "arn:aws:globalaccelerator::1:x", "PortRanges": []}],
        "Clusters": [{"Id": "j-1", "Endpoint": "https://x"}], "Entries": [{"Word": "a"}], "Routes": [{"RouteKey": "GET /"}],
        "Subnets": ["subnet-1"], "Instances": [{}], "instances": [{"schema_version": 1}], "AvailabilityZones": [{}]}"#;
    assert_snapshot!(told(json, 0), @"");
}

const GROUPS: &str = r#"{"SecurityGroups": [{"GroupId": "sg-1", "GroupName": "a"}, {"GroupId": "sg-2", "GroupName": "b"}]}"#;

#[test]
fn counts_repetitions() {
    let folder = Folder::new();
    folder.write("a.json", GROUPS.as_bytes());
    folder.write("b.json", format!("{GROUPS}{GROUPS}").as_bytes());
    assert_snapshot!(folder.problems(&folder.read()), @"
    b.json: 4 resources are in `a.json` too (nothing lost)
      help: nothing is lost: they are equal, and count once
    ");

    let folder = Folder::new();
    folder.write("111122223333/a.json", GROUPS.as_bytes());
    folder.write("444455556666/a.json", GROUPS.as_bytes());
    assert_snapshot!(folder.problems(&folder.read()), @"");
}

#[test]
fn tells_of_contradictions_and_keeps_the_first() {
    let folder = Folder::new();
    folder.write("a.json", GROUPS.as_bytes());
    folder.write(
        "b.json",
        br#"{"SecurityGroups": [{"GroupId": "sg-2", "GroupName": "c", "VpcId": "vpc-1"}]}"#,
    );
    let model = folder.read();
    assert_snapshot!(folder.problems(&model), @"
    b.json:1:21 SecurityGroups[0]: `sg-2` is not the same as in `a.json`: `name` differ
      help: remove the older of the two captures; the first one read counts
    ");
    assert_eq!(&*model.security_groups["sg-2"].name, "b");
    assert_eq!(model.security_groups["sg-2"].vpc, Some("vpc-1".into()));
}

#[test]
fn finds_rules_in_any_order_equal() {
    let group = |first: &str, second: &str| {
        format!(
            r#"{{"SecurityGroups": [{{"GroupId": "sg-1", "IpPermissions": [{{"IpProtocol": "-1", "IpRanges": [{{"CidrIp": "{first}"}}, {{"CidrIp": "{second}"}}]}}]}}]}}"#
        )
    };
    let (a, b) = ("10.0.0.0/8", "192.168.0.0/16");
    let model = read(&format!("{}{}", group(a, b), group(b, a)));
    assert!(model.coverage.is_whole(), "{}", problems(&model.coverage));
}
