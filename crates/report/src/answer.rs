//! The answer to one question, as a report.

mod csv;
mod html;
pub(crate) mod json;
mod markdown;
mod remedy;
mod table;
mod view;
mod words;

use std::io;

use portolan_reach::{Answer, Chart};

use crate::answer::view::AnswerView;
use crate::format::{Format, Style};

/// A question as its author typed it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct QuestionText {
    /// Who begins.
    pub from: String,
    /// Who is to answer.
    pub to: String,
    /// The packets that the question is about, such as `tcp 443`; `None` for all.
    pub traffic: Option<String>,
}

/// One answer, or the same question answered layer by layer.
#[derive(Clone, Copy, Debug)]
pub enum AnswerSet<'a> {
    /// The answer with everything evaluated.
    One(&'a Answer),
    /// The answers of the layers, each alone and together.
    Layers {
        /// With network ACLs only: every security group passes everything.
        network_acls: &'a Answer,
        /// With security groups only: every network ACL passes everything.
        security_groups: &'a Answer,
        /// With both: the answer to act on.
        both: &'a Answer,
    },
}

impl<'a> AnswerSet<'a> {
    /// Returns the answer with everything evaluated.
    pub const fn full(self) -> &'a Answer {
        match self {
            Self::One(answer) | Self::Layers { both: answer, .. } => answer,
        }
    }
}

/// Writes the answer to one question: the verdict, and why.
pub fn answer(
    chart: &Chart,
    question: &QuestionText,
    answers: AnswerSet<'_>,
    format: Format,
    style: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let view = AnswerView::new(chart, question, answers);
    match format {
        Format::Table => table::write(&view, style, out),
        Format::Json => crate::json::write(&json::Document::new(&view), out),
        Format::Csv => csv::write(&view, out),
        Format::Markdown => markdown::write(&view, out),
        Format::Html => html::write(&view, out),
    }
}
