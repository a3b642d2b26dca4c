//! The `portolan` command.
//!
//! A run has two steps, as in ripgrep: `arguments` and each command's `…Arguments` say what was typed, and a
//! command's `run` says what it means, does it, and returns an exit status. Everything that a command does to
//! the world goes through a [`Context`](context::Context): settings, messages, answers.
//!
//! **Invariant:** standard output carries answers and nothing else; everything said about them goes to standard
//! error.

mod arguments;
mod commands;
mod config;
mod context;
mod diagnostic;
mod error;
mod flow_log;
#[cfg(feature = "flows")]
mod lake;
#[cfg(feature = "cluster")]
mod logger;
mod output;
#[cfg(feature = "flows")]
mod runtime;
mod service;
mod source;
mod status;
mod suggestion;
mod topics;
mod traffic;
mod ui;
mod words;

use std::process::ExitCode;

fn main() -> ExitCode {
    arguments::run(std::env::args_os().collect())
}
