//! ARCHITECTURE.md names each crate, docs/design/dependencies.md each crate from outside and its version.

use super::Problem;
use crate::repository::Repository;

const ARCHITECTURE: &str = "ARCHITECTURE.md";
const DEPENDENCIES: &str = "docs/design/dependencies.md";

/// Finds crates that the map does not show, dependencies whose reason is not written down, and reasons for
/// dependencies that are gone.
pub(super) fn problems(repository: &Repository) -> Vec<Problem> {
    let architecture = repository.text(ARCHITECTURE).unwrap_or_default();
    let unmapped = repository.crates.iter().map(|it| format!("`{}`", it.folder));
    let unmapped = unmapped.filter(|it| !architecture.contains(it));
    let unmapped = unmapped.map(|it| Problem::new(ARCHITECTURE, format!("does not name {it}")));
    unmapped.chain(unexplained(repository)).chain(departed(repository)).collect()
}

fn unexplained(repository: &Repository) -> impl Iterator<Item = Problem> {
    let document = repository.text(DEPENDENCIES).unwrap_or_default();
    let outside = repository.shared_dependencies().filter(|(_, version)| version.is_some());
    let rows =
        outside.map(|(name, version)| format!("| `{name}` | {} |", version.unwrap_or_default()));
    let missing = rows.filter(move |row| !document.contains(row));
    missing.map(|row| Problem::new(DEPENDENCIES, format!("lacks a row that starts `{row}`")))
}

/// Finds rows about crates that no manifest has any more.
fn departed(repository: &Repository) -> impl Iterator<Item = Problem> {
    let document = repository.text(DEPENDENCIES).unwrap_or_default();
    let named = document.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    let departed = named.filter(|(name, _)| !is_in_a_manifest(repository, name));
    departed.map(|(name, _)| Problem::new(DEPENDENCIES, format!("`{name}` is used no more")))
}

fn is_in_a_manifest(repository: &Repository, name: &str) -> bool {
    let fuzz = repository.text("fuzz/Cargo.toml").unwrap_or_default();
    let is_fuzz = fuzz.lines().any(|line| line.split_once(" = ").is_some_and(|(it, _)| it == name));
    is_fuzz || repository.shared_dependencies().any(|(it, _)| it == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repository::Crate;

    const MANIFEST: &str = "\
[workspace.dependencies]
portolan-net = { path = \"crates/net\" }
# From outside.
anyhow = \"1.0.104\"
clap = { version = \"4.6.9\", default-features = false }

[profile.dev]
debug = \"full\"
";

    fn check(architecture: &str, dependencies: &str, expected: &str) {
        let files =
            [(ARCHITECTURE, architecture), (DEPENDENCIES, dependencies), ("Cargo.toml", MANIFEST)];
        let net = Crate { folder: String::from("crates/net"), ..Crate::default() };
        let repository = Repository { crates: vec![net], ..Repository::of_files(&files) };
        let messages: Vec<_> = problems(&repository).iter().map(Problem::to_string).collect();
        assert_eq!(messages.join("\n"), expected);
    }

    #[test]
    fn documents_keep_up_with_the_manifest() {
        let rows = "| `anyhow` | 1.0.104 | chores |\n| `clap` | 4.6.9 | arguments |\n";
        check("### `crates/net`", rows, "");
        check("", rows, "ARCHITECTURE.md: does not name `crates/net`");
        let expected = "docs/design/dependencies.md: lacks a row that starts `| `clap` | 4.6.9 |`";
        check("### `crates/net`", "| `anyhow` | 1.0.104 | chores |\n| `clap` | 4.5 |", expected);
        let more = format!("{rows}| `serde` | 1.0 |\n");
        check("### `crates/net`", &more, "docs/design/dependencies.md: `serde` is used no more");
    }
}
