//! CloudWatch Logs Insights query language: text to checked syntax, with spans.

mod aggregate;
mod checked;
mod code;
mod diagnostic;
mod expression;
mod function;
mod kind;
mod options;
mod period;
mod span;
mod stage;
mod suggestion;
mod vocabulary;

pub use crate::aggregate::Aggregate;
pub use crate::checked::{
    Aggregation, Assignment, Column, Limit, Moment, Query, Sort, SortKey, Source, Stage, Stats,
    Which,
};
pub use crate::code::Code;
pub use crate::diagnostic::{Diagnostic, Label, Severity};
pub use crate::expression::{Arithmetic, Comparator, Expression, Literal, Step};
pub use crate::function::{Accepts, Function, Gives, Signature};
pub use crate::kind::Kind;
pub use crate::options::{Options, UnknownFields};
pub use crate::period::{Period, Unit};
pub use crate::span::Span;
pub use crate::stage::{
    AddTotals, AppendColumns, Autoregress, Capture, CidrLookup, Comparison, FillMissing, Join,
    Lookup, LookupOutput, Outlier, Parse, ParseMethod, RelevantFields, Sessionize,
};
pub use crate::vocabulary::{KnownField, Vocabulary};
