//! "Did you mean".

/// Two names this similar are probably meant to be the same; 1 is equal, 0 has nothing in common.
const SIMILAR: f64 = 0.75;

/// Returns the candidate most like the name, if one is like it enough; the first of equals. Case does not matter.
pub(crate) fn closest<'names>(
    name: &str,
    candidates: impl IntoIterator<Item = &'names str>,
) -> Option<&'names str> {
    let name = name.to_lowercase();
    let mut best: Option<(f64, &str)> = None;
    for candidate in candidates {
        let similarity = strsim::normalized_damerau_levenshtein(&name, &candidate.to_lowercase());
        if similarity >= SIMILAR && best.is_none_or(|(most, _)| similarity > most) {
            best = Some((similarity, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Returns the help that proposes a name.
pub(crate) fn did_you_mean(name: &str) -> String {
    format!("did you mean `{name}`?")
}
