//! Sets on a line.

use std::net::{Ipv4Addr, Ipv6Addr};

use portolan_net::{BigUint, Discrete as _, Interval, IntervalSet, PortRange, PortSet, Set as _};
use proptest::prelude::*;

use crate::laws::{check_exactly, check_laws};
use crate::line::{Small, interval, set};

proptest! {
    #[test]
    fn agrees_with_a_set_of_values(a in set::<64>(), b in set::<64>()) {
        check_exactly(&a, &b, &Small::all());
    }

    #[test]
    fn is_a_boolean_algebra(a in set::<64>(), b in set::<64>(), c in set::<64>()) {
        check_laws(&a, &b, &c);
    }

    #[test]
    fn holds_what_its_intervals_hold(intervals in prop::collection::vec(interval::<64>(), 0..9)) {
        let set: IntervalSet<Small> = intervals.iter().copied().collect();
        for value in Small::all() {
            let held = intervals.iter().any(|interval| interval.contains(value));
            prop_assert_eq!(set.contains(value), held);
        }
        let values: IntervalSet<Small> = Small::all().into_iter().filter(|v| set.contains(*v)).collect();
        prop_assert_eq!(values, set);
    }

    #[test]
    fn is_canonical(a in set::<64>(), b in set::<64>()) {
        for set in [a.union(&b), a.intersection(&b), a.difference(&b), a.complement()] {
            for [low, high] in set.intervals().array_windows() {
                let after = low.last().successor();
                prop_assert!(after.is_some_and(|after| after < high.first()), "{set:?}");
            }
        }
    }

    #[test]
    fn has_a_hull(set in set::<64>()) {
        let values: Vec<Small> = Small::all().into_iter().filter(|v| set.contains(*v)).collect();
        prop_assert_eq!(set.first(), values.first().copied());
        prop_assert_eq!(set.last(), values.last().copied());
        let hull = set.hull().map(|hull| (hull.first(), hull.last()));
        prop_assert_eq!(hull, set.first().zip(set.last()));
    }

    #[test]
    fn intervals_agree_with_values(a in interval::<64>(), b in interval::<64>()) {
        let common: Vec<Small> =
            Small::all().into_iter().filter(|v| a.contains(*v) && b.contains(*v)).collect();
        let ends = a.intersection(b).map(|both| (both.first(), both.last()));
        prop_assert_eq!(ends, common.first().copied().zip(common.last().copied()));
        prop_assert_eq!(a.covers(b), common.len() == usize::try_from(b.count()).unwrap());
    }

    #[test]
    fn ports_keep_their_ends(first in any::<u16>(), last in any::<u16>()) {
        let range = PortRange::new(first, last);
        prop_assert_eq!(range.is_some(), first <= last);
        let range = Interval::between(first, last);
        let set = PortSet::from(range);
        prop_assert_eq!(set.count() + set.complement().count(), BigUint::from(65536_u32));
        prop_assert_eq!(set.complement().complement(), set);
    }
}

#[test]
fn counts_all_addresses() {
    let all = IntervalSet::<Ipv6Addr>::full();
    assert_eq!(all.count(), BigUint::from(2_u8).pow(128));
    assert_eq!(IntervalSet::<Ipv4Addr>::full().count(), BigUint::from(2_u8).pow(32));
    let without_one = all.difference(&IntervalSet::single(Ipv6Addr::LOCALHOST));
    assert_eq!(without_one.count(), BigUint::from(u128::MAX));
    assert_eq!(without_one.intervals().len(), 2);
}

#[test]
fn prints_ranges() {
    #[track_caller]
    fn check(ranges: &[(u16, u16)], expected: &str) {
        let set: PortSet = ranges.iter().map(|(a, b)| Interval::between(*a, *b)).collect();
        assert_eq!(set.to_string(), expected);
    }
    check(&[], "none");
    check(&[(22, 22)], "22");
    check(&[(443, 443), (80, 81), (82, 90), (85, 86)], "80-90,443");
    check(&[(0, 65534), (65535, 65535)], "0-65535");
}
