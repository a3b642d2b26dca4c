//! The fields that a query may name, given by whoever knows them.

use std::collections::BTreeMap;

use crate::kind::Kind;
use crate::suggestion::closest;

/// A field that exists.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct KnownField {
    /// Its canonical name, such as `srcAddr`.
    pub name: String,
    /// Other names, such as `source ip`. Case, underscores, hyphens and spaces do not matter in any of them.
    pub aliases: Vec<String>,
    /// What its values are.
    pub kind: Kind,
    /// What it is, in one line, for completion.
    pub summary: String,
}

/// The fields that exist, and everything they may be called.
///
/// Names that are not in it are taken for fields that CloudWatch would discover, or refused, as
/// [`crate::Options::unknown_fields`] says.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    fields: Vec<KnownField>,
    // INVARIANT: values are indexes into `fields`.
    by_key: BTreeMap<String, usize>,
}

impl Vocabulary {
    /// Returns the vocabulary of these fields; of two fields with the same name or alias the first has it.
    pub fn new(fields: impl IntoIterator<Item = KnownField>) -> Self {
        let fields: Vec<_> = fields.into_iter().collect();
        let mut by_key = BTreeMap::new();
        let names = fields.iter().enumerate().map(|(index, field)| (index, &field.name));
        let aliases = |(index, field): (usize, &KnownField)| {
            field.aliases.iter().map(move |it| (index, it.clone())).collect::<Vec<_>>()
        };
        let aliases = fields.iter().enumerate().flat_map(aliases);
        let all = names.map(|(index, name)| (index, name.clone())).chain(aliases);
        for (index, name) in all {
            by_key.entry(key(&name)).or_insert(index);
        }
        Self { fields, by_key }
    }

    /// Returns the fields, in the order in which they were given.
    pub fn fields(&self) -> &[KnownField] {
        &self.fields
    }

    /// Returns the field that is called this, by its own name or an alias.
    pub fn find(&self, name: &str) -> Option<&KnownField> {
        self.by_key.get(&key(name)).and_then(|index| self.fields.get(*index))
    }

    /// Returns the canonical name closest to a misspelt one, if one is close.
    pub fn suggestion(&self, name: &str) -> Option<&str> {
        let known = self.by_key.keys().map(String::as_str);
        let found = closest(&key(name), known)?;
        self.find(found).map(|field| field.name.as_str())
    }
}

/// Returns what is the same for all spellings of a name.
fn key(name: &str) -> String {
    let kept = name.chars().filter(|it| !matches!(it, '_' | '-' | ' '));
    kept.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vocabulary() -> Vocabulary {
        let field = |name: &str, aliases: &[&str]| KnownField {
            name: String::from(name),
            aliases: aliases.iter().map(|it| String::from(*it)).collect(),
            kind: Kind::Text,
            summary: String::new(),
        };
        Vocabulary::new([field("srcAddr", &["source ip", "start"]), field("startTime", &["start"])])
    }

    #[test]
    fn names_are_found_in_every_spelling() {
        let vocabulary = vocabulary();
        let check = |name: &str, expected: Option<&str>| {
            assert_eq!(vocabulary.find(name).map(|it| it.name.as_str()), expected, "{name}");
        };
        check("srcAddr", Some("srcAddr"));
        check("SRC_ADDR", Some("srcAddr"));
        check("src-addr", Some("srcAddr"));
        check("Source IP", Some("srcAddr"));
        check("start", Some("srcAddr"));
        check("start_time", Some("startTime"));
        check("srcAdr", None);
        check("", None);
    }

    #[test]
    fn misspelt_names_have_a_suggestion() {
        assert_eq!(vocabulary().suggestion("scrAddr"), Some("srcAddr"));
        assert_eq!(vocabulary().suggestion("sourceIp4"), Some("srcAddr"));
        assert_eq!(vocabulary().suggestion("elephant"), None);
    }
}
