//! Settings and where they come from.
//!
//! From the strongest: flags, the environment, `portolan.toml` of the project, the user's file, the system's
//! file, defaults. [`KEYS`] lists every setting once; reading a file or a variable, `config show`,
//! `config init` and the help on the environment all walk that list. Flags are typed and come last, as the
//! argument of each getter. A configuration library was rejected: those that merge layers lose the spans of what
//! they merged.

mod environment;
mod file;
mod key;

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use clap::ColorChoice;
use portolan_catalog::Severity;
use portolan_report::Format;

use crate::diagnostic::Diagnostic;
use crate::output::format_named;
use environment::Environment;
pub(crate) use key::{KEYS, Key, Value};

/// Why settings cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum ConfigError {
    /// A configuration file cannot be read.
    #[error("cannot read the configuration file `{}`", .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        #[source]
        source: io::Error,
    },
    /// Something in configuration files is wrong.
    #[error("a configuration file is not well written")]
    Content(Vec<Diagnostic>),
    /// A variable of the environment is wrong.
    #[error("`{variable}` is `{value}`, which it cannot be")]
    Variable {
        /// The variable.
        variable: &'static str,
        /// Its value.
        value: String,
        /// What it can be.
        expected: String,
    },
}

impl ConfigError {
    /// Returns what the user can do about it, if anything.
    pub(crate) fn help(&self) -> Option<String> {
        match self {
            Self::Read { .. } | Self::Content(_) => None,
            Self::Variable { expected, .. } => Some(format!("set it to {expected}")),
        }
    }
}

/// Where the value of a setting comes from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Origin {
    /// A configuration file.
    File(PathBuf),
    /// A variable of the environment.
    Variable(&'static str),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Variable(name) => f.write_str(name),
        }
    }
}

/// The settings of one layer, by the name of the key.
type Layer = BTreeMap<&'static str, (Value, Origin)>;

/// The settings of all layers but the flags.
#[derive(Clone, Debug, Default)]
pub(crate) struct Config {
    // INVARIANT: each value has passed the check of its key.
    settings: Layer,
    #[cfg_attr(not(feature = "flows"), expect(dead_code, reason = "the lake is there"))]
    data_directory: Option<PathBuf>,
}

/// Puts a setting in the place of a weaker one; what is named is put beside those with other names.
fn lay_over(settings: &mut Layer, name: &'static str, setting: (Value, Origin)) {
    let setting = match (settings.remove(name), setting) {
        (Some((Value::Texts(weaker), _)), (Value::Texts(stronger), origin)) => {
            (Value::Texts(weaker.into_iter().chain(stronger).collect()), origin)
        }
        (Some((Value::NamedPaths(weaker), _)), (Value::NamedPaths(stronger), origin)) => {
            (Value::NamedPaths(weaker.into_iter().chain(stronger).collect()), origin)
        }
        (_, setting) => setting,
    };
    settings.insert(name, setting);
}

impl Config {
    /// Reads the environment and the configuration files, or only the file that is given.
    pub(crate) fn load(only: Option<&Path>) -> Result<Self, ConfigError> {
        let environment = Environment::of_process();
        let variables = environment.layer()?;
        let files = match only.map(Path::to_owned).or_else(|| environment.config_file()) {
            Some(path) => vec![file::read(&path)?],
            None => file::read_each(&environment.config_files())?,
        };
        let mut settings = Layer::new();
        // The weakest first, so that the stronger replace what they also say.
        for layer in files.into_iter().chain([variables]) {
            for (name, setting) in layer {
                lay_over(&mut settings, name, setting);
            }
        }
        Ok(Self { settings, data_directory: environment.data_directory() })
    }

    /// Returns the value of a setting with its origin, or `None` if the default holds.
    pub(crate) fn setting(&self, key: &Key) -> Option<&(Value, Origin)> {
        self.settings.get(key.name)
    }

    /// Returns when to colour.
    pub(crate) fn color(&self, flag: Option<ColorChoice>) -> ColorChoice {
        flag.or_else(|| self.word("color")?.parse().ok()).unwrap_or_default()
    }

    /// Returns the format of answers.
    pub(crate) fn format(&self) -> Format {
        self.word("format").and_then(format_named).unwrap_or_default()
    }

    /// Returns the severity at which `exposure` fails, if any.
    pub(crate) fn fail_on(&self) -> Option<Severity> {
        self.word("fail_on")?.parse().ok()
    }

    /// Returns the columns that tables are to fit into, if that does not depend on the terminal.
    pub(crate) fn width(&self) -> Option<u16> {
        match self.value("width") {
            Some(Value::Number(width)) => Some(*width),
            _ => None,
        }
    }

    /// Returns what to read where no source is named.
    pub(crate) fn sources(&self) -> &[PathBuf] {
        match self.value("source") {
            Some(Value::Paths(paths)) => paths,
            _ => &[],
        }
    }

    /// Returns the file with the secret of a cluster.
    #[cfg(feature = "cluster")]
    pub(crate) fn cluster_token_file(&self) -> Option<&Path> {
        match self.value("cluster_token_file") {
            Some(Value::Paths(paths)) => paths.first().map(PathBuf::as_path),
            _ => None,
        }
    }

    /// Returns where the lake of flow logs is, unless neither a setting nor the environment says.
    #[cfg(feature = "flows")]
    pub(crate) fn lake(&self) -> Option<String> {
        if let Some(Value::Place(place)) = self.value("lake") {
            return Some(place.clone());
        }
        let folder = self.data_directory.as_ref()?.join("portolan").join("lake");
        Some(folder.to_str()?.to_owned())
    }

    /// Returns whether incomplete input is accepted.
    pub(crate) fn allows_partial(&self) -> bool {
        self.is_on("allow_partial")
    }

    /// Returns whether outbound traffic to port 25 is taken to be allowed by AWS.
    pub(crate) fn assumes_port_25_open(&self) -> bool {
        self.is_on("assume_port_25_open")
    }

    /// Returns the saved queries by name.
    #[cfg(feature = "flows")]
    pub(crate) fn queries(&self) -> BTreeMap<&str, &str> {
        match self.value("queries") {
            Some(Value::Texts(texts)) => {
                texts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect()
            }
            _ => BTreeMap::new(),
        }
    }

    /// Returns the files of tables by name.
    #[cfg(feature = "flows")]
    pub(crate) fn tables(&self) -> BTreeMap<String, PathBuf> {
        match self.value("tables") {
            Some(Value::NamedPaths(paths)) => paths.clone(),
            _ => BTreeMap::new(),
        }
    }

    fn value(&self, name: &str) -> Option<&Value> {
        self.settings.get(name).map(|(value, _)| value)
    }

    fn word(&self, name: &str) -> Option<&'static str> {
        match self.value(name) {
            Some(Value::Word(word)) => Some(word),
            _ => None,
        }
    }

    fn is_on(&self, name: &str) -> bool {
        matches!(self.value(name), Some(Value::Switch(true)))
    }
}
