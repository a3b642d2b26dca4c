//! The commands, one file each: its arguments, whose comments are its help, and `run`.

#[cfg(not(all(feature = "flows", feature = "cluster")))]
mod absent;
#[cfg(feature = "cluster")]
mod cluster;
mod config;
mod evaluate;
mod exposure;
#[cfg(feature = "flows")]
mod flows;
mod generate;
mod help;
mod matrix;
mod ports;
mod reach;
mod tighten;

use clap::Subcommand;

#[cfg(feature = "flows")]
pub(crate) use flows::TableError;

use crate::context::Context;
use crate::error::CliError;
use crate::status::Status;

/// One command, as typed.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Exposure(exposure::ExposureArguments),
    Reach(reach::ReachArguments),
    Matrix(matrix::MatrixArguments),
    Ports(ports::PortsArguments),
    #[cfg(feature = "flows")]
    Flows(flows::FlowsArguments),
    /// Keep flow logs and ask questions about them
    #[cfg(not(feature = "flows"))]
    Flows(absent::AbsentArguments),
    #[cfg(feature = "cluster")]
    Cluster(cluster::ClusterArguments),
    /// Answer queries with more than one machine
    #[cfg(not(feature = "cluster"))]
    Cluster(absent::AbsentArguments),
    Tighten(tighten::TightenArguments),
    Evaluate(evaluate::EvaluateArguments),
    Generate(generate::GenerateArguments),
    Config(config::ConfigArguments),
    Help(help::HelpArguments),
}

impl Command {
    /// Does what was typed.
    pub(crate) fn run(&self, context: &Context) -> Result<Status, CliError> {
        match self {
            Self::Exposure(arguments) => exposure::run(arguments, context),
            Self::Reach(arguments) => reach::run(arguments, context),
            Self::Matrix(arguments) => matrix::run(arguments, context),
            Self::Ports(arguments) => ports::run(arguments, context),
            #[cfg(feature = "flows")]
            Self::Flows(arguments) => flows::run(arguments, context),
            #[cfg(not(feature = "flows"))]
            Self::Flows(_) => Err(absent::error("flows")),
            #[cfg(feature = "cluster")]
            Self::Cluster(arguments) => cluster::run(arguments, context),
            #[cfg(not(feature = "cluster"))]
            Self::Cluster(_) => Err(absent::error("cluster")),
            Self::Tighten(arguments) => tighten::run(arguments, context),
            Self::Evaluate(arguments) => evaluate::run(arguments, context),
            Self::Generate(arguments) => generate::run(arguments, context),
            Self::Config(arguments) => config::run(arguments, context),
            Self::Help(arguments) => help::run(arguments),
        }
    }
}
