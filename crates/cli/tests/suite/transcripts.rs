//! Commands and what they print, word for word. The README and the manual are among them, so that they stay true.
//!
//! `TRYCMD=overwrite cargo test -p portolan` writes what is printed now; then read the difference.

use std::env;
use std::ffi::OsStr;
use std::path::Path;

use super::repository;

/// The variables of everybody that would make the same command print something else.
const VARIABLES: [&str; 5] = ["CLICOLOR_FORCE", "HOME", "NO_COLOR", "TERM", "XDG_CONFIG_HOME"];

#[test]
fn commands_print_what_is_written() {
    let is_ours = |name: &OsStr| name.to_string_lossy().starts_with("PORTOLAN_");
    let ours: Vec<_> = env::vars_os().filter(|(name, _)| is_ours(name)).collect();
    assert!(ours.is_empty(), "unset these first, for transcripts set their own: {ours:?}");
    env::set_current_dir(repository()).unwrap();
    let flows = if cfg!(feature = "flows") { "flows" } else { "absent" };
    let all = cases();
    all.case(repository().join("crates/cli/tests/cmd/*.trycmd"));
    all.case(repository().join(format!("crates/cli/tests/cmd/{flows}/*.trycmd")));
    all.case(repository().join("docs/manual/*.md"));
    drop(all);
    // The tour is as wide as it says.
    cases().env("PORTOLAN_WIDTH", "110").case(repository().join("README.md"));
}

fn cases() -> trycmd::TestCases {
    let cases = trycmd::TestCases::new();
    cases.register_bin("portolan", Path::new(env!("CARGO_BIN_EXE_portolan")));
    for variable in VARIABLES {
        cases.env(variable, "");
    }
    cases
}
