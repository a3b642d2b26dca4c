//! What is remembered of the groups of a bucket, one aggregate at a time.

use arrow::array::ArrayRef;
use arrow::buffer::NullBuffer;
use arrow::datatypes::DataType;
use datafusion::error::Result;

use super::lanes;
use super::table::Set;
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
    /// Values of groups, as the number of the group plus one above the value, and how many of each group.
    Distinct(Set, Vec<i64>),
    Distribution(Vec<Numbers>),
}

impl State {
    pub(super) fn new(kind: Kind) -> Self {
        match kind {
            Kind::Count => Self::Count(Vec::new()),
            Kind::Sum | Kind::Least | Kind::Largest => Self::Number(kind, Vec::new(), Vec::new()),
            Kind::Distinct => Self::Distinct(Set::default(), Vec::new()),
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
                    number(*kind, numbers, seen, group, value.cast_signed());
                }
            }
            Self::Distinct(set, counts) => {
                counts.resize(count, 0);
                let members: Vec<u64> =
                    rows.values().map(|(group, value)| member(group, value)).collect();
                distinct(set, counts, &members);
            }
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

    /// Takes in what another remembers; `groups` says which of our groups each of its groups is.
    pub(super) fn merge(&mut self, count: usize, other: Self, groups: &[u32]) {
        match (self, other) {
            (Self::Count(counts), Self::Count(others)) => {
                counts.resize(count, 0);
                for (group, more) in groups.iter().zip(others) {
                    if let Some(count) = counts.get_mut(*group as usize) {
                        *count += more;
                    }
                }
            }
            (Self::Number(kind, numbers, seen), Self::Number(_, others, known)) => {
                numbers.resize(count, 0);
                seen.resize(count, false);
                for ((group, other), known) in groups.iter().zip(others).zip(known) {
                    if known {
                        number(*kind, numbers, seen, *group, other);
                    }
                }
            }
            (Self::Distinct(set, counts), Self::Distinct(others, _)) => {
                counts.resize(count, 0);
                let ours = |theirs| {
                    let group = groups.get(group_of(theirs)).copied().unwrap_or_default();
                    member(group, theirs & u64::from(u32::MAX))
                };
                distinct(set, counts, &others.iter().map(ours).collect::<Vec<_>>());
            }
            (Self::Distribution(mine), Self::Distribution(others)) => {
                mine.resize_with(count, Numbers::default);
                for (group, other) in groups.iter().zip(others) {
                    if let Some(group) = mine.get_mut(*group as usize) {
                        group.merge(other);
                    }
                }
            }
            // Buckets of one operator remember the same aggregates.
            _ => {}
        }
    }

    /// Returns the results of groups from one number to another as a column of a type.
    pub(super) fn results(&self, from: usize, to: usize, kind: &DataType) -> Result<ArrayRef> {
        match self {
            Self::Count(counts) | Self::Distinct(_, counts) => {
                lanes::write(kind, part(counts, from, to).iter().map(|it| it.cast_unsigned()), None)
            }
            Self::Number(_, numbers, seen) => {
                let nulls = NullBuffer::from(part(seen, from, to).to_vec());
                let numbers = part(numbers, from, to).iter().map(|it| it.cast_unsigned());
                lanes::write(kind, numbers, Some(nulls))
            }
            Self::Distribution(groups) => Ok(Numbers::column(part(groups, from, to))),
        }
    }

    /// Returns how many bytes it takes.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::Count(counts) => counts.capacity() * 8,
            Self::Number(_, numbers, seen) => numbers.capacity() * 8 + seen.capacity(),
            Self::Distinct(set, counts) => set.size() + counts.capacity() * 8,
            Self::Distribution(groups) => {
                groups.capacity() * size_of::<Numbers>()
                    + groups.iter().map(Numbers::size).sum::<usize>()
            }
        }
    }
}

fn part<T>(all: &[T], from: usize, to: usize) -> &[T] {
    all.get(from..to).unwrap_or_default()
}

fn number(kind: Kind, numbers: &mut [i64], seen: &mut [bool], group: u32, value: i64) {
    let group = group as usize;
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

/// Returns a value of a group as a member of the set that holds those of all groups: never zero.
fn member(group: u32, value: u64) -> u64 {
    ((u64::from(group) + 1) << 32) | value
}

/// Returns the group of a member.
fn group_of(member: u64) -> usize {
    usize::try_from((member >> 32) - 1).unwrap_or(usize::MAX)
}

fn distinct(set: &mut Set, counts: &mut [i64], members: &[u64]) {
    set.insert(members, |member| {
        if let Some(count) = counts.get_mut(group_of(member)) {
            *count += 1;
        }
    });
}
