//! VPCs and subnets.

use portolan_model::{Place, Vpc};
use portolan_net::IpPrefix;

use super::prefix::{v4, v6};
use super::{Draft, piece};

impl Draft {
    pub(super) fn add_sites(&mut self) {
        let vpcs = self.random.within(1..=3);
        for number in 0..vpcs {
            self.add_vpc(number);
        }
        let subnets = self.random.within(2..=6).max(vpcs);
        for number in 0..subnets {
            self.add_subnet(number, vpcs);
        }
    }

    fn add_vpc(&mut self, number: usize) {
        let octet = u8::try_from(number).unwrap_or(u8::MAX);
        // Two VPCs with the same addresses are common, and never peers.
        let is_twin = number > 0 && self.chance(20);
        let mut cidrs: Vec<IpPrefix> =
            vec![v4([10, if is_twin { 0 } else { octet }, 0, 0], 16).into()];
        if self.chance(20) {
            // Addresses of the Internet, used as private ones: AWS allows it.
            cidrs.push(v4([198, 51, 100, octet << 6], 26).into());
        }
        let group = u16::from(octet);
        if self.chance(50) {
            cidrs.push(v6([0x2001, 0xdb8, group, 0, 0, 0, 0, 0], 56).into());
        } else if self.chance(20) {
            cidrs.push(v6([0xfd00, group, 0, 0, 0, 0, 0, 0], 56).into());
        }
        let vpc = piece::vpc(&format!("vpc-{number}"), self.place(), cidrs);
        self.model.vpcs.insert(vpc.id.clone(), vpc);
    }

    fn place(&mut self) -> Place {
        let account = if self.chance(25) { "222222222222" } else { "111111111111" };
        let region = if self.chance(20) { "us-east-1" } else { "eu-west-1" };
        Place { account: Some(account.into()), region: Some(region.into()) }
    }

    fn add_subnet(&mut self, number: usize, vpcs: usize) {
        let vpc = if number < vpcs { number } else { self.random.below(vpcs) };
        let Some(vpc) = self.model.vpcs.get(format!("vpc-{vpc}").as_str()).cloned() else { return };
        let siblings = self.model.subnets.values().filter(|subnet| subnet.vpc == vpc.id).count();
        let cidrs = self.subnet_cidrs(&vpc, u8::try_from(siblings).unwrap_or(u8::MAX));
        let subnet = piece::subnet(&format!("subnet-{number}"), &vpc, &cidrs);
        self.model.subnets.insert(subnet.id.clone(), subnet);
    }

    /// Returns the CIDRs of a subnet: IPv4 always but in some that have IPv6, all apart by the subnet's number
    /// within its VPC.
    fn subnet_cidrs(&mut self, vpc: &Vpc, number: u8) -> Vec<IpPrefix> {
        let length = if self.chance(30) { 28 } else { 24 };
        let is_in_second = self.chance(30);
        let mut ipv4 = None;
        let mut ipv6 = None;
        for (place, cidr) in vpc.cidrs.iter().enumerate() {
            match cidr {
                IpPrefix::V4(first) if place == 0 => {
                    let [a, b, _, _] = first.network().octets();
                    ipv4 = Some(v4([a, b, number, 0], length).into());
                }
                IpPrefix::V4(second) if is_in_second && number < 4 => {
                    let [a, b, c, d] = second.network().octets();
                    ipv4 = Some(v4([a, b, c, d | (number << 4)], 28).into());
                }
                IpPrefix::V4(_) => {}
                IpPrefix::V6(cidr) => {
                    let [a, b, c, ..] = cidr.network().segments();
                    ipv6 = Some(v6([a, b, c, number.into(), 0, 0, 0, 0], 64).into());
                }
            }
        }
        let ipv6 = ipv6.filter(|_| self.random.chance(75));
        let ipv4 = ipv4.filter(|_| ipv6.is_none() || self.random.chance(90));
        ipv4.into_iter().chain(ipv6).collect()
    }
}
