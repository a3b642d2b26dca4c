//! Answers as table, JSON, CSV, Markdown and HTML with pictures.

mod answer;
mod coverage;
mod exposure;
mod format;
mod matrix;
mod ports;
mod schema;

pub use crate::answer::{AnswerSet, QuestionText, answer};
pub use crate::coverage::coverage_lines;
pub use crate::exposure::{ExposureOptions, exposure};
pub use crate::format::{Format, Style};
pub use crate::matrix::{MatrixOptions, matrix};
pub use crate::ports::ports;
pub use crate::schema::schemas;
