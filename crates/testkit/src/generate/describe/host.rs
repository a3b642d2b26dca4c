//! Host names that EC2 gives to addresses.
//!
//! Source: Amazon VPC User Guide, "DNS attributes for your VPC".

use std::net::Ipv4Addr;

use super::super::place::Place;

pub(super) fn private_name(place: &Place, address: Ipv4Addr) -> String {
    format!("ip-{}.{}", dashed(address), place.region.private_domain)
}

pub(super) fn public_name(place: &Place, address: Ipv4Addr) -> String {
    format!("ec2-{}.{}", dashed(address), place.region.public_domain)
}

fn dashed(address: Ipv4Addr) -> String {
    address.to_string().replace('.', "-")
}
