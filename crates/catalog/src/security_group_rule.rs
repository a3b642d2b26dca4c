//! The recommended setting, written as a command and as Terraform.
//!
//! Identifiers and addresses are placeholders: `sg-…` and `pl-…` ids that are obviously made up,
//! and addresses from the ranges that RFC 5737 and RFC 1918 set aside.

use std::ops::RangeInclusive;

use crate::guide::{AllowedSource, Guide};
use crate::transport::Transport;

/// The security group of the service.
const SERVICE_GROUP: &str = "sg-0123456789abcdef0";
/// The security group of whoever may reach it.
const SOURCE_GROUP: &str = "sg-0fedcba9876543210";
/// The prefix list of the administrators' networks.
const PREFIX_LIST: &str = "pl-0123456789abcdef0";
/// The address range of the VPC, from RFC 1918.
const VPC: &str = "10.0.0.0/16";
/// The address of a partner, from TEST-NET-2 of RFC 5737.
const PARTNER: &str = "198.51.100.7/32";

/// An inbound rule that lets in those who should come, and nobody else.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ExampleRule {
    transport: Transport,
    // INVARIANT: not empty.
    ports: RangeInclusive<u16>,
    // INVARIANT: never `Nobody`.
    source: AllowedSource,
    name: String,
}

impl ExampleRule {
    /// Returns the rule that `guide` recommends for `port`, or `None` if it recommends no rule.
    ///
    /// A run of ports that belong together comes as one rule. SCTP and DCCP have none: EC2 cannot
    /// limit them to ports, so a rule for one port would open all.
    ///
    /// Source: EC2 API Reference, `IpPermission`.
    pub fn new(guide: &Guide, transport: Transport, port: u16) -> Option<Self> {
        if guide.allow == AllowedSource::Nobody || !has_port_rules(transport) {
            return None;
        }
        let run = guide.ports.iter().find(|ports| ports.contains(&port));
        let (name, ports) = match run.filter(|_| guide.is_listed()) {
            Some(ports) => (guide.name.to_owned(), ports.clone()),
            None => (format!("port-{port}"), port..=port),
        };
        Some(Self { transport, ports, source: guide.allow, name })
    }

    /// Returns the rule as a command of the AWS CLI, on one line.
    pub fn aws_cli(&self) -> String {
        format!(
            "aws ec2 authorize-security-group-ingress --group-id {SERVICE_GROUP} \
             --ip-permissions '{},{}'",
            ip_permission(self.transport, &self.ports),
            self.cli_sources(),
        )
    }

    /// Returns the rule as Terraform resources of the AWS provider, version 5 and later.
    ///
    /// IPv4 and IPv6 need a resource each, so a rule for the Internet has two.
    pub fn terraform(&self) -> String {
        let resources: Vec<String> =
            self.terraform_sources().iter().map(|source| self.resource(source)).collect();
        resources.join("\n")
    }

    fn cli_sources(&self) -> String {
        let description = format!("Description=\"{}\"", self.description());
        match self.source {
            AllowedSource::Nobody => String::new(),
            AllowedSource::Administrators => {
                format!("PrefixListIds=[{{PrefixListId={PREFIX_LIST},{description}}}]")
            }
            AllowedSource::Application | AllowedSource::LoadBalancer => {
                format!("UserIdGroupPairs=[{{GroupId={SOURCE_GROUP},{description}}}]")
            }
            AllowedSource::SameGroup => {
                format!("UserIdGroupPairs=[{{GroupId={SERVICE_GROUP},{description}}}]")
            }
            AllowedSource::Vpc => format!("IpRanges=[{{CidrIp={VPC},{description}}}]"),
            AllowedSource::Partners => format!("IpRanges=[{{CidrIp={PARTNER},{description}}}]"),
            AllowedSource::Internet => format!(
                "IpRanges=[{{CidrIp=0.0.0.0/0,{description}}}],\
                 Ipv6Ranges=[{{CidrIpv6=::/0,{description}}}]"
            ),
        }
    }

    /// Returns the suffix of the resource's name, the argument that names the source, and its
    /// value, once for each resource.
    fn terraform_sources(&self) -> Vec<(&'static str, &'static str, String)> {
        let group = "referenced_security_group_id";
        match self.source {
            AllowedSource::Nobody => Vec::new(),
            AllowedSource::Administrators => {
                vec![("", "prefix_list_id", "aws_ec2_managed_prefix_list.administrators.id".into())]
            }
            AllowedSource::Application => {
                vec![("", group, "aws_security_group.application.id".into())]
            }
            AllowedSource::LoadBalancer => {
                vec![("", group, "aws_security_group.load_balancer.id".into())]
            }
            AllowedSource::SameGroup => vec![("", group, "aws_security_group.service.id".into())],
            AllowedSource::Vpc => vec![("", "cidr_ipv4", "aws_vpc.main.cidr_block".into())],
            AllowedSource::Partners => vec![("", "cidr_ipv4", format!("\"{PARTNER}\""))],
            AllowedSource::Internet => vec![
                ("_ipv4", "cidr_ipv4", "\"0.0.0.0/0\"".into()),
                ("_ipv6", "cidr_ipv6", "\"::/0\"".into()),
            ],
        }
    }

    fn resource(&self, (suffix, argument, value): &(&str, &str, String)) -> String {
        let name = self.name.replace('-', "_");
        let arguments = [
            ("security_group_id", "aws_security_group.service.id".to_owned()),
            ("description", format!("\"{}\"", self.description())),
            ("ip_protocol", format!("\"{}\"", self.transport)),
            ("from_port", self.ports.start().to_string()),
            ("to_port", self.ports.end().to_string()),
            (argument, value.clone()),
        ];
        let width = arguments.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
        let lines = arguments.map(|(name, value)| format!("  {name:width$} = {value}"));
        format!(
            "resource \"aws_vpc_security_group_ingress_rule\" \"{name}{suffix}\" {{\n{}\n}}\n",
            lines.join("\n"),
        )
    }

    /// Returns a description that EC2 accepts: letters, digits, spaces, and a little punctuation.
    fn description(&self) -> String {
        format!("{} from {}", self.name, self.source)
    }
}

/// Returns the AWS CLI commands that take `ports` from the whole Internet, one for IPv4 and one for
/// IPv6.
///
/// EC2 revokes only a rule that has exactly these ports: where a wider rule opens them, it is the
/// wider rule that must be named.
///
/// Source: EC2 API Reference, `RevokeSecurityGroupIngress`.
pub fn close_to_internet(transport: Transport, ports: &RangeInclusive<u16>) -> [String; 2] {
    ["IpRanges=[{CidrIp=0.0.0.0/0}]", "Ipv6Ranges=[{CidrIpv6=::/0}]"].map(|source| {
        format!(
            "aws ec2 revoke-security-group-ingress --group-id {SERVICE_GROUP} \
             --ip-permissions '{},{source}'",
            ip_permission(transport, ports),
        )
    })
}

/// Returns protocol and ports in the shorthand syntax of the AWS CLI.
fn ip_permission(transport: Transport, ports: &RangeInclusive<u16>) -> String {
    if has_port_rules(transport) {
        format!("IpProtocol={transport},FromPort={},ToPort={}", ports.start(), ports.end())
    } else {
        format!("IpProtocol={}", transport.protocol_number())
    }
}

/// Returns whether EC2 can limit a rule for `transport` to ports.
const fn has_port_rules(transport: Transport) -> bool {
    matches!(transport, Transport::Tcp | Transport::Udp)
}
