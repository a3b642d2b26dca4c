//! What the manifest says of one data file.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use arrow::datatypes::SchemaRef;
use portolan_flow::Layout;
use serde::{Deserialize, Serialize};

use crate::schema;

/// One data file, and what lets a query skip it without opening it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct FileEntry {
    /// Where it is, relative to the lake: `day=2026-01-01/hour=05/….parquet`.
    pub path: String,
    /// Its size in bytes.
    pub size: u64,
    /// How many rows it has.
    pub rows: u64,
    /// The header of the sources of its rows, which tells its columns.
    pub layout: String,
    /// The first and the last `start` of its rows, in seconds; `None` if no row has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<(i64, i64)>,
    /// The columns of addresses that have an IPv6 sibling in this file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wide: Vec<String>,
    /// How many rows say that there was no traffic, or that it was not recorded (`NODATA`, `SKIPDATA`).
    #[serde(default)]
    pub rows_without_data: u64,
    /// How many of these stand for records that were left out (`SKIPDATA`).
    #[serde(default)]
    pub rows_skipped: u64,
    /// The least and the greatest IPv4 address of each column of addresses, as numbers.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub addresses: BTreeMap<String, (u32, u32)>,
}

impl FileEntry {
    /// Returns the columns of the file.
    ///
    /// A layout that cannot be read, which only a hand could have written, has no columns but
    /// [`schema::LAYOUT`].
    pub fn schema(&self) -> SchemaRef {
        match Layout::parse(&self.layout) {
            Ok(layout) => schema::of_layout(&layout, |name| self.wide.iter().any(|it| it == name)),
            Err(_) => schema::empty(),
        }
    }

    /// Returns whether a row can have a `start` in the range. A file without times has none that is in any range.
    pub fn may_start_in(&self, range: &RangeInclusive<i64>) -> bool {
        self.start.is_some_and(|(first, last)| first <= *range.end() && *range.start() <= last)
    }

    /// Returns whether a row can have an IPv4 address of the range in the column, such as `srcaddr`.
    pub fn may_hold_address(&self, column: &str, range: &RangeInclusive<u32>) -> bool {
        self.addresses
            .get(column)
            .is_some_and(|(least, greatest)| least <= range.end() && range.start() <= greatest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> FileEntry {
        FileEntry {
            path: "day=1970-01-01/hour=00/a.parquet".into(),
            size: 1,
            rows: 1,
            layout: "srcaddr dstaddr start".into(),
            start: Some((100, 200)),
            wide: vec!["dstaddr".into()],
            rows_without_data: 0,
            rows_skipped: 0,
            addresses: [("srcaddr".into(), (10, 20))].into(),
        }
    }

    #[test]
    fn files_are_skipped_by_time() {
        let check = |range, expected| assert_eq!(entry().may_start_in(&range), expected);
        check(0..=99, false);
        check(0..=100, true);
        check(150..=160, true);
        check(200..=300, true);
        check(201..=300, false);
        assert!(!FileEntry { start: None, ..entry() }.may_start_in(&(0..=i64::MAX)));
    }

    #[test]
    fn files_are_skipped_by_address() {
        let check = |column, range, expected| {
            assert_eq!(entry().may_hold_address(column, &range), expected);
        };
        check("srcaddr", 0..=9, false);
        check("srcaddr", 20..=30, true);
        // All addresses there are IPv6, or none is.
        check("dstaddr", 0..=u32::MAX, false);
    }

    #[test]
    fn the_columns_follow_from_the_layout() {
        let schema = entry().schema();
        let names: Vec<_> = schema.fields().iter().map(|it| it.name().as_str()).collect();
        assert_eq!(names, ["srcaddr", "dstaddr", "dstaddr6", "start", "layout"]);
    }
}
