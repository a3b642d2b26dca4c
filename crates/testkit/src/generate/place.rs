//! Accounts and Regions, with the facts about a Region that show in descriptions.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::block::{Block4, Block6};

/// An AWS account.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    /// Twelve digits.
    pub(crate) id: String,
    /// What people call it; part of the folder's name.
    pub(crate) name: String,
}

/// An AWS Region and what is peculiar to it.
#[derive(Debug)]
pub(crate) struct Region {
    pub(crate) name: &'static str,
    /// The prefix of zone ids, as in `euw1-az1`.
    pub(crate) zone_prefix: &'static str,
    /// The domain of private host names.
    pub(crate) private_domain: &'static str,
    /// The domain of public host names.
    pub(crate) public_domain: &'static str,
    /// The hosted zone of Application Load Balancers' names.
    ///
    /// Source: AWS General Reference, "Elastic Load Balancing endpoints and quotas".
    pub(crate) load_balancer_zone: &'static str,
    /// The hosted zone of RDS databases' names. Source: as above, "Amazon RDS endpoints and quotas".
    pub(crate) database_zone: &'static str,
    /// The hosted zone of interface endpoints' names, as `describe-vpc-endpoints` answers.
    pub(crate) endpoint_zone: &'static str,
    /// The prefix list of the S3 gateway endpoint, with some of its entries.
    ///
    /// Source: ids as `describe-prefix-lists` answers in the Region; entries from `ip-ranges.json`.
    pub(crate) s3: PublishedPrefixList,
    /// A block of the Region's IPv6 space from which VPCs get theirs. Which /56 is invented.
    pub(crate) ipv6: Block6,
}

/// A prefix list that AWS maintains.
#[derive(Debug)]
pub(crate) struct PublishedPrefixList {
    pub(crate) id: &'static str,
    pub(crate) entries: &'static [Block4],
}

const fn v4(octets: [u8; 4], length: u8) -> Block4 {
    Block4::new(Ipv4Addr::new(octets[0], octets[1], octets[2], octets[3]), length)
}

const fn v6(first: u16, second: u16) -> Block6 {
    Block6::new(Ipv6Addr::new(first, second, 0, 0, 0, 0, 0, 0), 36)
}

pub(crate) static IRELAND: Region = Region {
    name: "eu-west-1",
    zone_prefix: "euw1",
    private_domain: "eu-west-1.compute.internal",
    public_domain: "eu-west-1.compute.amazonaws.com",
    load_balancer_zone: "Z32O12XQLNTSW2",
    database_zone: "Z29XKXDKYMONMX",
    endpoint_zone: "Z38GZ743OKFT7T",
    s3: PublishedPrefixList {
        id: "pl-6da54004",
        entries: &[
            v4([18, 34, 240, 0], 22),
            v4([52, 218, 0, 0], 17),
            v4([52, 92, 0, 0], 17),
            v4([3, 5, 64, 0], 21),
            v4([3, 5, 72, 0], 23),
            v4([18, 34, 32, 0], 20),
        ],
    },
    ipv6: v6(0x2a05, 0xd018),
};

pub(crate) static VIRGINIA: Region = Region {
    name: "us-east-1",
    zone_prefix: "use1",
    private_domain: "ec2.internal",
    public_domain: "compute-1.amazonaws.com",
    load_balancer_zone: "Z35SXDOTRQ7X7K",
    database_zone: "Z2R2ITUGPM61AM",
    endpoint_zone: "Z7HUB22UULQXV",
    s3: PublishedPrefixList {
        id: "pl-63a5400a",
        entries: &[
            v4([18, 34, 232, 0], 21),
            v4([54, 231, 0, 0], 16),
            v4([52, 216, 0, 0], 15),
            v4([3, 5, 0, 0], 19),
            v4([18, 34, 0, 0], 19),
        ],
    },
    ipv6: v6(0x2600, 0x1f18),
};

pub(crate) static FRANKFURT: Region = Region {
    name: "eu-central-1",
    zone_prefix: "euc1",
    private_domain: "eu-central-1.compute.internal",
    public_domain: "eu-central-1.compute.amazonaws.com",
    load_balancer_zone: "Z215JYRZR1TBD5",
    database_zone: "Z1RLNUO7B9Q6NB",
    endpoint_zone: "Z273ZU8SZ5RJPC",
    s3: PublishedPrefixList {
        id: "pl-6ea54007",
        entries: &[
            v4([3, 5, 134, 0], 23),
            v4([3, 5, 136, 0], 22),
            v4([52, 219, 170, 0], 23),
            v4([52, 219, 72, 0], 22),
            v4([52, 219, 44, 0], 22),
            v4([52, 219, 140, 0], 24),
        ],
    },
    ipv6: v6(0x2a05, 0xd014),
};

/// A place that has descriptions of its own: one account in one Region.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) account: Account,
    pub(crate) region: &'static Region,
}

impl Place {
    pub(crate) fn folder(&self) -> String {
        format!("{}-{}/{}", self.account.id, self.account.name, self.region.name)
    }

    /// Returns the name of a zone, such as `eu-west-1a` for `a`.
    pub(crate) fn zone(&self, letter: char) -> String {
        format!("{}{letter}", self.region.name)
    }

    /// Returns the id of a zone, such as `euw1-az1` for `a`.
    ///
    /// AWS maps letters to ids differently in each account; here `a` is always the first.
    pub(crate) fn zone_id(&self, letter: char) -> String {
        let number = u32::from(letter).saturating_sub(u32::from('a')) + 1;
        format!("{}-az{number}", self.region.zone_prefix)
    }

    /// Returns the ARN of a resource of the account in the Region.
    pub(crate) fn arn(&self, service: &str, resource: &str) -> String {
        format!("arn:aws:{service}:{}:{}:{resource}", self.region.name, self.account.id)
    }
}
