//! The table of fields in the manual is the table of fields.

use std::fmt::Write as _;
use std::path::Path;

use portolan_flow::{Field, LogKind};

/// Returns the table, as the manual should have it.
fn table() -> String {
    let mut table = String::from(
        "| field | in queries | version | logs | values | what it is |\n|---|---|---|---|---|---|\n",
    );
    for field in Field::ALL {
        let logs = match (field.is_in(LogKind::Vpc), field.is_in(LogKind::TransitGateway)) {
            (true, true) => "both",
            (true, false) => "VPC",
            _ => "TGW",
        };
        writeln!(
            table,
            "| `{field}` | `{}` | {} | {logs} | {} | {} |",
            field.query_name(),
            field.version(),
            field.field_type(),
            field.description(),
        )
        .unwrap();
    }
    table
}

#[test]
fn the_manual_lists_every_field() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/manual/flow-logs.md");
    let manual = std::fs::read_to_string(path).unwrap();
    let table = table();
    assert!(manual.contains(&table), "the table in docs/manual/flow-logs.md should be:\n{table}");
}
