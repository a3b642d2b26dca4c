//! Every setting, once.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use portolan_catalog::Severity;
use portolan_report::Format;

/// One setting.
#[derive(Debug)]
pub(crate) struct Key {
    /// Its name in files.
    pub(crate) name: &'static str,
    /// The variable of the environment that sets it.
    pub(crate) variable: &'static str,
    /// What it can be.
    pub(crate) kind: Kind,
    /// What it is if nobody sets it, as a phrase.
    pub(crate) default: &'static str,
    /// A value to show, as a file writes it.
    pub(crate) example: &'static str,
    /// What it does, as a phrase without a full stop.
    pub(crate) doc: &'static str,
}

/// What a setting can be.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    /// Yes or no.
    Switch,
    /// One of these words.
    Choice(fn() -> Vec<&'static str>),
    /// A number of columns.
    Number,
    /// Files and folders.
    Paths,
    /// Texts, each with a name.
    Texts,
    /// Files, each with a name.
    NamedPaths,
    /// A folder, or what has a scheme, such as `s3://`.
    Place,
}

/// Every setting, in the order of the alphabet.
pub(crate) static KEYS: &[Key] = &[
    Key {
        name: "allow_partial",
        variable: "PORTOLAN_ALLOW_PARTIAL",
        kind: Kind::Switch,
        default: "false",
        example: "true",
        doc: "whether incomplete input is accepted: status 0 instead of 5",
    },
    Key {
        name: "assume_port_25_open",
        variable: "PORTOLAN_ASSUME_PORT_25_OPEN",
        kind: Kind::Switch,
        default: "false",
        example: "true",
        doc: "whether AWS has lifted its block of outbound port 25",
    },
    Key {
        name: "cluster_token_file",
        variable: "PORTOLAN_CLUSTER_TOKEN_FILE",
        kind: Kind::Paths,
        default: "none",
        example: "\"/run/secrets/cluster.token\"",
        doc: "the file with the secret of a cluster",
    },
    Key {
        name: "color",
        variable: "PORTOLAN_COLOR",
        kind: Kind::Choice(|| vec!["auto", "always", "never"]),
        default: "auto",
        example: "\"never\"",
        doc: "when to colour",
    },
    Key {
        name: "fail_on",
        variable: "PORTOLAN_FAIL_ON",
        kind: Kind::Choice(|| Severity::ALL.map(Severity::name).into()),
        default: "never",
        example: "\"high\"",
        doc: "the severity from which `exposure` ends with status 3",
    },
    Key {
        name: "format",
        variable: "PORTOLAN_FORMAT",
        kind: Kind::Choice(|| Format::ALL.map(Format::name).into()),
        default: "table",
        example: "\"json\"",
        doc: "how answers are written",
    },
    Key {
        name: "lake",
        variable: "PORTOLAN_LAKE",
        kind: Kind::Place,
        default: "portolan/lake in the user's folder of data",
        example: "\"s3://my-lake/flows\"",
        doc: "where flow logs are kept; in files a folder is relative to the file",
    },
    Key {
        name: "queries",
        variable: "PORTOLAN_QUERIES",
        kind: Kind::Texts,
        default: "none",
        example: "{ talkers = \"stats sum(bytes) as total by srcAddr | sort total desc | limit 10\" }",
        doc: "queries on flow logs by name, for `portolan flows query --saved NAME`; those of all files count",
    },
    Key {
        name: "source",
        variable: "PORTOLAN_SOURCE",
        kind: Kind::Paths,
        default: "none",
        example: "[\"captured/production\", \"captured/staging\"]",
        doc: "what is read where no source is named; in files relative to the file",
    },
    Key {
        name: "tables",
        variable: "PORTOLAN_TABLES",
        kind: Kind::NamedPaths,
        default: "none",
        example: "{ countries = \"GeoLite2-Country.mmdb\", aws = \"ip-ranges.json\" }",
        doc: "tables for questions on flow logs by name, as `--table` gives them; those of all files count",
    },
    Key {
        name: "width",
        variable: "PORTOLAN_WIDTH",
        kind: Kind::Number,
        default: "that of the terminal",
        example: "120",
        doc: "the columns that tables are to fit into",
    },
];

/// The value of a setting.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Value {
    /// Of [`Kind::Switch`].
    Switch(bool),
    /// Of [`Kind::Choice`].
    Word(&'static str),
    /// Of [`Kind::Number`].
    Number(u16),
    /// Of [`Kind::Paths`].
    Paths(Vec<PathBuf>),
    /// Of [`Kind::Texts`], by name.
    Texts(BTreeMap<String, String>),
    /// Of [`Kind::NamedPaths`], by name.
    NamedPaths(BTreeMap<String, PathBuf>),
    /// Of [`Kind::Place`].
    Place(String),
}

impl Kind {
    /// Returns what it can be, as the object of “expected”.
    pub(crate) fn expected(self) -> String {
        match self {
            Self::Switch => "`true` or `false`".to_owned(),
            Self::Choice(words) => {
                let quoted: Vec<_> = words().iter().map(|word| format!("`{word}`")).collect();
                format!("one of {}", quoted.join(", "))
            }
            Self::Number => "a number from 0 to 65535".to_owned(),
            Self::Paths => "a path or a list of paths".to_owned(),
            Self::Texts => "a table of texts, each with a name, in a configuration file".to_owned(),
            Self::NamedPaths => {
                "a table of paths, each with a name, in a configuration file".to_owned()
            }
            Self::Place => "a folder or `s3://BUCKET/PREFIX`".to_owned(),
        }
    }

    /// Returns whether a variable of the environment can hold it.
    pub(crate) const fn is_one_value(self) -> bool {
        !matches!(self, Self::Texts | Self::NamedPaths)
    }

    /// Returns the word of a choice, or `None` if it is not one.
    pub(crate) fn word(self, text: &str) -> Option<Value> {
        match self {
            Self::Choice(words) => words().into_iter().find(|it| *it == text).map(Value::Word),
            _ => None,
        }
    }
}

impl fmt::Display for Value {
    /// Writes the value as TOML.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Switch(is_on) => write!(f, "{is_on}"),
            Self::Word(word) => write!(f, "\"{word}\""),
            Self::Number(number) => write!(f, "{number}"),
            Self::Place(place) => f.write_str(&quoted(place)),
            Self::Paths(paths) => {
                let quoted: Vec<_> =
                    paths.iter().map(|path| quoted(&path.display().to_string())).collect();
                write!(f, "[{}]", quoted.join(", "))
            }
            Self::Texts(texts) => {
                f.write_str(&inline_table(texts.iter().map(|(name, text)| (name, text.clone()))))
            }
            Self::NamedPaths(paths) => {
                let paths = paths.iter().map(|(name, path)| (name, path.display().to_string()));
                f.write_str(&inline_table(paths))
            }
        }
    }
}

/// Writes an inline table of TOML.
fn inline_table<'a>(entries: impl Iterator<Item = (&'a String, String)>) -> String {
    let entry = |(name, text): (&String, String)| format!("{} = {}", quoted(name), quoted(&text));
    format!("{{ {} }}", entries.map(entry).collect::<Vec<_>>().join(", "))
}

/// Writes a basic string of TOML.
fn quoted(text: &str) -> String {
    let escaped = |it: char| match it {
        '"' | '\\' => format!("\\{it}"),
        it if it.is_control() => format!("\\u{:04X}", u32::from(it)),
        it => it.to_string(),
    };
    format!("\"{}\"", text.chars().map(escaped).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_sorted_and_named_like_their_variables() {
        assert!(KEYS.is_sorted_by_key(|key| key.name));
        for key in KEYS {
            assert_eq!(key.variable, format!("PORTOLAN_{}", key.name.to_uppercase()));
        }
    }

    #[test]
    fn strings_are_escaped() {
        assert_eq!(quoted("a \"b\"\\c\n"), r#""a \"b\"\\c\u000A""#);
    }
}
