//! What is remembered of the groups of a bucket, one aggregate at a time.

use arrow::array::ArrayRef;
use arrow::buffer::NullBuffer;
use arrow::datatypes::DataType;
use datafusion::error::Result;

use super::lanes;
use super::table::{Member, Set};
use crate::engine::aggregate::Numbers;

/// An aggregate that is known here.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    /// How many rows have a value.
    Count,
    /// The sum of whole numbers.
    Sum,
    /// The least whole number.
    Least,
    /// The largest whole number.
    Largest,
    /// How many different values of at most 32 bits there are.
    Distinct,
    /// The distribution of floats.
    Distribution,
}

/// Rows as one aggregate sees them.
pub(super) struct Rows<'a> {
    /// The group of each.
    pub(super) groups: &'a [u32],
    /// The value of each, if the aggregate is of values; what stands where there is none means nothing.
    pub(super) values: &'a [u64],
    /// Which of its values each row has, a bit for each aggregate.
    pub(super) present: &'a [u8],
    /// The bit of this aggregate.
    pub(super) bit: u8,
}

impl Rows<'_> {
    /// Returns the group of each row that has a value.
    fn groups(&self) -> impl Iterator<Item = u32> {
        let rows = self.groups.iter().zip(self.present);
        rows.filter(|(_, present)| *present & self.bit != 0).map(|(group, _)| *group)
    }

    /// Returns how many rows have a value.
    fn present(&self) -> usize {
        self.present.iter().filter(|present| *present & self.bit != 0).count()
    }

    /// Returns the sum of the values.
    fn sum(&self) -> i64 {
        let rows = self.values.iter().zip(self.present);
        let values = rows.map(|(value, present)| if present & self.bit == 0 { 0 } else { *value });
        values.fold(0, u64::wrapping_add).cast_signed()
    }

    /// Returns the group and value of each row that has a value.
    fn values(&self) -> impl Iterator<Item = (u32, u64)> {
        let rows = self.groups.iter().zip(self.values).zip(self.present);
        let present = rows.filter(|(_, present)| *present & self.bit != 0);
        present.map(|((group, value), _)| (*group, *value))
    }
}

/// The state of one aggregate for each group.
#[derive(Debug)]
pub(super) enum State {
    Count(Vec<i64>),
    /// Numbers so far, and whether there was any.
    Number(Kind, Vec<i64>, Vec<bool>),
    Distinct(Members),
    Distribution(Vec<Numbers>),
}

impl State {
    pub(super) fn new(kind: Kind) -> Self {
        match kind {
            Kind::Count => Self::Count(Vec::new()),
            Kind::Sum | Kind::Least | Kind::Largest => Self::Number(kind, Vec::new(), Vec::new()),
            Kind::Distinct => Self::Distinct(Members::default()),
            Kind::Distribution => Self::Distribution(Vec::new()),
        }
    }

    /// Takes in rows; `count` is how many groups there are now.
    pub(super) fn add(&mut self, count: usize, rows: &Rows<'_>) {
        match self {
            Self::Count(counts) => {
                counts.resize(count, 0);
                for group in rows.groups() {
                    if let Some(count) = counts.get_mut(group as usize) {
                        *count += 1;
                    }
                }
            }
            Self::Number(kind, numbers, seen) => {
                numbers.resize(count, 0);
                seen.resize(count, false);
                for (group, value) in rows.values() {
                    number(*kind, numbers, seen, group as usize, value.cast_signed());
                }
            }
            Self::Distinct(members) => members.add(count, rows),
            Self::Distribution(groups) => {
                groups.resize_with(count, Numbers::default);
                for (group, value) in rows.values() {
                    if let Some(group) = groups.get_mut(group as usize) {
                        group.add(f64::from_bits(value));
                    }
                }
            }
        }
    }

    /// Takes in rows that are all of one group.
    pub(super) fn add_run(&mut self, count: usize, rows: &Rows<'_>) {
        let group = rows.groups.first().map_or(usize::MAX, |group| *group as usize);
        match self {
            Self::Count(counts) => {
                counts.resize(count, 0);
                if let Some(count) = counts.get_mut(group) {
                    *count += i64::try_from(rows.present()).unwrap_or_default();
                }
            }
            Self::Number(Kind::Sum, numbers, seen) if rows.present() > 0 => {
                numbers.resize(count, 0);
                seen.resize(count, false);
                number(Kind::Sum, numbers, seen, group, rows.sum());
            }
            other => other.add(count, rows),
        }
    }

    /// Returns the results of groups as a column of a type.
    pub(super) fn results(&self, groups: &[usize], kind: &DataType) -> Result<ArrayRef> {
        match self {
            Self::Count(counts) | Self::Distinct(Members { counts, .. }) => {
                lanes::write(kind, these(counts, groups).map(|it| it.cast_unsigned()), None)
            }
            Self::Number(_, numbers, seen) => {
                let nulls = NullBuffer::from(these(seen, groups).copied().collect::<Vec<_>>());
                let numbers = these(numbers, groups).map(|it| it.cast_unsigned());
                lanes::write(kind, numbers, Some(nulls))
            }
            Self::Distribution(all) => Ok(Numbers::column(these(all, groups))),
        }
    }

    /// Returns the result of a group, if it has one that is a whole number.
    pub(super) fn whole(&self, group: usize) -> Option<i64> {
        match self {
            Self::Count(counts) | Self::Distinct(Members { counts, .. }) => {
                counts.get(group).copied()
            }
            Self::Number(_, numbers, seen) => {
                numbers.get(group).copied().filter(|_| seen.get(group) == Some(&true))
            }
            Self::Distribution(_) => None,
        }
    }

    /// Returns how many bytes it takes.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::Count(counts) => counts.capacity() * 8,
            Self::Number(_, numbers, seen) => numbers.capacity() * 8 + seen.capacity(),
            Self::Distinct(members) => members.size(),
            Self::Distribution(groups) => {
                groups.capacity() * size_of::<Numbers>()
                    + groups.iter().map(Numbers::size).sum::<usize>()
            }
        }
    }
}

fn these<'a, T>(all: &'a [T], groups: &[usize]) -> impl Iterator<Item = &'a T> {
    groups.iter().filter_map(|group| all.get(*group))
}

fn number(kind: Kind, numbers: &mut [i64], seen: &mut [bool], group: usize, value: i64) {
    let (Some(number), Some(seen)) = (numbers.get_mut(group), seen.get_mut(group)) else {
        return;
    };
    *number = match kind {
        _ if !*seen => value,
        Kind::Least => value.min(*number),
        Kind::Largest => value.max(*number),
        _ => number.wrapping_add(value),
    };
    *seen = true;
}

/// The different values of all groups of a bucket.
///
/// A member of a set is the number of its group plus one, above the value; it is never zero. Small values of the first groups, such
/// as ports, take half the room: sets are larger than the caches of a processor.
#[derive(Debug, Default)]
pub(super) struct Members {
    small: Coming<u32>,
    others: Coming<u64>,
    /// How many different values each group has.
    counts: Vec<i64>,
}

/// A set, and what is on its way to it.
#[derive(Debug, Default)]
struct Coming<K> {
    set: Set<K>,
    coming: Vec<K>,
}

impl<K: Member> Coming<K> {
    /// Puts what is on its way into the set; counts what is new to the group that `group` says.
    fn settle(&mut self, counts: &mut [i64], group: impl Fn(K) -> u64) {
        self.set.insert(&self.coming, |member| {
            let group = usize::try_from(group(member) - 1).unwrap_or(usize::MAX);
            if let Some(count) = counts.get_mut(group) {
                *count += 1;
            }
        });
        self.coming.clear();
    }

    fn size(&self) -> usize {
        self.set.size() + self.coming.capacity() * size_of::<K>()
    }
}

impl Members {
    fn add(&mut self, count: usize, rows: &Rows<'_>) {
        let Self { small, others, counts } = self;
        counts.resize(count, 0);
        for (group, value) in rows.values() {
            match (u16::try_from(group + 1), u16::try_from(value)) {
                (Ok(group), Ok(value)) => {
                    small.coming.push((u32::from(group) << 16) | u32::from(value));
                }
                _ => others.coming.push(((u64::from(group) + 1) << 32) | value),
            }
        }
        small.settle(counts, |member| u64::from(member >> 16));
        others.settle(counts, |member| member >> 32);
    }

    fn size(&self) -> usize {
        self.small.size() + self.others.size() + self.counts.capacity() * size_of::<i64>()
    }
}
