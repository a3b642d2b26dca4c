//! “Did you mean?”, for names that this program defines itself.

/// Returns the candidate that is spelt almost like `name`, if any is.
pub(crate) fn nearest<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let name = name.to_lowercase();
    let tolerance = name.chars().count().div_ceil(3);
    let distance = |candidate: &str| strsim::osa_distance(&name, candidate);
    let scored = candidates.into_iter().map(|candidate| (distance(candidate), candidate));
    let near = scored.filter(|(distance, _)| *distance <= tolerance).min();
    near.map(|(_, candidate)| candidate)
}

/// Returns the help for an unknown name: the nearest one, or else all of them.
pub(crate) fn help<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str> + Clone,
) -> String {
    match nearest(name, candidates.clone()) {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None => {
            let all: Vec<_> = candidates.into_iter().map(|it| format!("`{it}`")).collect();
            format!("there are {}", all.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proposes_only_what_is_near() {
        let names = ["format", "color", "source"];
        assert_eq!(nearest("fromat", names), Some("format"));
        assert_eq!(nearest("COLOUR", names), Some("color"));
        assert_eq!(nearest("verbosity", names), None);
        assert_eq!(help("verbosity", names), "there are `format`, `color`, `source`");
    }
}
