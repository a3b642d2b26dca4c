//! What others publish about addresses, for `cidrlookup`: the ranges of AWS, and databases in the format of `MaxMind`.

use serde::Deserialize;

use super::database::Database;
use super::table::{Reference, Table};

/// What somebody published about addresses.
#[derive(Clone, Debug)]
pub struct Published {
    /// What it says.
    pub reference: Reference,
    /// What it is called.
    pub title: String,
    /// When it was made, in UTC: `2026-01-01T00:00:00Z`.
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

/// What AWS lists each of its prefixes under.
const EVERYTHING: &str = "AMAZON";

/// Reads `ip-ranges.json`: columns `prefix`, `region`, `service` and `border`.
///
/// AWS lists everything under `AMAZON`, and most of it once more under the service that has it; of a prefix that is there more than once
/// the first that is not `AMAZON` counts.
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
    let (mut own, all): (Vec<_>, Vec<_>) = file
        .prefixes
        .into_iter()
        .chain(file.ipv6_prefixes)
        .partition(|prefix| prefix.service != EVERYTHING);
    own.extend(all);
    let rows =
        own.into_iter().map(|it| vec![it.block, it.region, it.service, it.network_border_group]);
    Ok(Published {
        reference: Table::new(columns, rows).into(),
        title: "the address ranges of AWS".to_owned(),
        date: utc(file.create_date),
    })
}

/// Reads a database of addresses. Its columns are named by the path to a value, such as `country.iso_code`.
///
/// # Errors
///
/// Fails if it is none.
pub fn maxmind(bytes: Vec<u8>) -> Result<Published, EnrichmentError> {
    let database = Database::read(bytes).map_err(EnrichmentError::MaxMind)?;
    let (title, date) = (database.title().to_owned(), database.date());
    Ok(Published { reference: database.into(), title, date })
}

/// Returns a date as others write it; AWS parts hours from minutes as it parts days from months.
fn utc(date: String) -> String {
    match date.split('-').collect::<Vec<_>>().as_slice() {
        [year, month, day, hour, minute, second] => {
            format!("{year}-{month}-{day}T{hour}:{minute}:{second}Z")
        }
        _ => date,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_of_aws_are_rows() {
        let text = r#"{"syncToken": "1", "createDate": "2026-01-01-00-00-00",
            "prefixes": [{"ip_prefix": "3.5.140.0/22", "region": "ap-northeast-2", "service": "AMAZON",
                          "network_border_group": "ap-northeast-2"},
                         {"ip_prefix": "3.5.140.0/22", "region": "ap-northeast-2", "service": "S3",
                          "network_border_group": "ap-northeast-2"}],
            "ipv6_prefixes": [{"ipv6_prefix": "2600:1f00::/24", "region": "us-east-1", "service": "EC2",
                               "network_border_group": "us-east-1"}]}"#;
        let published = aws_ranges(text.as_bytes()).unwrap();
        assert_eq!(published.date, "2026-01-01T00:00:00Z");
        let Reference::Table(table) = published.reference else { panic!("it is a table") };
        assert_eq!(table.rows()[0][..3], ["3.5.140.0/22", "ap-northeast-2", "S3"]);
        assert_eq!(table.rows()[1][0], "2600:1f00::/24");
        assert_eq!(table.rows()[2][2], "AMAZON");
        assert!(aws_ranges(b"[]").is_err());
    }

    #[test]
    fn dates_are_written_alike() {
        assert_eq!(utc("2026-01-01-12-30-00".to_owned()), "2026-01-01T12:30:00Z");
        assert_eq!(utc("yesterday".to_owned()), "yesterday");
    }
}
