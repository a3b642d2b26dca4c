//! What libraries log, said in the voice of the program: warnings always, the rest with `-v`.

use log::{Level, LevelFilter, Log, Metadata, Record};

use crate::ui::{Ui, Verbosity};

/// Passes what is logged on.
struct Logger {
    ui: Ui,
}

/// Makes libraries speak. The second call changes nothing.
pub(crate) fn install(ui: Ui) {
    let most = match ui.verbosity() {
        Verbosity::Quiet => LevelFilter::Error,
        Verbosity::Normal => LevelFilter::Warn,
        Verbosity::Verbose => LevelFilter::Info,
    };
    if log::set_boxed_logger(Box::new(Logger { ui })).is_ok() {
        log::set_max_level(most);
    }
}

impl Log for Logger {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.level() <= log::max_level()
    }

    fn log(&self, record: &Record<'_>) {
        match record.level() {
            _ if !self.enabled(record.metadata()) => {}
            Level::Error | Level::Warn => self.ui.warning(record.args(), None),
            Level::Info | Level::Debug | Level::Trace => self.ui.note(record.args()),
        }
    }

    fn flush(&self) {}
}
