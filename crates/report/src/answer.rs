//! The answer to one question, as a report.

mod csv;
mod html;
pub(crate) mod json;
mod markdown;
pub(crate) mod remedy;
mod table;
mod view;
mod words;

use std::io;

use portolan_reach::{Answer, Chart};

use crate::answer::view::AnswerView;
use crate::format::{Format, Style};

/// A question as its author typed it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct QuestionText {
    /// Who begins.
    pub from: String,
    /// Who is to answer.
    pub to: String,
    /// The packets that the question is about, such as `tcp 443`; `None` for all.
    pub traffic: Option<String>,
}

/// One answer, or the same question answered layer by layer.
#[derive(Clone, Copy, Debug)]
pub enum AnswerSet<'a> {
    /// The answer with everything evaluated.
    One(&'a Answer),
    /// The answers of the layers, each alone and together.
    Layers {
        /// With network ACLs only: every security group passes everything.
        network_acls: &'a Answer,
        /// With security groups only: every network ACL passes everything.
        security_groups: &'a Answer,
        /// With both: the answer to act on.
        both: &'a Answer,
    },
}

impl<'a> AnswerSet<'a> {
    /// Returns the answer with everything evaluated.
    pub const fn full(self) -> &'a Answer {
        match self {
            Self::One(answer) | Self::Layers { both: answer, .. } => answer,
        }
    }
}

/// Writes the answer to one question: the verdict, and why.
pub fn answer(
    chart: &Chart,
    question: &QuestionText,
    answers: AnswerSet<'_>,
    format: Format,
    style: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let view = AnswerView::new(chart, question, answers);
    match format {
        Format::Table => table::write(&view, style, out),
        Format::Json => crate::json::write(&json::Document::new(&view), out),
        Format::Csv => csv::write(&view, out),
        Format::Markdown => markdown::write(&view, out),
        Format::Html => html::write(&view, out),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{answer_as, reachable, terminal, unknown, unreachable};

    fn table(answer: &Answer) -> String {
        answer_as(Format::Table, &terminal(80), AnswerSet::One(answer), "bastion")
    }

    #[test]
    fn shows_the_way_of_a_packet() {
        insta::assert_snapshot!(table(&reachable()), @r"
        reachable  internet -> bastion, tcp 22

                  traffic  from             to
          passes  tcp 22   anywhere (IPv4)  198.51.100.10

        The way of one packet, tcp 203.0.113.7:32768 -> 198.51.100.10:22
          ├ Internet
          ├ Internet gateway igw-0a1 (edge)
          ├ network ACL acl-0a1, inbound
          │   100: inbound allow all traffic from 0.0.0.0/0
          └ network interface eni-0a1 (bastion), inbound
              sg-0a1 (bastion) inbound 1: tcp 22 from 0.0.0.0/0

        The way of its reply
          ├ route table rtb-0a1
          │   0.0.0.0/0 to igw-0a1
          └ network ACL acl-0a1, outbound
              100: outbound allow all traffic to 0.0.0.0/0

        Assumed: whether something listens, and what a host's own firewall does, is not
          judged.

        Not everything essential was read of 1 Region of 1 account; what is missing is
          not judged.
          network ACLs  not read in 111122223333           aws ec2 describe-network-acls
                        eu-west-1
        ");
    }

    #[test]
    fn shows_everything_in_the_way() {
        insta::assert_snapshot!(table(&unreachable()), @r"
        unreachable  internet -> bastion, tcp 22

        The most promising way
          ├ Internet
          ├ network ACL acl-0a1, inbound
          └ network interface eni-0a1 (bastion), inbound

        In the way, all of these
          1. SUBNET_ACL_RESTRICTION  network ACL acl-0a1, inbound
             the subnet's network ACL does not allow the traffic
             rule: acl-0a1 *: inbound deny all traffic from 0.0.0.0/0
             to change it: allow the traffic by an entry with a lower number than the
             one that denies it
          2. ENI_SG_RULES_MISMATCH  network interface eni-0a1 (bastion), inbound
             no rule of the interface's security groups allows the traffic
             to change it: add a rule for this traffic to one of the interface's
             security groups: sg-0a1 (bastion)

        Assumed: whether something listens, and what a host's own firewall does, is not
          judged.

        Not everything essential was read of 1 Region of 1 account; what is missing is
          not judged.
          network ACLs  not read in 111122223333           aws ec2 describe-network-acls
                        eu-west-1
        ");
    }

    #[test]
    fn says_what_is_not_known() {
        insta::assert_snapshot!(table(&unknown()), @r"
        unknown  internet -> bastion, tcp 22

                    traffic  from             to
          may pass  tcp 22   anywhere (IPv4)  198.51.100.10

        The way of one packet, tcp 203.0.113.7:32768 -> 198.51.100.10:22
          ├ Internet
          ├ Internet gateway igw-0a1 (edge)
          ├ network ACL acl-0a1, inbound
          │   100: inbound allow all traffic from 0.0.0.0/0
          └ network interface eni-0a1 (bastion), inbound
              sg-0a1 (bastion) inbound 1: tcp 22 from 0.0.0.0/0

        The way of its reply
          ├ route table rtb-0a1
          │   0.0.0.0/0 to igw-0a1
          └ network ACL acl-0a1, outbound
              100: outbound allow all traffic to 0.0.0.0/0

        Not known, and could change the answer
          transit gateway tgw-0e1 is not modelled yet

        Assumed: whether something listens, and what a host's own firewall does, is not
          judged.

        Not everything essential was read of 1 Region of 1 account; what is missing is
          not judged.
          network ACLs  not read in 111122223333           aws ec2 describe-network-acls
                        eu-west-1
        ");
    }

    #[test]
    fn holds_the_layers_side_by_side() {
        let (passes, blocked) = (reachable(), unreachable());
        let answers =
            AnswerSet::Layers { network_acls: &blocked, security_groups: &passes, both: &blocked };
        let text = answer_as(Format::Markdown, &Style::default(), answers, "bastion");
        insta::assert_snapshot!(text, @r"
        # unreachable: internet -&gt; bastion, tcp 22

        | Layer | Verdict | What passes |
        | --- | --- | --- |
        | network ACLs | unreachable | nothing |
        | security groups | reachable | tcp 22 |
        | both | unreachable | nothing |

        ## The most promising way

        1. Internet
        1. network ACL acl-0a1, inbound
        1. network interface eni-0a1 (bastion), inbound

        ## In the way

        | Code | Where | Meaning | Rule | Note | To change it |
        | --- | --- | --- | --- | --- | --- |
        | SUBNET\_ACL\_RESTRICTION | network ACL acl-0a1, inbound | the subnet's network ACL does not allow the traffic | acl-0a1 \*: inbound deny all traffic from 0.0.0.0/0 |  | allow the traffic by an entry with a lower number than the one that denies it |
        | ENI\_SG\_RULES\_MISMATCH | network interface eni-0a1 (bastion), inbound | no rule of the interface's security groups allows the traffic |  |  | add a rule for this traffic to one of the interface's security groups: sg-0a1 (bastion) |

        ## Assumed

        - whether something listens, and what a host's own firewall does, is not judged

        ## What was read

        Not everything essential was read of 1 Region of 1 account; what is missing is not judged.

        | Resources | What is missing | Command that reads it |
        | --- | --- | --- |
        | network ACLs | not read in 111122223333 eu-west-1 | aws ec2 describe-network-acls |
        ");
    }

    #[test]
    fn json_has_the_promised_properties() {
        for answer in [reachable(), unreachable(), unknown()] {
            let text = answer_as(Format::Json, &Style::default(), AnswerSet::One(&answer), "b");
            let document: serde_json::Value = serde_json::from_str(&text).unwrap();
            assert_eq!(document["verdict"], answer.verdict.as_str());
            assert_eq!(document["format_version"], "1.0");
            assert_eq!(document["blockers"].as_array().unwrap().len(), answer.blockers.len());
            assert!(!document["hops"].as_array().unwrap().is_empty());
            assert_eq!(document["coverage"]["is_complete"], false);
        }
    }

    #[test]
    fn csv_has_flows_and_blockers() {
        let answer = unreachable();
        let text = answer_as(Format::Csv, &Style::default(), AnswerSet::One(&answer), "bastion");
        assert_eq!(text.lines().count(), 1 + answer.blockers.len());
        assert!(text.lines().nth(1).unwrap().contains("SUBNET_ACL_RESTRICTION"), "{text}");
    }
}
