//! An immutable list that is free to make and clone when it has at most one item.
//!
//! Nearly all sets in an account are one interval or one box. A `Vec` would allocate for each
//! of them; a small-vector crate would allocate again for each clone of a long one. This list
//! keeps one item inline and shares longer ones.

use std::cmp::Ordering;
use std::fmt;
use std::slice;
use std::sync::Arc;

/// Zero items, one item inline, or many shared ones.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(crate) enum List<T> {
    Empty,
    One(T),
    // INVARIANT: at least two items, so that equal lists have equal representations.
    Many(Arc<[T]>),
}

impl<T> List<T> {
    pub(crate) fn as_slice(&self) -> &[T] {
        match self {
            Self::Empty => &[],
            Self::One(item) => slice::from_ref(item),
            Self::Many(items) => items,
        }
    }
}

impl<T> FromIterator<T> for List<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let mut items = items.into_iter();
        let Some(first) = items.next() else { return Self::Empty };
        let Some(second) = items.next() else { return Self::One(first) };
        Self::Many([first, second].into_iter().chain(items).collect())
    }
}

impl<T: Ord> Ord for List<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_slice().cmp(other.as_slice())
    }
}

impl<T: PartialOrd> PartialOrd for List<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.as_slice().partial_cmp(other.as_slice())
    }
}

/// Writes the items with a separator between them, or `none` if there is no item.
pub(crate) fn write_list<D: fmt::Display>(
    f: &mut fmt::Formatter<'_>,
    separator: &str,
    items: impl IntoIterator<Item = D>,
) -> fmt::Result {
    let mut items = items.into_iter();
    let Some(first) = items.next() else { return f.write_str("none") };
    write!(f, "{first}")?;
    items.try_for_each(|item| write!(f, "{separator}{item}"))
}
