//! Each package from outside may be used under a licence we accept.
//!
//! The same as the licence part of cargo-deny, which a newcomer would have to install first.

use super::Problem;
use crate::repository::{Outside, Repository};

/// SPDX identifiers of the licences that go with Apache-2.0 in a binary.
static ACCEPTED: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Finds packages that offer no licence we accept, or name none.
pub(super) fn problems(repository: &Repository) -> Vec<Problem> {
    let refused = repository.outside.iter().filter(|it| !is_accepted(it));
    refused.map(|it| Problem::new(format!("{} {}", it.name, it.version), message(it))).collect()
}

fn message(package: &Outside) -> String {
    match &package.licence {
        Some(licence) => format!("its licence, `{licence}`, is not among those we accept"),
        None => String::from("names no licence"),
    }
}

fn is_accepted(package: &Outside) -> bool {
    package.licence.as_deref().is_some_and(accepts)
}

/// Returns whether an SPDX expression leaves us a choice that we accept.
///
/// Before SPDX expressions, a slash stood for `OR`; some manifests still have it.
fn accepts(expression: &str) -> bool {
    let expression = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let mut words = expression.split_whitespace().peekable();
    let accepted = any(&mut words);
    accepted && words.next().is_none()
}

type Words<'e> = std::iter::Peekable<std::str::SplitWhitespace<'e>>;

/// `OR` binds loosest, then `AND`, then `WITH` (SPDX specification 3.0, annex B).
fn any(words: &mut Words<'_>) -> bool {
    let mut accepted = all(words);
    while words.next_if_eq(&"OR").is_some() {
        // Not `||`: the right side has to be read even if the left is accepted.
        accepted |= all(words);
    }
    accepted
}

fn all(words: &mut Words<'_>) -> bool {
    let mut accepted = one(words);
    while words.next_if_eq(&"AND").is_some() {
        accepted &= one(words);
    }
    accepted
}

fn one(words: &mut Words<'_>) -> bool {
    if words.next_if_eq(&"(").is_some() {
        let accepted = any(words);
        return words.next_if_eq(&")").is_some() && accepted;
    }
    let licence = words.next().unwrap_or_default();
    match words.next_if_eq(&"WITH") {
        Some(_) => {
            let exception = words.next().unwrap_or_default();
            ACCEPTED.contains(&format!("{licence} WITH {exception}").as_str())
        }
        None => ACCEPTED.contains(&licence),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_understood() {
        for accepted in [
            "MIT",
            "MIT OR GPL-3.0-only",
            "MIT/Apache-2.0",
            "(MIT OR GPL-2.0-only) AND Unicode-3.0",
            "Apache-2.0 WITH LLVM-exception OR GPL-2.0-only",
        ] {
            assert!(accepts(accepted), "{accepted}");
        }
        for refused in [
            "",
            "GPL-3.0-only",
            "MIT AND GPL-3.0-only",
            "GPL-2.0-only WITH LLVM-exception",
            "(MIT OR GPL-2.0-only) AND AGPL-3.0-only",
            "MIT Apache-2.0",
            "(MIT",
        ] {
            assert!(!accepts(refused), "{refused}");
        }
    }

    #[test]
    fn a_package_names_its_licence() {
        let package = |licence: Option<&str>| Outside {
            name: String::from("a"),
            version: String::from("1.0.0"),
            licence: licence.map(str::to_owned),
        };
        let repository = Repository {
            outside: vec![package(None), package(Some("MIT")), package(Some("SSPL-1.0"))],
            ..Repository::default()
        };
        let expected = [
            Problem::new("a 1.0.0", "names no licence"),
            Problem::new("a 1.0.0", "its licence, `SSPL-1.0`, is not among those we accept"),
        ];
        assert_eq!(problems(&repository), expected);
    }
}
