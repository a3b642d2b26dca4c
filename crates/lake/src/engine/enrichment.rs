//! What others publish about addresses, as tables for `cidrlookup`: the ranges of AWS, and databases in the format of `MaxMind`.

use std::collections::BTreeMap;

use maxminddb::{Reader, WithinOptions};
use serde::Deserialize;
use serde_json::Value as Json;

use super::Table;

/// A table that somebody published.
#[derive(Clone, Debug, PartialEq)]
pub struct Published {
    /// The table; its first column has prefixes.
    pub table: Table,
    /// When it was made, as whoever made it writes it.
    pub date: String,
}

/// Why a file is not what it is taken for.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EnrichmentError {
    /// It is not the list of ranges that AWS publishes.
    #[error("this is not the list of address ranges of AWS")]
    AwsRanges(#[source] serde_json::Error),
    /// It is not a database in the format of `MaxMind`, or a broken one.
    #[error("this is not a database in the format of MaxMind")]
    MaxMind(#[source] maxminddb::MaxMindDbError),
}

impl EnrichmentError {
    /// Returns what the user can do about it.
    pub fn help(&self) -> &'static str {
        match self {
            Self::AwsRanges(_) => "take it from https://ip-ranges.amazonaws.com/ip-ranges.json",
            Self::MaxMind(_) => "give the `.mmdb` file, unpacked",
        }
    }
}

/// Reads `ip-ranges.json`: columns `prefix`, `region`, `service` and `border`.
///
/// Of a prefix that several services have, the first in the file counts; AWS lists `AMAZON` first, for all of its own.
///
/// # Errors
///
/// Fails if it is not JSON of that form.
///
/// Source: AWS General Reference, "AWS IP address ranges".
pub fn aws_ranges(bytes: &[u8]) -> Result<Published, EnrichmentError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct File {
        create_date: String,
        #[serde(default)]
        prefixes: Vec<Prefix>,
        #[serde(default, rename = "ipv6_prefixes")]
        ipv6_prefixes: Vec<Prefix>,
    }
    #[derive(Deserialize)]
    struct Prefix {
        #[serde(rename = "ip_prefix", alias = "ipv6_prefix")]
        block: String,
        region: String,
        service: String,
        #[serde(default)]
        network_border_group: String,
    }
    let file: File = serde_json::from_slice(bytes).map_err(EnrichmentError::AwsRanges)?;
    let columns = ["prefix", "region", "service", "border"].map(str::to_owned).to_vec();
    let rows = file.prefixes.into_iter().chain(file.ipv6_prefixes);
    let rows = rows.map(|it| vec![it.block, it.region, it.service, it.network_border_group]);
    Ok(Published { table: Table::new(columns, rows), date: file.create_date })
}

/// Reads a database of addresses: the column `prefix`, then one for each value, named by its path, such as `country.iso_code`.
///
/// # Errors
///
/// Fails if a part of it cannot be read.
///
/// Source: `MaxMind` DB File Format Specification, version 2.0.
pub fn maxmind(bytes: Vec<u8>) -> Result<Published, EnrichmentError> {
    let reader = Reader::from_source(bytes).map_err(EnrichmentError::MaxMind)?;
    let networks = reader.networks(WithinOptions::default()).map_err(EnrichmentError::MaxMind)?;
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let mut rows = Vec::new();
    for found in networks {
        let found = found.map_err(EnrichmentError::MaxMind)?;
        let Some(record) = found.decode::<Json>().map_err(EnrichmentError::MaxMind)? else {
            continue;
        };
        let network = found.network().map_err(EnrichmentError::MaxMind)?;
        let mut row = vec![network.to_string()];
        flatten("", &record, &mut |path, text| {
            let next = places.len() + 1;
            let place = *places.entry(path.to_owned()).or_insert(next);
            row.resize(row.len().max(place + 1), String::new());
            if let Some(cell) = row.get_mut(place) {
                *cell = text;
            }
        });
        rows.push(row);
    }
    let mut columns = vec![String::from("prefix"); places.len() + 1];
    for (path, place) in places {
        if let Some(column) = columns.get_mut(place) {
            *column = path;
        }
    }
    let seconds = i64::try_from(reader.metadata().build_epoch).unwrap_or_default();
    let date =
        jiff::Timestamp::from_second(seconds).map_or_else(|_| String::new(), |it| it.to_string());
    Ok(Published { table: Table::new(columns, rows), date })
}

/// Calls `visit` with each value that is no map, under the names that lead to it with dots between.
fn flatten(path: &str, value: &Json, visit: &mut impl FnMut(&str, String)) {
    match value {
        Json::Object(map) => {
            for (name, value) in map {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                flatten(&path, value, visit);
            }
        }
        Json::Null => {}
        Json::String(text) => visit(path, text.clone()),
        other => visit(path, other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_of_aws_are_rows() {
        let text = r#"{"syncToken": "1", "createDate": "2026-01-01-00-00-00",
            "prefixes": [{"ip_prefix": "3.5.140.0/22", "region": "ap-northeast-2", "service": "S3",
                          "network_border_group": "ap-northeast-2"}],
            "ipv6_prefixes": [{"ipv6_prefix": "2600:1f00::/24", "region": "us-east-1", "service": "EC2",
                               "network_border_group": "us-east-1"}]}"#;
        let published = aws_ranges(text.as_bytes()).unwrap();
        assert_eq!(published.date, "2026-01-01-00-00-00");
        assert_eq!(published.table.rows()[0][..3], ["3.5.140.0/22", "ap-northeast-2", "S3"]);
        assert_eq!(published.table.rows()[1][0], "2600:1f00::/24");
        assert!(aws_ranges(b"[]").is_err());
    }

    /// A database of one network, the lower half of IPv4, written as the specification says.
    fn database() -> Vec<u8> {
        let text =
            |text: &str| [&[0x40 | u8::try_from(text.len()).unwrap()], text.as_bytes()].concat();
        let map = |size: u8| vec![0xe0 | size];
        // One node: its left record leads to the data, its right one nowhere.
        let mut bytes = vec![0, 0, 1 + 16, 0, 0, 1];
        bytes.extend([0; 16]);
        bytes.extend([map(1), text("country"), map(1), text("iso_code"), text("ZZ")].concat());
        bytes.extend(b"\xab\xcd\xefMaxMind.com");
        let sixteen = |value: u8| vec![0xa1, value];
        bytes.extend(
            [
                map(9),
                [text("binary_format_major_version"), sixteen(2)].concat(),
                [text("binary_format_minor_version"), sixteen(0)].concat(),
                // A number of 64 bits is an extended type: 9 less 7.
                [text("build_epoch"), vec![0x04, 0x02, 0x69, 0x55, 0xb9, 0x00]].concat(),
                [text("database_type"), text("Test")].concat(),
                [text("description"), map(0)].concat(),
                [text("ip_version"), sixteen(4)].concat(),
                [text("languages"), vec![0x00, 0x04]].concat(),
                [text("node_count"), vec![0xc1, 1]].concat(),
                [text("record_size"), sixteen(24)].concat(),
            ]
            .concat(),
        );
        bytes
    }

    #[test]
    fn networks_of_a_database_are_rows() {
        let published = maxmind(database()).unwrap();
        assert_eq!(published.table.columns(), ["prefix", "country.iso_code"]);
        assert_eq!(published.table.rows(), [["0.0.0.0/1", "ZZ"]]);
        assert_eq!(published.date, "2026-01-01T00:00:00Z");
        assert!(maxmind(b"no database".to_vec()).is_err());
    }
}
