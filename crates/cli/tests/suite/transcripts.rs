//! Commands and what they print, word for word. Pages of the manual are among them, so that they stay true.
//!
//! `TRYCMD=overwrite cargo test -p portolan` writes what is printed now; then read the difference.

use std::env;
use std::ffi::OsStr;
use std::path::Path;

use super::repository;

/// The variables of everybody that would make the same command print something else.
const VARIABLES: [&str; 5] = ["CLICOLOR_FORCE", "HOME", "NO_COLOR", "TERM", "XDG_CONFIG_HOME"];

/// The pages of the manual whose commands are run.
const PAGES: [&str; 5] =
    ["configuration.md", "exit-codes.md", "exposure.md", "matrix.md", "reach.md"];

#[test]
fn commands_print_what_is_written() {
    let is_ours = |name: &OsStr| name.to_string_lossy().starts_with("PORTOLAN_");
    let ours: Vec<_> = env::vars_os().filter(|(name, _)| is_ours(name)).collect();
    assert!(ours.is_empty(), "unset these first, for transcripts set their own: {ours:?}");
    env::set_current_dir(repository()).unwrap();
    let cases = trycmd::TestCases::new();
    cases.register_bin("portolan", Path::new(env!("CARGO_BIN_EXE_portolan")));
    for variable in VARIABLES {
        cases.env(variable, "");
    }
    cases.case(repository().join("crates/cli/tests/cmd/*.trycmd"));
    let flows = if cfg!(feature = "flows") { "flows" } else { "absent" };
    cases.case(repository().join(format!("crates/cli/tests/cmd/{flows}/*.trycmd")));
    for page in PAGES {
        cases.case(repository().join("docs/manual").join(page));
    }
}
