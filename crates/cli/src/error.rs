//! Errors that reach a person, and the exit status that each one means.

use std::io;
use std::path::PathBuf;

use portolan_net::Protocol;
use portolan_reach::PartyError;
use portolan_sources::ReadError;

#[cfg(feature = "flows")]
use crate::commands::TableError;
use crate::config::ConfigError;
use crate::diagnostic::Diagnostic;
use crate::status::Status;
use crate::suggestion;
use crate::topics;

/// Why a command could not do its work.
///
/// No message repeats its source: [`Ui::error`](crate::ui::Ui::error) prints the whole chain once.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum CliError {
    /// There is nothing to read.
    #[error("no source is given")]
    NoSource,
    /// The sources cannot be read.
    #[error(transparent)]
    Source(#[from] ReadError),
    /// All that the sources hold is broken.
    #[error("nothing could be read: all that describes a network here is broken")]
    NothingRead,
    /// An answer cannot be written.
    #[error("cannot write to `{}`", .path.display())]
    Write {
        /// The file, or `-` for standard output.
        path: PathBuf,
        /// What the operating system said.
        #[source]
        source: io::Error,
    },
    /// The name of the output file does not tell a format.
    #[error("the name of `{}` does not tell how to write it", .path.display())]
    UnknownExtension {
        /// The file.
        path: PathBuf,
    },
    /// A setting is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// An argument is not well written.
    #[error("an argument is not well written")]
    Notation(Vec<Diagnostic>),
    /// An argument names nothing in the model.
    #[error("{error}")]
    Party {
        /// The argument, such as `--from`.
        flag: &'static str,
        /// Why not.
        error: PartyError,
    },
    /// Both ends of a question are the same, so that no packet between them meets the network.
    #[error("no packet from `{from}` to `{to}` passes this network: they are the same")]
    SameParty {
        /// What `--from` says.
        from: String,
        /// What `--to` says.
        to: String,
    },
    /// Ports are asked for of a protocol that has none.
    #[error("{protocol} has no ports")]
    NoPorts {
        /// The protocol.
        protocol: Protocol,
    },
    /// Ports are asked for of all protocols.
    #[error("`--port` needs a protocol that has ports")]
    PortsOfAllProtocols,
    /// No port has the name.
    #[error("no port is called `{name}`")]
    UnknownPort {
        /// The name.
        name: String,
    },
    /// No topic or command has the name.
    #[error("there is no help on `{name}`")]
    UnknownTopic {
        /// The name.
        name: String,
        /// The names of the commands.
        commands: Vec<String>,
    },
    /// No document has a schema of that name.
    #[error("there is no schema `{name}`")]
    UnknownSchema {
        /// The name.
        name: String,
        /// The names that there are.
        known: Vec<&'static str>,
    },
    /// The command is not in this build.
    #[cfg(not(all(feature = "flows", feature = "cluster")))]
    #[error("this build of portolan lacks the command")]
    AbsentCommand {
        /// The feature of the build that brings it.
        feature: &'static str,
    },
    /// A question cannot be read.
    #[cfg(feature = "flows")]
    #[error("cannot read the question from `{}`", .path.display())]
    ReadQuery {
        /// The file, or `-` for standard input.
        path: PathBuf,
        /// What the operating system said.
        #[source]
        source: io::Error,
    },
    /// No question is saved under the name.
    #[cfg(feature = "flows")]
    #[error("the setting `queries` has no `{name}`")]
    UnknownQuery {
        /// The name.
        name: String,
        /// What there is.
        help: String,
    },
    /// A table for look-ups cannot be read.
    #[cfg(feature = "flows")]
    #[error("cannot read the table `{}`", .path.display())]
    ReadTable {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        #[source]
        source: TableError,
    },
    /// A question names a table that nobody gave.
    #[cfg(feature = "flows")]
    #[error("there is no table `{name}`")]
    UnknownTable {
        /// The name.
        name: String,
        /// The names that there are.
        known: Vec<String>,
    },
    /// What was to be drawn over time has no times.
    #[cfg(feature = "flows")]
    #[error("the answer is no series of numbers over time")]
    NoSeries,
    /// The operating system gives no threads.
    #[cfg(feature = "flows")]
    #[error("cannot start to work")]
    Runtime(#[source] io::Error),
    /// The file with the secret of a cluster cannot be read.
    #[cfg(feature = "cluster")]
    #[error("cannot read the token file `{}`", .path.display())]
    ReadToken {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        #[source]
        source: io::Error,
    },
    /// The secret of a cluster is none.
    #[cfg(feature = "cluster")]
    #[error("`{}` is not a token file: {error}", .path.display())]
    Token {
        /// The file.
        path: PathBuf,
        /// Why not.
        error: portolan_lake::cluster::TokenError,
    },
    /// There is no way to the cluster.
    #[cfg(feature = "cluster")]
    #[error(transparent)]
    Client(#[from] portolan_lake::cluster::ClientError),
    /// A member of a cluster cannot serve.
    #[cfg(feature = "cluster")]
    #[error(transparent)]
    Member(#[from] portolan_lake::cluster::MemberError),
    /// A lake is named, and this build has none.
    #[cfg(not(feature = "flows"))]
    #[error("this build of portolan reads no lakes")]
    AbsentLake,
    /// A lake that is to be learnt from is empty or not there.
    #[cfg(feature = "flows")]
    #[error("no lake with records is at `{place}`")]
    NoRecords {
        /// Where.
        place: String,
    },
    /// A lake cannot be learnt from.
    #[cfg(feature = "flows")]
    #[error("cannot read the lake at `{place}`")]
    ReadLake {
        /// Where it is.
        place: String,
        /// Why not.
        #[source]
        source: Box<portolan_lake::LakeError>,
    },
    /// Nothing says where the lake is.
    #[cfg(feature = "flows")]
    #[error("nothing says where the lake is")]
    NoLake,
    /// A lake that was to be empty is not.
    #[cfg(feature = "flows")]
    #[error("the lake at `{place}` is not empty")]
    LakeNotEmpty {
        /// Where it is.
        place: String,
    },
    /// Work on the lake failed.
    #[cfg(feature = "flows")]
    #[error(transparent)]
    Lake(#[from] portolan_lake::LakeError),
    /// A flow log or a file of intents cannot be read.
    #[error("cannot read `{}`", .path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        #[source]
        source: io::Error,
    },
    /// There is no flow log.
    #[error("no flow log is in `{}`", .path.display())]
    NoFlowLog {
        /// The file or folder.
        path: PathBuf,
    },
    /// What was typed is no record of a flow log.
    #[cfg(feature = "flows")]
    #[error("this is no record of a flow: {message}")]
    NoRecord {
        /// Why not.
        message: String,
        /// What to do about it.
        help: String,
    },
    /// No security group has the name.
    #[error("no security group is called `{name}`")]
    UnknownGroup {
        /// The name.
        name: String,
        /// The names and ids that there are.
        known: Vec<String>,
    },
    /// No command has the name.
    #[error("there is no command `{name}`")]
    UnknownCommand {
        /// The name.
        name: String,
        /// The names that there are.
        known: Vec<String>,
    },
}

impl CliError {
    /// Returns what the user can do about it, if anything.
    pub(crate) fn help(&self) -> Option<String> {
        match self {
            Self::NoSource => {
                Some("name a directory, a file or `-`, or set `source` in `portolan.toml`".into())
            }
            Self::Source(ReadError::NothingRecognised { .. }) => Some(
                "save there what `aws ec2 describe-...` prints; `portolan help sources` says how"
                    .into(),
            ),
            Self::Source(error) => error.help(),
            Self::NothingRead | Self::Write { .. } | Self::Notation(_) => None,
            Self::UnknownExtension { .. } => Some("say it with `--format`".into()),
            Self::Config(error) => error.help(),
            Self::Party { error, .. } => error.help(),
            Self::SameParty { .. } => Some("name something else on one side".into()),
            Self::NoPorts { .. } => Some("leave `--port` out, or ask for `tcp` or `udp`".into()),
            Self::PortsOfAllProtocols => Some("ask for `tcp` or `udp`, or leave one out".into()),
            Self::UnknownPort { name } => similar_ports(name),
            Self::UnknownTopic { name, commands } => {
                let mut known: Vec<&str> = topics::names().collect();
                known.extend(commands.iter().map(String::as_str));
                Some(suggestion::help(name, known))
            }
            Self::UnknownSchema { name, known } => {
                Some(suggestion::help(name, known.iter().copied()))
            }
            #[cfg(feature = "flows")]
            Self::Runtime(_) | Self::ReadQuery { .. } => None,
            #[cfg(feature = "flows")]
            Self::UnknownQuery { help, .. } => Some(help.clone()),
            #[cfg(feature = "flows")]
            Self::ReadTable { source, .. } => source.help(),
            #[cfg(feature = "flows")]
            Self::UnknownTable { name, known } => Some(unknown_table(name, known)),
            #[cfg(feature = "flows")]
            Self::NoSeries => {
                Some("ask for numbers by time, such as `stats sum(bytes) by bin(5m)`".into())
            }
            #[cfg(feature = "cluster")]
            Self::Client(error) => error.help(),
            #[cfg(feature = "cluster")]
            Self::ReadToken { .. } => Some("make one with `portolan cluster token`".into()),
            #[cfg(feature = "cluster")]
            Self::Token { .. } => Some("make a new one with `portolan cluster token`".into()),
            #[cfg(feature = "cluster")]
            Self::Member(error) => error.help(),
            #[cfg(not(all(feature = "flows", feature = "cluster")))]
            Self::AbsentCommand { feature } => {
                Some(format!("get it with `cargo install --path crates/cli --features {feature}`"))
            }
            #[cfg(not(feature = "flows"))]
            Self::AbsentLake => Some(
                "get one that does with `cargo install --path crates/cli --features flows`, or name files of flow logs as text"
                    .into(),
            ),
            #[cfg(feature = "flows")]
            Self::NoRecords { .. } => Some(
                "fill one with `portolan flows ingest`, which reads flow logs from buckets, too, or name another".into(),
            ),
            #[cfg(feature = "flows")]
            Self::ReadLake { source, .. } => source.help(),
            #[cfg(feature = "flows")]
            Self::NoLake => Some("name it on the command line, or set `lake` in `portolan.toml`".into()),
            #[cfg(feature = "flows")]
            Self::LakeNotEmpty { .. } => Some("name a new one with `--lake`".into()),
            #[cfg(feature = "flows")]
            Self::Lake(error) => error.help(),
            Self::UnknownCommand { name, known } => {
                Some(suggestion::help(name, known.iter().map(String::as_str)))
            }
            Self::UnknownGroup { name, known } => {
                Some(suggestion::help(name, known.iter().map(String::as_str)))
            }
            Self::Read { .. } => None,
            Self::NoFlowLog { .. } => Some(
                "name flow logs as AWS delivers them to S3, text, plain or gzip, or a lake that `portolan flows ingest` has filled; a \
                 text in another format than AWS's default begins with the names of its fields"
                    .into(),
            ),
            #[cfg(feature = "flows")]
            Self::NoRecord { help, .. } => Some(help.clone()),
        }
    }

    /// Returns the exit status that the error means.
    pub(crate) fn status(&self) -> Status {
        match self {
            Self::NothingRead | Self::Source(ReadError::NothingRecognised { .. }) => Status::Failed,
            Self::Source(ReadError::Path { source, .. } | ReadError::Stdin { source })
            | Self::Write { source, .. } => status_of(source),
            Self::Read { source, .. } => status_of(source),
            Self::NoFlowLog { .. } => Status::Failed,
            Self::Config(ConfigError::Read { source, .. }) if denied(source) => Status::Permission,
            #[cfg(feature = "flows")]
            Self::NoRecords { .. } => Status::Failed,
            #[cfg(feature = "flows")]
            Self::Lake(error) => lake_status(error),
            #[cfg(feature = "flows")]
            Self::ReadLake { source, .. } => lake_status(source),
            #[cfg(feature = "flows")]
            Self::Runtime(source) => status_of(source),
            _ => Status::Usage,
        }
    }

    /// Returns the mistakes that can be shown in the text where they are, instead of a message.
    pub(crate) fn diagnostics(&self) -> Vec<Diagnostic> {
        match self {
            Self::Notation(diagnostics) | Self::Config(ConfigError::Content(diagnostics)) => {
                diagnostics.clone()
            }
            Self::Party { flag, error: PartyError::Syntax { text, errors } } => {
                let title = format!("invalid addresses in `{flag}`");
                Diagnostic::in_argument(&title, text, errors.clone())
            }
            _ => Vec::new(),
        }
    }
}

/// Says how to give a table that is not there.
#[cfg(feature = "flows")]
fn unknown_table(name: &str, known: &[String]) -> String {
    if known.is_empty() {
        return format!("give it with `--table {name}=FILE`");
    }
    let similar = suggestion::help(name, known.iter().map(String::as_str));
    format!("{similar}; `--table {name}=FILE` gives one")
}

#[cfg(feature = "flows")]
fn lake_status(error: &portolan_lake::LakeError) -> Status {
    use portolan_lake::LakeError;
    match error {
        LakeError::Place { .. } | LakeError::NoLake { .. } => Status::Usage,
        error if error.is_denied() => Status::Permission,
        _ => Status::Failed,
    }
}

fn status_of(error: &io::Error) -> Status {
    if denied(error) { Status::Permission } else { Status::Failed }
}

fn denied(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::PermissionDenied
}

/// Returns which known names of ports look like `name`.
pub(crate) fn similar_ports(name: &str) -> Option<String> {
    let names = portolan_catalog::suggest(name);
    let quoted: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    (!quoted.is_empty()).then(|| format!("did you mean {}?", quoted.join(" or ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn denial_has_its_own_status() {
        let check = |kind: io::ErrorKind, expected| {
            let error = CliError::Write { path: "a.json".into(), source: kind.into() };
            assert_eq!(error.status(), expected);
        };
        check(io::ErrorKind::PermissionDenied, Status::Permission);
        check(io::ErrorKind::NotFound, Status::Failed);
    }
}
