//! Each Rust file is reached by a `mod` declaration, so that none is forgotten.
//!
//! A test file that nobody declares compiles nowhere and passes for ever.

use std::collections::BTreeSet;

use super::Problem;
use crate::repository::{Crate, Repository};

/// Finds Rust files in the folders of the crates that no target reaches.
pub(super) fn problems(repository: &Repository) -> Vec<Problem> {
    repository.crates.iter().flat_map(|it| unreached(repository, it)).collect()
}

fn unreached(repository: &Repository, owner: &Crate) -> Vec<Problem> {
    let mut reached = BTreeSet::new();
    for root in &owner.roots {
        reach(repository, root, true, &mut reached);
    }
    let folder = format!("{}/", owner.folder);
    let files = repository.texts(".rs").filter(|(path, _)| path.starts_with(&folder));
    let unreached = files.filter(|(path, _)| !reached.contains(*path));
    unreached.map(|(path, _)| Problem::new(path, "no `mod` declaration leads here")).collect()
}

/// Adds the file and all that its declarations lead to.
fn reach(repository: &Repository, path: &str, is_root: bool, reached: &mut BTreeSet<String>) {
    let Some(text) = repository.text(path) else { return };
    if !reached.insert(path.to_owned()) {
        return;
    }
    let folder = folder_of_children(path, is_root);
    for module in declared(text) {
        reach(repository, &format!("{folder}/{module}.rs"), false, reached);
        reach(repository, &format!("{folder}/{module}/mod.rs"), true, reached);
    }
}

/// Returns where the files of a module's children are: beside a root, else in a folder of the module's name.
fn folder_of_children(path: &str, is_root: bool) -> &str {
    match path.rsplit_once('/') {
        Some((folder, _)) if is_root => folder,
        _ => path.strip_suffix(".rs").unwrap_or(path),
    }
}

/// Returns the names in declarations such as `pub(crate) mod port;`.
fn declared(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| {
        let declaration = line.trim().strip_suffix(';')?;
        let (before, name) = declaration.rsplit_once(' ')?;
        (before == "mod" || before.ends_with(" mod")).then_some(name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(files: &[(&str, &str)], expected: &[&str]) {
        let owner = Crate {
            folder: String::from("crates/a"),
            roots: vec![
                String::from("crates/a/src/lib.rs"),
                String::from("crates/a/tests/suite/main.rs"),
            ],
            ..Crate::default()
        };
        let repository = Repository { crates: vec![owner], ..Repository::of_files(files) };
        let found = problems(&repository);
        assert_eq!(found.iter().map(|it| it.place.as_str()).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn declarations_are_followed() {
        check(
            &[
                ("crates/a/src/lib.rs", "mod b;\npub(crate) mod e;"),
                ("crates/a/src/b.rs", "#[cfg(test)]\nmod c;"),
                ("crates/a/src/b/c.rs", ""),
                ("crates/a/src/e/mod.rs", "pub mod f;"),
                ("crates/a/src/e/f.rs", ""),
                ("crates/a/tests/suite/main.rs", "mod g;"),
                ("crates/a/tests/suite/g.rs", ""),
            ],
            &[],
        );
    }

    #[test]
    fn forgotten_files_are_found() {
        check(
            &[
                ("crates/a/src/lib.rs", "// mod b\nuse model;"),
                ("crates/a/src/b.rs", ""),
                ("crates/a/tests/suite/g.rs", ""),
            ],
            &["crates/a/src/b.rs", "crates/a/tests/suite/g.rs"],
        );
    }
}
