//! Tables that questions may look things up in: files that are named, and what a captured account says of its interfaces.
//!
//! A file is read if a question names its table. What kind of file it is, its bytes say; there is one flag for all kinds.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use portolan_lake::engine::{
    Database, EnrichmentError, Published, Reference, Table, Tables, aws_ranges, maxmind,
};
use portolan_model::Model;

use crate::context::Context;
use crate::error::CliError;

/// The name of the table of interfaces.
const INTERFACES: &str = "interfaces";

/// The columns of the table of interfaces.
const INTERFACE_COLUMNS: [&str; 7] =
    ["interfaceId", "resource", "kind", "groups", "account", "region", "subnet"];

/// Which tables, as typed.
#[derive(Args, Debug)]
#[command(next_help_heading = "Tables")]
pub(super) struct TableArguments {
    /// Table for `lookup` and `cidrlookup`: a CSV file whose first line names the columns, AWS's `ip-ranges.json`, or a database in the
    /// format of MaxMind (`.mmdb`); also in the setting `tables`
    #[arg(long = "table", value_name = "NAME=FILE", value_parser = named_file)]
    files: Vec<(String, PathBuf)>,

    /// Captured account, whose interfaces become the table `interfaces`: interfaceId, resource, kind, groups, account,
    /// region, subnet; default: the setting `source`
    #[arg(long = "account", value_name = "SOURCE")]
    accounts: Vec<PathBuf>,
}

/// Why a file is no table.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum TableError {
    /// It cannot be read.
    #[error(transparent)]
    Read(#[from] io::Error),
    /// It is not a well-written CSV file.
    #[error(transparent)]
    Csv(#[from] csv::Error),
    /// It is not what others publish, though it is called so.
    #[error(transparent)]
    Published(#[from] EnrichmentError),
}

impl TableError {
    /// Returns what the user can do about it, if anything.
    pub(crate) fn help(&self) -> Option<String> {
        match self {
            Self::Read(_) => None,
            Self::Csv(_) => Some(
                "a table is a CSV file whose first line names the columns, `ip-ranges.json` of AWS or an `.mmdb` file".into(),
            ),
            Self::Published(error) => Some(error.help().to_owned()),
        }
    }
}

/// Tables, and what is known of where they come from.
#[derive(Debug, Default)]
pub(super) struct GivenTables {
    /// The tables.
    pub(super) tables: Tables,
    /// For each that somebody published: what it is and of when.
    pub(super) remarks: Vec<String>,
}

/// Reads `NAME=FILE`.
fn named_file(text: &str) -> Result<(String, PathBuf), String> {
    let (name, file) = text.split_once('=').ok_or("write it as `NAME=FILE`")?;
    Ok((name.to_owned(), PathBuf::from(file)))
}

impl TableArguments {
    /// Reads the tables of these names.
    ///
    /// # Errors
    ///
    /// Fails if nobody gave one of them, or it cannot be read.
    pub(super) fn read<'n>(
        &self,
        names: impl IntoIterator<Item = &'n str>,
        context: &Context,
    ) -> Result<GivenTables, CliError> {
        let files = self.files(context);
        let mut given = GivenTables::default();
        for name in names {
            match files.get(name) {
                Some(path) => given.add(name, path)?,
                None if self.has_interfaces(name, context) => {
                    given.tables.insert(name, interfaces(&self.model(context)?));
                }
                None => {
                    let known = self.names(context).into_iter().collect();
                    return Err(CliError::UnknownTable { name: name.to_owned(), known });
                }
            }
        }
        Ok(given)
    }

    /// Returns the names that there are.
    pub(super) fn names(&self, context: &Context) -> BTreeSet<String> {
        let mut names: BTreeSet<String> = self.files(context).into_keys().collect();
        if self.has_interfaces(INTERFACES, context) {
            names.insert(INTERFACES.to_owned());
        }
        names
    }

    /// Returns the files by name: those that were typed go before those that are configured.
    fn files(&self, context: &Context) -> BTreeMap<String, PathBuf> {
        let mut files = context.config.tables();
        files.extend(self.files.iter().cloned());
        files
    }

    fn has_interfaces(&self, name: &str, context: &Context) -> bool {
        let has_account = !self.accounts.is_empty() || !context.config.sources().is_empty();
        name == INTERFACES && has_account
    }

    fn model(&self, context: &Context) -> Result<Model, CliError> {
        let typed = !self.accounts.is_empty();
        crate::source::read(if typed { &self.accounts } else { context.config.sources() }, context)
    }
}

impl GivenTables {
    fn add(&mut self, name: &str, path: &Path) -> Result<(), CliError> {
        let failed = |source| CliError::ReadTable { path: path.to_owned(), source };
        let bytes = fs::read(path).map_err(|error| failed(error.into()))?;
        let (reference, remark) = reference(path, bytes).map_err(failed)?;
        self.tables.insert(name, reference);
        self.remarks.extend(remark.map(|about| format!("the table `{name}` is {about}")));
        Ok(())
    }
}

/// Returns what a file says, and what it is and of when if somebody published it.
///
/// Its bytes tell what it is. Where they look like CSV its extension counts, for the sake of what is said of it.
fn reference(path: &Path, bytes: Vec<u8>) -> Result<(Reference, Option<String>), TableError> {
    let is_called = |extension: &str| path.extension().is_some_and(|it| it == extension);
    let published = if Database::is_one(&bytes) || is_called("mmdb") {
        maxmind(bytes)?
    } else if bytes.trim_ascii_start().starts_with(b"{") || is_called("json") {
        aws_ranges(&bytes)?
    } else {
        return Ok((csv(&bytes)?.into(), None));
    };
    let Published { reference, title, date } = published;
    Ok((reference, Some(format!("{title} of {date}"))))
}

fn csv(bytes: &[u8]) -> Result<Table, csv::Error> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let columns = reader.headers()?.iter().map(str::to_owned).collect();
    let cells = |record: csv::StringRecord| record.iter().map(str::to_owned).collect();
    let rows: Result<Vec<_>, _> = reader.records().map(|record| record.map(cells)).collect();
    Ok(Table::new(columns, rows?))
}

/// Returns a row for each interface of the model.
fn interfaces(model: &Model) -> Table {
    let rows = model.interfaces.iter().map(|(id, interface)| {
        let name = |id: &portolan_model::SecurityGroupId| {
            model.security_groups.get(id).map_or_else(|| id.to_string(), |it| it.name.to_string())
        };
        let (owner, kind) = portolan_report::interface_owner(model, id);
        let groups: Vec<_> = interface.security_groups.iter().map(name).collect();
        let place = &interface.place;
        vec![
            id.to_string(),
            owner,
            kind.to_owned(),
            groups.join(" "),
            place.account.as_ref().map(ToString::to_string).unwrap_or_default(),
            place.region.as_ref().map(ToString::to_string).unwrap_or_default(),
            interface.subnet.to_string(),
        ]
    });
    Table::new(INTERFACE_COLUMNS.map(str::to_owned).into(), rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, bytes: &[u8], expected: Result<(&[&str], Option<&str>), &str>) {
        let found = reference(Path::new(name), bytes.to_vec());
        let found = found.map(|(reference, remark)| (reference.columns(), remark));
        match (found, expected) {
            (Ok((columns, remark)), Ok((expected, expected_remark))) => {
                assert_eq!(columns, expected);
                assert_eq!(remark.as_deref(), expected_remark);
            }
            (Err(error), Err(expected)) => assert_eq!(error.to_string(), expected),
            (found, expected) => panic!("{name}: {found:?}, not {expected:?}"),
        }
    }

    #[test]
    fn bytes_tell_what_a_file_is() {
        check("a", b"port,name\n22,ssh\n", Ok((&["port", "name"], None)));
        let ranges = br#"{"createDate": "2026-01-01-00-00-00"}"#;
        let columns = ["prefix", "region", "service", "border"];
        let remark = "the address ranges of AWS of 2026-01-01T00:00:00Z";
        check("a.csv", ranges, Ok((&columns, Some(remark))));
        let database = portolan_testkit::mmdb::write("Test", 0, &[("10.0.0.0/8", "x".into())]);
        check("a", &database, Ok((&["", "prefix"], Some("Test of 1970-01-01T00:00:00Z"))));
        check("a.mmdb", b"a,b", Err("this is not a database in the format of MaxMind"));
        check("a.json", b"a,b", Err("this is not the list of address ranges of AWS"));
    }
}
