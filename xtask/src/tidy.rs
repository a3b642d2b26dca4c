//! The rules of the house that no compiler checks, run by `cargo xtask tidy` and by `cargo test`.
//!
//! A check is a function from the [`Repository`] to what it finds wrong. It lives in a file of its own below
//! `tidy/`, is listed in [`ALL`], and has tests which show it something wrong, so that a check that can no
//! longer fail is noticed. There is no extra list of checks for continuous integration: a rule that is worth
//! keeping fails `cargo test` at the desk.

mod forbidden_text;
mod formatting;
mod fuzz_targets;
mod indexes;
mod inheritance;
mod layering;
mod length;
mod licences;
mod links;
mod modules;
mod rooms;

use std::fmt::{self, Write as _};
use std::process::ExitCode;

use anyhow::{bail, ensure};

use crate::repository::Repository;

/// What the command line says to `tidy`.
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    /// Checks to run; all if none is named
    checks: Vec<String>,

    /// Print the names of the checks and what each wants
    #[arg(long)]
    list: bool,
}

/// One rule of the house.
#[derive(Debug)]
struct Check {
    name: &'static str,
    /// What must hold, as a sentence.
    rule: &'static str,
    problems: fn(&Repository) -> Vec<Problem>,
}

/// Every check, sorted by name.
static ALL: &[Check] = &[
    Check {
        name: "forbidden-text",
        rule: "pure crates name nothing impure, and no file holds a stand-in or a path of one machine",
        problems: forbidden_text::problems,
    },
    Check {
        name: "formatting",
        rule: "rustfmt has nothing to change",
        problems: formatting::problems,
    },
    Check {
        name: "fuzz-targets",
        rule: "each fuzz target is registered and has seeds, and all seeds together stay small",
        problems: fuzz_targets::problems,
    },
    Check {
        name: "indexes",
        rule: "each page of a docs folder is linked from the README beside it",
        problems: indexes::problems,
    },
    Check {
        name: "inheritance",
        rule: "versions, edition and lints stand in the root manifest only",
        problems: inheritance::problems,
    },
    Check {
        name: "layering",
        rule: "a crate depends on lower layers only, and pure layers on few crates from outside",
        problems: layering::problems,
    },
    Check {
        name: "length",
        rule: "a source file is at most 800 lines long, unless it is a list of like things",
        problems: length::problems,
    },
    Check {
        name: "licences",
        rule: "each package from outside may be used under a licence we accept",
        problems: licences::problems,
    },
    Check {
        name: "links",
        rule: "each Markdown link into the repository leads to a file, and to a heading if it names one",
        problems: links::problems,
    },
    Check {
        name: "modules",
        rule: "each Rust file is reached by a `mod` declaration, so that none is forgotten",
        problems: modules::problems,
    },
    Check {
        name: "rooms",
        rule: "ARCHITECTURE.md names each crate, docs/design/dependencies.md each crate from outside",
        problems: rooms::problems,
    },
];

/// Something that breaks a rule.
#[derive(Debug, Eq, PartialEq)]
struct Problem {
    /// A path, a path with a line, or the name of a crate.
    place: String,
    /// What is wrong there and what to do about it.
    message: String,
}

impl Problem {
    fn new(place: impl fmt::Display, message: impl fmt::Display) -> Self {
        Self { place: place.to_string(), message: message.to_string() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.place, self.message)
    }
}

/// Runs the checks and prints what they find; the status is a failure if that is anything.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let checks = chosen(&arguments.checks)?;
    if arguments.list {
        for check in checks {
            println!("{:<16}{}", check.name, check.rule);
        }
        return Ok(ExitCode::SUCCESS);
    }
    let report = report(&checks)?;
    print!("{report}");
    println!("{} checks, {} problems", checks.len(), report.lines().count());
    Ok(if report.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn chosen(names: &[String]) -> anyhow::Result<Vec<&'static Check>> {
    if let Some(name) = names.iter().find(|name| ALL.iter().all(|check| check.name != *name)) {
        bail!("no check is named `{name}`; `cargo xtask tidy --list` names them");
    }
    Ok(ALL
        .iter()
        .filter(|it| names.is_empty() || names.iter().any(|name| name == it.name))
        .collect())
}

/// Returns one line for each problem, and nothing if the house is tidy.
fn report(checks: &[&Check]) -> anyhow::Result<String> {
    let repository = Repository::read()?;
    ensure!(!repository.files.is_empty(), "git tracks no file here");
    let mut report = String::new();
    for check in checks {
        for problem in (check.problems)(&repository) {
            writeln!(report, "{problem} [{}]", check.name)?;
        }
    }
    Ok(report)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_house_is_tidy() {
        let report = report(&ALL.iter().collect::<Vec<_>>()).unwrap();
        assert!(report.is_empty(), "{report}");
    }

    #[test]
    fn checks_are_sorted_and_can_be_chosen() {
        assert!(ALL.is_sorted_by(|one, next| one.name < next.name));
        assert_eq!(chosen(&[String::from("links")]).unwrap().len(), 1);
        assert!(chosen(&[String::from("lynx")]).is_err());
    }
}
