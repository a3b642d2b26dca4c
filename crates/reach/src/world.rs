//! The world outside: which addresses the Internet routes, and which services no filter sees.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use portolan_model::Vpc;
use portolan_net::{IpPrefix, Prefix, Set as _};

use crate::line::{Spot, Spots, spots};

/// IPv4 blocks that an Internet gateway does not pass: private (RFC 1918), shared (RFC 6598), "this
/// network", loopback and link-local (RFC 6890), multicast and reserved (RFC 5771, RFC 1112).
const NOT_INTERNET: [(Ipv4Addr, u8); 8] = [
    (Ipv4Addr::UNSPECIFIED, 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(224, 0, 0, 0), 3),
];

/// The IPv6 block that holds every global address (RFC 4291, section 2.4; IANA registry).
const GLOBAL_IPV6: (Ipv6Addr, u8) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

/// Returns the addresses that the Internet routes.
pub(crate) fn internet() -> Spots {
    let v4 = Prefix::<Ipv4Addr>::ALL;
    let all = spots(IpPrefix::V4(v4));
    let excluded = NOT_INTERNET
        .into_iter()
        .filter_map(|(network, length)| Prefix::new(network, length))
        .fold(Spots::empty(), |sum, prefix| sum.union(&spots(IpPrefix::V4(prefix))));
    let v6 = Prefix::new(GLOBAL_IPV6.0, GLOBAL_IPV6.1);
    let v6 = v6.map_or_else(Spots::empty, |prefix| spots(IpPrefix::V6(prefix)));
    all.difference(&excluded).union(&v6)
}

/// A service of AWS that answers every interface, whatever groups, network ACLs and routes say.
pub(crate) struct LinkLocalService {
    /// What it is.
    pub(crate) name: &'static str,
    /// Its addresses.
    pub(crate) addresses: Spots,
}

/// A service: its name and its addresses.
type Row = (&'static str, &'static [IpAddr]);

/// The services. The Amazon DNS server is the first: it has one more address in each VPC.
///
/// Source: Amazon VPC User Guide, "Control traffic to your AWS resources using security groups" and
/// "Network ACLs" (what they do not filter); EC2 User Guide, "Instance metadata", "Set the time
/// reference", "Amazon DNS server"; ECS developer guide, "Task metadata".
const SERVICES: [Row; 5] = [
    (
        "Amazon DNS server",
        &[
            IpAddr::V4(Ipv4Addr::new(169, 254, 169, 253)),
            IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x253)),
        ],
    ),
    (
        "instance metadata service",
        &[
            IpAddr::V4(Ipv4Addr::new(169, 254, 169, 254)),
            IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)),
        ],
    ),
    (
        "Amazon Time Sync Service",
        &[
            IpAddr::V4(Ipv4Addr::new(169, 254, 169, 123)),
            IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x123)),
        ],
    ),
    ("ECS task metadata endpoint", &[IpAddr::V4(Ipv4Addr::new(169, 254, 170, 2))]),
    (
        "Windows licence activation",
        &[
            IpAddr::V4(Ipv4Addr::new(169, 254, 169, 250)),
            IpAddr::V4(Ipv4Addr::new(169, 254, 169, 251)),
        ],
    ),
];

/// Returns the services as an interface of `vpc` sees them.
///
/// The Amazon DNS server also has the address two above the base of the VPC's primary IPv4 CIDR.
pub(crate) fn link_local_services(vpc: Option<&Vpc>) -> Vec<LinkLocalService> {
    let resolver = vpc.and_then(resolver_address);
    let service = |(position, (name, addresses)): (usize, Row)| {
        let fixed = addresses.iter().map(|address| Spot::from(*address));
        let addresses = fixed.chain(resolver.filter(|_| position == 0)).collect();
        LinkLocalService { name, addresses }
    };
    SERVICES.into_iter().enumerate().map(service).collect()
}

fn resolver_address(vpc: &Vpc) -> Option<Spot> {
    let primary = vpc.cidrs.iter().find_map(|cidr| match cidr {
        IpPrefix::V4(cidr) => Some(cidr.network()),
        IpPrefix::V6(_) => None,
    })?;
    primary.to_bits().checked_add(2).map(|bits| Ipv4Addr::from_bits(bits).into())
}
