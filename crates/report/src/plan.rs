//! A plan of changes to security groups: for people, for programs, and as what applies it.
//!
//! The table says what closes and why something stays. Terraform, CloudFormation and commands of the AWS CLI say what to do;
//! nothing here does it. Commands first admit what is new and then revoke what is old, so that nothing breaks in between, and come
//! with those that undo them.

mod cloudformation;
mod commands;
mod json;
mod rule;
mod table;
mod terraform;
#[cfg(test)]
mod tests;
pub(crate) mod words;

use std::fmt;
use std::io;

use portolan_model::Model;
use portolan_respond::Plan;

use crate::format::Style;

pub(crate) use json::Document;

/// A format that a plan can be written in.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum PlanFormat {
    /// Text for a person at a terminal.
    #[default]
    Table,
    /// One JSON document, described by [`schemas`](crate::schemas).
    Json,
    /// Terraform: resources for what is new and kept, with blocks that import what is kept.
    Terraform,
    /// A CloudFormation template of what is new.
    CloudFormation,
    /// Commands of the AWS CLI that carry out the plan.
    AwsCli,
    /// Commands of the AWS CLI that undo what those of [`Self::AwsCli`] did.
    Rollback,
}

impl PlanFormat {
    /// Every format.
    pub const ALL: [Self; 6] = [
        Self::Table,
        Self::Json,
        Self::Terraform,
        Self::CloudFormation,
        Self::AwsCli,
        Self::Rollback,
    ];

    /// Returns the name in lower case, such as `aws-cli`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Json => "json",
            Self::Terraform => "terraform",
            Self::CloudFormation => "cloudformation",
            Self::AwsCli => "aws-cli",
            Self::Rollback => "rollback",
        }
    }
}

impl fmt::Display for PlanFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Writes a plan for the security groups of a model.
///
/// # Errors
///
/// Returns the first error of `out`.
pub fn plan(
    model: &Model,
    plan: &Plan,
    format: PlanFormat,
    style: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    match format {
        PlanFormat::Table => table::write(model, plan, style, out),
        PlanFormat::Json => crate::json::write(&Document::new(model, plan), out),
        PlanFormat::Terraform => terraform::write(model, plan, out),
        PlanFormat::CloudFormation => cloudformation::write(model, plan, out),
        PlanFormat::AwsCli => commands::write(model, plan, commands::Way::Forward, out),
        PlanFormat::Rollback => commands::write(model, plan, commands::Way::Back, out),
    }
}
