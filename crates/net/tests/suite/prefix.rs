//! Prefixes, and sets of addresses made of them.

use std::net::{Ipv4Addr, Ipv6Addr};

use portolan_net::{
    Address, AddressSet, Interval, IpPrefix, Ipv4Prefix, Ipv6Prefix, Prefix, Set as _,
};
use proptest::prelude::*;

/// Generates addresses near each other and at the ends of the line, so that intervals touch.
fn address<A: Address>() -> impl Strategy<Value = A> {
    let near = (0_u128..300).prop_map(A::from_bits);
    let end = (0_u128..300).prop_map(|back| A::from_bits(u128::MAX - back));
    prop_oneof![near, end, any::<u128>().prop_map(A::from_bits)]
}

fn address_set<A: Address>() -> impl Strategy<Value = AddressSet<A>> {
    let interval = (address(), address()).prop_map(|(one, other)| Interval::between(one, other));
    prop::collection::vec(interval, 0..4).prop_map(|intervals| intervals.into_iter().collect())
}

/// Checks that the prefixes make up the set and that no two of them could be one.
#[track_caller]
fn check_prefixes<A: Address>(set: &AddressSet<A>) {
    let prefixes: Vec<Prefix<A>> = set.prefixes().collect();
    assert!(prefixes.is_sorted());
    for prefix in &prefixes {
        let wider = prefix
            .length()
            .checked_sub(1)
            .map(|length| Prefix::truncating(prefix.network(), length));
        let wider = wider.flatten().map(AddressSet::from);
        assert!(wider.is_none_or(|wider| !set.contains_set(&wider)), "{prefix} could be wider");
    }
    assert_eq!(prefixes.into_iter().collect::<AddressSet<A>>(), *set);
}

/// Checks the prefix of this length that holds the address.
#[track_caller]
fn check_round_trip<A: Address>(prefix: Prefix<A>, address: A, length: u8) {
    assert_eq!(prefix.to_string().parse::<Prefix<A>>().ok(), Some(prefix));
    assert_eq!(Prefix::new(prefix.network(), length), Some(prefix));
    assert_eq!(Prefix::new(address, length), (address == prefix.network()).then_some(prefix));
    assert!(prefix.contains(address));
    assert_eq!(prefix.interval().prefixes().collect::<Vec<_>>(), [prefix]);
    let size = u32::from(A::BITS - length);
    assert_eq!(prefix.interval().count(), portolan_net::BigUint::from(2_u8).pow(size));
}

proptest! {
    #[test]
    fn sets_are_made_of_the_fewest_prefixes(v4 in address_set::<Ipv4Addr>(), v6 in address_set::<Ipv6Addr>()) {
        check_prefixes(&v4);
        check_prefixes(&v6);
    }

    #[test]
    fn prefixes_survive_printing(bits in any::<u128>(), v4 in 0_u8..=32, v6 in 0_u8..=128) {
        let address = <Ipv4Addr as Address>::from_bits(bits);
        check_round_trip(Prefix::truncating(address, v4).unwrap(), address, v4);
        let address = Ipv6Addr::from_bits(bits);
        check_round_trip(Prefix::truncating(address, v6).unwrap(), address, v6);
    }

    #[test]
    fn covering_is_containing_the_set(a in address::<Ipv4Addr>(), b in address(), m in 0_u8..=32, n in 0_u8..=32) {
        let one = Prefix::truncating(a, m).unwrap();
        let other = Prefix::truncating(b, n).unwrap();
        let contains = AddressSet::from(one).contains_set(&other.into());
        prop_assert_eq!(one.covers(other), contains);
        prop_assert!(!contains || one <= other, "a prefix sorts before those that it covers");
    }
}

#[test]
fn lengths_end_with_the_address() {
    let address = Ipv4Addr::LOCALHOST;
    assert_eq!(Prefix::truncating(address, 33), None);
    assert_eq!(Prefix::truncating(Ipv6Addr::LOCALHOST, 129), None);
    assert_eq!(Prefix::single(address).interval(), Interval::single(address));
    assert_eq!(Ipv4Prefix::ALL.interval(), Interval::ALL);
    assert_eq!(Ipv6Prefix::ALL.last(), Ipv6Addr::from_bits(u128::MAX));
}

/// Checks what is wrong with a text and what is proposed.
#[track_caller]
fn check_error(text: &str, expected: &str) {
    let described = text.parse::<IpPrefix>().map_err(|error| {
        let help = error.help().map(|help| format!("; {help}")).unwrap_or_default();
        format!("{error}{help}")
    });
    assert_eq!(described, Err(expected.to_owned()));
}

#[test]
fn errors_say_what_to_write() {
    check_error(
        "10.0.0.1/8",
        "`10.0.0.1/8` has bits set after its prefix length; write `10.0.0.0/8`",
    );
    check_error(
        "2001:db8::1/32",
        "`2001:db8::1/32` has bits set after its prefix length; write `2001:db8::/32`",
    );
    check_error("10.0.0.1", "`10.0.0.1` has no prefix length; write `10.0.0.1/32`");
    check_error("::1", "`::1` has no prefix length; write `::1/128`");
    check_error("ten", "`ten` has no prefix length");
    check_error("10.0.0/8", "`10.0.0` is not an IPv4 address");
    check_error("2001:db8/32", "`2001:db8` is not an IPv6 address");
    check_error("10.0.0.0/33", "`33` is not a prefix length of IPv4; use a length of 0 to 32");
    check_error("::/129", "`129` is not a prefix length of IPv6; use a length of 0 to 128");
    check_error("10.0.0.0/+8", "`+8` is not a prefix length of IPv4; use a length of 0 to 32");
    check_error("10.0.0.0/", "`` is not a prefix length of IPv4; use a length of 0 to 32");
}

#[test]
fn families_sort_apart() {
    let mut prefixes: Vec<IpPrefix> = ["::/0", "10.0.0.0/8", "0.0.0.0/0", "10.0.0.0/16"]
        .map(|text| text.parse().unwrap())
        .to_vec();
    prefixes.sort_unstable();
    let printed: Vec<String> = prefixes.iter().map(ToString::to_string).collect();
    assert_eq!(printed, ["0.0.0.0/0", "10.0.0.0/8", "10.0.0.0/16", "::/0"]);
}

#[test]
fn sets_print_as_prefixes() {
    let private = Prefix::truncating(Ipv4Addr::new(10, 0, 0, 0), 8).unwrap();
    let outside = AddressSet::from(private).complement();
    assert_eq!(
        outside.to_string(),
        "0.0.0.0/5,8.0.0.0/7,11.0.0.0/8,12.0.0.0/6,16.0.0.0/4,32.0.0.0/3,64.0.0.0/2,128.0.0.0/1"
    );
    assert_eq!(AddressSet::<Ipv6Addr>::empty().to_string(), "none");
    assert_eq!(AddressSet::<Ipv6Addr>::full().to_string(), "::/0");
}
