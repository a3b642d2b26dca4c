//! Every reason and every format of explained flows.

use std::net::IpAddr;

use portolan_model::Direction;
use portolan_net::{Header, IcmpKind, Protocol};
use portolan_reach::{Admission, Component, RuleReference, Unknown, UnknownReason};
use portolan_respond::Span;

use super::*;
use crate::fixture::{model, rule, terminal, unreachable, written};

/// Returns a packet from a stranger to SSH of the bastion.
fn flow(is_accepted: bool) -> ObservedFlow {
    let address = |text: &str| text.parse::<IpAddr>().unwrap();
    ObservedFlow {
        interface: "eni-0a1".into(),
        local: address("10.0.1.10"),
        peer: address("192.0.2.66"),
        direction: Direction::Inbound,
        protocol: Protocol::TCP,
        local_port: 22,
        peer_port: 49_152,
        is_accepted,
        handshake: None,
        records: 1,
        bytes: 40,
        span: Span { first: 1_767_225_600, last: 1_767_225_660 },
    }
}

fn deny() -> RuleReference {
    let acl = Component::NetworkAcl("acl-0a1".into());
    rule(acl, "90", "inbound deny tcp 22 from 192.0.2.0/24")
}

fn why(reason: Reason) -> Why {
    let port = |protocol| Header::Ports { protocol, source: 49_152, destination: 22 };
    Why {
        reason,
        network_acl: AclDecision::Denies(deny()),
        groups: admission(true, true, vec![("sg-0a1".into(), 1)]),
        may_be_answer: false,
        neighbour: None,
        today: Some(unreachable()),
        header: port(Protocol::TCP),
        is_header_guessed: false,
    }
}

fn admission(is_exact: bool, is_filtered: bool, rules: Vec<(SecurityGroupId, usize)>) -> Admission {
    Admission { rules, is_exact, is_filtered }
}

fn refused() -> Why {
    why(Reason::NetworkAcl(deny()))
}

/// Returns why SSH to the bastion was rejected, with this name for the bastion.
pub(crate) fn refused_as(format: Format, bastion: &str) -> String {
    written_as(format, bastion, &refused())
}

fn written_as(format: Format, bastion: &str, why: &Why) -> String {
    let style = terminal(120);
    written(|out| rejection(&model(bastion), &flow(false), why, format, &style, out))
}

#[test]
fn a_table_tells_the_rule() {
    insta::assert_snapshot!(refused_as(Format::Table, "bastion"), @r"
    tcp 49152 -> 22 rejected inbound at bastion (eni-0a1) from 192.0.2.66
    about              what is known
    answer             network ACL entry acl-0a1 90: inbound deny tcp 22 from 192.0.2.0/24 refuses it
    seen               2026-01-01 00:00Z to 2026-01-01 00:01Z
    network ACL        drops it: acl-0a1 90: inbound deny tcp 22 from 192.0.2.0/24
    security groups    admit it: sg-0a1 (bastion): tcp 22 from sg-0a1 (bastion)
    end to end, today  unreachable: SUBNET_ACL_RESTRICTION at network ACL acl-0a1; ENI_SG_RULES_MISMATCH at network
                       interface eni-0a1 (bastion)
    ");
}

#[test]
fn a_sheet_tells_the_rule() {
    insta::assert_snapshot!(refused_as(Format::Csv, "bastion"), @r#"
    about,what is known
    answer,network ACL entry acl-0a1 90: inbound deny tcp 22 from 192.0.2.0/24 refuses it
    seen,2026-01-01 00:00Z to 2026-01-01 00:01Z
    network ACL,drops it: acl-0a1 90: inbound deny tcp 22 from 192.0.2.0/24
    security groups,admit it: sg-0a1 (bastion): tcp 22 from sg-0a1 (bastion)
    "end to end, today",unreachable: SUBNET_ACL_RESTRICTION at network ACL acl-0a1; ENI_SG_RULES_MISMATCH at network interface eni-0a1 (bastion)
    "#);
}

#[test]
fn markdown_tells_the_rule() {
    insta::assert_snapshot!(refused_as(Format::Markdown, "bastion"), @r"
    # tcp 49152 -&gt; 22 rejected inbound at bastion (eni-0a1) from 192.0.2.66

    | about | what is known |
    | --- | --- |
    | answer | network ACL entry acl-0a1 90: inbound deny tcp 22 from 192.0.2.0/24 refuses it |
    | seen | 2026-01-01 00:00Z to 2026-01-01 00:01Z |
    | network ACL | drops it: acl-0a1 90: inbound deny tcp 22 from 192.0.2.0/24 |
    | security groups | admit it: sg-0a1 (bastion): tcp 22 from sg-0a1 (bastion) |
    | end to end, today | unreachable: SUBNET\_ACL\_RESTRICTION at network ACL acl-0a1; ENI\_SG\_RULES\_MISMATCH at network interface eni-0a1 (bastion) |
    ");
}

#[test]
fn a_page_tells_the_rule() {
    let page = refused_as(Format::Html, "bastion");
    let body = page.split_once("<body>").unwrap().1;
    insta::assert_snapshot!(body.replace("</tr>", "</tr>\n"), @r##"
    <a class="skip" href="#content">Skip to the content</a><header><strong>portolan</strong><h1>tcp 49152 -&gt; 22 rejected inbound at bastion (eni-0a1) from 192.0.2.66</h1><span class="about"></span></header><main id="content"><section><table><thead><tr><th>about</th><th>what is known</th></tr>
    </thead><tbody><tr><td>answer</td><td>network ACL entry acl-0a1 90: inbound deny tcp 22 from 192.0.2.0/24 refuses it</td></tr>
    <tr><td>seen</td><td>2026-01-01 00:00Z to 2026-01-01 00:01Z</td></tr>
    <tr><td>network ACL</td><td>drops it: acl-0a1 90: inbound deny tcp 22 from 192.0.2.0/24</td></tr>
    <tr><td>security groups</td><td>admit it: sg-0a1 (bastion): tcp 22 from sg-0a1 (bastion)</td></tr>
    <tr><td>end to end, today</td><td>unreachable: SUBNET_ACL_RESTRICTION at network ACL acl-0a1; ENI_SG_RULES_MISMATCH at network interface eni-0a1 (bastion)</td></tr>
    </tbody></table></section></main></body></html>
    "##);
}

#[test]
fn json_tells_the_rule() {
    insta::assert_snapshot!(refused_as(Format::Json, "bastion"), @r#"
    {
      "format_version": "1.0",
      "flow": "tcp 49152 -> 22 rejected inbound at bastion (eni-0a1) from 192.0.2.66",
      "interface": "eni-0a1",
      "resource": {
        "name": "bastion",
        "id": "i-0a1",
        "kind": "instance",
        "account": "111122223333",
        "region": "eu-west-1"
      },
      "reason": "network_acl",
      "network_acl_entry": {
        "component": {
          "kind": "network ACL",
          "id": "acl-0a1",
          "name": null
        },
        "id": "90",
        "text": "inbound deny tcp 22 from 192.0.2.0/24",
        "names": []
      },
      "security_groups": [],
      "answer": "network ACL entry acl-0a1 90: inbound deny tcp 22 from 192.0.2.0/24 refuses it",
      "facts": [
        {
          "about": "seen",
          "text": "2026-01-01 00:00Z to 2026-01-01 00:01Z"
        },
        {
          "about": "network ACL",
          "text": "drops it: acl-0a1 90: inbound deny tcp 22 from 192.0.2.0/24"
        },
        {
          "about": "security groups",
          "text": "admit it: sg-0a1 (bastion): tcp 22 from sg-0a1 (bastion)"
        },
        {
          "about": "end to end, today",
          "text": "unreachable: SUBNET_ACL_RESTRICTION at network ACL acl-0a1; ENI_SG_RULES_MISMATCH at network interface eni-0a1 (bastion)"
        }
      ]
    }
    "#);
}

/// Checks the answer of a rejected and of an accepted record.
#[track_caller]
fn check(why: &Why, rejected: &str, accepted: &str) {
    let model = model("bastion");
    let texts = [false, true].map(|is| answer(Names::new(&model), &flow(is), why));
    assert_eq!(texts, [rejected, accepted]);
}

#[test]
fn every_reason_has_words() {
    for (reason, text) in [
        (LoggedReason::BlockPublicAccess, "the log says it: VPC Block Public Access"),
        (LoggedReason::EncryptionControl, "the log says it: VPC Encryption Controls"),
    ] {
        check(&why(Reason::Logged(reason)), text, text);
    }
    check(
        &refused(),
        "network ACL entry acl-0a1 90: inbound deny tcp 22 from 192.0.2.0/24 refuses it",
        "the rules have changed since the record: network ACL entry acl-0a1 90: inbound deny tcp 22 from \
         192.0.2.0/24 refuses it",
    );
    let no_rule = why(Reason::NoRule(vec!["sg-0a1".into(), "sg-gone".into()]));
    check(
        &no_rule,
        "no rule admits it: not in sg-0a1 (bastion), sg-gone",
        "the rules have changed since the record: no rule admits it, not in sg-0a1 (bastion), sg-gone",
    );
    check(
        &Why { may_be_answer: true, ..no_rule },
        "no security group rule admits it as a first packet; it may be a late answer, which came after the \
         security groups had forgotten the conversation",
        "it is admitted as an answer: the security groups admit the other direction",
    );
    check(
        &why(Reason::NoRule(Vec::new())),
        "no rule admits it: not in any security group",
        "the rules have changed since the record: no rule admits it, not in any security group",
    );
    check(
        &why(Reason::AdmittedToday),
        "the rules that were read admit it: they have changed since the record",
        "it is admitted",
    );
    let unread = "it cannot be told: a security group or prefix list was not read";
    check(&why(Reason::NotKnown(Vec::new())), unread, unread);
    let component = Component::NetworkAcl("acl-0a1".into());
    let unknown = Unknown { reason: UnknownReason::NotRead, component };
    let unread = "it cannot be told: network ACL acl-0a1 was not read";
    check(&why(Reason::NotKnown(vec![unknown])), unread, unread);
}

#[test]
fn what_was_guessed_is_said() {
    let kind = IcmpKind::new(8, 0);
    let why = Why {
        network_acl: AclDecision::NotPassed,
        groups: admission(false, true, Vec::new()),
        may_be_answer: true,
        neighbour: Some("eni-0b1".into()),
        today: None,
        header: Header::Icmp { protocol: Protocol::ICMP, kind },
        is_header_guessed: true,
        ..why(Reason::NoRule(vec!["sg-0a1".into()]))
    };
    insta::assert_snapshot!(written_as(Format::Table, "bastion", &why), @r"
    icmp 8/0 rejected inbound at bastion (eni-0a1) from web-1 (192.0.2.66)
    about              what is known
    answer             no security group rule admits it as a first packet; it may be a late answer, which came after the
                       security groups had forgotten the conversation
    seen               2026-01-01 00:00Z to 2026-01-01 00:01Z
    network ACL        not passed: both ends are in one subnet
    security groups    not known: not all was read of what they say
    as an answer       the security groups admit the other direction, so an answer passes them as long as they remember the
                       conversation; a network ACL does not remember
    not logged         flow logs have no ICMP type; it is taken for an echo request
    end to end, today  not known: one of its ends is outside what was read
    ");
}

#[test]
fn whatever_security_groups_do_has_words() {
    let model = model("bastion");
    let check = |groups: Admission, expected: &str| {
        let why = Why { groups, ..refused() };
        assert_eq!(groups_text(Names::new(&model), &why), expected);
    };
    check(admission(true, true, Vec::new()), "no rule admits it as a first packet");
    check(admission(false, true, Vec::new()), "not known: not all was read of what they say");
    check(admission(true, false, Vec::new()), "the interface has none, so that everything passes");
    let rules = vec![("sg-0b1".into(), 1), ("sg-0c1".into(), 0)];
    check(
        admission(true, true, rules),
        "admit it: sg-0b1 (web): tcp 22 from sg-0a1 (bastion); sg-0c1 (cache): all traffic to 0.0.0.0/0",
    );
}

#[test]
fn each_decision_of_a_network_acl_has_words() {
    let model = model("bastion");
    let check = |decision: AclDecision, expected: &str| {
        assert_eq!(acl_text(Names::new(&model), &decision), expected);
    };
    check(AclDecision::NotPassed, "not passed: both ends are in one subnet");
    check(AclDecision::Off, "not evaluated");
    check(
        AclDecision::Allows(deny()),
        "lets it pass: acl-0a1 90: inbound deny tcp 22 from 192.0.2.0/24",
    );
    check(
        AclDecision::Denies(deny()),
        "drops it: acl-0a1 90: inbound deny tcp 22 from 192.0.2.0/24",
    );
    let component = Component::NetworkAcl("acl-0a1".into());
    let unknown = Unknown { reason: UnknownReason::NotRead, component };
    check(AclDecision::NotRead(unknown), "not known: network ACL acl-0a1 was not read");
}
