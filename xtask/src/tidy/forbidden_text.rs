//! Text that must not stand in certain files.
//!
//! Clippy sees calls, not layers; a search for a name is crude and enough. What a pure crate must not do would
//! otherwise show only in review.

use super::Problem;
use crate::repository::Repository;

/// The crates of layers 0 to 2 in the workspace.
static PURE: &[&str] =
    &["crates/net/src/", "crates/catalog/src/", "crates/model/src/", "crates/reach/src/"];

/// Where a text is forbidden.
#[derive(Clone, Copy, Debug)]
enum Scope {
    /// The code of pure crates, their tests and comments left out.
    Pure,
    /// Every Rust file.
    Rust,
    /// Every text file.
    Everywhere,
}

/// Each forbidden text, where, and what to do instead.
static FORBIDDEN: &[(Scope, &str, &str)] = &[
    (Scope::Pure, "std::fs", "files are read in `sources`"),
    (Scope::Pure, "std::env", "the environment is read in `cli`"),
    (Scope::Pure, "std::io", "bytes come in and go out as values"),
    (Scope::Pure, "std::process", "only `cli` decides on a status"),
    (Scope::Pure, "SystemTime", "time comes in as a value"),
    (Scope::Pure, "Instant::now", "time comes in as a value"),
    (Scope::Pure, "println!", "only `cli` prints"),
    (Scope::Pure, "print!(", "only `cli` prints"),
    (Scope::Pure, "Serialize", "wire types live in the crate that owns the wire"),
    (Scope::Rust, "#[ignore", "a test runs, or it is not a test"),
    (Scope::Rust, "todo!(", "write it, or open an issue"),
    (Scope::Rust, "unimplemented!(", "write it, or open an issue"),
    (Scope::Rust, "assert!(true", "assert something that can fail"),
    (Scope::Everywhere, "/root/", "a path of one machine belongs nowhere"),
    (Scope::Everywhere, "/home/", "a path of one machine belongs nowhere"),
    (Scope::Everywhere, "/work/", "a path of one machine belongs nowhere"),
    (Scope::Everywhere, "/Users/", "a path of one machine belongs nowhere"),
];

/// This file, which holds them all.
const THIS_FILE: &str = "xtask/src/tidy/forbidden_text.rs";

/// Finds each line that holds a forbidden text.
pub(super) fn problems(repository: &Repository) -> Vec<Problem> {
    repository
        .texts("")
        .filter(|(path, _)| *path != THIS_FILE && !path.starts_with("fuzz/corpus/"))
        .flat_map(|(path, text)| file_problems(path, text))
        .collect()
}

fn file_problems(path: &str, text: &str) -> Vec<Problem> {
    let forbidden = FORBIDDEN.iter();
    forbidden
        .flat_map(|(scope, needle, instead)| {
            let lines = lines(*scope, path, text).filter(|(_, line)| holds(line, needle));
            lines.map(move |(number, _)| {
                Problem::new(format!("{path}:{number}"), format!("`{needle}`: {instead}"))
            })
        })
        .collect()
}

/// Returns the numbered lines of a file that are within the scope.
fn lines<'t>(scope: Scope, path: &str, text: &'t str) -> impl Iterator<Item = (usize, &'t str)> {
    let text = match scope {
        Scope::Pure if is_pure_code(path) => before_tests(text),
        Scope::Rust if is_rust(path) => text,
        Scope::Everywhere => text,
        Scope::Pure | Scope::Rust => "",
    };
    let skips_comments = matches!(scope, Scope::Pure);
    let lines = text.lines().enumerate().map(|(index, line)| (index + 1, line));
    lines.filter(move |(_, line)| !(skips_comments && line.trim_start().starts_with("//")))
}

fn is_rust(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, extension)| extension == "rs")
}

fn is_pure_code(path: &str) -> bool {
    PURE.iter().any(|folder| path.starts_with(folder)) && !path.ends_with("/tests.rs")
}

/// Returns the part of a file before its tests, which stand last in every file.
fn before_tests(text: &str) -> &str {
    text.find("\n#[cfg(test)]\nmod tests {").map_or(text, |end| &text[..end])
}

/// Returns whether the line holds the text, and not as the tail of something longer: `a/work/` is no path of
/// this machine and `eprint!(` is found as `print!(` only once.
fn holds(line: &str, needle: &str) -> bool {
    line.match_indices(needle).any(|(start, _)| !is_tail(&line[..start], needle))
}

fn is_tail(before: &str, needle: &str) -> bool {
    let is_path = needle.starts_with('/');
    is_path
        && before
            .ends_with(|it: char| it.is_alphanumeric() || matches!(it, '.' | '-' | '_' | '~' | '}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &str, text: &str, expected: &str) {
        let found: Vec<_> = file_problems(path, text).iter().map(Problem::to_string).collect();
        assert_eq!(found.join("\n"), expected);
    }

    #[test]
    fn pure_code_is_searched_without_comments_and_tests() {
        let text =
            "//! Like std::fs.\nuse std::fs;\n\n#[cfg(test)]\nmod tests {\n    use std::fs;\n}\n";
        let expected = "crates/net/src/port.rs:2: `std::fs`: files are read in `sources`";
        check("crates/net/src/port.rs", text, expected);
        check("crates/sources/src/lib.rs", text, "");
    }

    #[test]
    fn stand_ins_are_found_in_tests_too() {
        let expected = "crates/cli/tests/a.rs:1: `#[ignore`: a test runs, or it is not a test";
        check("crates/cli/tests/a.rs", "#[ignore = \"later\"]", expected);
        check("docs/manual/a.md", "#[ignore]", "");
    }

    #[test]
    fn paths_of_one_machine_are_found_everywhere() {
        let expected = "README.md:2: `/home/`: a path of one machine belongs nowhere";
        check("README.md", "first\ncd /home/me", expected);
        check("README.md", "https://example.org/home/page", "");
    }
}
