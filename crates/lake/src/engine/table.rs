//! Tables that the user gives, for `lookup` and `cidrlookup`, and what comes from AWS or a map of countries in the same form.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::function::Block;

/// A table of texts.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Table {
    columns: Vec<String>,
    // INVARIANT: each row has as many cells as there are columns.
    rows: Vec<Vec<String>>,
}

impl Table {
    /// Returns a table of these rows; cells that a row lacks are empty, those beyond the columns are left out.
    pub fn new(columns: Vec<String>, rows: impl IntoIterator<Item = Vec<String>>) -> Self {
        let width = columns.len();
        let rows = rows.into_iter().map(|mut row| {
            row.resize(width, String::new());
            row
        });
        Self { rows: rows.collect(), columns }
    }

    /// Returns the names of the columns.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Returns the rows.
    pub fn rows(&self) -> &[Vec<String>] {
        &self.rows
    }

    /// Returns the place of a column; names are exact.
    pub fn place(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|known| known == column)
    }
}

/// The tables that a query may name.
#[derive(Clone, Debug, Default)]
pub struct Tables(BTreeMap<String, Table>);

impl Tables {
    /// Adds a table under a name, in the place of one that had it.
    pub fn insert(&mut self, name: &str, table: Table) {
        self.0.insert(name.to_owned(), table);
    }

    /// Returns the table of a name.
    pub fn find(&self, name: &str) -> Option<&Table> {
        self.0.get(name)
    }

    /// Returns the names that there are.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

/// Finds the longest prefix that holds an address: one map for each length that occurs, the longest first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Prefixes {
    v4: BTreeMap<std::cmp::Reverse<u8>, BTreeMap<u32, usize>>,
    v6: BTreeMap<std::cmp::Reverse<u8>, BTreeMap<u128, usize>>,
}

impl Prefixes {
    /// Takes the prefixes of a column; without one, of the first whose values are prefixes.
    pub(crate) fn of(table: &Table, column: Option<&str>) -> Self {
        let place = match column {
            Some(name) => table.place(name),
            None => (0..table.columns().len()).find(|place| {
                let cells = || table.rows().iter().filter_map(|row| row.get(*place));
                cells().next().is_some() && cells().all(|cell| Block::parse(cell).is_some())
            }),
        };
        let mut prefixes = Self::default();
        for (number, row) in table.rows().iter().enumerate() {
            let cell = place.and_then(|place| row.get(place));
            match cell.and_then(|cell| Block::parse(cell)) {
                Some(Block::V4(block)) => {
                    let length = std::cmp::Reverse(block.length());
                    let map = prefixes.v4.entry(length).or_default();
                    map.entry(block.network().to_bits()).or_insert(number);
                }
                Some(Block::V6(block)) => {
                    let length = std::cmp::Reverse(block.length());
                    let map = prefixes.v6.entry(length).or_default();
                    map.entry(block.network().to_bits()).or_insert(number);
                }
                None => {}
            }
        }
        prefixes
    }

    /// Returns the row of the longest prefix that holds an address.
    pub(crate) fn find(&self, address: IpAddr) -> Option<usize> {
        match address {
            IpAddr::V4(address) => self.v4.iter().find_map(|(length, networks)| {
                networks.get(&(address.to_bits() & mask4(length.0))).copied()
            }),
            IpAddr::V6(address) => self.v6.iter().find_map(|(length, networks)| {
                networks.get(&(address.to_bits() & mask6(length.0))).copied()
            }),
        }
    }
}

fn mask4(length: u8) -> u32 {
    u32::MAX.checked_shl(Ipv4Addr::BITS.saturating_sub(u32::from(length))).unwrap_or(0)
}

fn mask6(length: u8) -> u128 {
    u128::MAX.checked_shl(Ipv6Addr::BITS.saturating_sub(u32::from(length))).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(address: &str, expected: Option<usize>) {
        let cells = ["0.0.0.0/0", "10.0.0.0/8", "10.1.0.0/16", "2001:db8::/32", "10.1.2.3"];
        let rows = cells.map(|cell| vec!["x".to_owned(), cell.to_owned()]);
        let table = Table::new(vec!["name".to_owned(), "cidr".to_owned()], rows);
        let found = Prefixes::of(&table, None).find(address.parse().unwrap());
        assert_eq!(found, expected, "{address}");
    }

    #[test]
    fn the_longest_prefix_wins() {
        check("192.0.2.1", Some(0));
        check("10.2.0.1", Some(1));
        check("10.1.0.1", Some(2));
        check("10.1.2.3", Some(4));
        check("2001:db8::1", Some(3));
        check("2001:db9::1", None);
    }
}
