//! A source file is at most 800 lines long, unless it is a list of like things.

use super::Problem;
use crate::repository::Repository;

/// 400 is normal; at twice that a file has usually become two rooms.
const LINES_AT_MOST: usize = 800;

/// Files that may be longer, with what they list.
static EXEMPT: &[(&str, &str)] = &[];

/// Finds Rust files that are too long, and exemptions that are no longer needed.
pub(super) fn problems(repository: &Repository) -> Vec<Problem> {
    problems_with(repository, EXEMPT)
}

fn problems_with(repository: &Repository, exempt: &[(&str, &str)]) -> Vec<Problem> {
    let is_exempt = |path| exempt.iter().any(|(exempt, _)| *exempt == path);
    let too_long: Vec<_> = repository.texts(".rs").filter(|(_, text)| is_too_long(text)).collect();
    let stale = exempt.iter().filter(|(path, _)| !too_long.iter().any(|(long, _)| long == path));
    let stale =
        stale.map(|(path, _)| Problem::new(path, "needs no exemption from length any more"));
    let unexpected = too_long.iter().filter(|(path, _)| !is_exempt(*path));
    unexpected.map(|(path, text)| Problem::new(path, message(text))).chain(stale).collect()
}

fn is_too_long(text: &str) -> bool {
    text.lines().count() > LINES_AT_MOST
}

fn message(text: &str) -> String {
    format!("{} lines; split it, or exempt it if it lists like things", text.lines().count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_files_need_an_exemption() {
        let long = "\n".repeat(LINES_AT_MOST + 1);
        let repository = Repository::of_files(&[("a.rs", &long), ("b.rs", "\n"), ("c.md", &long)]);
        let message = "801 lines; split it, or exempt it if it lists like things";
        assert_eq!(problems_with(&repository, &[]), [Problem::new("a.rs", message)]);
        assert_eq!(problems_with(&repository, &[("a.rs", "ports")]), []);
    }

    #[test]
    fn exemptions_go_when_they_are_not_needed() {
        let repository = Repository::of_files(&[("b.rs", "\n")]);
        let expected = Problem::new("b.rs", "needs no exemption from length any more");
        assert_eq!(problems_with(&repository, &[("b.rs", "ports")]), [expected]);
    }
}
