//! Exit statuses: what a script learns from a run without reading a word of it.

use std::process::ExitCode;

/// How a run ended. Scripts rely on the numbers; they never change their meaning.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Status {
    /// The work is done.
    Worked,
    /// The work could not be done.
    Failed,
    /// What was typed or configured is wrong.
    Usage,
    /// The work is done, and the gate that the user set is closed.
    Gate,
    /// The operating system denied access.
    Permission,
    /// The work is done on incomplete input.
    Incomplete,
    /// The user ended the work, where it is ended by us and not by the signal itself.
    Interrupted,
}

/// The status of a run that was interrupted: 128 and the number of the signal, as shells report it.
///
/// Commands that do not wait for a lake install no handler. Whatever was printed by then was printed, a file is only renamed into place
/// when it is whole, and a shell that sees the signal itself stops its script too.
const INTERRUPTED: u8 = 130;

impl Status {
    /// Every status, in the order of the numbers.
    pub(crate) const ALL: [Self; 6] =
        [Self::Worked, Self::Failed, Self::Usage, Self::Gate, Self::Permission, Self::Incomplete];

    /// Returns the number.
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Worked => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Gate => 3,
            Self::Permission => 4,
            Self::Incomplete => 5,
            Self::Interrupted => INTERRUPTED,
        }
    }

    /// Returns what it means, as a phrase without a full stop.
    const fn meaning(self) -> &'static str {
        match self {
            Self::Worked => "it worked; a closed pipe counts as that",
            Self::Failed => "it failed, such as when nothing at all could be read",
            Self::Usage => "an argument, a setting or a name is wrong",
            Self::Gate => "it worked, and found what `--fail-on` or `--expect` forbids",
            Self::Permission => "the operating system denied access to a file",
            Self::Incomplete => {
                "it worked on incomplete input, and `--allow-partial` was not given"
            }
            Self::Interrupted => "it was interrupted by Ctrl-C",
        }
    }

    /// Returns the numbers with their meaning, one line each.
    pub(crate) fn table() -> String {
        let rows = Self::ALL.map(|status| (status.code(), status.meaning()));
        let rows =
            rows.into_iter().chain([(Self::Interrupted.code(), Self::Interrupted.meaning())]);
        let lines: Vec<_> = rows.map(|(code, meaning)| format!("{code:>5}  {meaning}")).collect();
        lines.join("\n")
    }
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        status.code().into()
    }
}
