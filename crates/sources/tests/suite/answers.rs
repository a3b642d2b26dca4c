//! Each kind of resource, from its answer to the model.

use std::fmt::Debug;

use insta::assert_snapshot;
use portolan_model::Model;

use crate::folder::read;
use crate::print::problems;

/// Reads an answer in which nothing is wrong, and prints a table of the model one value to a line.
#[track_caller]
fn table<K: Debug, V: Debug>(
    json: &str,
    table: impl Fn(&Model) -> &std::collections::BTreeMap<K, V>,
) -> String {
    let model = read(json);
    assert_eq!(problems(&model.coverage), "");
    let lines: Vec<String> = table(&model).values().map(|value| format!("{value:?}")).collect();
    lines.join("\n")
}

#[test]
fn vpcs() {
    let json = r#"{"Vpcs": [{
        "VpcId": "vpc-1", "OwnerId": "111122223333", "CidrBlock": "10.0.0.0/16", "IsDefault": true,
        "CidrBlockAssociationSet": [
            {"CidrBlock": "10.0.0.0/16", "CidrBlockState": {"State": "associated"}},
            {"CidrBlock": "10.1.0.0/16", "CidrBlockState": {"State": "disassociated"}},
            {"CidrBlock": "100.64.0.0/16", "CidrBlockState": {"State": "associated"}}],
        "Ipv6CidrBlockAssociationSet": [
            {"Ipv6CidrBlock": "2001:db8::/56", "Ipv6CidrBlockState": {"State": "associated"}}],
        "Tags": [{"Key": "Name", "Value": "main"}], "FieldOfTomorrow": {"a": [1]}
    }, {"VpcId": "vpc-2", "CidrBlockAssociationSet": null, "Region": "eu-west-1", "Tags": null}]}"#;
    assert_snapshot!(table(json, |model| &model.vpcs), @r#"
    Vpc { id: vpc-1, place: Place { account: Some(111122223333), region: Some(eu-west-1) }, tags: Tags({"Name": "main"}), cidrs: [V4(Prefix { network: 10.0.0.0, length: 16 }), V4(Prefix { network: 100.64.0.0, length: 16 }), V6(Prefix { network: 2001:db8::, length: 56 })], is_default: true }
    Vpc { id: vpc-2, place: Place { account: Some(111122223333), region: Some(eu-west-1) }, tags: Tags({}), cidrs: [], is_default: false }
    "#);
}

#[test]
fn subnets() {
    let json = r#"{"Subnets": [
        {"SubnetId": "subnet-1", "VpcId": "vpc-1", "CidrBlock": "10.0.1.0/24", "OwnerId": "111122223333",
         "AvailabilityZone": "eu-west-1a", "MapPublicIpOnLaunch": true},
        {"SubnetId": "subnet-2", "VpcId": "vpc-1", "AvailabilityZone": "us-west-2-lax-1a",
         "SubnetArn": "arn:aws:ec2:us-west-2:111122223333:subnet/subnet-2",
         "Ipv6CidrBlockAssociationSet": [
            {"Ipv6CidrBlock": "2001:db8::/64", "Ipv6CidrBlockState": {"State": "associated"}}]}]}"#;
    assert_snapshot!(table(json, |model| &model.subnets), @"
    Subnet { id: subnet-1, place: Place { account: Some(111122223333), region: Some(eu-west-1) }, tags: Tags({}), vpc: vpc-1, zone: Some(eu-west-1a), ipv4: Some(Prefix { network: 10.0.1.0, length: 24 }), ipv6: [], maps_public_ip_on_launch: true }
    Subnet { id: subnet-2, place: Place { account: Some(111122223333), region: Some(us-west-2) }, tags: Tags({}), vpc: vpc-1, zone: Some(us-west-2-lax-1a), ipv4: None, ipv6: [Prefix { network: 2001:db8::, length: 64 }], maps_public_ip_on_launch: false }
    ");
}

#[test]
fn route_tables() {
    let json = r#"{"RouteTables": [{"RouteTableId": "rtb-1", "VpcId": "vpc-1",
        "Associations": [
            {"Main": true, "AssociationState": {"State": "associated"}},
            {"Main": false, "SubnetId": "subnet-2"}, {"Main": false, "SubnetId": "subnet-1"},
            {"Main": false, "GatewayId": "igw-1"},
            {"Main": false, "SubnetId": "subnet-3", "AssociationState": {"State": "disassociated"}}],
        "Routes": [
            {"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "Origin": "CreateRouteTable", "State": "active"},
            {"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-1", "Origin": "CreateRoute", "State": "blackhole"},
            {"DestinationIpv6CidrBlock": "::/0", "EgressOnlyInternetGatewayId": "eigw-1", "Origin": "CreateRoute", "State": "active"},
            {"DestinationPrefixListId": "pl-1", "GatewayId": "vpce-1", "Origin": "CreateRoute", "State": "active"},
            {"DestinationCidrBlock": "192.168.0.0/16", "GatewayId": "vgw-1", "Origin": "EnableVgwRoutePropagation", "State": "active"},
            {"DestinationCidrBlock": "172.16.0.0/12", "TransitGatewayId": "tgw-1", "State": "filtered", "Origin": "Advertisement"},
            {"DestinationCidrBlock": "10.1.0.0/16", "VpcPeeringConnectionId": "pcx-1"},
            {"DestinationCidrBlock": "10.2.0.0/16", "InstanceId": "i-1", "NetworkInterfaceId": "eni-1"},
            {"DestinationCidrBlock": "10.3.0.0/16", "InstanceId": "i-1"},
            {"DestinationCidrBlock": "10.4.0.0/16", "CarrierGatewayId": "cagw-1"},
            {"DestinationCidrBlock": "10.5.0.0/16", "GatewayId": "thing-1"},
            {"DestinationCidrBlock": "10.6.0.0/16", "State": "blackhole"}]}]}"#;
    let printed = table(json, |model| &model.route_tables).replace(" Route {", "\n  Route {");
    assert_snapshot!(printed, @r#"
    RouteTable { id: rtb-1, place: Place { account: None, region: None }, tags: Tags({}), vpc: vpc-1, is_main: true, subnets: [subnet-1, subnet-2], gateways: ["igw-1"], routes: [Route { destination: V4(Prefix { network: 10.0.0.0, length: 16 }), target: Local, state: Active, origin: CreateRouteTable },
      Route { destination: V4(Prefix { network: 0.0.0.0, length: 0 }), target: NatGateway(nat-1), state: Blackhole, origin: CreateRoute },
      Route { destination: V6(Prefix { network: ::, length: 0 }), target: EgressOnlyGateway(eigw-1), state: Active, origin: CreateRoute },
      Route { destination: PrefixList(pl-1), target: Endpoint(vpce-1), state: Active, origin: CreateRoute },
      Route { destination: V4(Prefix { network: 192.168.0.0, length: 16 }), target: VpnGateway(vgw-1), state: Active, origin: Propagated },
      Route { destination: V4(Prefix { network: 172.16.0.0, length: 12 }), target: TransitGateway(tgw-1), state: Unknown, origin: Other },
      Route { destination: V4(Prefix { network: 10.1.0.0, length: 16 }), target: Peering(pcx-1), state: Unknown, origin: Other },
      Route { destination: V4(Prefix { network: 10.2.0.0, length: 16 }), target: Interface(eni-1), state: Unknown, origin: Other },
      Route { destination: V4(Prefix { network: 10.3.0.0, length: 16 }), target: Instance(i-1), state: Unknown, origin: Other },
      Route { destination: V4(Prefix { network: 10.4.0.0, length: 16 }), target: Other("cagw-1"), state: Unknown, origin: Other },
      Route { destination: V4(Prefix { network: 10.5.0.0, length: 16 }), target: Other("thing-1"), state: Unknown, origin: Other },
      Route { destination: V4(Prefix { network: 10.6.0.0, length: 16 }), target: Other(""), state: Blackhole, origin: Other }] }
    "#);
}

#[test]
fn network_acls() {
    let json = r#"{"NetworkAcls": [{"NetworkAclId": "acl-1", "VpcId": "vpc-1", "IsDefault": false,
        "Associations": [{"SubnetId": "subnet-2"}, {"SubnetId": "subnet-1"}],
        "Entries": [
            {"RuleNumber": 32767, "Egress": false, "Protocol": "-1", "RuleAction": "deny", "CidrBlock": "0.0.0.0/0"},
            {"RuleNumber": 100, "Egress": false, "Protocol": "6", "RuleAction": "allow", "CidrBlock": "10.0.0.9/8", "PortRange": {"From": 443, "To": 443}},
            {"RuleNumber": 90, "Egress": true, "Protocol": "1", "RuleAction": "deny", "Ipv6CidrBlock": "::/0", "IcmpTypeCode": {"Type": 8, "Code": -1}},
            {"RuleNumber": 80, "Egress": true, "Protocol": "17", "RuleAction": "allow", "CidrBlock": "0.0.0.0/0", "PortRange": {"From": 0, "To": 65535}},
            {"RuleNumber": 70, "Egress": true, "Protocol": "50", "RuleAction": "allow", "CidrBlock": "0.0.0.0/0", "PortRange": null}]}]}"#;
    let printed = table(json, |model| &model.network_acls).replace(" NetworkAclEntry {", "\n  {");
    assert_snapshot!(printed, @"
    NetworkAcl { id: acl-1, place: Place { account: None, region: None }, tags: Tags({}), vpc: vpc-1, is_default: false, subnets: [subnet-1, subnet-2], entries: [NetworkAclEntry { number: 100, direction: Inbound, cidr: V4(Prefix { network: 10.0.0.0, length: 8 }), traffic: Ports(Protocol(6), Interval { first: 443, last: 443 }), action: Allow },
      { number: 32767, direction: Inbound, cidr: V4(Prefix { network: 0.0.0.0, length: 0 }), traffic: All, action: Deny },
      { number: 70, direction: Outbound, cidr: V4(Prefix { network: 0.0.0.0, length: 0 }), traffic: Protocol(Protocol(50)), action: Allow },
      { number: 80, direction: Outbound, cidr: V4(Prefix { network: 0.0.0.0, length: 0 }), traffic: Ports(Protocol(17), Interval { first: 0, last: 65535 }), action: Allow },
      { number: 90, direction: Outbound, cidr: V6(Prefix { network: ::, length: 0 }), traffic: Icmp { protocol: Protocol(1), kind: Some(8), code: None }, action: Deny }] }
    ");
}

#[test]
fn security_groups() {
    let json = r#"{"SecurityGroups": [{"GroupId": "sg-1", "GroupName": "web", "OwnerId": "111122223333", "VpcId": "vpc-1",
        "IpPermissions": [
            {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443,
             "IpRanges": [{"CidrIp": "0.0.0.0/0", "Description": "everybody"}, {"CidrIp": "10.0.0.7/8"}],
             "Ipv6Ranges": [{"CidrIpv6": "::/0"}], "PrefixListIds": [{"PrefixListId": "pl-1"}], "UserIdGroupPairs": []},
            {"IpProtocol": "icmp", "FromPort": 8, "ToPort": -1, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}],
        "IpPermissionsEgress": [
            {"IpProtocol": "-1", "FromPort": null, "ToPort": null, "UserIdGroupPairs": [
                {"GroupId": "sg-2", "UserId": "444455556666", "VpcId": "vpc-2", "VpcPeeringConnectionId": "pcx-1", "PeeringStatus": "active"}]}]},
        {"GroupId": "sg-0"}]}"#;
    let printed = table(json, |model| &model.security_groups);
    assert_snapshot!(printed.replace(" SecurityGroupRule {", "\n  {"), @r#"
    SecurityGroup { id: sg-0, place: Place { account: Some(111122223333), region: None }, tags: Tags({}), name: "", vpc: None, rules: [] }
    SecurityGroup { id: sg-1, place: Place { account: Some(111122223333), region: None }, tags: Tags({}), name: "web", vpc: Some(vpc-1), rules: [SecurityGroupRule { id: None, direction: Inbound, traffic: Ports(Protocol(6), Interval { first: 443, last: 443 }), peer: V4(Prefix { network: 0.0.0.0, length: 0 }), description: Some("everybody") },
      { id: None, direction: Inbound, traffic: Ports(Protocol(6), Interval { first: 443, last: 443 }), peer: V4(Prefix { network: 10.0.0.0, length: 8 }), description: None },
      { id: None, direction: Inbound, traffic: Ports(Protocol(6), Interval { first: 443, last: 443 }), peer: V6(Prefix { network: ::, length: 0 }), description: None },
      { id: None, direction: Inbound, traffic: Ports(Protocol(6), Interval { first: 443, last: 443 }), peer: PrefixList(pl-1), description: None },
      { id: None, direction: Inbound, traffic: Icmp { protocol: Protocol(1), kind: Some(8), code: None }, peer: V4(Prefix { network: 10.0.0.0, length: 8 }), description: None },
      { id: None, direction: Outbound, traffic: All, peer: Group(GroupReference { group: sg-2, account: Some(444455556666), vpc: Some(vpc-2), peering: Some(pcx-1) }), description: None }] }
    "#);
}

#[test]
fn interfaces() {
    let json = r#"{"NetworkInterfaces": [
        {"NetworkInterfaceId": "eni-1", "VpcId": "vpc-1", "SubnetId": "subnet-1", "OwnerId": "111122223333",
         "AvailabilityZone": "eu-west-1a", "Description": "ELB app/web/1", "InterfaceType": "interface",
         "RequesterId": "amazon-elb", "SourceDestCheck": true, "Groups": [{"GroupId": "sg-2"}, {"GroupId": "sg-1"}],
         "PrivateIpAddresses": [
            {"PrivateIpAddress": "10.0.1.9", "Primary": false},
            {"PrivateIpAddress": "10.0.1.8", "Primary": true, "Association": {"PublicIp": "203.0.113.1"}}],
         "Ipv6Addresses": [{"Ipv6Address": "2001:db8::1"}], "Ipv4Prefixes": [{"Ipv4Prefix": "10.0.1.16/28"}],
         "Ipv6Prefixes": [{"Ipv6Prefix": "2001:db8::/80"}], "TagSet": [{"Key": "Name", "Value": "web"}]},
        {"NetworkInterfaceId": "eni-2", "VpcId": "vpc-1", "SubnetId": "subnet-1", "PrivateIpAddress": "10.0.1.7",
         "Association": {"PublicIp": "203.0.113.2"}, "Attachment": {"InstanceId": "i-1"}, "SourceDestCheck": false}]}"#;
    assert_snapshot!(table(json, |model| &model.interfaces), @r#"
    NetworkInterface { id: eni-1, place: Place { account: Some(111122223333), region: Some(eu-west-1) }, tags: Tags({"Name": "web"}), vpc: vpc-1, subnet: subnet-1, ipv4: [PrivateAddress { address: 10.0.1.8, public: Some(203.0.113.1) }, PrivateAddress { address: 10.0.1.9, public: None }], ipv6: [2001:db8::1], ipv4_prefixes: [Prefix { network: 10.0.1.16, length: 28 }], ipv6_prefixes: [Prefix { network: 2001:db8::, length: 80 }], security_groups: [sg-1, sg-2], source_dest_check: true, kind: LoadBalancer, description: "ELB app/web/1", instance: None, belonging: Belonging { kind: LoadBalancer, name: Some("web") } }
    NetworkInterface { id: eni-2, place: Place { account: Some(111122223333), region: Some(eu-west-1) }, tags: Tags({}), vpc: vpc-1, subnet: subnet-1, ipv4: [PrivateAddress { address: 10.0.1.7, public: Some(203.0.113.2) }], ipv6: [], ipv4_prefixes: [], ipv6_prefixes: [], security_groups: [], source_dest_check: false, kind: Standard, description: "", instance: Some(i-1), belonging: Belonging { kind: Instance, name: Some("i-1") } }
    "#);
}

#[test]
fn instances() {
    let json = r#"{"Reservations": [{"OwnerId": "111122223333", "Instances": [
        {"InstanceId": "i-1", "State": {"Name": "running"}, "Placement": {"AvailabilityZone": "eu-west-1a"},
         "NetworkInterfaces": [{"NetworkInterfaceId": "eni-1", "VpcId": "vpc-1", "SubnetId": "subnet-1",
            "PrivateIpAddresses": [{"PrivateIpAddress": "10.0.1.8", "Primary": true}], "Groups": [{"GroupId": "sg-1"}]}]},
        {"InstanceId": "i-2", "State": {"Name": "stopped"}, "Tags": [{"Key": "Name", "Value": "old"}]}]}]}"#;
    assert_snapshot!(table(json, |model| &model.instances), @r#"
    Instance { id: i-1, place: Place { account: Some(111122223333), region: Some(eu-west-1) }, tags: Tags({}), is_running: true, interfaces: [eni-1] }
    Instance { id: i-2, place: Place { account: Some(111122223333), region: Some(eu-west-1) }, tags: Tags({"Name": "old"}), is_running: false, interfaces: [] }
    "#);
    assert_snapshot!(table(json, |model| &model.interfaces), @r#"NetworkInterface { id: eni-1, place: Place { account: Some(111122223333), region: Some(eu-west-1) }, tags: Tags({}), vpc: vpc-1, subnet: subnet-1, ipv4: [PrivateAddress { address: 10.0.1.8, public: None }], ipv6: [], ipv4_prefixes: [], ipv6_prefixes: [], security_groups: [sg-1], source_dest_check: true, kind: Standard, description: "", instance: Some(i-1), belonging: Belonging { kind: Instance, name: Some("i-1") } }"#);
}

#[test]
fn gateways() {
    let json = r#"{
        "InternetGateways": [{"InternetGatewayId": "igw-1", "OwnerId": "111122223333", "Attachments": [{"State": "available", "VpcId": "vpc-1"}]},
            {"InternetGatewayId": "igw-2", "Attachments": []}],
        "EgressOnlyInternetGateways": [{"EgressOnlyInternetGatewayId": "eigw-1", "Attachments": [{"State": "attached", "VpcId": "vpc-1"}]}],
        "NatGateways": [{"NatGatewayId": "nat-1", "VpcId": "vpc-1", "SubnetId": "subnet-1", "State": "available",
            "NatGatewayAddresses": [{"NetworkInterfaceId": "eni-1", "PrivateIp": "10.0.1.4", "PublicIp": "203.0.113.4"}]},
            {"NatGatewayId": "nat-2", "VpcId": "vpc-1", "State": "deleted", "ConnectivityType": "private"}]}"#;
    assert_snapshot!(table(json, |model| &model.internet_gateways), @"
    InternetGateway { id: igw-1, place: Place { account: Some(111122223333), region: None }, tags: Tags({}), vpc: Some(vpc-1) }
    InternetGateway { id: igw-2, place: Place { account: Some(111122223333), region: None }, tags: Tags({}), vpc: None }
    ");
    assert_snapshot!(table(json, |model| &model.egress_only_gateways), @"EgressOnlyGateway { id: eigw-1, place: Place { account: Some(111122223333), region: None }, tags: Tags({}), vpc: Some(vpc-1) }");
    assert_snapshot!(table(json, |model| &model.nat_gateways), @"
    NatGateway { id: nat-1, place: Place { account: Some(111122223333), region: None }, tags: Tags({}), vpc: vpc-1, subnet: Some(subnet-1), is_public: true, is_available: true, addresses: [NatGatewayAddress { interface: Some(eni-1), private: Some(10.0.1.4), public: Some(203.0.113.4) }] }
    NatGateway { id: nat-2, place: Place { account: Some(111122223333), region: None }, tags: Tags({}), vpc: vpc-1, subnet: None, is_public: false, is_available: false, addresses: [] }
    ");
}

#[test]
fn prefix_lists() {
    let json = r#"{"PrefixLists": [
        {"PrefixListId": "pl-1", "PrefixListName": "com.amazonaws.eu-west-1.s3", "OwnerId": "AWS",
         "PrefixListArn": "arn:aws:ec2:eu-west-1:aws:prefix-list/pl-1"},
        {"PrefixListId": "pl-2", "PrefixListName": "offices", "Cidrs": ["192.0.2.0/24", "2001:db8::/32"]}]}"#;
    assert_snapshot!(table(json, |model| &model.prefix_lists), @r#"
    PrefixList { id: pl-1, place: Place { account: None, region: Some(eu-west-1) }, name: "com.amazonaws.eu-west-1.s3", entries: None }
    PrefixList { id: pl-2, place: Place { account: None, region: Some(eu-west-1) }, name: "offices", entries: Some([V4(Prefix { network: 192.0.2.0, length: 24 }), V6(Prefix { network: 2001:db8::, length: 32 })]) }
    "#);
}

#[test]
fn peerings() {
    let json = r#"{"VpcPeeringConnections": [{"VpcPeeringConnectionId": "pcx-1", "Status": {"Code": "active"},
        "RequesterVpcInfo": {"VpcId": "vpc-1", "OwnerId": "111122223333", "Region": "eu-west-1", "CidrBlock": "10.0.0.0/16",
            "CidrBlockSet": [{"CidrBlock": "10.0.0.0/16"}, {"CidrBlock": "10.1.0.0/16"}],
            "Ipv6CidrBlockSet": [{"Ipv6CidrBlock": "2001:db8::/56"}]},
        "AccepterVpcInfo": {"VpcId": "vpc-2"}}]}"#;
    assert_snapshot!(table(json, |model| &model.peerings), @"Peering { id: pcx-1, tags: Tags({}), is_active: true, requester: PeeringSide { vpc: vpc-1, account: Some(111122223333), region: Some(eu-west-1), ipv4: [Prefix { network: 10.0.0.0, length: 16 }, Prefix { network: 10.1.0.0, length: 16 }], ipv6: [Prefix { network: 2001:db8::, length: 56 }] }, accepter: PeeringSide { vpc: vpc-2, account: None, region: None, ipv4: [], ipv6: [] } }");
}

#[test]
fn endpoints() {
    let json = r#"{"VpcEndpoints": [
        {"VpcEndpointId": "vpce-1", "VpcEndpointType": "Gateway", "VpcId": "vpc-1", "State": "Available",
         "ServiceName": "com.amazonaws.eu-west-1.s3", "RouteTableIds": ["rtb-2", "rtb-1"], "OwnerId": "111122223333"},
        {"VpcEndpointId": "vpce-2", "VpcEndpointType": "Interface", "VpcId": "vpc-1", "State": "pending",
         "ServiceName": "com.amazonaws.eu-west-1.ssm", "NetworkInterfaceIds": ["eni-1"], "Groups": [{"GroupId": "sg-1"}]},
        {"VpcEndpointId": "vpce-3", "VpcEndpointType": "Wormhole", "VpcId": "vpc-1"}]}"#;
    assert_snapshot!(table(json, |model| &model.endpoints), @r#"
    Endpoint { id: vpce-1, place: Place { account: Some(111122223333), region: None }, tags: Tags({}), vpc: vpc-1, service: "com.amazonaws.eu-west-1.s3", kind: Gateway, is_available: true, route_tables: [rtb-1, rtb-2], interfaces: [], security_groups: [] }
    Endpoint { id: vpce-2, place: Place { account: Some(111122223333), region: None }, tags: Tags({}), vpc: vpc-1, service: "com.amazonaws.eu-west-1.ssm", kind: Interface, is_available: false, route_tables: [], interfaces: [eni-1], security_groups: [sg-1] }
    Endpoint { id: vpce-3, place: Place { account: Some(111122223333), region: None }, tags: Tags({}), vpc: vpc-1, service: "", kind: Other, is_available: true, route_tables: [], interfaces: [], security_groups: [] }
    "#);
}

#[test]
fn load_balancers() {
    let json = r#"{"LoadBalancers": [
        {"LoadBalancerArn": "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/web/1", "LoadBalancerName": "web",
         "Type": "application", "Scheme": "internet-facing", "VpcId": "vpc-1", "SecurityGroups": ["sg-1"],
         "AvailabilityZones": [{"SubnetId": "subnet-2"}, {"SubnetId": "subnet-1"}]}]}"#;
    assert_snapshot!(table(json, |model| &model.load_balancers), @r#"LoadBalancer { id: arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/web/1, place: Place { account: Some(111122223333), region: Some(eu-west-1) }, tags: Tags({}), name: "web", kind: Application, is_internet_facing: true, vpc: Some(vpc-1), subnets: [subnet-1, subnet-2], security_groups: [sg-1], listeners: [], instances: [] }"#);
    let json = r#"{"LoadBalancerDescriptions": [
        {"LoadBalancerName": "old", "Scheme": "internal", "VPCId": "vpc-1", "Subnets": ["subnet-1"], "SecurityGroups": ["sg-1"],
         "AvailabilityZones": ["us-gov-west-1a"], "SourceSecurityGroup": {"OwnerAlias": "111122223333", "GroupName": "x"},
         "ListenerDescriptions": [{"Listener": {"Protocol": "TCP", "LoadBalancerPort": 443, "InstancePort": 8443}}],
         "Instances": [{"InstanceId": "i-1"}]},
        {"LoadBalancerName": "older"}]}"#;
    assert_snapshot!(table(json, |model| &model.load_balancers), @r#"
    LoadBalancer { id: arn:aws-us-gov:elasticloadbalancing:us-gov-west-1:111122223333:loadbalancer/old, place: Place { account: Some(111122223333), region: Some(us-gov-west-1) }, tags: Tags({}), name: "old", kind: Classic, is_internet_facing: false, vpc: Some(vpc-1), subnets: [subnet-1], security_groups: [sg-1], listeners: [Listener { port: Some(443), protocol: "TCP", target_groups: [], instance_port: Some(8443) }], instances: ["i-1"] }
    LoadBalancer { id: older, place: Place { account: Some(111122223333), region: Some(us-gov-west-1) }, tags: Tags({}), name: "older", kind: Classic, is_internet_facing: false, vpc: None, subnets: [], security_groups: [], listeners: [], instances: [] }
    "#);
}

#[test]
fn target_groups() {
    let json = r#"{"TargetGroups": [
        {"TargetGroupArn": "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/web/1", "TargetGroupName": "web",
         "VpcId": "vpc-1", "Protocol": "HTTP", "Port": 80, "TargetType": "ip", "LoadBalancerArns": ["arn:lb"]}]}"#;
    assert_snapshot!(table(json, |model| &model.target_groups), @r#"TargetGroup { id: arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/web/1, place: Place { account: Some(111122223333), region: Some(eu-west-1) }, name: "web", vpc: Some(vpc-1), protocol: Some("HTTP"), port: Some(80), target_type: "ip", load_balancers: [arn:lb], targets: None }"#);
}

#[test]
fn databases() {
    let json = r#"{
        "DBInstances": [{"DBInstanceIdentifier": "orders", "DBInstanceArn": "arn:aws:rds:eu-west-1:111122223333:db:orders",
            "Engine": "postgres", "Endpoint": {"Address": "x", "Port": 5432}, "PubliclyAccessible": true,
            "VpcSecurityGroups": [{"VpcSecurityGroupId": "sg-1", "Status": "active"}],
            "DBSubnetGroup": {"VpcId": "vpc-1", "Subnets": [{"SubnetIdentifier": "subnet-1"}]}}],
        "DBClusters": [{"DBClusterIdentifier": "ledger", "DBClusterArn": "arn:aws:rds:eu-west-1:111122223333:cluster:ledger",
            "Engine": "aurora-mysql", "Endpoint": "ledger.example", "Port": 3306}],
        "CacheClusters": [{"CacheClusterId": "sessions", "Engine": "redis", "PreferredAvailabilityZone": "eu-west-1a",
            "CacheNodes": [{"Endpoint": {"Port": 6379}}], "SecurityGroups": [{"SecurityGroupId": "sg-1"}],
            "ARN": "arn:aws:elasticache:eu-west-1:111122223333:cluster:sessions"}],
        "Clusters": [
            {"ClusterIdentifier": "warehouse", "Endpoint": {"Port": 5439}, "VpcId": "vpc-1", "AvailabilityZone": "eu-west-1b"},
            {"Name": "memory", "ARN": "arn:aws:memorydb:eu-west-1:111122223333:cluster/memory", "ClusterEndpoint": {"Port": 6379}},
            {"ClusterName": "fast", "ClusterArn": "arn:aws:dax:eu-west-1:111122223333:cache/fast",
             "ClusterDiscoveryEndpoint": {"Port": 8111}, "SecurityGroups": [{"SecurityGroupIdentifier": "sg-2"}]},
            {"Id": "j-1", "Name": "a cluster of EMR"}],
        "DomainStatusList": [{"DomainName": "logs", "ARN": "arn:aws:es:eu-west-1:111122223333:domain/logs", "EngineVersion": "OpenSearch_2.11",
            "VPCOptions": {"VPCId": "vpc-1", "SecurityGroupIds": ["sg-1"]}}],
        "DomainStatus": {"DomainName": "open", "ARN": "arn:aws:es:eu-west-1:111122223333:domain/open"}}"#;
    assert_snapshot!(table(json, |model| &model.databases), @r#"
    Database { id: arn:aws:dax:eu-west-1:111122223333:cache/fast, place: Place { account: Some(111122223333), region: Some(eu-west-1) }, name: "fast", engine: "dax", port: Some(8111), vpc: None, security_groups: [sg-2], is_publicly_accessible: false }
    Database { id: arn:aws:elasticache:eu-west-1:111122223333:cluster:sessions, place: Place { account: Some(111122223333), region: Some(eu-west-1) }, name: "sessions", engine: "redis", port: Some(6379), vpc: None, security_groups: [sg-1], is_publicly_accessible: false }
    Database { id: arn:aws:es:eu-west-1:111122223333:domain/logs, place: Place { account: Some(111122223333), region: Some(eu-west-1) }, name: "logs", engine: "opensearch", port: Some(443), vpc: Some(vpc-1), security_groups: [sg-1], is_publicly_accessible: false }
    Database { id: arn:aws:es:eu-west-1:111122223333:domain/open, place: Place { account: Some(111122223333), region: Some(eu-west-1) }, name: "open", engine: "elasticsearch", port: Some(443), vpc: None, security_groups: [], is_publicly_accessible: true }
    Database { id: arn:aws:memorydb:eu-west-1:111122223333:cluster/memory, place: Place { account: Some(111122223333), region: Some(eu-west-1) }, name: "memory", engine: "redis", port: Some(6379), vpc: None, security_groups: [], is_publicly_accessible: false }
    Database { id: arn:aws:rds:eu-west-1:111122223333:cluster:ledger, place: Place { account: Some(111122223333), region: Some(eu-west-1) }, name: "ledger", engine: "aurora-mysql", port: Some(3306), vpc: None, security_groups: [], is_publicly_accessible: false }
    Database { id: arn:aws:rds:eu-west-1:111122223333:db:orders, place: Place { account: Some(111122223333), region: Some(eu-west-1) }, name: "orders", engine: "postgres", port: Some(5432), vpc: Some(vpc-1), security_groups: [sg-1], is_publicly_accessible: true }
    Database { id: warehouse, place: Place { account: Some(111122223333), region: Some(eu-west-1) }, name: "warehouse", engine: "redshift", port: Some(5439), vpc: Some(vpc-1), security_groups: [], is_publicly_accessible: false }
    "#);
}

#[test]
fn functions() {
    let json = r#"{"Functions": [
        {"FunctionName": "mail", "FunctionArn": "arn:aws:lambda:eu-west-1:111122223333:function:mail",
         "VpcConfig": {"VpcId": "vpc-1", "SubnetIds": ["subnet-1"], "SecurityGroupIds": ["sg-1"]}},
        {"FunctionName": "free", "FunctionArn": "arn:aws:lambda:eu-west-1:111122223333:function:free",
         "VpcConfig": {"VpcId": "", "SubnetIds": [], "SecurityGroupIds": []}}]}"#;
    assert_snapshot!(table(json, |model| &model.functions), @r#"
    Function { id: arn:aws:lambda:eu-west-1:111122223333:function:free, place: Place { account: Some(111122223333), region: Some(eu-west-1) }, name: "free", vpc: None, subnets: [], security_groups: [] }
    Function { id: arn:aws:lambda:eu-west-1:111122223333:function:mail, place: Place { account: Some(111122223333), region: Some(eu-west-1) }, name: "mail", vpc: Some(vpc-1), subnets: [subnet-1], security_groups: [sg-1] }
    "#);
}

#[test]
fn transit_gateways() {
    let json = r#"{
        "TransitGateways": [{"TransitGatewayId": "tgw-1", "OwnerId": "111122223333", "State": "available",
            "TransitGatewayArn": "arn:aws:ec2:eu-west-1:111122223333:transit-gateway/tgw-1",
            "Options": {"SecurityGroupReferencingSupport": "enable"}},
            {"TransitGatewayId": "tgw-0", "State": "deleted"}],
        "TransitGatewayAttachments": [{"TransitGatewayAttachmentId": "tgw-attach-1", "TransitGatewayId": "tgw-1",
            "ResourceType": "vpc", "ResourceId": "vpc-1", "ResourceOwnerId": "444455556666", "State": "available",
            "Association": {"State": "associated", "TransitGatewayRouteTableId": "tgw-rtb-1"}}],
        "TransitGatewayVpcAttachments": [{"TransitGatewayAttachmentId": "tgw-attach-1", "TransitGatewayId": "tgw-1",
            "VpcId": "vpc-1", "VpcOwnerId": "444455556666", "State": "available", "SubnetIds": ["subnet-1"]}],
        "TransitGatewayRouteTables": [{"TransitGatewayRouteTableId": "tgw-rtb-1", "TransitGatewayId": "tgw-1", "State": "available"}],
        "TransitGatewayStaticRoutes": [{"TransitGatewayRouteTableId": "tgw-rtb-1", "Routes": [
            {"DestinationCidrBlock": "10.0.0.0/8", "Type": "static", "State": "blackhole"},
            {"PrefixListId": "pl-1", "Type": "propagated", "State": "active",
             "TransitGatewayAttachments": [{"TransitGatewayAttachmentId": "tgw-attach-1"}]}]}],
        "TransitGatewayPropagations": [{"TransitGatewayRouteTableId": "tgw-rtb-1", "TransitGatewayRouteTablePropagations": [
            {"TransitGatewayAttachmentId": "tgw-attach-1", "State": "enabled"},
            {"TransitGatewayAttachmentId": "tgw-attach-2", "State": "disabled"}]}]}"#;
    assert_snapshot!(table(json, |model| &model.transit_gateways), @"TransitGateway { id: tgw-1, place: Place { account: Some(111122223333), region: Some(eu-west-1) }, tags: Tags({}), has_security_group_referencing: true }");
    assert_snapshot!(table(json, |model| &model.transit_gateway_attachments), @r#"TransitGatewayAttachment { id: tgw-attach-1, place: Place { account: Some(444455556666), region: Some(eu-west-1) }, tags: Tags({}), transit_gateway: tgw-1, resource_type: "vpc", resource: Some("vpc-1"), subnets: [subnet-1], is_available: true, route_table: Some(tgw-rtb-1) }"#);
    assert_snapshot!(table(json, |model| &model.transit_gateway_route_tables), @"TransitGatewayRouteTable { id: tgw-rtb-1, place: Place { account: None, region: Some(eu-west-1) }, tags: Tags({}), transit_gateway: tgw-1, routes: Some([TransitGatewayRoute { destination: None, prefix_list: Some(pl-1), attachments: [tgw-attach-1], is_static: false, is_active: true }, TransitGatewayRoute { destination: Some(V4(Prefix { network: 10.0.0.0, length: 8 })), prefix_list: None, attachments: [], is_static: true, is_active: false }]), propagations: [tgw-attach-1] }");
}

#[test]
fn vpns() {
    let json = r#"{
        "VpnGateways": [{"VpnGatewayId": "vgw-1", "State": "available", "VpcAttachments": [
            {"State": "attached", "VpcId": "vpc-1"}, {"State": "detached", "VpcId": "vpc-2"}]}],
        "CustomerGateways": [{"CustomerGatewayId": "cgw-1", "State": "available", "IpAddress": "198.51.100.1"}],
        "VpnConnections": [{"VpnConnectionId": "vpn-1", "State": "available", "CustomerGatewayId": "cgw-1", "VpnGatewayId": "vgw-1",
            "Routes": [{"DestinationCidrBlock": "192.168.0.0/16", "State": "available"}, {"DestinationCidrBlock": "192.168.1.0/24", "State": "deleted"}]},
            {"VpnConnectionId": "vpn-2", "State": "deleted"}]}"#;
    assert_snapshot!(table(json, |model| &model.vpn_gateways), @"VpnGateway { id: vgw-1, place: Place { account: None, region: None }, tags: Tags({}), vpcs: [vpc-1] }");
    assert_snapshot!(table(json, |model| &model.customer_gateways), @"CustomerGateway { id: cgw-1, place: Place { account: None, region: None }, tags: Tags({}), address: Some(198.51.100.1) }");
    assert_snapshot!(table(json, |model| &model.vpn_connections), @r#"VpnConnection { id: vpn-1, place: Place { account: None, region: None }, tags: Tags({}), customer_gateway: Some(cgw-1), gateway: Some("vgw-1"), routes: [Prefix { network: 192.168.0.0, length: 16 }] }"#);
}

#[test]
fn firewalls() {
    let json = r#"{
        "FirewallStatus": {"SyncStates": {"eu-west-1a": {"Attachment": {"EndpointId": "vpce-1", "SubnetId": "subnet-1"}}}},
        "Firewall": {"FirewallArn": "arn:aws:network-firewall:eu-west-1:111122223333:firewall/edge", "FirewallName": "edge", "VpcId": "vpc-1"},
        "Firewalls": [{"FirewallArn": "arn:aws:network-firewall:eu-west-1:111122223333:firewall/edge", "FirewallName": "edge"},
            {"FirewallArn": "arn:aws:network-firewall:eu-west-1:111122223333:firewall/other", "FirewallName": "other"}]}"#;
    assert_snapshot!(table(json, |model| &model.firewalls), @r#"
    Firewall { id: arn:aws:network-firewall:eu-west-1:111122223333:firewall/edge, place: Place { account: Some(111122223333), region: Some(eu-west-1) }, name: "edge", vpc: Some(vpc-1), endpoints: [vpce-1] }
    Firewall { id: arn:aws:network-firewall:eu-west-1:111122223333:firewall/other, place: Place { account: Some(111122223333), region: Some(eu-west-1) }, name: "other", vpc: None, endpoints: [] }
    "#);
}

#[test]
fn block_public_access() {
    let json = r#"{"VpcBlockPublicAccessOptions": {"AwsAccountId": "111122223333", "AwsRegion": "eu-west-1",
        "InternetGatewayBlockMode": "block-ingress", "State": "update-complete"}}"#;
    assert_snapshot!(format!("{:?}", read(json).block_public_access), @"{Place { account: Some(111122223333), region: Some(eu-west-1) }: Ingress}");
}
