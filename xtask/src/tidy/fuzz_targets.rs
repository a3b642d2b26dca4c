//! Each fuzz target is registered, has seeds, and the seeds stay small.

use super::Problem;
use crate::repository::Repository;

/// What all committed seeds may weigh together. Corpora grow without end and belong into the build folder; what
/// is committed is the minimised part that the replay test can run in a second.
const SEEDS_AT_MOST_BYTES: usize = 300_000;

/// Finds targets that cargo does not know, targets without seeds, and an overweight of seeds.
pub(super) fn problems(repository: &Repository) -> Vec<Problem> {
    let unregistered = targets(repository).filter(|it| !is_registered(repository, it));
    let unregistered = unregistered.map(|it| {
        Problem::new(format!("fuzz/fuzz_targets/{it}.rs"), "not a `[[bin]]` of fuzz/Cargo.toml")
    });
    let seedless = targets(repository).filter(|it| seeds(repository, it).next().is_none());
    let seedless = seedless.map(|it| Problem::new(format!("fuzz/corpus/{it}"), "holds no seed"));
    unregistered.chain(seedless).chain(overweight(repository)).collect()
}

fn targets(repository: &Repository) -> impl Iterator<Item = &str> {
    let files = repository.files.keys();
    files.filter_map(|it| it.strip_prefix("fuzz/fuzz_targets/")?.strip_suffix(".rs"))
}

fn is_registered(repository: &Repository, target: &str) -> bool {
    let manifest = repository.text("fuzz/Cargo.toml").unwrap_or_default();
    manifest.contains(&format!("path = \"fuzz_targets/{target}.rs\""))
}

fn seeds(repository: &Repository, target: &str) -> impl Iterator<Item = usize> {
    let folder = format!("fuzz/corpus/{target}/");
    let files = repository.files.iter();
    files.filter(move |(path, _)| path.starts_with(&folder)).map(|(_, bytes)| bytes.len())
}

fn overweight(repository: &Repository) -> Option<Problem> {
    let bytes: usize = targets(repository).flat_map(|it| seeds(repository, it)).sum();
    let message = format!("{bytes} bytes of seeds; at most {SEEDS_AT_MOST_BYTES} are committed");
    (bytes > SEEDS_AT_MOST_BYTES).then(|| Problem::new("fuzz/corpus", message))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(files: &[(&str, &str)], expected: &[&str]) {
        let problems = problems(&Repository::of_files(files));
        assert_eq!(problems.iter().map(|it| it.place.as_str()).collect::<Vec<_>>(), expected);
    }

    const TARGET: (&str, &str) = ("fuzz/fuzz_targets/a.rs", "");
    const MANIFEST: (&str, &str) = ("fuzz/Cargo.toml", "path = \"fuzz_targets/a.rs\"");
    const SEED: (&str, &str) = ("fuzz/corpus/a/1", "22");

    #[test]
    fn a_target_is_registered_and_has_seeds() {
        check(&[TARGET, MANIFEST, SEED], &[]);
        check(&[TARGET, SEED], &["fuzz/fuzz_targets/a.rs"]);
        check(&[TARGET, MANIFEST], &["fuzz/corpus/a"]);
    }

    #[test]
    fn seeds_stay_small() {
        let seed = "2".repeat(SEEDS_AT_MOST_BYTES + 1);
        check(&[TARGET, MANIFEST, ("fuzz/corpus/a/1", &seed)], &["fuzz/corpus"]);
    }
}
