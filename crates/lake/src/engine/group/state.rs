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

    /// Takes in rows: the group and value of each, if it has one.
    pub(super) fn add(&mut self, count: usize, rows: impl Iterator<Item = (u32, Option<u64>)>) {
        match self {
            Self::Count(counts) => {
                counts.resize(count, 0);
                for (group, value) in rows {
                    if let (Some(_), Some(count)) = (value, counts.get_mut(group as usize)) {
                        *count += 1;
                    }
                }
            }
            Self::Number(kind, numbers, seen) => {
                numbers.resize(count, 0);
                seen.resize(count, false);
                for (group, value) in rows {
                    if let Some(value) = value {
                        number(*kind, numbers, seen, group, value.cast_signed());
                    }
                }
            }
            Self::Distinct(set, counts) => {
                counts.resize(count, 0);
                for (group, value) in rows {
                    if let Some(value) = value {
                        distinct(set, counts, group, value);
                    }
                }
            }
            Self::Distribution(groups) => {
                groups.resize_with(count, Numbers::default);
                for (group, value) in rows {
                    if let (Some(value), Some(group)) = (value, groups.get_mut(group as usize)) {
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
                for key in others.iter() {
                    let theirs = usize::try_from((key >> 32) - 1).unwrap_or(usize::MAX);
                    if let Some(group) = groups.get(theirs) {
                        distinct(set, counts, *group, key & u64::from(u32::MAX));
                    }
                }
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

fn distinct(set: &mut Set, counts: &mut [i64], group: u32, value: u64) {
    let is_new = set.insert(((u64::from(group) + 1) << 32) | value);
    if let Some(count) = counts.get_mut(group as usize) {
        *count += i64::from(is_new);
    }
}
