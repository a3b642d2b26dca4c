//! What each format makes of one plan, and of one that wants to be obeyed.

use hcl_edit::expr::Expression;
use hcl_edit::structure::Body;
use portolan_model::{Direction, GroupReference, Model, RulePeer, RuleTraffic, SecurityGroupRule};
use portolan_net::{Ipv4Prefix, PortRange, Protocol};
use portolan_reach::IpSet;
use portolan_respond::{
    Closing, Clue, Doubt, Evidence, Fate, GroupPlan, Peers, Plan, PlannedRule, Proof, Span, Totals,
};
use proptest::prelude::*;

use crate::fixture::{model, terminal, written};
use crate::plan::{PlanFormat, plan};

const SEEN: Span = Span { first: 1_767_225_600, last: 1_768_435_200 };

fn planned(
    fate: Fate,
    id: Option<&str>,
    direction: Direction,
    traffic: RuleTraffic,
    peer: RulePeer,
) -> PlannedRule {
    let id = id.map(Into::into);
    let records = if fate == Fate::Removed { 0 } else { 1204 };
    let span = (records > 0).then_some(SEEN);
    PlannedRule {
        rule: SecurityGroupRule { id, direction, traffic, peer, description: None },
        fate,
        used: Totals { records, bytes: 60 * records, span },
        doubt: None,
    }
}

fn tcp(first: u16, last: u16) -> RuleTraffic {
    RuleTraffic::Ports(Protocol::TCP, PortRange::new(first, last).unwrap())
}

/// Returns a plan for the fixture: the web servers' group changes, the cache's cannot be judged.
fn sample(description: &str) -> Plan {
    let bastion = GroupReference {
        group: "sg-0a1".into(),
        account: Some("111122223333".into()),
        vpc: None,
        peering: None,
    };
    let office: Ipv4Prefix = "198.51.100.0/24".parse().unwrap();
    let (inbound, outbound) = (Direction::Inbound, Direction::Outbound);
    let mut removed = planned(
        Fate::Removed,
        Some("sgr-0b2"),
        inbound,
        RuleTraffic::All,
        RulePeer::V4(Ipv4Prefix::ALL),
    );
    removed.rule.description = Some(description.into());
    let mut kept =
        planned(Fate::Kept, Some("sgr-0b1"), inbound, tcp(443, 443), RulePeer::V4(office));
    kept.rule.description = Some(description.into());
    let icmp = RuleTraffic::Icmp { protocol: Protocol::ICMP, kind: Some(8), code: None };
    let rules = vec![
        removed,
        kept,
        planned(Fate::Removed, None, outbound, RuleTraffic::All, RulePeer::V4(Ipv4Prefix::ALL)),
        planned(Fate::Added, None, inbound, tcp(22, 22), RulePeer::Group(bastion)),
        planned(Fate::Added, None, inbound, icmp, RulePeer::V6("fd00::/8".parse().unwrap())),
        planned(Fate::Added, None, outbound, tcp(8000, 8080), RulePeer::PrefixList("pl-0a".into())),
    ];
    let everyone = IpSet::from_iter([Ipv4Prefix::ALL.into()]);
    let closes = Closing {
        direction: inbound,
        peers: Peers::Addresses(everyone),
        traffic: tcp(3389, 3389).to_traffic(),
        is_public: true,
    };
    let changed = GroupPlan { doubts: Vec::new(), rules, closes: vec![closes], is_minimal: true };
    let doubtful = GroupPlan {
        doubts: vec![
            Doubt::NotLogged("eni-0c1".into()),
            Doubt::WatchedBriefly("eni-0b1".into(), 7200),
        ],
        rules: Vec::new(),
        closes: Vec::new(),
        is_minimal: true,
    };
    Plan {
        groups: [("sg-0b1".into(), changed), ("sg-0c1".into(), doubtful)].into(),
        proof: Proof { requests: 12, from_end_to_end: 11, by_rules_only: 1, narrowed: 2 },
        evidence: Evidence {
            span: Some(SEEN),
            clues: [(Clue::Flags, 40), (Clue::Ports, 3)].into(),
            unexplained: 1,
            ..Evidence::default()
        },
    }
}

fn account() -> Model {
    model("bastion")
}

fn check(format: PlanFormat, description: &str) -> String {
    written(|out| plan(&account(), &sample(description), format, &terminal(100), out))
}

#[test]
fn a_table_says_what_changes_and_why_not() {
    insta::assert_snapshot!(check(PlanFormat::Table, "office"), @r"
    1 of 2 security groups change: 3 rules added, 2 removed, 1 kept

    sg-0b1 (web)
      remove  inbound   all traffic from 0.0.0.0/0       unused
      keep    inbound   tcp 443 from 198.51.100.0/24     1204 records, last 2026-01-15 00:00Z
      add     inbound   tcp 22 from sg-0a1 (bastion)     1204 records, last 2026-01-15 00:00Z
      add     inbound   icmp echo-request from fd00::/8  1204 records, last 2026-01-15 00:00Z
      remove  outbound  all traffic to 0.0.0.0/0         unused
      add     outbound  tcp 8000-8080 to pl-0a           1204 records, last 2026-01-15 00:00Z
      closes, Internet: inbound tcp 3389 from 0.0.0.0/0

    Left as they are, because the log cannot show what they are needed for
      sg-0c1 (cache): eni-0c1 (sessions) has no record in the log; eni-0b1 (web-1) was watched for 2
        hours only

    Proved
      12 requests that were seen stay admitted by the same groups
      11 of them pass from end to end as they do today
      1 have an end or a way that was not read: only rules could be checked
      no changed group admits anything that it does not admit today

    The log
      the log goes from 2026-01-01 00:00Z to 2026-01-15 00:00Z
      40 conversations: who began is told by TCP flags or rules
      3 conversations: who began is guessed from ports (`--no-guess` keeps both)
      1 accepted conversations are admitted by no rule: rules have changed since
    ");
}

#[test]
fn terraform_makes_and_imports_rules() {
    insta::assert_snapshot!(check(PlanFormat::Terraform, "office"), @r#"
    # sg-0b1 (web)
    # delete from the configuration: sgr-0b2 all traffic from 0.0.0.0/0
    # delete from the configuration: all traffic to 0.0.0.0/0

    import {
      to = aws_vpc_security_group_ingress_rule.sg_0b1_1
      id = "sgr-0b1"
    }

    resource "aws_vpc_security_group_ingress_rule" "sg_0b1_1" {
      security_group_id = "sg-0b1"
      ip_protocol       = "tcp"
      from_port         = 443
      to_port           = 443
      cidr_ipv4         = "198.51.100.0/24"
      description       = "office"
    }

    resource "aws_vpc_security_group_ingress_rule" "sg_0b1_2" {
      security_group_id            = "sg-0b1"
      ip_protocol                  = "tcp"
      from_port                    = 22
      to_port                      = 22
      referenced_security_group_id = "sg-0a1"
    }

    resource "aws_vpc_security_group_ingress_rule" "sg_0b1_3" {
      security_group_id = "sg-0b1"
      ip_protocol       = "icmp"
      from_port         = 8
      to_port           = -1
      cidr_ipv6         = "fd00::/8"
    }

    resource "aws_vpc_security_group_egress_rule" "sg_0b1_4" {
      security_group_id = "sg-0b1"
      ip_protocol       = "tcp"
      from_port         = 8000
      to_port           = 8080
      prefix_list_id    = "pl-0a"
    }
    "#);
}

#[test]
fn cloudformation_makes_rules_and_lists_what_goes() {
    insta::assert_snapshot!(check(PlanFormat::CloudFormation, "office"), @r#"
    {
      "AWSTemplateFormatVersion": "2010-09-09",
      "Description": "Security group rules for the traffic that was seen; afterwards revoke what Metadata lists",
      "Metadata": {
        "RevokeAfterwards": [
          {
            "GroupId": "sg-0b1",
            "Rule": "all traffic from 0.0.0.0/0",
            "SecurityGroupRuleId": "sgr-0b2"
          },
          {
            "GroupId": "sg-0b1",
            "Rule": "all traffic to 0.0.0.0/0",
            "SecurityGroupRuleId": null
          }
        ]
      },
      "Resources": {
        "sg0b1Rule1": {
          "Properties": {
            "FromPort": 22,
            "GroupId": "sg-0b1",
            "IpProtocol": "tcp",
            "SourceSecurityGroupId": "sg-0a1",
            "SourceSecurityGroupOwnerId": "111122223333",
            "ToPort": 22
          },
          "Type": "AWS::EC2::SecurityGroupIngress"
        },
        "sg0b1Rule2": {
          "Properties": {
            "CidrIpv6": "fd00::/8",
            "FromPort": 8,
            "GroupId": "sg-0b1",
            "IpProtocol": "icmp",
            "ToPort": -1
          },
          "Type": "AWS::EC2::SecurityGroupIngress"
        },
        "sg0b1Rule3": {
          "Properties": {
            "DestinationPrefixListId": "pl-0a",
            "FromPort": 8000,
            "GroupId": "sg-0b1",
            "IpProtocol": "tcp",
            "ToPort": 8080
          },
          "Type": "AWS::EC2::SecurityGroupEgress"
        }
      }
    }
    "#);
}

#[test]
fn commands_authorize_before_they_revoke() {
    insta::assert_snapshot!(check(PlanFormat::AwsCli, "office"), @r#"
    #!/bin/sh
    set -eu

    # authorize ingress of sg-0b1 (web): tcp 22 from sg-0a1 (bastion)
    aws ec2 authorize-security-group-ingress --group-id 'sg-0b1' --region 'eu-west-1' --ip-permissions '[{"FromPort":22,"IpProtocol":"tcp","ToPort":22,"UserIdGroupPairs":[{"GroupId":"sg-0a1","UserId":"111122223333"}]}]'

    # authorize ingress of sg-0b1 (web): icmp echo-request from fd00::/8
    aws ec2 authorize-security-group-ingress --group-id 'sg-0b1' --region 'eu-west-1' --ip-permissions '[{"FromPort":8,"IpProtocol":"icmp","Ipv6Ranges":[{"CidrIpv6":"fd00::/8"}],"ToPort":-1}]'

    # authorize egress of sg-0b1 (web): tcp 8000-8080 to pl-0a
    aws ec2 authorize-security-group-egress --group-id 'sg-0b1' --region 'eu-west-1' --ip-permissions '[{"FromPort":8000,"IpProtocol":"tcp","PrefixListIds":[{"PrefixListId":"pl-0a"}],"ToPort":8080}]'

    # revoke ingress of sg-0b1 (web): all traffic from 0.0.0.0/0
    aws ec2 revoke-security-group-ingress --group-id 'sg-0b1' --region 'eu-west-1' --security-group-rule-ids 'sgr-0b2'

    # revoke egress of sg-0b1 (web): all traffic to 0.0.0.0/0
    aws ec2 revoke-security-group-egress --group-id 'sg-0b1' --region 'eu-west-1' --ip-permissions '[{"IpProtocol":"-1","IpRanges":[{"CidrIp":"0.0.0.0/0"}]}]'
    "#);
}

#[test]
fn a_rollback_is_the_inverse() {
    insta::assert_snapshot!(check(PlanFormat::Rollback, "the \"office\""), @r#"
    #!/bin/sh
    set -eu

    # authorize ingress of sg-0b1 (web): all traffic from 0.0.0.0/0
    aws ec2 authorize-security-group-ingress --group-id 'sg-0b1' --region 'eu-west-1' --ip-permissions '[{"IpProtocol":"-1","IpRanges":[{"CidrIp":"0.0.0.0/0","Description":"the \"office\""}]}]'

    # authorize egress of sg-0b1 (web): all traffic to 0.0.0.0/0
    aws ec2 authorize-security-group-egress --group-id 'sg-0b1' --region 'eu-west-1' --ip-permissions '[{"IpProtocol":"-1","IpRanges":[{"CidrIp":"0.0.0.0/0"}]}]'

    # revoke ingress of sg-0b1 (web): tcp 22 from sg-0a1 (bastion)
    aws ec2 revoke-security-group-ingress --group-id 'sg-0b1' --region 'eu-west-1' --ip-permissions '[{"FromPort":22,"IpProtocol":"tcp","ToPort":22,"UserIdGroupPairs":[{"GroupId":"sg-0a1","UserId":"111122223333"}]}]'

    # revoke ingress of sg-0b1 (web): icmp echo-request from fd00::/8
    aws ec2 revoke-security-group-ingress --group-id 'sg-0b1' --region 'eu-west-1' --ip-permissions '[{"FromPort":8,"IpProtocol":"icmp","Ipv6Ranges":[{"CidrIpv6":"fd00::/8"}],"ToPort":-1}]'

    # revoke egress of sg-0b1 (web): tcp 8000-8080 to pl-0a
    aws ec2 revoke-security-group-egress --group-id 'sg-0b1' --region 'eu-west-1' --ip-permissions '[{"FromPort":8000,"IpProtocol":"tcp","PrefixListIds":[{"PrefixListId":"pl-0a"}],"ToPort":8080}]'
    "#);
}

#[test]
fn json_has_every_rule() {
    let document: serde_json::Value =
        serde_json::from_str(&check(PlanFormat::Json, "office")).unwrap();
    let rules = document["groups"][0]["rules"].as_array().unwrap();
    let fates: Vec<_> = rules.iter().map(|rule| rule["fate"].as_str().unwrap()).collect();
    assert_eq!(fates, ["remove", "keep", "remove", "add", "add", "add"]);
    assert_eq!(rules[3]["peer"], "sg-0a1");
    assert_eq!(rules[4]["from_port"], 8);
    assert_eq!(rules[4]["to_port"], -1);
    assert_eq!(rules[0]["last_seen"], serde_json::Value::Null);
}

/// Splits a line into words as a POSIX shell does, or says what a shell would obey in it.
///
/// Written from the shell's grammar (POSIX.1-2024, "Quoting"), not from how the commands are quoted.
fn shell_words(line: &str) -> Result<Vec<String>, String> {
    let mut words = vec![String::new()];
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        let word = words.last_mut().unwrap();
        match letter {
            '\'' => loop {
                match letters.next() {
                    Some('\'') => break,
                    Some(inside) => word.push(inside),
                    None => return Err("a quote is not closed".to_owned()),
                }
            },
            '\\' => word.push(letters.next().ok_or("a backslash at the end")?),
            ' ' => words.push(String::new()),
            it if it.is_ascii_alphanumeric() || "-_./:".contains(it) => word.push(it),
            it => return Err(format!("`{it}` is obeyed")),
        }
    }
    Ok(words)
}

/// Checks that a script consists of comments and of commands whose words a shell takes as they are.
fn check_script(script: &str, description: &str) {
    let mut lines = script.lines();
    assert_eq!(lines.next(), Some("#!/bin/sh"));
    assert_eq!(lines.next(), Some("set -eu"));
    for line in lines.filter(|line| !line.is_empty() && !line.starts_with("# ")) {
        let words = shell_words(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        assert_eq!(words[..2], ["aws", "ec2"], "{line}");
        let Some(json) = words.iter().position(|word| word == "--ip-permissions") else { continue };
        let permissions: serde_json::Value = serde_json::from_str(&words[json + 1]).unwrap();
        assert_eq!(words.len(), json + 2, "{line}");
        let found = permissions[0]["IpRanges"][0].get("Description");
        let expected = crate::inert::inert(description);
        assert!(found.is_none_or(|it| *it == expected.as_ref()), "{line}");
    }
}

/// Checks that Terraform parses back to strings that nothing is computed from.
fn check_terraform(text: &str, description: &str) {
    let body: Body = text.parse().unwrap_or_else(|error| panic!("{error}: {text}"));
    let mut resources = 0;
    for block in body.blocks() {
        let expected = ["import", "resource"];
        assert!(expected.contains(&block.ident.as_str()), "{text}");
        resources += usize::from(block.ident.as_str() == "resource");
        for attribute in block.body.attributes() {
            let is_plain = match &attribute.value {
                Expression::String(_) | Expression::Number(_) | Expression::UnaryOp(_) => true,
                Expression::Traversal(_) => attribute.key.as_str() == "to",
                _ => false,
            };
            assert!(is_plain, "{attribute:?}");
            if attribute.key.as_str() == "description" {
                let expected = crate::inert::inert(description).into_owned();
                assert_eq!(attribute.value.as_str(), Some(expected.as_str()));
            }
        }
    }
    assert_eq!(resources, 4, "{text}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn whatever_a_description_says_nothing_obeys_it(
        description in prop_oneof![
            any::<String>(),
            "[\"'\\\\${}%`\n\r#;&|<>()!*?~=\\[\\] a-c]{0,24}",
        ],
    ) {
        check_script(&check(PlanFormat::AwsCli, &description), &description);
        check_script(&check(PlanFormat::Rollback, &description), &description);
        check_terraform(&check(PlanFormat::Terraform, &description), &description);
        for format in [PlanFormat::Json, PlanFormat::CloudFormation] {
            let text = check(format, &description);
            prop_assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok());
        }
        for format in PlanFormat::ALL {
            let text = check(format, &description);
            let obeyed = |it: char| it != '\n' && crate::inert::is_obeyed(it);
            prop_assert!(!text.contains(obeyed), "{}: {}", format, text);
        }
    }
}
