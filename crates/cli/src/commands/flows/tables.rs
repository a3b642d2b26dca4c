//! Tables that questions may look things up in: files that are named, and what a captured account says of its interfaces.

use std::path::{Path, PathBuf};

use clap::Args;
use portolan_lake::engine::{Table, Tables};
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
    /// Table for `lookup` and `cidrlookup`: a CSV file whose first line names the columns
    #[arg(long = "table", value_name = "NAME=FILE", value_parser = named_file)]
    files: Vec<(String, PathBuf)>,

    /// Captured account, whose interfaces become the table `interfaces`: interfaceId, resource, kind, groups, account,
    /// region, subnet
    #[arg(long = "account", value_name = "SOURCE")]
    accounts: Vec<PathBuf>,
}

/// Reads `NAME=FILE`.
fn named_file(text: &str) -> Result<(String, PathBuf), String> {
    let (name, file) = text.split_once('=').ok_or("write it as `NAME=FILE`")?;
    Ok((name.to_owned(), PathBuf::from(file)))
}

impl TableArguments {
    /// Reads the tables.
    pub(super) fn read(&self, context: &Context) -> Result<Tables, CliError> {
        let mut tables = Tables::default();
        if !self.accounts.is_empty() {
            let model = crate::source::read(&self.accounts, context)?;
            tables.insert(INTERFACES, interfaces(&model));
        }
        for (name, path) in &self.files {
            tables.insert(name, file(path)?);
        }
        Ok(tables)
    }
}

/// Reads a CSV file.
fn file(path: &Path) -> Result<Table, CliError> {
    let failed = |source| CliError::ReadTable { path: path.to_owned(), source };
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_path(path).map_err(failed)?;
    let columns = reader.headers().map_err(failed)?.iter().map(str::to_owned).collect();
    let rows: Result<Vec<_>, _> = reader
        .records()
        .map(|record| record.map(|it| it.iter().map(str::to_owned).collect::<Vec<_>>()))
        .collect();
    Ok(Table::new(columns, rows.map_err(failed)?))
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
