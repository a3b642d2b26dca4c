//! Text that must not stand in certain files.
//!
//! Clippy sees calls, not layers; a search for a name is crude and enough. What a pure crate must not do would
//! otherwise show only in review.

use super::{Problem, layering};
use crate::repository::Repository;

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

/// Where, what, and why not or what instead.
type Row = (Scope, &'static str, &'static str);

static FORBIDDEN: &[Row] = &[
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
    (Scope::Everywhere, "/Users/", "a path of one machine belongs nowhere"),
];

/// This file, which holds them all.
const THIS_FILE: &str = "xtask/src/tidy/forbidden_text.rs";

/// Finds each line that holds a forbidden text.
pub(super) fn problems(repository: &Repository) -> Vec<Problem> {
    let pure = repository.crates.iter().filter(|it| layering::is_pure(&it.name));
    let pure: Vec<_> = pure.map(|it| format!("{}/src/", it.folder)).collect();
    repository
        .texts("")
        .filter(|(path, _)| *path != THIS_FILE && !path.starts_with("fuzz/corpus/"))
        .flat_map(|(path, text)| {
            let is_pure = pure.iter().any(|folder| path.starts_with(folder));
            file_problems(path, text, is_pure)
        })
        .collect()
}

fn file_problems(path: &str, text: &str, is_pure: bool) -> Vec<Problem> {
    let forbidden = FORBIDDEN.iter().filter(|(scope, ..)| scope.covers(path, is_pure));
    forbidden.flat_map(|row| row_problems(row, path, text)).collect()
}

fn row_problems(row: &Row, path: &str, text: &str) -> Vec<Problem> {
    let (scope, needle, instead) = row;
    let lines = scope.lines(text).filter(|(_, line)| holds(line, needle));
    let place = |number| format!("{path}:{number}");
    lines.map(|(number, _)| Problem::new(place(number), format!("`{needle}`: {instead}"))).collect()
}

impl Scope {
    /// Returns whether the scope has part of the file at `path`.
    fn covers(self, path: &str, is_pure: bool) -> bool {
        match self {
            Self::Pure => is_pure && !path.ends_with("/tests.rs"),
            Self::Rust => path.rsplit_once('.').is_some_and(|(_, extension)| extension == "rs"),
            Self::Everywhere => true,
        }
    }

    /// Returns the numbered lines of a file that are within the scope.
    fn lines(self, text: &str) -> impl Iterator<Item = (usize, &str)> {
        let is_pure = matches!(self, Self::Pure);
        let text = if is_pure { before_tests(text) } else { text };
        let lines = text.lines().enumerate().map(|(index, line)| (index + 1, line));
        lines.filter(move |(_, line)| !(is_pure && line.trim_start().starts_with("//")))
    }
}

/// Returns the part of a file before its tests, which stand last in every file.
fn before_tests(text: &str) -> &str {
    text.find("\n#[cfg(test)]\nmod tests {").map_or(text, |end| &text[..end])
}

/// Returns whether the line holds the text, and not as the tail of a longer path: only paths that begin with
/// it are those of a machine.
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
    use crate::repository::Crate;

    fn check(path: &str, text: &str, is_pure: bool, expected: &str) {
        let found: Vec<_> =
            file_problems(path, text, is_pure).iter().map(Problem::to_string).collect();
        assert_eq!(found.join("\n"), expected);
    }

    #[test]
    fn pure_code_is_searched_without_comments_and_tests() {
        let text =
            "//! Like std::fs.\nuse std::fs;\n\n#[cfg(test)]\nmod tests {\n    use std::fs;\n}\n";
        let expected = "port.rs:2: `std::fs`: files are read in `sources`";
        check("port.rs", text, true, expected);
        check("port.rs", text, false, "");
    }

    #[test]
    fn stand_ins_are_found_in_tests_too() {
        let expected = "a.rs:1: `#[ignore`: a test runs, or it is not a test";
        check("a.rs", "#[ignore = \"later\"]", false, expected);
        check("a.md", "#[ignore]", false, "");
    }

    #[test]
    fn paths_of_one_machine_are_found_everywhere() {
        let expected = "a.md:2: `/home/`: a path of one machine belongs nowhere";
        check("a.md", "first\ncd /home/me", false, expected);
        check("a.md", "https://example.org/home/page", false, "");
    }

    #[test]
    fn pure_crates_are_those_of_the_layers() {
        let net = Crate {
            name: String::from("portolan-net"),
            folder: String::from("crates/net"),
            ..Crate::default()
        };
        let files =
            [("crates/net/src/a.rs", "SystemTime"), ("crates/netted/src/a.rs", "SystemTime")];
        let repository = Repository { crates: vec![net], ..Repository::of_files(&files) };
        let expected =
            Problem::new("crates/net/src/a.rs:1", "`SystemTime`: time comes in as a value");
        assert_eq!(problems(&repository), [expected]);
    }
}
