//! Tables that the user gives, for `lookup` and `cidrlookup`, and what others publish beside them.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::database::Database;
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

/// What a name in `lookup` and `cidrlookup` stands for.
#[derive(Clone, Debug)]
pub enum Reference {
    /// Rows of texts.
    Table(Table),
    /// A database that only addresses can be looked up in.
    Database(Database),
}

impl From<Table> for Reference {
    fn from(table: Table) -> Self {
        Self::Table(table)
    }
}

impl From<Database> for Reference {
    fn from(database: Database) -> Self {
        Self::Database(database)
    }
}

impl Reference {
    /// Returns whether it has a column.
    pub fn has(&self, column: &str) -> bool {
        match self {
            Self::Table(table) => table.place(column).is_some(),
            Self::Database(database) => database.has(column),
        }
    }

    /// Returns the columns; of a database those that most of its networks have.
    pub fn columns(&self) -> Vec<String> {
        match self {
            Self::Table(table) => table.columns().to_vec(),
            Self::Database(database) => database.columns().into_iter().collect(),
        }
    }
}

/// The tables that a query may name.
#[derive(Clone, Debug, Default)]
pub struct Tables(BTreeMap<String, Reference>);

impl Tables {
    /// Adds a table under a name, in the place of one that had it.
    pub fn insert(&mut self, name: &str, reference: impl Into<Reference>) {
        self.0.insert(name.to_owned(), reference.into());
    }

    /// Returns what a name stands for.
    pub fn find(&self, name: &str) -> Option<&Reference> {
        self.0.get(name)
    }

    /// Returns whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns each name and what it stands for.
    pub fn each(&self) -> impl Iterator<Item = (&str, &Reference)> {
        self.0.iter().map(|(name, reference)| (name.as_str(), reference))
    }

    /// Returns the names that there are.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

/// Finds what is said of an address.
pub(crate) enum Finder {
    /// By the prefixes of a table.
    Rows(Prefixes, Table),
    /// In a database, in these columns.
    Database(Database, Vec<String>),
}

impl Finder {
    /// Looks in `reference`, by the prefixes of `column` if one is named, for the values of `wanted`.
    pub(crate) fn new(reference: &Reference, column: Option<&str>, wanted: Vec<String>) -> Self {
        match reference {
            Reference::Table(table) => Self::Rows(Prefixes::of(table, column), table.clone()),
            Reference::Database(database) => Self::Database(database.clone(), wanted),
        }
    }

    /// Returns the place of a wanted column in the rows that are found.
    pub(crate) fn place(&self, column: &str) -> Option<usize> {
        match self {
            Self::Rows(_, table) => table.place(column),
            Self::Database(_, wanted) => wanted.iter().position(|it| it == column),
        }
    }

    /// Returns what a column says of an address, wanted or not.
    pub(crate) fn value(&self, address: IpAddr, column: &str) -> Option<String> {
        let value = match self {
            Self::Rows(_, table) => self.find(address)?.get(table.place(column)?)?.clone(),
            Self::Database(database, _) => database.row(address, &[column.to_owned()])?.pop()?,
        };
        Some(value).filter(|it| !it.is_empty())
    }

    /// Returns the row of an address.
    pub(crate) fn find(&self, address: IpAddr) -> Option<Cow<'_, [String]>> {
        match self {
            Self::Rows(prefixes, table) => {
                let row = prefixes.find(address).and_then(|place| table.rows().get(place))?;
                Some(Cow::Borrowed(row))
            }
            Self::Database(database, wanted) => database.row(address, wanted).map(Cow::Owned),
        }
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
