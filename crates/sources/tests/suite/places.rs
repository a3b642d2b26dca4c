//! Accounts and Regions, and what was read where.

use insta::assert_snapshot;

use crate::folder::{read, read_all};
use crate::print::readings;

#[test]
fn takes_the_place_from_what_a_resource_says() {
    let model = read(
        r#"{"Vpcs": [{"VpcId": "vpc-1", "OwnerId": "111122223333"}, {"VpcId": "vpc-2", "OwnerId": "444455556666"}],
        "Subnets": [{"SubnetId": "subnet-1", "VpcId": "vpc-1", "AvailabilityZone": "eu-west-1a"},
            {"SubnetId": "subnet-2", "VpcId": "vpc-2", "AvailabilityZone": "us-east-1a"}],
        "InternetGateways": [{"InternetGatewayId": "igw-1", "Attachments": [{"VpcId": "vpc-2"}]}],
        "TransitGateways": [{"TransitGatewayId": "tgw-1"}],
        "NatGateways": []}"#,
    );
    assert_eq!(model.internet_gateways["igw-1"].place.to_string(), "444455556666 us-east-1");
    assert_snapshot!(readings(&model.coverage), @"
    unknown account unknown Region: NAT gateways 0, 0 broken, 1 files
    unknown account unknown Region: transit gateways 1, 0 broken, 1 files
    111122223333 eu-west-1: VPCs 1, 0 broken, 1 files
    111122223333 eu-west-1: subnets 1, 0 broken, 1 files
    444455556666 us-east-1: VPCs 1, 0 broken, 1 files
    444455556666 us-east-1: subnets 1, 0 broken, 1 files
    444455556666 us-east-1: Internet gateways 1, 0 broken, 1 files
    ");
}

#[test]
fn takes_the_place_from_folders_and_wrappers() {
    let gateway =
        |id: &str| format!(r#"{{"NatGateways": [{{"NatGatewayId": "{id}", "VpcId": "vpc-9"}}]}}"#);
    let model = read_all(&[
        ("accounts/111122223333/eu-west-1/NatGateways.json", &gateway("nat-1")),
        ("444455556666-logistics/us-east-1.json", &gateway("nat-2")),
        ("all.json", &format!(r#"{{"777788889999": {{"ap-southeast-2": {}}}}}"#, gateway("nat-3"))),
    ]);
    let places = model.nat_gateways.values().map(|gateway| gateway.place.to_string());
    assert_snapshot!(places.collect::<Vec<_>>().join("\n"), @"
    111122223333 eu-west-1
    444455556666 us-east-1
    777788889999 ap-southeast-2
    ");
}

/// A connection counts where it was captured. If nothing tells that, where its VPC is of which more was read, and not
/// where its other end is: nobody meant to read that.
#[test]
fn counts_a_peering_connection_where_its_vpc_was_read() {
    let peerings = r#"{"VpcPeeringConnections": [{"VpcPeeringConnectionId": "pcx-1",
        "RequesterVpcInfo": {"VpcId": "vpc-2", "OwnerId": "444455556666", "Region": "us-east-1"},
        "AccepterVpcInfo": {"VpcId": "vpc-1", "OwnerId": "111122223333", "Region": "eu-west-1"}}]}"#;
    let vpcs = r#"{"Vpcs": [{"VpcId": "vpc-1", "OwnerId": "111122223333"}]}"#;
    let subnets = r#"{"Subnets": [{"SubnetId": "subnet-1", "VpcId": "vpc-1", "AvailabilityZone": "eu-west-1a"}]}"#;
    assert_snapshot!(readings(&read(&format!("{peerings}{vpcs}{subnets}")).coverage), @"
    111122223333 eu-west-1: VPCs 1, 0 broken, 1 files
    111122223333 eu-west-1: subnets 1, 0 broken, 1 files
    111122223333 eu-west-1: peering connections 1, 0 broken, 1 files
    ");
    assert_snapshot!(readings(&read(&format!("{peerings}{vpcs}")).coverage), @"
    111122223333 eu-west-1: VPCs 1, 0 broken, 1 files
    111122223333 eu-west-1: peering connections 1, 0 broken, 1 files
    ");
    assert_snapshot!(readings(&read(peerings).coverage), @"444455556666 us-east-1: peering connections 1, 0 broken, 1 files");
    let in_folder = |path| readings(&read_all(&[(path, peerings)]).coverage);
    assert_snapshot!(in_folder("eu-west-1/a.json"), @"111122223333 eu-west-1: peering connections 1, 0 broken, 1 files");
    assert_snapshot!(in_folder("111122223333/a.json"), @"111122223333 eu-west-1: peering connections 1, 0 broken, 1 files");
}

#[test]
fn takes_the_only_account_and_region_for_what_says_nothing() {
    let model = read(
        r#"{"Subnets": [{"SubnetId": "subnet-1", "VpcId": "vpc-1", "OwnerId": "111122223333", "AvailabilityZone": "eu-west-1a"}],
        "CustomerGateways": [{"CustomerGatewayId": "cgw-1"}], "Addresses": []}"#,
    );
    assert_eq!(model.customer_gateways["cgw-1"].place.to_string(), "111122223333 eu-west-1");
    assert_snapshot!(readings(&model.coverage), @"
    111122223333 eu-west-1: subnets 1, 0 broken, 1 files
    111122223333 eu-west-1: Elastic IP addresses 0, 0 broken, 1 files
    111122223333 eu-west-1: customer gateways 1, 0 broken, 1 files
    ");
}

#[test]
fn counts_what_is_broken_wherever_it_may_belong() {
    let subnet = |id: u32, zone: &str| {
        format!(
            r#"{{"Subnets": [{{"SubnetId": "subnet-{id}", "VpcId": "vpc-{id}", "OwnerId": "111122223333", "AvailabilityZone": "{zone}"}}]}}"#
        )
    };
    let model = read_all(&[
        ("a.json", &subnet(1, "eu-west-1a")),
        ("b.json", &subnet(2, "us-east-1a")),
        ("acls.json", r#"{"NetworkAcls": [{"NetworkAclId": 7}]}"#),
        ("us-east-1/groups.json", r#"{"SecurityGroups": [{"GroupId": 7}]}"#),
    ]);
    assert_snapshot!(readings(&model.coverage), @"
    111122223333 eu-west-1: subnets 1, 0 broken, 1 files
    111122223333 eu-west-1: network ACLs 0, 1 broken, 1 files
    111122223333 us-east-1: subnets 1, 0 broken, 1 files
    111122223333 us-east-1: network ACLs 0, 1 broken, 1 files
    111122223333 us-east-1: security groups 0, 1 broken, 1 files
    ");
    assert!(!model.coverage.is_whole());
}

#[test]
fn counts_as_broken_what_is_cut_off() {
    let model = read(
        r#"{"Vpcs": [{"VpcId": "vpc-1"}], "Subnets": [{"SubnetId": "subnet-1", "VpcId": "vpc-1"}, {"#,
    );
    assert_snapshot!(readings(&model.coverage), @"
    unknown account unknown Region: VPCs 1, 0 broken, 1 files
    unknown account unknown Region: subnets 1, 1 broken, 1 files
    ");
    let model = read(r#"{"Vpcs": [{"VpcId": "vpc-1"}], "NextToken": "eyJ"}"#);
    assert_snapshot!(readings(&model.coverage), @"unknown account unknown Region: VPCs 1, 1 broken, 1 files");
}
