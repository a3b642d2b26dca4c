//! Addresses and CIDRs as plain bits.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use portolan_model::Vpc;
use portolan_net::IpPrefix;

/// IPv4 addresses that are not of the Internet: network and length.
///
/// Source: `docs/design/reachability.md`, step 6.
const NOT_INTERNET: [([u8; 4], u8); 8] = [
    ([0, 0, 0, 0], 8),
    ([10, 0, 0, 0], 8),
    ([100, 64, 0, 0], 10),
    ([127, 0, 0, 0], 8),
    ([169, 254, 0, 0], 16),
    ([172, 16, 0, 0], 12),
    ([192, 168, 0, 0], 16),
    ([224, 0, 0, 0], 3),
];

/// Services that no security group, network ACL or route stops, at the same IPv4 address in every VPC.
///
/// Sources: Amazon VPC User Guide, "Control traffic to your AWS resources using security groups" and "Amazon DNS
/// server"; Amazon EC2 User Guide, "Amazon Time Sync Service" and "Instance metadata"; Amazon ECS Developer Guide,
/// "Task metadata"; AWS Knowledge Center, "Windows activation".
const SERVICES_V4: [Ipv4Addr; 6] = [
    Ipv4Addr::new(169, 254, 169, 123), // time
    Ipv4Addr::new(169, 254, 169, 250), // Windows activation
    Ipv4Addr::new(169, 254, 169, 251), // Windows activation
    Ipv4Addr::new(169, 254, 169, 253), // DNS
    Ipv4Addr::new(169, 254, 169, 254), // instance metadata
    Ipv4Addr::new(169, 254, 170, 2),   // task metadata
];

/// The same for IPv6.
const SERVICES_V6: [Ipv6Addr; 3] = [
    Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x123), // time
    Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x253), // DNS
    Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254), // instance metadata
];

/// Returns whether a CIDR holds an address. One of the other family holds nothing.
pub(super) fn holds(cidr: IpPrefix, address: IpAddr) -> bool {
    match (cidr, address) {
        (IpPrefix::V4(cidr), IpAddr::V4(address)) => {
            same_leading_bits(left(cidr.network()), left(address), cidr.length())
        }
        (IpPrefix::V6(cidr), IpAddr::V6(address)) => {
            same_leading_bits(cidr.network().to_bits(), address.to_bits(), cidr.length())
        }
        _ => false,
    }
}

/// Returns how many leading bits of addresses a CIDR fixes.
pub(super) const fn length(cidr: IpPrefix) -> u8 {
    match cidr {
        IpPrefix::V4(cidr) => cidr.length(),
        IpPrefix::V6(cidr) => cidr.length(),
    }
}

/// Returns whether an address is of the Internet, seen from a VPC.
pub(super) fn is_internet(address: IpAddr, vpc: &Vpc) -> bool {
    let is_public = match address {
        IpAddr::V4(address) => !NOT_INTERNET.iter().any(|(network, length)| {
            same_leading_bits(left((*network).into()), left(address), *length)
        }),
        IpAddr::V6(address) => is_global(address),
    };
    is_public && !vpc.cidrs.iter().any(|cidr| holds(*cidr, address))
}

/// Returns whether an IPv6 address is global unicast, `2000::/3`.
pub(super) const fn is_global(address: Ipv6Addr) -> bool {
    address.to_bits() >> 125 == 0b001
}

/// Returns whether an address is that of a service which no filter stops, for senders in a VPC.
pub(super) fn is_unfiltered_service(address: IpAddr, vpc: Option<&Vpc>) -> bool {
    match address {
        IpAddr::V4(address) => {
            SERVICES_V4.contains(&address) || vpc.and_then(resolver) == Some(address)
        }
        IpAddr::V6(address) => SERVICES_V6.contains(&address),
    }
}

/// Returns the address of the resolver in a VPC: the base of its primary IPv4 CIDR plus two.
fn resolver(vpc: &Vpc) -> Option<Ipv4Addr> {
    let primary = vpc.cidrs.iter().find_map(|cidr| match cidr {
        IpPrefix::V4(cidr) => Some(cidr.network()),
        IpPrefix::V6(_) => None,
    })?;
    primary.to_bits().checked_add(2).map(Ipv4Addr::from_bits)
}

/// Returns the bits of an IPv4 address at the left of a longer word.
fn left(address: Ipv4Addr) -> u128 {
    u128::from(address.to_bits()) << 96
}

fn same_leading_bits(a: u128, b: u128, length: u8) -> bool {
    length == 0 || (a ^ b) >> (128 - u32::from(length)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(cidr: &str, address: &str, expected: bool) {
        assert_eq!(holds(cidr.parse().unwrap(), address.parse().unwrap()), expected, "{address}");
    }

    #[test]
    fn a_cidr_holds_what_shares_its_leading_bits() {
        check("0.0.0.0/0", "255.255.255.255", true);
        check("0.0.0.0/0", "::", false);
        check("10.0.0.0/25", "10.0.0.127", true);
        check("10.0.0.0/25", "10.0.0.128", false);
        check("10.0.0.1/32", "10.0.0.1", true);
        check("10.0.0.1/32", "10.0.0.0", false);
        check("::/0", "ffff::", true);
        check("2001:db8::/33", "2001:db8:8000::", false);
        check("2001:db8::1/128", "2001:db8::1", true);
        check("::/0", "10.0.0.1", false);
    }
}
