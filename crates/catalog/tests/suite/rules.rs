//! The recommended settings as commands and as Terraform.

use insta::assert_snapshot;
use portolan_catalog::{AllowedSource, ExampleRule, Transport, close_to_internet, guide, guides};

fn rule(transport: Transport, port: u16) -> Option<ExampleRule> {
    ExampleRule::new(guide(transport, port), transport, port)
}

fn aws_cli(transport: Transport, port: u16) -> String {
    rule(transport, port).map(|rule| rule.aws_cli()).unwrap_or_default()
}

fn terraform(transport: Transport, port: u16) -> String {
    rule(transport, port).map(|rule| rule.terraform()).unwrap_or_default()
}

#[test]
fn administrators_come_by_prefix_list() {
    assert_snapshot!(aws_cli(Transport::Tcp, 22), @r#"aws ec2 authorize-security-group-ingress --group-id sg-0123456789abcdef0 --ip-permissions 'IpProtocol=tcp,FromPort=22,ToPort=22,PrefixListIds=[{PrefixListId=pl-0123456789abcdef0,Description="ssh from administrators"}]'"#);
    assert_snapshot!(terraform(Transport::Tcp, 22), @r#"
    resource "aws_vpc_security_group_ingress_rule" "ssh" {
      security_group_id = aws_security_group.service.id
      description       = "ssh from administrators"
      ip_protocol       = "tcp"
      from_port         = 22
      to_port           = 22
      prefix_list_id    = aws_ec2_managed_prefix_list.administrators.id
    }
    "#);
}

#[test]
fn applications_come_by_security_group() {
    assert_snapshot!(aws_cli(Transport::Tcp, 5432), @r#"aws ec2 authorize-security-group-ingress --group-id sg-0123456789abcdef0 --ip-permissions 'IpProtocol=tcp,FromPort=5432,ToPort=5432,UserIdGroupPairs=[{GroupId=sg-0fedcba9876543210,Description="postgresql from the application"}]'"#);
    assert_snapshot!(terraform(Transport::Tcp, 5432), @r#"
    resource "aws_vpc_security_group_ingress_rule" "postgresql" {
      security_group_id            = aws_security_group.service.id
      description                  = "postgresql from the application"
      ip_protocol                  = "tcp"
      from_port                    = 5432
      to_port                      = 5432
      referenced_security_group_id = aws_security_group.application.id
    }
    "#);
}

#[test]
fn the_public_comes_over_both_address_families() {
    assert_snapshot!(aws_cli(Transport::Tcp, 443), @r#"aws ec2 authorize-security-group-ingress --group-id sg-0123456789abcdef0 --ip-permissions 'IpProtocol=tcp,FromPort=443,ToPort=443,IpRanges=[{CidrIp=0.0.0.0/0,Description="https from the Internet"}],Ipv6Ranges=[{CidrIpv6=::/0,Description="https from the Internet"}]'"#);
    assert_snapshot!(terraform(Transport::Tcp, 443), @r#"
    resource "aws_vpc_security_group_ingress_rule" "https_ipv4" {
      security_group_id = aws_security_group.service.id
      description       = "https from the Internet"
      ip_protocol       = "tcp"
      from_port         = 443
      to_port           = 443
      cidr_ipv4         = "0.0.0.0/0"
    }

    resource "aws_vpc_security_group_ingress_rule" "https_ipv6" {
      security_group_id = aws_security_group.service.id
      description       = "https from the Internet"
      ip_protocol       = "tcp"
      from_port         = 443
      to_port           = 443
      cidr_ipv6         = "::/0"
    }
    "#);
}

#[test]
fn runs_of_ports_come_as_one_rule() {
    assert_snapshot!(aws_cli(Transport::Tcp, 27018), @r#"aws ec2 authorize-security-group-ingress --group-id sg-0123456789abcdef0 --ip-permissions 'IpProtocol=tcp,FromPort=27017,ToPort=27019,UserIdGroupPairs=[{GroupId=sg-0fedcba9876543210,Description="mongodb from the application"}]'"#);
    assert_snapshot!(aws_cli(Transport::Udp, 31000), @r#"aws ec2 authorize-security-group-ingress --group-id sg-0123456789abcdef0 --ip-permissions 'IpProtocol=udp,FromPort=30000,ToPort=32767,UserIdGroupPairs=[{GroupId=sg-0fedcba9876543210,Description="nodeport from the load balancer"}]'"#);
}

#[test]
fn an_unlisted_port_comes_alone() {
    assert_snapshot!(aws_cli(Transport::Tcp, 12000), @r#"aws ec2 authorize-security-group-ingress --group-id sg-0123456789abcdef0 --ip-permissions 'IpProtocol=tcp,FromPort=12000,ToPort=12000,UserIdGroupPairs=[{GroupId=sg-0fedcba9876543210,Description="port-12000 from the load balancer"}]'"#);
}

#[test]
fn there_is_a_rule_unless_nobody_should_come() {
    for guide in guides() {
        let port = *guide.ports.first().unwrap().start();
        for transport in guide.transports.iter() {
            let rule = ExampleRule::new(guide, transport, port);
            assert_eq!(rule.is_none(), guide.allow == AllowedSource::Nobody, "{}", guide.name);
        }
    }
    assert_eq!(rule(Transport::Sctp, 22), None);
}

/// EC2 API Reference, `IpRange`: what a description may hold.
#[test]
fn ec2_accepts_every_description() {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || " ._-:/()#,@[]+=&;{}!$*".contains(c);
    for guide in guides() {
        let description = format!("{} from {}", guide.name, guide.allow);
        assert!(description.chars().all(is_allowed) && description.len() <= 255, "{description}");
    }
}

#[test]
fn closing_names_both_address_families() {
    assert_snapshot!(close_to_internet(Transport::Tcp, &(3389..=3389)).join("\n"), @r#"
    aws ec2 revoke-security-group-ingress --group-id sg-0123456789abcdef0 --ip-permissions 'IpProtocol=tcp,FromPort=3389,ToPort=3389,IpRanges=[{CidrIp=0.0.0.0/0}]'
    aws ec2 revoke-security-group-ingress --group-id sg-0123456789abcdef0 --ip-permissions 'IpProtocol=tcp,FromPort=3389,ToPort=3389,Ipv6Ranges=[{CidrIpv6=::/0}]'
    "#);
    assert_snapshot!(close_to_internet(Transport::Sctp, &(5060..=5060)).join("\n"), @r#"
    aws ec2 revoke-security-group-ingress --group-id sg-0123456789abcdef0 --ip-permissions 'IpProtocol=132,IpRanges=[{CidrIp=0.0.0.0/0}]'
    aws ec2 revoke-security-group-ingress --group-id sg-0123456789abcdef0 --ip-permissions 'IpProtocol=132,Ipv6Ranges=[{CidrIpv6=::/0}]'
    "#);
}
