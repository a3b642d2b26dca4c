//! What a command has to work with.

use crate::config::Config;
use crate::ui::Ui;

/// The settings that hold for this run, and how to speak to the user.
#[derive(Debug)]
pub(crate) struct Context {
    /// The settings.
    pub(crate) config: Config,
    /// How to speak to the user.
    pub(crate) ui: Ui,
}
