//! Who may come in, in the words of a person.
//!
//! The Internet without the private blocks is thirty prefixes; nobody recognises "anywhere" in them. So a set is
//! named by what it leaves out where that is shorter, and long lists are counted.

use portolan_model::Model;
use portolan_net::{
    Address, AddressSet, BigUint, IpPrefix, Ipv4Prefix, Ipv4Set, Ipv6Prefix, Ipv6Set, Prefix,
    Set as _, parse_ipv4_set, parse_ipv6_set,
};
use portolan_reach::IpSet;

/// The most prefixes that are written out before the rest is counted.
const WRITTEN_OUT: usize = 2;

/// IPv4 addresses that the Internet does not route; see `docs/design/reachability.md`.
const NOT_ROUTED: &str = "0.0.0.0/8, 10.0.0.0/8, 100.64.0.0/10, 127.0.0.0/8, 169.254.0.0/16, \
                          172.16.0.0/12, 192.168.0.0/16, 224.0.0.0/3";

/// IPv6 addresses that the Internet routes.
const ROUTED_IPV6: &str = "2000::/3";

/// Everything outside: the Internet without the addresses of the VPCs.
#[derive(Clone, Debug)]
pub(crate) struct Outside {
    v4: Ipv4Set,
    v6: Ipv6Set,
}

impl Outside {
    pub(crate) fn new(model: &Model) -> Self {
        let cidrs = || model.vpcs.values().flat_map(|vpc| &vpc.cidrs);
        let v4: Ipv4Set = cidrs().filter_map(as_ipv4).collect();
        let v6: Ipv6Set = cidrs().filter_map(as_ipv6).collect();
        Self {
            v4: parse_ipv4_set(NOT_ROUTED).value.union(&v4).complement(),
            v6: parse_ipv6_set(ROUTED_IPV6).value.difference(&v6),
        }
    }

    /// Returns about how many addresses are in the set, such as `≤ 256`; of the family with more of them.
    pub(crate) fn breadth(&self, sources: &IpSet) -> &'static str {
        if is_nearly_all(&sources.v4, &self.v4) || is_nearly_all(&sources.v6, &self.v6) {
            "any"
        } else if sources.v4.is_empty() {
            limit(&LIMITS_IPV6, &sources.v6.count())
        } else {
            limit(&LIMITS_IPV4, &sources.v4.count())
        }
    }

    /// Returns the set in words, such as `anywhere (IPv4)` or `203.0.113.0/24 (256 addresses)`.
    pub(crate) fn describe(&self, sources: &IpSet) -> String {
        self.text(sources, Part::describe)
    }

    /// Returns the set with all its prefixes but where it is everything outside, such as `anywhere (IPv4)`.
    pub(crate) fn listed(&self, sources: &IpSet) -> String {
        self.text(sources, Part::listed)
    }

    fn text(&self, sources: &IpSet, words: impl Fn(&Part, &str) -> Option<String>) -> String {
        let v4 = Part::new(&sources.v4, &self.v4, IpPrefix::V4);
        let v6 = Part::new(&sources.v6, &self.v6, IpPrefix::V6);
        match (v4, v6) {
            (Part::All, Part::All) => "anywhere".to_owned(),
            (v4, v6) => {
                let parts = [words(&v4, "IPv4"), words(&v6, "IPv6")];
                parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
            }
        }
    }
}

/// The upper limits of a number of addresses, as powers of two, and how they are written.
const LIMITS_IPV4: [(u32, &str); 7] = [
    (0, "1"),
    (4, "≤ 16"),
    (8, "≤ 256"),
    (12, "≤ 4 K"),
    (16, "≤ 64 K"),
    (20, "≤ 1 M"),
    (24, "≤ 16 M"),
];

/// The same of IPv6, where people count networks.
const LIMITS_IPV6: [(u32, &str); 4] = [(0, "1"), (64, "≤ a /64"), (80, "≤ a /48"), (96, "≤ a /32")];

fn as_ipv4(prefix: &IpPrefix) -> Option<Ipv4Prefix> {
    if let IpPrefix::V4(prefix) = prefix { Some(*prefix) } else { None }
}

fn as_ipv6(prefix: &IpPrefix) -> Option<Ipv6Prefix> {
    if let IpPrefix::V6(prefix) = prefix { Some(*prefix) } else { None }
}

/// Returns whether less than one address in a hundred is missing.
fn is_nearly_all<A: Address>(sources: &AddressSet<A>, outside: &AddressSet<A>) -> bool {
    !sources.is_empty() && outside.difference(sources).count() * 100_u8 < sources.count()
}

fn limit(limits: &[(u32, &'static str)], count: &BigUint) -> &'static str {
    let fits = |bits: u32| *count <= BigUint::from(1_u8) << bits;
    limits.iter().find(|(bits, _)| fits(*bits)).map_or("many", |(_, text)| text)
}

/// The addresses of one family.
enum Part {
    None,
    /// Everything outside.
    All,
    /// Everything outside but these.
    AllBut(Vec<IpPrefix>),
    /// These, and how many addresses that is.
    Some(Vec<IpPrefix>, BigUint),
}

impl Part {
    fn new<A: Address>(
        sources: &AddressSet<A>,
        outside: &AddressSet<A>,
        prefix: impl Fn(Prefix<A>) -> IpPrefix,
    ) -> Self {
        let missing = outside.difference(sources);
        if sources.is_empty() {
            Self::None
        } else if missing.is_empty() {
            Self::All
        } else {
            let inside: Vec<IpPrefix> = sources.prefixes().map(&prefix).collect();
            let left_out: Vec<IpPrefix> = missing.prefixes().map(prefix).collect();
            if left_out.len() < inside.len() && missing.count() < sources.count() {
                Self::AllBut(left_out)
            } else {
                Self::Some(inside, sources.count())
            }
        }
    }

    fn describe(&self, family: &str) -> Option<String> {
        match self {
            Self::None => None,
            Self::All => Some(format!("anywhere ({family})")),
            Self::AllBut(missing) => Some(format!("anywhere ({family}) but {}", list(missing))),
            Self::Some(prefixes, count) if *count == BigUint::from(1_u8) => Some(list(prefixes)),
            Self::Some(prefixes, count) => {
                Some(format!("{} ({} addresses)", list(prefixes), grouped(count)))
            }
        }
    }

    fn listed(&self, family: &str) -> Option<String> {
        match self {
            Self::Some(prefixes, _) => Some(whole_list(prefixes)),
            Self::AllBut(missing) => {
                Some(format!("anywhere ({family}) but {}", whole_list(missing)))
            }
            Self::None | Self::All => self.describe(family),
        }
    }
}

fn whole_list(prefixes: &[IpPrefix]) -> String {
    prefixes.iter().map(prefix_text).collect::<Vec<_>>().join(", ")
}

/// Returns the first prefixes and how many more there are.
fn list(prefixes: &[IpPrefix]) -> String {
    let shown: Vec<String> = prefixes.iter().take(WRITTEN_OUT).map(prefix_text).collect();
    match prefixes.len().saturating_sub(WRITTEN_OUT) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// Returns a prefix, or the address if it is only one.
fn prefix_text(prefix: &IpPrefix) -> String {
    match prefix {
        IpPrefix::V4(prefix) if prefix.length() == 32 => prefix.network().to_string(),
        IpPrefix::V6(prefix) if prefix.length() == 128 => prefix.network().to_string(),
        _ => prefix.to_string(),
    }
}

/// Returns a number with commas between its thousands; a large power of two as such.
pub(crate) fn grouped(number: &BigUint) -> String {
    let bits = number.bits().saturating_sub(1);
    if bits > 32 {
        let is_power = *number == BigUint::from(1_u8) << bits;
        return format!("{}2^{bits}", if is_power { "" } else { "over " });
    }
    let digits = number.to_string();
    let mut result = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            result.push(',');
        }
        result.push(digit);
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(v4: &str, v6: &str, expected: &str) {
        let outside = Outside::new(&Model::default());
        let mut sources = IpSet::default();
        if !v4.is_empty() {
            sources.v4 = parse_ipv4_set(v4).into_result().unwrap();
        }
        if !v6.is_empty() {
            sources.v6 = parse_ipv6_set(v6).into_result().unwrap();
        }
        assert_eq!(outside.describe(&sources), expected);
    }

    #[test]
    fn says_who_may_come_in() {
        check("0.0.0.0/0", "", "anywhere (IPv4)");
        check("0.0.0.0/0", "::/0", "anywhere");
        check("0.0.0.0/0", "2001:db8::1/128", "anywhere (IPv4), 2001:db8::1");
        check("203.0.113.7/32", "", "203.0.113.7");
        check("203.0.113.0/24", "", "203.0.113.0/24 (256 addresses)");
        check(
            "203.0.113.0/24, 198.51.100.7/32",
            "",
            "198.51.100.7, 203.0.113.0/24 (257 addresses)",
        );
        check(
            "1.0.0.0/24, 2.0.0.0/24, 3.0.0.0/24, 4.0.0.0/24",
            "",
            "1.0.0.0/24, 2.0.0.0/24 and 2 more (1,024 addresses)",
        );
        check("", "2001:db8::/56", "2001:db8::/56 (2^72 addresses)");
        check("0.0.0.0/1", "", "0.0.0.0/1 (2,147,483,648 addresses)");
    }

    #[test]
    fn counts_in_steps() {
        let check = |v4: &str, expected: &str| {
            let v4 = parse_ipv4_set(v4).into_result().unwrap();
            let sources = IpSet { v4, ..IpSet::default() };
            assert_eq!(Outside::new(&Model::default()).breadth(&sources), expected);
        };
        check("0.0.0.0/0", "any");
        check("203.0.113.7/32", "1");
        check("203.0.113.0/28", "≤ 16");
        check("203.0.113.0/27", "≤ 256");
        check("64.0.0.0/6", "many");
    }

    #[test]
    fn names_what_is_left_out_where_that_is_shorter() {
        let but = parse_ipv4_set("203.0.113.0/24").into_result().unwrap().complement();
        let sources = IpSet { v4: but, ..IpSet::default() };
        let outside = Outside::new(&Model::default());
        assert_eq!(outside.describe(&sources), "anywhere (IPv4) but 203.0.113.0/24");
        assert_eq!(outside.listed(&sources), "anywhere (IPv4) but 203.0.113.0/24");
    }
}
