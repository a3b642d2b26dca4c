//! A database of addresses in the format of `MaxMind`, as it lies in its file.
//!
//! Such a file has millions of networks, and what it says of one has dozens of values in eight languages. So an address is looked up
//! when it is asked about, and of what is found only the asked values are read.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::Arc;

use maxminddb::{LookupResult, MaxMindDbError, PathElement, Reader, WithinOptions};
use serde_json::Value as Json;

/// The column that has the network itself.
const PREFIX: &str = "prefix";

/// How many networks are looked at to say which columns there are.
const SAMPLE: usize = 1000;

/// What ends the file: the mark before the metadata.
///
/// Source: `MaxMind` DB File Format Specification 2.0, "Database Metadata".
const MARK: &[u8] = b"\xab\xcd\xefMaxMind.com";

/// How far from the end of a file the mark may be, in bytes; from the same source.
const MARK_WITHIN: usize = 128 << 10;

/// A database of addresses.
#[derive(Clone, Debug)]
pub struct Database(Arc<Reader<Vec<u8>>>);

impl Database {
    /// Returns whether these bytes are, or want to be, such a database.
    pub fn is_one(bytes: &[u8]) -> bool {
        let end = bytes.get(bytes.len().saturating_sub(MARK_WITHIN)..).unwrap_or_default();
        memchr::memmem::rfind(end, MARK).is_some()
    }

    /// Reads a database.
    ///
    /// # Errors
    ///
    /// Fails if it is none. What is broken further inside is found where it is read, and is missing.
    pub fn read(bytes: Vec<u8>) -> Result<Self, MaxMindDbError> {
        Reader::from_source(bytes).map(|reader| Self(Arc::new(reader)))
    }

    /// Returns what it is called, such as `GeoLite2-Country`.
    pub fn title(&self) -> &str {
        &self.0.metadata().database_type
    }

    /// Returns when it was made, in UTC.
    pub fn date(&self) -> String {
        let seconds = i64::try_from(self.0.metadata().build_epoch).unwrap_or_default();
        jiff::Timestamp::from_second(seconds).map_or_else(|_| String::new(), |it| it.to_string())
    }

    /// Returns what it says of an address in these columns; what it does not say is empty.
    pub fn row(&self, address: IpAddr, columns: &[String]) -> Option<Vec<String>> {
        let found = self.0.lookup(address).ok().filter(LookupResult::has_data)?;
        Some(columns.iter().map(|column| cell(&found, column).unwrap_or_default()).collect())
    }

    /// Returns whether it says anything in a column of any address. To deny it takes time: all networks are looked at.
    pub fn has(&self, column: &str) -> bool {
        self.networks().any(|network| cell(&network, column).is_some())
    }

    /// Returns columns that it has, in the order of the alphabet: those of its first networks.
    pub fn columns(&self) -> BTreeSet<String> {
        let mut columns = BTreeSet::from([PREFIX.to_owned()]);
        for network in self.networks().take(SAMPLE) {
            if let Ok(Some(record)) = network.decode::<Json>() {
                name_all("", &record, &mut columns);
            }
        }
        columns
    }

    fn networks(&self) -> impl Iterator<Item = LookupResult<'_, Vec<u8>>> {
        let all = self.0.networks(WithinOptions::default()).into_iter().flatten();
        all.filter_map(Result::ok).filter(LookupResult::has_data)
    }
}

/// Returns a value of what was found, as text.
fn cell(found: &LookupResult<'_, Vec<u8>>, column: &str) -> Option<String> {
    if column == PREFIX {
        return found.network().ok().map(|network| network.to_string());
    }
    let path: Vec<PathElement<'_>> = column.split('.').map(step).collect();
    match found.decode_path::<Json>(&path).ok()?? {
        Json::Null => None,
        Json::String(text) => Some(text),
        other => Some(other.to_string()),
    }
}

/// Returns a step of a path: a number is the place in a list.
fn step(name: &str) -> PathElement<'_> {
    name.parse().map_or(PathElement::Key(name), PathElement::Index)
}

/// Adds the path of each value that is no map, with dots between the names.
fn name_all(path: &str, value: &Json, columns: &mut BTreeSet<String>) {
    match value {
        Json::Object(map) => {
            for (name, value) in map {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                name_all(&path, value, columns);
            }
        }
        _ => {
            columns.insert(path.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use portolan_testkit::mmdb;
    use serde_json::json;

    use super::*;

    fn database() -> Database {
        let bytes = mmdb::write(
            "Test-Country",
            1_767_225_600,
            &[
                ("10.0.0.0/8", json!({"country": {"iso_code": "ZZ"}, "as": 64512})),
                ("10.1.0.0/16", json!({"country": {"iso_code": "YY"}})),
                (
                    "2001:db8::/32",
                    json!({"country": {"iso_code": "DE"}, "parts": [{"name": "Bremen"}]}),
                ),
            ],
        );
        assert!(Database::is_one(&bytes));
        Database::read(bytes).unwrap()
    }

    #[track_caller]
    fn check(address: &str, expected: Option<[&str; 4]>) {
        let columns = ["prefix", "country.iso_code", "as", "parts.0.name"].map(str::to_owned);
        let found = database().row(address.parse().unwrap(), &columns);
        assert_eq!(found, expected.map(|cells| cells.map(str::to_owned).to_vec()), "{address}");
    }

    #[test]
    fn the_longest_network_answers() {
        check("10.2.3.4", Some(["10.2.0.0/15", "ZZ", "64512", ""]));
        check("10.1.0.1", Some(["10.1.0.0/16", "YY", "", ""]));
        check("2001:db8::1", Some(["2001:db8::/32", "DE", "", "Bremen"]));
        check("11.0.0.1", None);
        check("2001:db9::1", None);
    }

    #[test]
    fn it_says_what_it_is() {
        let database = database();
        assert_eq!((database.title(), &*database.date()), ("Test-Country", "2026-01-01T00:00:00Z"));
        let columns: Vec<String> = database.columns().into_iter().collect();
        assert_eq!(columns, ["as", "country.iso_code", "parts", "prefix"]);
        assert!(database.has("parts.0.name") && !database.has("parts.1.name"));
    }

    #[test]
    fn other_bytes_are_no_database() {
        assert!(!Database::is_one(b"a,b\n1,2\n"));
        assert!(Database::read(b"a,b\n1,2\n".to_vec()).is_err());
        assert!(Database::read(MARK.to_vec()).is_err());
    }
}
