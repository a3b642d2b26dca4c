//! Each Markdown link into the repository leads to a file, and to a heading if it names one.

use super::Problem;
use crate::repository::Repository;

/// Finds links that lead nowhere.
pub(super) fn problems(repository: &Repository) -> Vec<Problem> {
    let pages = repository.texts(".md");
    pages.flat_map(|(path, text)| page_problems(repository, path, text)).collect()
}

fn page_problems(repository: &Repository, path: &str, text: &str) -> Vec<Problem> {
    let broken = links(text).filter(|(_, link)| is_inside(link) && !leads(repository, path, link));
    broken
        .map(|(number, link)| {
            Problem::new(format!("{path}:{number}"), format!("`{link}` leads nowhere"))
        })
        .collect()
}

/// Returns each link with the number of its line, code blocks left out.
fn links(text: &str) -> impl Iterator<Item = (usize, &str)> {
    prose(text).flat_map(|(number, line)| {
        let starts = line.match_indices("](").map(|(index, found)| index + found.len());
        starts.filter_map(move |start| Some((number, line[start..].split_once(')')?.0)))
    })
}

/// Returns the numbered lines that are not in fenced code.
fn prose(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut is_code = false;
    text.lines().enumerate().filter_map(move |(index, line)| {
        let is_fence = line.trim_start().starts_with("```");
        is_code ^= is_fence;
        (!is_code && !is_fence).then_some((index + 1, line))
    })
}

fn is_inside(link: &str) -> bool {
    !link.contains("://") && !link.starts_with("mailto:")
}

fn leads(repository: &Repository, from: &str, link: &str) -> bool {
    let (target, heading) = link.split_once('#').unwrap_or((link, ""));
    let Some(path) = resolve(from, target) else { return false };
    match repository.text(&path) {
        Some(text) => heading.is_empty() || anchors(text).any(|it| it == heading),
        None => heading.is_empty() && exists(repository, &path),
    }
}

/// Returns the path that a link names, seen from the page; nothing if it leaves the repository.
fn resolve(from: &str, target: &str) -> Option<String> {
    if target.is_empty() {
        return Some(from.to_owned());
    }
    let mut parts: Vec<_> = from.split('/').collect();
    parts.pop();
    for part in target.trim_end_matches('/').split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()?),
            _ => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// Returns whether the path is a file, or a folder with files.
fn exists(repository: &Repository, path: &str) -> bool {
    let folder = format!("{path}/");
    repository.files.keys().any(|it| it == path || it.starts_with(&folder))
}

/// Returns the anchors of the headings as repository hosts make them: lower case, spaces as dashes, no other
/// punctuation.
fn anchors(text: &str) -> impl Iterator<Item = String> {
    let headings = prose(text).filter(|(_, line)| line.starts_with('#'));
    headings.map(|(_, line)| {
        let heading = line.trim_start_matches('#').trim().to_lowercase().replace(' ', "-");
        heading.chars().filter(|it| it.is_alphanumeric() || matches!(it, '-' | '_')).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(link: &str, leads: bool) {
        let text = format!("# The house\n\nSee [it]({link}).\n");
        let files = [
            ("docs/manual/a.md", text.as_str()),
            ("docs/manual/b.md", "## Exit statuses, in short\n"),
            ("examples/harbor/vpcs.json", "{}"),
        ];
        let found = problems(&Repository::of_files(&files));
        let message = format!("`{link}` leads nowhere");
        let expected =
            if leads { vec![] } else { vec![Problem::new("docs/manual/a.md:3", message)] };
        assert_eq!(found, expected);
    }

    #[test]
    fn links_lead_to_files_folders_and_headings() {
        check("b.md", true);
        check("../manual/b.md#exit-statuses-in-short", true);
        check("../../examples/harbor", true);
        check("#the-house", true);
        check("https://example.org/nothing", true);
        check("c.md", false);
        check("b.md#nothing", false);
        check("../../../shared/data", false);
    }

    #[test]
    fn code_is_no_link() {
        let text = "```rust\nlet it = table[0](argument);\n```\n";
        assert_eq!(problems(&Repository::of_files(&[("a.md", text)])), []);
    }
}
