//! Commands and what they print, word for word. The manual's pages are among them, so that they stay true.
//!
//! `TRYCMD=overwrite cargo test -p portolan` writes what is printed now; then read the difference.

use std::env;
use std::path::Path;

use super::repository;

/// The variables that would make the same command print something else.
const VARIABLES: [&str; 14] = [
    "CLICOLOR_FORCE",
    "COLUMNS",
    "HOME",
    "NO_COLOR",
    "PORTOLAN_ALLOW_PARTIAL",
    "PORTOLAN_ASSUME_PORT_25_OPEN",
    "PORTOLAN_COLOR",
    "PORTOLAN_CONFIG",
    "PORTOLAN_FAIL_ON",
    "PORTOLAN_FORMAT",
    "PORTOLAN_SOURCE",
    "PORTOLAN_WIDTH",
    "TERM",
    "XDG_CONFIG_HOME",
];

#[test]
fn commands_print_what_is_written() {
    env::set_current_dir(repository()).unwrap();
    let cases = trycmd::TestCases::new();
    cases.register_bin("portolan", Path::new(env!("CARGO_BIN_EXE_portolan")));
    for variable in VARIABLES {
        cases.env(variable, "");
    }
    cases.case(repository().join("crates/cli/tests/cmd/*.trycmd"));
    cases.case(repository().join("docs/manual/*.md"));
}
