//! Lines short enough to be looked at value by value.

use std::net::{Ipv4Addr, Ipv6Addr};

use portolan_net::{BigUint, Discrete, IcmpKind, Interval, IntervalSet, Protocol};
use proptest::prelude::*;

/// A line of `LENGTH` values.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) struct Short<const LENGTH: u8>(pub(crate) u8);

/// A line of 64 values.
pub(crate) type Small = Short<64>;

/// A line of 6 values, so that all pairs of pairs can be looked at.
pub(crate) type Tiny = Short<6>;

impl<const LENGTH: u8> Discrete for Short<LENGTH> {
    const MIN: Self = Self(0);
    const MAX: Self = Self(LENGTH - 1);

    fn ordinal(self) -> u128 {
        self.0.into()
    }

    fn successor(self) -> Option<Self> {
        (self < Self::MAX).then(|| Self(self.0 + 1))
    }

    fn predecessor(self) -> Option<Self> {
        self.0.checked_sub(1).map(Self)
    }
}

impl<const LENGTH: u8> Short<LENGTH> {
    /// Returns every value of the line.
    pub(crate) fn all() -> Vec<Self> {
        (0..LENGTH).map(Self).collect()
    }
}

/// Generates an interval of a short line.
pub(crate) fn interval<const LENGTH: u8>() -> impl Strategy<Value = Interval<Short<LENGTH>>> {
    (0..LENGTH, 0..LENGTH).prop_map(|(one, other)| Interval::between(Short(one), Short(other)))
}

/// Generates a set on a short line.
pub(crate) fn set<const LENGTH: u8>() -> impl Strategy<Value = IntervalSet<Short<LENGTH>>> {
    prop::collection::vec(interval(), 0..6).prop_map(|intervals| intervals.into_iter().collect())
}

/// Checks that order, numbering and neighbourhood of some values agree.
#[track_caller]
fn check_discrete<T: Discrete>(ascending: &[T]) {
    assert_eq!(T::MIN.ordinal(), 0);
    assert_eq!((T::MIN.predecessor(), T::MAX.successor()), (None, None));
    assert_eq!(T::span(T::MIN, T::MAX), BigUint::from(T::MAX.ordinal()) + 1_u8);
    for &[low, high] in ascending.array_windows() {
        assert_eq!((low.successor(), high.predecessor()), (Some(high), Some(low)));
        assert_eq!(low.ordinal() + 1, high.ordinal());
        assert!(low < high);
        assert_eq!(T::span(low, high), BigUint::from(2_u8));
        assert_eq!(T::span(high, low), BigUint::ZERO);
    }
}

#[test]
fn lines_have_no_gaps() {
    check_discrete(&Small::all());
    check_discrete(&[21_u16, 22, 23]);
    check_discrete(&[254_u8, 255]);
    check_discrete(&[Protocol::TCP, Protocol(7), Protocol(8)]);
    check_discrete(&[IcmpKind::new(3, 254), IcmpKind::new(3, 255), IcmpKind::new(4, 0)]);
    check_discrete(&[[10, 0, 0, 255], [10, 0, 1, 0]].map(Ipv4Addr::from));
    check_discrete::<Ipv6Addr>(&["::ffff".parse().unwrap(), "::1:0".parse().unwrap()]);
}
