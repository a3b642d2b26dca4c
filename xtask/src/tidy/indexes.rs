//! Each page of a docs folder is linked from the README beside it.

use super::Problem;
use crate::repository::Repository;

/// The folders with an index.
static FOLDERS: &[&str] = &["docs/design/", "docs/manual/"];

/// Finds pages that no reader of the index would find.
pub(super) fn problems(repository: &Repository) -> Vec<Problem> {
    FOLDERS.iter().flat_map(|folder| folder_problems(repository, folder)).collect()
}

fn folder_problems(repository: &Repository, folder: &str) -> Vec<Problem> {
    let index = format!("{folder}README.md");
    let Some(text) = repository.text(&index) else {
        return vec![Problem::new(index, "is missing")];
    };
    let pages = repository.texts(".md").filter_map(|(path, _)| path.strip_prefix(folder));
    let unlisted = pages.filter(|page| *page != "README.md" && !is_linked(text, page));
    unlisted
        .map(|page| Problem::new(format!("{folder}{page}"), format!("not linked from {index}")))
        .collect()
}

fn is_linked(index: &str, page: &str) -> bool {
    index.contains(&format!("]({page})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(index: &str, page: &str, expected: &str) {
        let files =
            [("docs/manual/README.md", ""), ("docs/design/README.md", index), (page, "# A page")];
        let problems = problems(&Repository::of_files(&files));
        let messages: Vec<_> = problems.iter().map(Problem::to_string).collect();
        assert_eq!(messages.join("\n"), expected);
    }

    #[test]
    fn pages_are_listed() {
        let expected = "docs/design/paths.md: not linked from docs/design/README.md";
        check("[Paths](paths.md)", "docs/design/paths.md", "");
        check("Paths", "docs/design/paths.md", expected);
        check("Paths", "docs/elsewhere/paths.md", "");
    }

    #[test]
    fn an_index_exists() {
        let problems = problems(&Repository::of_files(&[("docs/manual/README.md", "")]));
        assert_eq!(problems, [Problem::new("docs/design/README.md", "is missing")]);
    }
}
