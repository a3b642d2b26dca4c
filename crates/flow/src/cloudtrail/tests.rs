//! Events as AWS records them, and what is read from them.

use serde_json::{Value, json};

use super::*;

/// Returns an event of EC2.
fn event(name: &str, request: &Value, response: &Value) -> Value {
    json!({
        "eventVersion": "1.09",
        "userIdentity": {
            "type": "AssumedRole", "principalId": "AROA:anna", "accountId": "111122223333",
            "arn": "arn:aws:sts::111122223333:assumed-role/admin/anna",
            "sessionContext": {"attributes": {"mfaAuthenticated": "true"}},
        },
        "eventTime": "2026-01-01T00:00:00Z",
        "eventSource": "ec2.amazonaws.com",
        "eventName": name,
        "awsRegion": "eu-west-1",
        "sourceIPAddress": "192.0.2.1",
        "userAgent": "aws-cli/2.17.0",
        "requestParameters": request,
        "responseElements": response,
        "requestID": "r", "eventID": "e", "readOnly": false, "eventType": "AwsApiCall",
        "managementEvent": true, "recipientAccountId": "111122223333", "eventCategory": "Management",
    })
}

fn read(event: &Value) -> Trail {
    read_trail(json!({"Records": [event]}).to_string().as_bytes())
}

/// Checks what a call changes, as Rust prints it.
#[track_caller]
fn check(name: &str, request: &Value, response: &Value, expected: &str) {
    let trail = read(&event(name, request, response));
    assert_eq!(trail.errors, []);
    assert_eq!(format!("{:?}", trail.events[0].change().unwrap()), expected);
}

fn permission() -> Value {
    json!({"items": [{
        "ipProtocol": "tcp", "fromPort": "22", "toPort": 22,
        "groups": {"items": [{"groupId": "sg-2", "userId": "111122223333"}]},
        "ipRanges": {"items": [{"cidrIp": "10.0.0.1/8", "description": "office"}]},
        "ipv6Ranges": {"items": [{"cidrIpv6": "::/0"}]},
        "prefixListIds": {},
    }]})
}

#[test]
fn rules_are_added() {
    let request = json!({"groupId": "sg-1", "ipPermissions": permission()});
    check(
        "AuthorizeSecurityGroupIngress",
        &request,
        &json!({"_return": true}),
        "RulesAdded { group: sg-1, rules: [SecurityGroupRule { id: None, direction: Inbound, traffic: Ports(Protocol(6), Interval { first: 22, last: 22 }), peer: V4(Prefix { network: 10.0.0.0, length: 8 }), description: Some(\"office\") }, SecurityGroupRule { id: None, direction: Inbound, traffic: Ports(Protocol(6), Interval { first: 22, last: 22 }), peer: V6(Prefix { network: ::, length: 0 }), description: None }, SecurityGroupRule { id: None, direction: Inbound, traffic: Ports(Protocol(6), Interval { first: 22, last: 22 }), peer: Group(GroupReference { group: sg-2, account: Some(111122223333), vpc: None, peering: None }), description: None }] }",
    );
}

#[test]
fn the_answer_knows_the_ids_of_rules() {
    let request = json!({"groupName": "web", "ipPermissions": permission()});
    let rule = json!({
        "groupOwnerId": "111122223333", "groupId": "sg-1", "securityGroupRuleId": "sgr-1", "isEgress": true,
        "ipProtocol": "-1", "fromPort": -1, "toPort": -1, "referencedGroupInfo": {"groupId": "sg-2", "userId": "1"},
    });
    let response = json!({"_return": true, "securityGroupRuleSet": {"items": [rule]}});
    check(
        "AuthorizeSecurityGroupEgress",
        &request,
        &response,
        "RulesAdded { group: sg-1, rules: [SecurityGroupRule { id: Some(sgr-1), direction: Outbound, traffic: All, peer: Group(GroupReference { group: sg-2, account: Some(1), vpc: None, peering: None }), description: None }] }",
    );
}

#[test]
fn rules_are_removed_by_description_or_id() {
    let request = json!({"groupId": "sg-1", "ipPermissions": {"items": [{
        "ipProtocol": "icmp", "fromPort": 8, "toPort": -1, "groups": {}, "ipRanges": {},
        "prefixListIds": {"items": [{"prefixListId": "pl-1"}]},
    }]}});
    check(
        "RevokeSecurityGroupIngress",
        &request,
        &json!({"_return": true}),
        "RulesRemoved { group: sg-1, rules: [SecurityGroupRule { id: None, direction: Inbound, traffic: Icmp { protocol: Protocol(1), kind: Some(8), code: None }, peer: PrefixList(pl-1), description: None }], ids: [] }",
    );
    let request = json!({"groupId": "sg-1", "securityGroupRuleIds": {"items": [{"securityGroupRuleId": "sgr-1"}]}});
    check(
        "RevokeSecurityGroupEgress",
        &request,
        &json!({"_return": true}),
        "RulesRemoved { group: sg-1, rules: [], ids: [sgr-1] }",
    );
    let request =
        json!({"groupId": "sg-1", "securityGroupRuleIds": ["sgr-1", "sgr-2"], "ipPermissions": {}});
    check(
        "RevokeSecurityGroupEgress",
        &request,
        &Value::Null,
        "RulesRemoved { group: sg-1, rules: [], ids: [sgr-1, sgr-2] }",
    );
}

#[test]
fn rules_are_updated() {
    let request = json!({"ModifySecurityGroupRulesRequest": {"GroupId": "sg-1", "SecurityGroupRule": {
        "SecurityGroupRuleId": "sgr-1", "tag": 1,
        "SecurityGroupRule": {"CidrIpv4": "0.0.0.0/0", "FromPort": 3389, "ToPort": 3389, "IpProtocol": "tcp", "Description": ""},
    }}});
    let response = json!({"ModifySecurityGroupRulesResponse": {"return": true, "requestId": "r"}});
    check(
        "ModifySecurityGroupRules",
        &request,
        &response,
        "RulesUpdated { group: sg-1, rules: [RuleUpdate { id: sgr-1, traffic: Ports(Protocol(6), Interval { first: 3389, last: 3389 }), peer: V4(Prefix { network: 0.0.0.0, length: 0 }) }] }",
    );
}

#[test]
fn groups_come_and_go() {
    let request = json!({"groupName": "web", "groupDescription": "web", "vpcId": "vpc-1"});
    check(
        "CreateSecurityGroup",
        &request,
        &json!({"groupId": "sg-1", "_return": true}),
        "GroupCreated { group: sg-1, name: Some(\"web\"), vpc: Some(vpc-1) }",
    );
    check(
        "DeleteSecurityGroup",
        &json!({"groupId": "sg-1"}),
        &json!({"_return": true}),
        "GroupDeleted { group: sg-1 }",
    );
}

#[test]
fn interfaces_get_groups() {
    let groups = json!({"items": [{"groupId": "sg-1"}, {"groupId": "sg-2"}]});
    let interface = json!({"networkInterfaceId": "eni-1", "groupSet": groups});
    check(
        "ModifyNetworkInterfaceAttribute",
        &interface,
        &json!({"_return": true}),
        "InterfaceGroupsSet { interfaces: [InterfaceGroups { interface: eni-1, groups: [sg-1, sg-2] }] }",
    );
    check(
        "CreateNetworkInterface",
        &json!({}),
        &json!({"networkInterface": interface}),
        "InterfaceGroupsSet { interfaces: [InterfaceGroups { interface: eni-1, groups: [sg-1, sg-2] }] }",
    );
    let instance = json!({"instanceId": "i-1", "networkInterfaceSet": {"items": [interface]}});
    check(
        "RunInstances",
        &json!({}),
        &json!({"instancesSet": {"items": [instance]}}),
        "InterfaceGroupsSet { interfaces: [InterfaceGroups { interface: eni-1, groups: [sg-1, sg-2] }] }",
    );
    let request = json!({"instanceId": "i-1", "groupSet": groups});
    check(
        "ModifyInstanceAttribute",
        &request,
        &json!({"_return": true}),
        "InstanceGroupsSet { instance: i-1, groups: [sg-1, sg-2] }",
    );
}

#[test]
fn network_acls_are_read() {
    let request = json!({
        "networkAclId": "acl-1", "ruleNumber": 500, "egress": true, "ruleAction": "allow", "icmpTypeCode": {},
        "portRange": {}, "aclProtocol": "-1", "cidrBlock": "0.0.0.0/0",
    });
    check(
        "CreateNetworkAclEntry",
        &request,
        &json!({"_return": true}),
        "AclEntrySet { acl: acl-1, entry: NetworkAclEntry { number: 500, direction: Outbound, cidr: V4(Prefix { network: 0.0.0.0, length: 0 }), traffic: All, action: Allow } }",
    );
    let request = json!({
        "networkAclId": "acl-1", "ruleNumber": "12", "egress": false, "ruleAction": "deny", "icmpTypeCode": {},
        "portRange": {"from": 700, "to": 702}, "aclProtocol": 6, "ipv6CidrBlock": "2001:db8::/32",
    });
    check(
        "ReplaceNetworkAclEntry",
        &request,
        &json!({"_return": true}),
        "AclEntrySet { acl: acl-1, entry: NetworkAclEntry { number: 12, direction: Inbound, cidr: V6(Prefix { network: 2001:db8::, length: 32 }), traffic: Ports(Protocol(6), Interval { first: 700, last: 702 }), action: Deny } }",
    );
    let request = json!({"networkAclId": "acl-1", "ruleNumber": 12, "egress": false});
    check(
        "DeleteNetworkAclEntry",
        &request,
        &json!({"_return": true}),
        "AclEntryRemoved { acl: acl-1, direction: Inbound, number: 12 }",
    );
    let request = json!({"associationId": "aclassoc-1", "networkAclId": "acl-2"});
    check(
        "ReplaceNetworkAclAssociation",
        &request,
        &json!({"newAssociationId": "aclassoc-2"}),
        "AclAssociated { acl: acl-2, association: \"aclassoc-1\", new_association: Some(\"aclassoc-2\") }",
    );
    let response = json!({"networkAcl": {"networkAclId": "acl-3", "vpcId": "vpc-1", "entrySet": {"items": []}}});
    check(
        "CreateNetworkAcl",
        &json!({"vpcId": "vpc-1"}),
        &response,
        "AclCreated { acl: acl-3, vpc: Some(vpc-1) }",
    );
    check(
        "DeleteNetworkAcl",
        &json!({"networkAclId": "acl-3"}),
        &json!({"_return": true}),
        "AclDeleted { acl: acl-3 }",
    );
}

#[test]
fn flow_logs_come_and_go() {
    let request = json!({"CreateFlowLogsRequest": {
        "ResourceId": {"tag": 1, "content": "vpc-1"}, "ResourceType": "VPC", "TrafficType": "ACCEPT",
    }});
    let response =
        json!({"CreateFlowLogsResponse": {"unsuccessful": "", "flowLogIdSet": {"item": "fl-1"}}});
    check(
        "CreateFlowLogs",
        &request,
        &response,
        "FlowLogsCreated { flow_logs: [\"fl-1\"], resources: [\"vpc-1\"] }",
    );
    let request = json!({"DeleteFlowLogsRequest": {"FlowLogId": [{"tag": 1, "content": "fl-1"}, {"tag": 2, "content": "fl-2"}]}});
    let response =
        json!({"DeleteFlowLogsResponse": {"unsuccessful": {"item": {"resourceId": "fl-2"}}}});
    check("DeleteFlowLogs", &request, &response, "FlowLogsDeleted { flow_logs: [\"fl-1\"] }");
}

#[test]
fn unknown_shapes_are_changes_all_the_same() {
    for request in [
        Value::Null,
        json!({"groupId": "sg-1"}),
        json!({"groupId": "sg-1", "ipPermissions": {"items": [{"ipProtocol": "tcp", "fromPort": 9, "toPort": 1}]}}),
        json!({"groupId": "sg-1", "ipPermissions": {"items": [{"ipProtocol": "-1", "ipRanges": [{"cidrIp": "x"}]}]}}),
    ] {
        check("AuthorizeSecurityGroupIngress", &request, &Value::Null, "Other");
    }
}

#[test]
fn failed_calls_change_nothing() {
    let mut failed = event("DeleteSecurityGroup", &json!({"groupId": "sg-1"}), &Value::Null);
    failed["errorCode"] = json!("Client.DependencyViolation");
    failed["errorMessage"] = json!("resource sg-1 has a dependent object");
    let refused =
        event("DeleteSecurityGroup", &json!({"groupId": "sg-1"}), &json!({"_return": false}));
    for event in [failed, refused] {
        let trail = read(&event);
        assert_eq!(trail.events[0].change(), None);
        assert!(matches!(trail.events[0].attempted(), Change::GroupDeleted { .. }));
        assert_ne!(trail.events[0].outcome, Outcome::Done);
    }
}

#[test]
fn an_event_says_who_and_when() {
    let event =
        &read(&event("DeleteSecurityGroup", &json!({"groupId": "sg-1"}), &Value::Null)).events[0];
    assert_eq!((event.id.as_str(), event.time), ("e", 1_767_225_600));
    assert_eq!(
        event.actor.arn.as_deref(),
        Some("arn:aws:sts::111122223333:assumed-role/admin/anna")
    );
    assert_eq!(
        (event.account.as_deref(), event.region.as_str()),
        (Some("111122223333"), "eu-west-1")
    );
    assert_eq!(event.source.as_deref(), Some("192.0.2.1"));
}

#[test]
fn other_events_are_counted() {
    let mut of_s3 = event("DeleteSecurityGroup", &Value::Null, &Value::Null);
    of_s3["eventSource"] = json!("s3.amazonaws.com");
    let about_description = json!({"networkInterfaceId": "eni-1", "description": {"value": "x"}});
    for event in [
        of_s3,
        event("DescribeInstances", &Value::Null, &Value::Null),
        event("ModifyNetworkInterfaceAttribute", &about_description, &Value::Null),
    ] {
        let trail = read(&event);
        assert_eq!((trail.passed, trail.events.len(), trail.errors.len()), (1, 0, 0));
    }
}

#[test]
fn events_come_in_several_wrappings() {
    let event = event("DeleteSecurityGroup", &json!({"groupId": "sg-1"}), &Value::Null);
    for wrapped in [
        event.to_string(),
        json!({"version": "0", "detail-type": "AWS API Call via CloudTrail", "detail": event})
            .to_string(),
        format!("\u{feff}{}", json!({"Records": [event]})),
    ] {
        assert_eq!(read_trail(wrapped.as_bytes()).events.len(), 1, "{wrapped}");
    }
    let two = format!("{event}\n{event}");
    assert_eq!(read_trail(two.as_bytes()).events.len(), 2);
}

#[test]
fn a_broken_event_is_no_reason_to_stop() {
    let good = event("DeleteSecurityGroup", &json!({"groupId": "sg-1"}), &Value::Null);
    let mut bad = good.clone();
    bad["eventTime"] = json!("yesterday");
    let json = json!({"Records": [bad, 7, {}, good]}).to_string();
    let trail = read_trail(json.as_bytes());
    assert_eq!(trail.events.len(), 1);
    let starts: Vec<_> = trail.errors.iter().map(|it| &json[it.offset..][..1]).collect();
    assert_eq!(starts, ["{", "7", "{"]);
    assert!(
        trail.errors[0].message.starts_with("`yesterday` is not a time"),
        "{}",
        trail.errors[0]
    );
    let cut = read_trail(&json.as_bytes()[..json.len() - 9]);
    assert_eq!((cut.events.len(), cut.errors.len(), cut.errors[0].offset), (0, 1, 0));
}

#[test]
fn every_reader_is_named_once_and_in_order() {
    let names = change::names();
    assert!(names.is_sorted_by(|one, other| one < other), "{names:?}");
}
