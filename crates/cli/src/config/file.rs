//! What configuration files say.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use portolan_net::SyntaxError;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::key::{KEYS, Key, Kind, Value};
use super::{ConfigError, Layer, Origin};
use crate::diagnostic::Diagnostic;
use crate::suggestion;

/// Reads a file that has to be there.
pub(super) fn read(path: &Path) -> Result<Layer, ConfigError> {
    let content = fs::read_to_string(path)
        .map_err(|source| ConfigError::Read { path: path.to_owned(), source })?;
    parse(path, &content).map_err(|mistakes| {
        ConfigError::Content(Diagnostic::in_file("invalid configuration", path, &content, mistakes))
    })
}

/// Reads those of the files that are there.
pub(super) fn read_each(paths: &[PathBuf]) -> Result<Vec<Layer>, ConfigError> {
    let is_absent = |result: &Result<Layer, ConfigError>| match result {
        Err(ConfigError::Read { source, .. }) => source.kind() == io::ErrorKind::NotFound,
        _ => false,
    };
    paths.iter().map(|path| read(path)).filter(|result| !is_absent(result)).collect()
}

/// Reads the text of a file, and finds every mistake in it.
fn parse(path: &Path, content: &str) -> Result<Layer, Vec<SyntaxError>> {
    let (table, errors) = DeTable::parse_recoverable(content);
    if !errors.is_empty() {
        // What the parser made of the rest would only repeat them.
        return Err(errors.iter().map(syntax_error).collect());
    }
    let (mut layer, mut mistakes) = (Layer::new(), Vec::new());
    for (name, value) in table.get_ref() {
        match setting(path, name, value) {
            Ok((key, value)) => {
                layer.insert(key.name, (value, Origin::File(path.to_owned())));
            }
            Err(mistake) => mistakes.push(mistake),
        }
    }
    mistakes.sort_by_key(|mistake| mistake.span.start);
    if mistakes.is_empty() { Ok(layer) } else { Err(mistakes) }
}

fn syntax_error(error: &toml::de::Error) -> SyntaxError {
    SyntaxError::new(error.span().unwrap_or_default(), error.message())
}

fn setting(
    path: &Path,
    name: &Spanned<DeString<'_>>,
    value: &Spanned<DeValue<'_>>,
) -> Result<(&'static Key, Value), SyntaxError> {
    let Some(key) = KEYS.iter().find(|key| key.name == name.get_ref()) else {
        let help = suggestion::help(name.get_ref(), KEYS.iter().map(|key| key.name));
        return Err(SyntaxError::new(name.span(), "there is no such setting").with_help(help));
    };
    let expected = || format!("expected {}", key.kind.expected());
    let wrong = || SyntaxError::new(value.span(), expected());
    Ok((key, checked(path, key, value.get_ref()).ok_or_else(wrong)?))
}

/// Returns the value if the key can be that.
fn checked(file: &Path, key: &Key, value: &DeValue<'_>) -> Option<Value> {
    // Paths are relative to the directory of the file.
    let relative = |path: &str| file.parent().unwrap_or(Path::new("")).join(path);
    match (key.kind, value) {
        (Kind::Switch, DeValue::Boolean(is_on)) => Some(Value::Switch(*is_on)),
        (Kind::Choice(_), DeValue::String(word)) => key.kind.word(word),
        (Kind::Number, DeValue::Integer(number)) => {
            u16::from_str_radix(number.as_str(), number.radix()).ok().map(Value::Number)
        }
        (Kind::Place, DeValue::String(place)) if place.contains("://") => {
            Some(Value::Place(place.as_ref().to_owned()))
        }
        (Kind::Place, DeValue::String(path)) => {
            Some(Value::Place(relative(path).to_str()?.to_owned()))
        }
        (Kind::Paths, DeValue::String(path)) => Some(Value::Paths(vec![relative(path)])),
        (Kind::Paths, DeValue::Array(paths)) => {
            let paths = paths.iter().map(|path| path.get_ref().as_str().map(relative));
            paths.collect::<Option<_>>().map(Value::Paths)
        }
        (Kind::Texts, DeValue::Table(texts)) => named(texts, str::to_owned).map(Value::Texts),
        (Kind::NamedPaths, DeValue::Table(paths)) => named(paths, relative).map(Value::NamedPaths),
        _ => None,
    }
}

/// Returns what a table says, by name, if all its values are texts.
fn named<T>(table: &DeTable<'_>, value: impl Fn(&str) -> T) -> Option<BTreeMap<String, T>> {
    let entry = |(name, text): (&Spanned<DeString<'_>>, &Spanned<DeValue<'_>>)| {
        Some((name.get_ref().to_string(), value(text.get_ref().as_str()?)))
    };
    table.iter().map(entry).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(content: &str, expected: &[&str]) {
        let layer = parse(Path::new("project/portolan.toml"), content).unwrap();
        let found: Vec<_> =
            layer.iter().map(|(name, (value, _))| format!("{name} = {value}")).collect();
        assert_eq!(found, expected);
    }

    #[track_caller]
    fn check_mistakes(content: &str, expected: &[(&str, &str, Option<&str>)]) {
        let diagnostics = parse(Path::new("portolan.toml"), content).unwrap_err();
        let found: Vec<_> = diagnostics
            .iter()
            .map(|it| (&content[it.span.clone()], it.message.as_str(), it.help.as_deref()))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn settings_are_read() {
        check("", &[]);
        check("format = \"json\"\nwidth = 0x50 # eighty", &["format = \"json\"", "width = 80"]);
        check("source = \"captured\"", &["source = [\"project/captured\"]"]);
        check("source = ['a', \"/b\"]", &["source = [\"project/a\", \"/b\"]"]);
        check("lake = 's3://a/b'", &["lake = \"s3://a/b\""]);
        check("lake = 'flows'", &["lake = \"project/flows\""]);
        check("allow_partial = true", &["allow_partial = true"]);
        let queries = "queries = { \"a\" = \"stats count(*)\", \"b c\" = \"limit 1\" }";
        check("[queries]\n\"b c\" = 'limit 1'\na = 'stats count(*)'", &[queries]);
    }

    #[test]
    fn named_files_are_relative_to_theirs() {
        let tables = "tables = { \"all\" = \"/b.csv\", \"geo\" = \"project/a.mmdb\" }";
        check("tables = { geo = 'a.mmdb', all = '/b.csv' }", &[tables]);
        let expected = "expected a table of paths, each with a name, in a configuration file";
        check_mistakes("tables = { geo = 1 }", &[("{ geo = 1 }", expected, None)]);
    }

    #[test]
    fn every_mistake_is_found() {
        check_mistakes(
            "fromat = \"json\"\ncolor = true\nwidth = 70000\n",
            &[
                ("fromat", "there is no such setting", Some("did you mean `format`?")),
                ("true", "expected one of `auto`, `always`, `never`", None),
                ("70000", "expected a number from 0 to 65535", None),
            ],
        );
        let formats = "expected one of `table`, `json`, `csv`, `markdown`, `html`";
        check_mistakes("format = \"yaml\"", &[("\"yaml\"", formats, None)]);
        let string = "string values must be quoted, expected literal string";
        check_mistakes("format = ", &[("", string, None)]);
    }
}
