//! What the catalogue says of ports, as a report: one in full, several as a list.

mod csv;
mod html;
pub(crate) mod json;
mod markdown;
mod run;
mod table;
mod words;

use std::io;

use portolan_catalog::Entry;

use crate::format::{Format, Style};
use crate::ports::run::runs;

/// Writes what the catalogue says of ports: one in full, several as a list.
///
/// JSON has every port in full, whatever their number.
pub fn ports(
    entries: &[Entry],
    format: Format,
    style: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    match (format, entries) {
        (Format::Json, _) => crate::json::write(&json::Document::new(entries), out),
        (Format::Csv, _) => csv::write(&runs(entries), out),
        (Format::Table, [entry]) => table::write_one(entry, style, out),
        (Format::Table, _) => table::write_list(&runs(entries), style, out),
        (Format::Markdown, [entry]) => markdown::write_one(entry, out),
        (Format::Markdown, _) => markdown::write_list(&runs(entries), out),
        (Format::Html, [entry]) => html::write_one(entry, out),
        (Format::Html, _) => html::write_list(&runs(entries), out),
    }
}

#[cfg(test)]
mod tests {
    use portolan_catalog::describe;

    use super::*;
    use crate::fixture::{terminal, written};

    fn check(numbers: &[u16], format: Format) -> String {
        let entries: Vec<Entry> = numbers.iter().map(|port| describe(*port)).collect();
        written(|out| ports(&entries, format, &terminal(80), out))
    }

    #[test]
    fn one_port_in_full() {
        insta::assert_snapshot!(check(&[5432], Format::Table), @r#"
        5432 postgresql  critical if the whole Internet can reach it
          range      user ports (RFC 6335); tcp assigned
          registry   tcp,udp postgresql: PostgreSQL Database
          AWS        Amazon Aurora DSQL (tcp): PostgreSQL protocol over TLS
          AWS        Amazon RDS for PostgreSQL, Aurora PostgreSQL (tcp): default port,
                     also of RDS Proxy
          AWS        Amazon Redshift (tcp): provisioned clusters and serverless
                     workgroups; the default is 5439
          clients    chosen by Elastic Load Balancing; NAT gateway; AWS Lambda for their
                     own end
          benchmark  Security Hub EC2.19: must not be open to the Internet
          benchmark  Trusted Advisor HCP4007jGY, red: must not be open to the Internet

        PostgreSQL, Aurora PostgreSQL, and PgBouncer  tcp, database  critical
          why        A database at the Internet is one password away from all of its
                     data, and a superuser there runs programs on the host.
          setting    Put the instance in private subnets, not publicly accessible, and
                     open the port to the security group of the application.
          open to    the application

          Example rule
          aws ec2 authorize-security-group-ingress --group-id sg-0123456789abcdef0 --ip-permissions 'IpProtocol=tcp,FromPort=5432,ToPort=5432,UserIdGroupPairs=[{GroupId=sg-0fedcba9876543210,Description="postgresql from the application"}]'

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
    fn a_port_of_which_nobody_knows_anything() {
        insta::assert_snapshot!(check(&[51234], Format::Table), @r"
        51234  medium if the whole Internet can reach it
          range      dynamic ports (RFC 6335); tcp dynamic
          AWS        AWS Directory Service (tcp): RPC
          AWS        Amazon ECS (tcp,udp): host ports chosen for containers with dynamic
                     port mapping; the kernel of the instance sets the range
          clients    chosen by Windows Server 2008 and later; Linux kernels since 4.2;
                     many Linux kernels, Amazon Linux among them; Elastic Load
                     Balancing; NAT gateway; AWS Lambda for their own end

        A dynamic port that the catalogue does not judge  tcp,udp,sctp,dccp, unlisted
          medium
          why        No service is ever assigned a port of this range; it serves
                     clients, and Windows RPC. A security group lets answers in by
                     itself, so a rule for them only adds ways in.
          setting    Remove the rule from the security group. Only a network ACL needs
                     these ports open, for the answers to connections that began inside.
          open to    nobody
        ");
    }

    #[test]
    fn several_ports_as_a_list() {
        insta::assert_snapshot!(check(&[22, 443, 4, 6881, 6882, 6883], Format::Table), @r"
        port       if open   service     what it is     open it to
        22         critical  ssh         Secure Shell   administrators
        443        info      https       HTTP over TLS  the Internet
        4          medium                               the application
        6881-6883  medium    bittorrent  BitTorrent     nobody
        ");
    }

    #[test]
    fn every_format_names_the_port() {
        for format in Format::ALL {
            for numbers in [&[3389][..], &[22, 3389]] {
                let text = check(numbers, format);
                assert!(text.contains("3389") && text.contains("rdp"), "{format}: {text}");
            }
        }
    }
}
