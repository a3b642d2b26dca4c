//! A query as it is written: nothing resolved, everything with its place.

use crate::command::Command;
use crate::expression::{Arithmetic, Comparator};
use crate::period::Period;
use crate::span::Span;

/// A query, or a query within a query.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct QueryText {
    /// Where rows come from.
    pub(crate) source: Option<SourceText>,
    /// The commands, in order.
    pub(crate) commands: Vec<CommandText>,
    /// The whole query.
    pub(crate) span: Span,
}

/// One command.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CommandText {
    pub(crate) command: Command,
    /// Its name.
    pub(crate) keyword: Span,
    /// All of it.
    pub(crate) span: Span,
    pub(crate) body: Body,
}

/// What follows the name of a command.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Body {
    /// `anomaly`, `estimate`
    Nothing,
    /// `fields`, `display`, `unmask`
    Items(Vec<Item>),
    /// `filter`, `where`, `filterIndex`, `pattern`
    Expression(ExpressionText),
    Stats {
        items: Vec<Item>,
        keys: Vec<Item>,
        offset: Option<(Period, Span)>,
    },
    Sort(Vec<KeyText>),
    /// `limit`, `head`, `tail`
    Limit {
        any: bool,
        count: Number,
    },
    /// `dedup`, `countFrequent`
    Paths(Vec<ExpressionText>),
    Parse {
        text: ExpressionText,
        pattern: PatternText,
        into: Vec<Name>,
    },
    Diff(Option<Name>),
    Unnest {
        list: ExpressionText,
        into: Name,
    },
    Expand(ExpressionText),
    /// `lookup`, `cidrlookup`
    Lookup {
        table: Name,
        keys: Vec<Pair>,
        keeps_existing: bool,
        outputs: Vec<Pair>,
    },
    Join {
        options: Vec<OptionText>,
        left: ExpressionText,
        right: ExpressionText,
        source: SourceText,
    },
    AppendColumns {
        options: Vec<OptionText>,
        query: QueryText,
    },
    /// `addtotals`, `outlier`
    Optioned {
        options: Vec<OptionText>,
        paths: Vec<ExpressionText>,
    },
    /// `autoregress`, `accum`
    Renamed {
        path: ExpressionText,
        name: Option<Name>,
        options: Vec<OptionText>,
    },
    LogCompare {
        shift: (Period, Span),
    },
    FillDown(Vec<Wildcard>),
    FillMissing(Vec<(ExpressionText, Name)>),
    Sessionize {
        paths: Vec<ExpressionText>,
        gap: Option<(Period, Span)>,
        name: Option<Name>,
    },
    RelevantFields {
        paths: Vec<ExpressionText>,
        condition: ExpressionText,
    },
}

/// An expression and what it is to be called.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Item {
    pub(crate) expression: ExpressionText,
    pub(crate) name: Option<Name>,
}

/// A key of `sort`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct KeyText {
    pub(crate) expression: ExpressionText,
    /// Whether `desc` or `asc` was written.
    pub(crate) descending: Option<bool>,
}

/// A name.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Name {
    pub(crate) text: String,
    /// Whether it was written in backticks.
    pub(crate) is_quoted: bool,
    pub(crate) span: Span,
}

/// A number where only a number may be; `None` if it was not one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Number {
    pub(crate) value: Option<u64>,
    pub(crate) span: Span,
}

/// `column as name`
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Pair {
    pub(crate) first: Name,
    pub(crate) second: Option<Name>,
}

/// `name=value`
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct OptionText {
    pub(crate) name: Name,
    /// The value as it is written, without spaces.
    pub(crate) value: Name,
}

/// A name, or the beginning of several.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Wildcard {
    pub(crate) path: Name,
    pub(crate) is_open: bool,
}

/// What `parse` matches with.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PatternText {
    pub(crate) text: String,
    pub(crate) is_regex: bool,
    pub(crate) span: Span,
}

/// `SOURCE …`
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct SourceText {
    pub(crate) names: Vec<Name>,
    pub(crate) calls: Vec<SourceCall>,
    pub(crate) options: Vec<OptionText>,
    pub(crate) span: Span,
}

/// `logGroups(…)`, `dataSource(…)`
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SourceCall {
    pub(crate) name: Name,
    pub(crate) arguments: Vec<(Option<Name>, Vec<Name>)>,
}

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ExpressionText {
    pub(crate) node: Node,
    pub(crate) span: Span,
    /// How many expressions are within each other, at most.
    pub(crate) depth: usize,
}

/// What an expression is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Node {
    /// What could not be read; an error says so.
    Broken,
    /// The `*` of `count(*)`.
    Star,
    Text(String),
    Integer(i64),
    Decimal(f64),
    Period(Period),
    Regex(String),
    Path(Path),
    Call {
        name: Name,
        arguments: Vec<ExpressionText>,
        steps: Vec<StepText>,
    },
    Negate(Box<ExpressionText>),
    Not(Box<ExpressionText>),
    Arithmetic(Arithmetic, Box<ExpressionText>, Box<ExpressionText>),
    Compare(Comparator, Box<ExpressionText>, Box<ExpressionText>),
    And(Vec<ExpressionText>),
    Or(Vec<ExpressionText>),
    /// `like`, `=~` and `!~`: the right side is a regular expression if it is [`Node::Regex`].
    Like {
        left: Box<ExpressionText>,
        right: Box<ExpressionText>,
        is_regex: bool,
        negated: bool,
    },
    In {
        left: Box<ExpressionText>,
        items: Vec<ExpressionText>,
        negated: bool,
    },
    InQuery {
        left: Box<ExpressionText>,
        query: Box<QueryText>,
        negated: bool,
    },
}

/// A field, or a part of a list or map.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Path {
    pub(crate) first: Name,
    pub(crate) steps: Vec<StepText>,
}

/// `.key`, `.0` or `[0]`
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum StepText {
    Key(Name),
    Index(u32),
}

impl Path {
    /// Returns the path as one name, such as `items.0.id`: what CloudWatch calls the parts of JSON events.
    pub(crate) fn flat(&self) -> String {
        flat(&self.first, &self.steps)
    }
}

/// Returns a name with the steps after it as one name.
pub(crate) fn flat(first: &Name, steps: &[StepText]) -> String {
    let mut text = first.text.clone();
    for step in steps {
        match step {
            StepText::Key(name) => text.extend([".", &name.text]),
            StepText::Index(index) => text.extend(["[", &index.to_string(), "]"]),
        }
    }
    text
}

impl ExpressionText {
    /// Returns the path that this is, if it is one.
    pub(crate) fn as_path(&self) -> Option<&Path> {
        match &self.node {
            Node::Path(path) => Some(path),
            _ => None,
        }
    }
}
