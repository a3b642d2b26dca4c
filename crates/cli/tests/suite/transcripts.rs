//! Commands and what they print, word for word. The README and the manual are among them, so that they stay true.
//!
//! `TRYCMD=overwrite cargo test -p portolan` writes what is printed now; then read the difference.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use super::repository;

/// The variables of everybody that would make the same command print something else.
const VARIABLES: [&str; 6] =
    ["CLICOLOR_FORCE", "HOME", "NO_COLOR", "TERM", "XDG_CONFIG_HOME", "XDG_DATA_HOME"];

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
    let (of_lakes, others): (Vec<_>, Vec<_>) =
        manual().into_iter().partition(|page| tells_of_lakes(page));
    for page in &others {
        all.case(page);
    }
    drop(all);
    tell_of_lakes(&of_lakes);
    // The tour is as wide as it says.
    cases().env("PORTOLAN_WIDTH", "110").case(repository().join("README.md"));
}

/// Returns the pages of the manual.
fn manual() -> Vec<PathBuf> {
    let pages = fs::read_dir(repository().join("docs/manual")).unwrap();
    let pages = pages.map(|page| page.unwrap().path());
    pages.filter(|page| page.extension() == Some(OsStr::new("md"))).collect()
}

/// The pages that ask the lake of the settings, which holds the flow logs of the example.
const OF_LAKES: [&str; 3] = ["evaluate.md", "tighten.md", "why.md"];

fn tells_of_lakes(page: &Path) -> bool {
    OF_LAKES.iter().any(|name| page.ends_with(name))
}

#[cfg(feature = "flows")]
fn tell_of_lakes(pages: &[PathBuf]) {
    let lake = super::scratch("lake-of-the-manual");
    drop(fs::remove_dir_all(&lake));
    let place = lake.to_str().unwrap();
    let ingest = ["flows", "ingest", "examples/harbor/flow-logs", "--lake", place];
    assert!(super::portolan(&ingest).output().unwrap().status.success());
    let cases = cases();
    cases.env("PORTOLAN_LAKE", place);
    for page in pages {
        cases.case(page);
    }
}

/// A build that reads no lakes cannot print what stands there.
#[cfg(not(feature = "flows"))]
fn tell_of_lakes(_: &[PathBuf]) {}

fn cases() -> trycmd::TestCases {
    let cases = trycmd::TestCases::new();
    cases.register_bin("portolan", Path::new(env!("CARGO_BIN_EXE_portolan")));
    for variable in VARIABLES {
        cases.env(variable, "");
    }
    cases
}
