//! Versions, edition and lints stand in the root manifest only, and no version stands there for nothing.
//!
//! Manifests are read line by line rather than as TOML: `cargo metadata` no longer says what was inherited, and
//! our own manifests write one entry on a line.

use super::Problem;
use crate::repository::{Crate, Repository};

/// Keys of `[package]` that a member inherits.
static INHERITED: &[&str] = &["version", "edition", "rust-version", "license", "publish"];

/// Finds entries of member manifests that should say `workspace = true`, and entries of the root manifest that
/// no member inherits.
pub(super) fn problems(repository: &Repository) -> Vec<Problem> {
    let members = repository.crates.iter().flat_map(|it| member_problems(repository, it));
    members.chain(unused(repository)).collect()
}

fn member_problems(repository: &Repository, member: &Crate) -> Vec<Problem> {
    let path = format!("{}/Cargo.toml", member.folder);
    manifest_problems(&path, repository.text(&path).unwrap_or_default())
}

fn unused(repository: &Repository) -> impl Iterator<Item = Problem> {
    let entries = repository.shared_dependencies().map(|(name, _)| name);
    let unused = entries.filter(|name| !repository.crates.iter().any(|it| it.depends_on(name)));
    unused.map(|name| Problem::new("Cargo.toml", format!("no crate uses `{name}`")))
}

fn manifest_problems(path: &str, manifest: &str) -> Vec<Problem> {
    let missing = INHERITED.iter().map(|key| format!("{key}.workspace = true"));
    let missing = missing.chain([String::from("[lints]\nworkspace = true")]);
    let missing = missing.filter(|it| !manifest.contains(it));
    let missing =
        missing.map(|it| Problem::new(path, format!("lacks `{}`", it.replace('\n', " "))));
    let own = own_versions(manifest);
    missing
        .chain(own.map(|(number, entry)| {
            let message = format!("`{entry}` gives its own version; write `workspace = true`");
            Problem::new(format!("{path}:{number}"), message)
        }))
        .collect()
}

/// Returns the numbered lines of the dependency tables that do not refer to the root manifest.
fn own_versions(manifest: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut is_dependencies = false;
    manifest.lines().enumerate().filter_map(move |(index, line)| {
        if line.starts_with('[') {
            is_dependencies = line.ends_with("dependencies]");
            return None;
        }
        let is_entry = is_dependencies && line.contains('=') && !line.starts_with('#');
        (is_entry && !line.contains("workspace = true")).then_some((index + 1, line))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repository::Dependency;

    const GOOD: &str = "\
[package]
name = \"a\"
version.workspace = true
edition.workspace = true
rust-version.workspace = true
license.workspace = true
publish.workspace = true

[lints]
workspace = true

[dependencies]
serde = { workspace = true, features = [\"rc\"] }
";

    fn check(manifest: &str, expected: &str) {
        let problems = manifest_problems("Cargo.toml", manifest);
        let messages: Vec<_> = problems.iter().map(Problem::to_string).collect();
        assert_eq!(messages.join("\n"), expected);
    }

    #[test]
    fn members_inherit() {
        check(GOOD, "");
        let own_edition = GOOD.replace("edition.workspace = true", "edition = \"2021\"");
        check(&own_edition, "Cargo.toml: lacks `edition.workspace = true`");
        let no_lints = GOOD.replace("[lints]\nworkspace = true", "");
        check(&no_lints, "Cargo.toml: lacks `[lints] workspace = true`");
    }

    #[test]
    fn dependencies_refer_to_the_root() {
        let manifest = format!("{GOOD}\n[dev-dependencies]\ninsta = \"1\"\n");
        let expected =
            "Cargo.toml:16: `insta = \"1\"` gives its own version; write `workspace = true`";
        check(&manifest, expected);
    }

    #[test]
    fn shared_dependencies_are_used() {
        let root = "[workspace.dependencies]\ninsta = \"1\"\nserde = \"1\"\n";
        let insta = Dependency { name: String::from("insta"), is_development: true };
        let member =
            Crate { folder: String::from("a"), dependencies: vec![insta], ..Crate::default() };
        let files = [("Cargo.toml", root), ("a/Cargo.toml", GOOD)];
        let repository = Repository { crates: vec![member], ..Repository::of_files(&files) };
        assert_eq!(problems(&repository), [Problem::new("Cargo.toml", "no crate uses `serde`")]);
    }
}
