//! What the environment of the process says. Nothing else of the program reads it.

use std::collections::BTreeMap;
use std::env;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use super::key::{KEYS, Key, Kind, Value};
use super::{ConfigError, Layer, Origin};

/// Names the only configuration file to read, as `--config` does.
const CONFIG_FILE: &str = "PORTOLAN_CONFIG";

/// The configuration file of a project.
const PROJECT_FILE: &str = "portolan.toml";

/// The configuration file of the machine.
const SYSTEM_FILE: &str = "/etc/portolan/config.toml";

/// Variables of the environment, and the current directory.
#[derive(Clone, Debug, Default)]
pub(super) struct Environment {
    variables: BTreeMap<OsString, OsString>,
    directory: PathBuf,
}

impl Environment {
    pub(super) fn of_process() -> Self {
        let directory = env::current_dir().unwrap_or_default();
        Self { variables: env::vars_os().collect(), directory }
    }

    /// Returns the settings that variables make. An empty variable sets nothing.
    pub(super) fn layer(&self) -> Result<Layer, ConfigError> {
        let set = KEYS.iter().filter_map(|key| Some((key, self.variable(key.variable)?)));
        set.map(|(key, text)| {
            let value = parse(key, text).ok_or_else(|| ConfigError::Variable {
                variable: key.variable,
                value: text.to_string_lossy().into_owned(),
                expected: key.kind.expected(),
            })?;
            Ok((key.name, (value, Origin::Variable(key.variable))))
        })
        .collect()
    }

    /// Returns the only configuration file to read, if one is named.
    pub(super) fn config_file(&self) -> Option<PathBuf> {
        self.variable(CONFIG_FILE).map(PathBuf::from)
    }

    /// Returns where configuration files may be, the weakest first.
    pub(super) fn config_files(&self) -> Vec<PathBuf> {
        let user = self.user_directory().map(|it| it.join("portolan").join("config.toml"));
        [Some(PathBuf::from(SYSTEM_FILE)), user, self.project_file()]
            .into_iter()
            .flatten()
            .collect()
    }

    /// Source: XDG Base Directory Specification, `XDG_CONFIG_HOME`.
    fn user_directory(&self) -> Option<PathBuf> {
        let named = self.variable("XDG_CONFIG_HOME").map(PathBuf::from);
        let named = named.filter(|path| path.is_absolute());
        named.or_else(|| Some(Path::new(self.variable("HOME")?).join(".config")))
    }

    /// Returns where the user's data is, if the environment says so.
    ///
    /// Source: XDG Base Directory Specification, `XDG_DATA_HOME`.
    pub(super) fn data_directory(&self) -> Option<PathBuf> {
        let named = self.variable("XDG_DATA_HOME").map(PathBuf::from);
        let named = named.filter(|path| path.is_absolute());
        named.or_else(|| Some(Path::new(self.variable("HOME")?).join(".local/share")))
    }

    /// Returns the nearest file of the project: in the current directory, or in one above it up to the root of
    /// the repository. Outside a repository nothing above is looked at.
    fn project_file(&self) -> Option<PathBuf> {
        let here = self.directory.as_path();
        let root = here.ancestors().find(|it| it.join(".git").exists()).unwrap_or(here);
        let inside = here.ancestors().take_while(|it| it.starts_with(root));
        inside.map(|it| it.join(PROJECT_FILE)).find(|path| path.exists())
    }

    fn variable(&self, name: &str) -> Option<&OsStr> {
        self.variables
            .get(OsStr::new(name))
            .filter(|text| !text.is_empty())
            .map(OsString::as_os_str)
    }
}

fn parse(key: &Key, text: &OsStr) -> Option<Value> {
    match key.kind {
        Kind::Switch => match text.to_str()? {
            "true" | "1" => Some(Value::Switch(true)),
            "false" | "0" => Some(Value::Switch(false)),
            _ => None,
        },
        Kind::Choice(_) => key.kind.word(text.to_str()?),
        Kind::Number => text.to_str()?.parse().ok().map(Value::Number),
        Kind::Paths => Some(Value::Paths(env::split_paths(text).collect())),
        Kind::Texts | Kind::NamedPaths => None,
        Kind::Place => text.to_str().map(|it| Value::Place(it.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(variables: &[(&str, &str)]) -> Environment {
        let variables = variables.iter().map(|(name, value)| (name.into(), value.into()));
        Environment { variables: variables.collect(), directory: "/nowhere".into() }
    }

    #[track_caller]
    fn check(variable: &str, text: &str, expected: Option<&str>) {
        let layer = environment(&[(variable, text)]).layer().ok();
        let found =
            layer.and_then(|it| it.into_values().next()).map(|(value, _)| value.to_string());
        assert_eq!(found.as_deref(), expected, "{variable}={text}");
    }

    #[test]
    fn variables_set_what_their_key_can_be() {
        check("PORTOLAN_FORMAT", "json", Some("\"json\""));
        check("PORTOLAN_FORMAT", "yaml", None);
        check("PORTOLAN_FORMAT", "", None);
        check("PORTOLAN_ALLOW_PARTIAL", "1", Some("true"));
        check("PORTOLAN_ALLOW_PARTIAL", "maybe", None);
        check("PORTOLAN_WIDTH", "80", Some("80"));
        check("PORTOLAN_WIDTH", "-1", None);
        check("PORTOLAN_SOURCE", "a", Some("[\"a\"]"));
        check("PORTOLAN_LAKE", "s3://a/b", Some("\"s3://a/b\""));
    }

    #[test]
    fn a_wrong_variable_says_what_it_can_be() {
        let error = environment(&[("PORTOLAN_COLOR", "red")]).layer().unwrap_err();
        assert_eq!(error.to_string(), "`PORTOLAN_COLOR` is `red`, which it cannot be");
        assert_eq!(error.help().unwrap(), "set it to one of `auto`, `always`, `never`");
    }

    #[test]
    fn the_user_has_a_folder_of_data() {
        let folder = |variables: &[(&str, &str)]| environment(variables).data_directory();
        let both = [("HOME", "/h"), ("XDG_DATA_HOME", "/x")];
        assert_eq!(folder(&both).unwrap(), Path::new("/x"));
        assert_eq!(folder(&both[..1]).unwrap(), Path::new("/h/.local/share"));
        assert_eq!(folder(&[("XDG_DATA_HOME", "relative")]), None);
    }

    #[test]
    fn the_user_has_a_file() {
        let files = |variables: &[(&str, &str)]| environment(variables).config_files();
        let both = [("HOME", "/h"), ("XDG_CONFIG_HOME", "/x")];
        assert_eq!(files(&both)[1], Path::new("/x/portolan/config.toml"));
        assert_eq!(files(&both[..1])[1], Path::new("/h/.config/portolan/config.toml"));
        assert_eq!(files(&[("XDG_CONFIG_HOME", "relative")]), [Path::new(SYSTEM_FILE)]);
    }
}
