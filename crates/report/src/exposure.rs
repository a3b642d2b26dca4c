//! What outside can reach, as a report.

mod csv;
mod html;
pub(crate) mod json;
mod markdown;
mod pictures;
mod shadows;
mod table;
mod view;
mod words;

use std::io;

use portolan_catalog::Severity;
use portolan_reach::{Chart, Exposure};

use crate::exposure::view::ExposureView;
use crate::format::{Format, Style};
use crate::rating::Rating;

/// What of an exposure to write.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct ExposureOptions {
    /// The least severity to write; `None` for everything. What is unknown is always written.
    pub at_least: Option<Severity>,
    /// Whether to write which entries of network ACLs come too late, too.
    pub shadows: bool,
}

impl ExposureOptions {
    fn shows(self, rating: Rating) -> bool {
        rating.severity() >= self.at_least || rating.severity().is_none()
    }
}

/// Writes what outside can reach, worst first, grouped by resource.
pub fn exposure(
    chart: &Chart,
    exposure: &Exposure,
    options: &ExposureOptions,
    format: Format,
    style: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let view = ExposureView::new(chart, exposure, *options);
    match format {
        Format::Table => table::write(&view, style, out),
        Format::Json => crate::json::write(&json::Document::new(&view), out),
        Format::Csv => csv::write(&view, out),
        Format::Markdown => markdown::write(&view, out),
        Format::Html => html::write(&view, out),
    }
}

/// Returns the worst severity of what outside can certainly reach, or `None` if it can reach nothing. What is only
/// possible has no severity.
pub fn worst_severity(chart: &Chart, exposure: &Exposure) -> Option<Severity> {
    let view = ExposureView::new(chart, exposure, ExposureOptions::default());
    view.findings().filter_map(|(_, placed)| placed.finding.rating.severity()).max()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{exposure_as, terminal};

    #[test]
    fn table_at_80_columns() {
        insta::assert_snapshot!(exposure_as(Format::Table, &terminal(80), "bastion"), @r"
        3 resources can be reached from outside, and 1 more may be.
          1 critical   1 unknown   2 low   3 info

        bastion  instance i-0a1  111122223333 eu-west-1
          198.51.100.10 (10.0.1.10)
          critical  tcp 22    ssh    from anywhere (IPv4)
                    by sg-0a1 (bastion) inbound 1: tcp 22 from 0.0.0.0/0; rtb-0a1
                      0.0.0.0/0
          info      icmp             from 203.0.113.0/24 (256 addresses)
                    by sg-0a1 (bastion) inbound 1: icmp from 203.0.113.0/24; rtb-0a1
                      0.0.0.0/0

        sessions  cache  111122223333 eu-west-1
          10.0.2.30
          unknown   tcp 6379  redis  from 10.8.0.0/16 (65,536 addresses)
                    by sg-0c1 (cache) inbound 1: tcp 6379 from 10.0.0.0/8; rtb-0a1
                      0.0.0.0/0
                    from networks behind transit gateway tgw-0e1
                    not known: transit gateway tgw-0e1 is not modelled yet

        web-1  instance i-0b1  111122223333 eu-west-1
          198.51.100.21 (10.0.1.21)
          low       tcp 80    http   from anywhere (IPv4)
                    by sg-0b1 (web) inbound 1: tcp 443 from 0.0.0.0/0; rtb-0a1 0.0.0.0/0
          info      tcp 443   https  from anywhere (IPv4)
                    by sg-0b1 (web) inbound 1: tcp 443 from 0.0.0.0/0; rtb-0a1 0.0.0.0/0

        web-2  instance i-0b2  111122223333 eu-west-1
          198.51.100.22 (10.0.1.22)
          low       tcp 80    http   from anywhere (IPv4)
                    by sg-0b1 (web) inbound 1: tcp 443 from 0.0.0.0/0; rtb-0a1 0.0.0.0/0
          info      tcp 443   https  from anywhere (IPv4)
                    by sg-0b1 (web) inbound 1: tcp 443 from 0.0.0.0/0; rtb-0a1 0.0.0.0/0

        Not everything essential was read of 1 Region of 1 account; what is missing is
          not judged.
          network ACLs  not read in 111122223333           aws ec2 describe-network-acls
                        eu-west-1
        Next, see the whole path of one:
          portolan reach SOURCE --from internet --to bastion
        ");
    }

    #[test]
    fn table_in_a_pipe() {
        insta::assert_snapshot!(exposure_as(Format::Table, &Style::default(), "bastion"), @r"
        3 resources can be reached from outside, and 1 more may be.
          1 critical   1 unknown   2 low   3 info

        bastion  instance i-0a1  111122223333 eu-west-1
          198.51.100.10 (10.0.1.10)
          critical  tcp 22    ssh    from anywhere (IPv4)
                    by sg-0a1 (bastion) inbound 1: tcp 22 from 0.0.0.0/0; rtb-0a1 0.0.0.0/0
          info      icmp             from 203.0.113.0/24 (256 addresses)
                    by sg-0a1 (bastion) inbound 1: icmp from 203.0.113.0/24; rtb-0a1 0.0.0.0/0

        sessions  cache  111122223333 eu-west-1
          10.0.2.30
          unknown   tcp 6379  redis  from 10.8.0.0/16 (65,536 addresses)
                    by sg-0c1 (cache) inbound 1: tcp 6379 from 10.0.0.0/8; rtb-0a1 0.0.0.0/0
                    from networks behind transit gateway tgw-0e1
                    not known: transit gateway tgw-0e1 is not modelled yet

        web-1  instance i-0b1  111122223333 eu-west-1
          198.51.100.21 (10.0.1.21)
          low       tcp 80    http   from anywhere (IPv4)
                    by sg-0b1 (web) inbound 1: tcp 443 from 0.0.0.0/0; rtb-0a1 0.0.0.0/0
          info      tcp 443   https  from anywhere (IPv4)
                    by sg-0b1 (web) inbound 1: tcp 443 from 0.0.0.0/0; rtb-0a1 0.0.0.0/0

        web-2  instance i-0b2  111122223333 eu-west-1
          198.51.100.22 (10.0.1.22)
          low       tcp 80    http   from anywhere (IPv4)
                    by sg-0b1 (web) inbound 1: tcp 443 from 0.0.0.0/0; rtb-0a1 0.0.0.0/0
          info      tcp 443   https  from anywhere (IPv4)
                    by sg-0b1 (web) inbound 1: tcp 443 from 0.0.0.0/0; rtb-0a1 0.0.0.0/0

        Not everything essential was read of 1 Region of 1 account; what is missing is not judged.
          network ACLs  not read in 111122223333 eu-west-1  aws ec2 describe-network-acls
        Next, see the whole path of one:
          portolan reach SOURCE --from internet --to bastion
        ");
    }

    #[test]
    fn csv_has_a_row_for_each_finding_and_address() {
        insta::assert_snapshot!(exposure_as(Format::Csv, &Style::default(), "bastion"), @r"
        severity,certainty,is_answered,resource,id,kind,account,region,vpc,subnet,interface,inside_address,outside_address,zone,via,traffic,services,sources,source_count,rules,unknowns,notes,row
        critical,certain,true,bastion,i-0a1,instance,111122223333,eu-west-1,vpc-0a1,subnet-0a1,eni-0a1,10.0.1.10,198.51.100.10,internet,igw-0a1,tcp 22,ssh,anywhere (IPv4),3702390784,sg-0a1 (bastion) inbound 1: tcp 22 from 0.0.0.0/0; rtb-0a1 0.0.0.0/0: to igw-0a1,,,finding
        info,certain,true,bastion,i-0a1,instance,111122223333,eu-west-1,vpc-0a1,subnet-0a1,eni-0a1,10.0.1.10,198.51.100.10,internet,igw-0a1,icmp,,203.0.113.0/24,256,sg-0a1 (bastion) inbound 1: icmp from 203.0.113.0/24; rtb-0a1 0.0.0.0/0: to igw-0a1,,,finding
        unknown,possible,true,sessions,sessions,cache,111122223333,eu-west-1,vpc-0a1,subnet-0b1,eni-0c1,10.0.2.30,10.0.2.30,tgw-0e1,tgw-0e1,tcp 6379,redis,10.8.0.0/16,65536,sg-0c1 (cache) inbound 1: tcp 6379 from 10.0.0.0/8; rtb-0a1 0.0.0.0/0: to igw-0a1,transit gateway tgw-0e1 is not modelled yet,,finding
        low,certain,true,web-1,i-0b1,instance,111122223333,eu-west-1,vpc-0a1,subnet-0a1,eni-0b1,10.0.1.21,198.51.100.21,internet,igw-0a1,tcp 80,http,anywhere (IPv4),3702390784,sg-0b1 (web) inbound 1: tcp 443 from 0.0.0.0/0; rtb-0a1 0.0.0.0/0: to igw-0a1,,,finding
        info,certain,true,web-1,i-0b1,instance,111122223333,eu-west-1,vpc-0a1,subnet-0a1,eni-0b1,10.0.1.21,198.51.100.21,internet,igw-0a1,tcp 443,https,anywhere (IPv4),3702390784,sg-0b1 (web) inbound 1: tcp 443 from 0.0.0.0/0; rtb-0a1 0.0.0.0/0: to igw-0a1,,,finding
        low,certain,true,web-2,i-0b2,instance,111122223333,eu-west-1,vpc-0a1,subnet-0a1,eni-0b2,10.0.1.22,198.51.100.22,internet,igw-0a1,tcp 80,http,anywhere (IPv4),3702390784,sg-0b1 (web) inbound 1: tcp 443 from 0.0.0.0/0; rtb-0a1 0.0.0.0/0: to igw-0a1,,,finding
        info,certain,true,web-2,i-0b2,instance,111122223333,eu-west-1,vpc-0a1,subnet-0a1,eni-0b2,10.0.1.22,198.51.100.22,internet,igw-0a1,tcp 443,https,anywhere (IPv4),3702390784,sg-0b1 (web) inbound 1: tcp 443 from 0.0.0.0/0; rtb-0a1 0.0.0.0/0: to igw-0a1,,,finding
        ");
    }

    #[test]
    fn markdown() {
        insta::assert_snapshot!(exposure_as(Format::Markdown, &Style::default(), "bastion"), @r"
        # What outside can reach

        3 resources can be reached from outside, and 1 more may be.

        1 critical, 1 unknown, 2 low, 3 info

        ## bastion

        instance i-0a1, 111122223333 eu-west-1, 198.51.100.10 (10.0.1.10)

        | Severity | Ports | Service | From | Why |
        | --- | --- | --- | --- | --- |
        | critical | tcp 22 | ssh | anywhere (IPv4) | sg-0a1 (bastion) inbound 1: tcp 22 from 0.0.0.0/0; rtb-0a1 0.0.0.0/0 |
        | info | icmp |  | 203.0.113.0/24 (256 addresses) | sg-0a1 (bastion) inbound 1: icmp from 203.0.113.0/24; rtb-0a1 0.0.0.0/0 |

        ## sessions

        cache, 111122223333 eu-west-1, 10.0.2.30

        | Severity | Ports | Service | From | Why |
        | --- | --- | --- | --- | --- |
        | unknown | tcp 6379 | redis | 10.8.0.0/16 (65,536 addresses) | sg-0c1 (cache) inbound 1: tcp 6379 from 10.0.0.0/8; rtb-0a1 0.0.0.0/0; from networks behind transit gateway tgw-0e1; not known: transit gateway tgw-0e1 is not modelled yet |

        ## web-1

        instance i-0b1, 111122223333 eu-west-1, 198.51.100.21 (10.0.1.21)

        | Severity | Ports | Service | From | Why |
        | --- | --- | --- | --- | --- |
        | low | tcp 80 | http | anywhere (IPv4) | sg-0b1 (web) inbound 1: tcp 443 from 0.0.0.0/0; rtb-0a1 0.0.0.0/0 |
        | info | tcp 443 | https | anywhere (IPv4) | sg-0b1 (web) inbound 1: tcp 443 from 0.0.0.0/0; rtb-0a1 0.0.0.0/0 |

        ## web-2

        instance i-0b2, 111122223333 eu-west-1, 198.51.100.22 (10.0.1.22)

        | Severity | Ports | Service | From | Why |
        | --- | --- | --- | --- | --- |
        | low | tcp 80 | http | anywhere (IPv4) | sg-0b1 (web) inbound 1: tcp 443 from 0.0.0.0/0; rtb-0a1 0.0.0.0/0 |
        | info | tcp 443 | https | anywhere (IPv4) | sg-0b1 (web) inbound 1: tcp 443 from 0.0.0.0/0; rtb-0a1 0.0.0.0/0 |

        ## What was read

        Not everything essential was read of 1 Region of 1 account; what is missing is not judged.

        | Resources | What is missing | Command that reads it |
        | --- | --- | --- |
        | network ACLs | not read in 111122223333 eu-west-1 | aws ec2 describe-network-acls |
        ");
    }
}
