//! Expressions of a checked query.
//!
//! Every value can be missing. Arithmetic on a missing value is missing, and so is a comparison with one; `and`,
//! `or` and `not` are those of three values: `false and missing` is false, `not missing` is missing. A condition
//! holds if it is true.

use crate::function::{Function, Gives};
use crate::kind::Kind;
use crate::period::Period;
use crate::{Aggregate, Query};

/// Something that has a value in every row.
#[derive(Clone, Debug, PartialEq)]
pub enum Expression {
    /// The same value in every row.
    Literal(Literal),
    /// The value of this name.
    Field {
        /// The canonical name of a known field, or what the query or the events call it.
        name: String,
        /// What its values are.
        kind: Kind,
    },
    /// A key of the `stats` that this is an output of, by its place.
    Key {
        /// The place in [`crate::Stats::keys`].
        index: usize,
        /// What its values are.
        kind: Kind,
    },
    /// An aggregate of the `stats` that this is an output of, by its place.
    Aggregate {
        /// The place in [`crate::Stats::aggregates`].
        index: usize,
        /// What its values are.
        kind: Kind,
    },
    /// A part of a list or map; missing if there is none.
    Item {
        /// The list or map.
        of: Box<Self>,
        /// Which part.
        step: Step,
    },
    /// A function. Its arguments are of the number and, where they must be written out, of the kind that its signature
    /// asks for.
    Call {
        /// Which function; never [`Function::Bin`] or [`Function::Unmask`], which are resolved.
        function: Function,
        /// Its arguments.
        arguments: Vec<Self>,
    },
    /// The number with the other sign.
    Negate(Box<Self>),
    /// Arithmetic of two numbers.
    Arithmetic {
        /// Which.
        operator: Arithmetic,
        /// The left number.
        left: Box<Self>,
        /// The right number.
        right: Box<Self>,
    },
    /// True if the condition is false.
    Not(Box<Self>),
    /// True if all are.
    And(Vec<Self>),
    /// True if one is.
    Or(Vec<Self>),
    /// A comparison.
    Compare {
        /// Which.
        operator: Comparator,
        /// The left value.
        left: Box<Self>,
        /// The right value.
        right: Box<Self>,
    },
    /// Whether a text contains another, as it is.
    Like {
        /// The text.
        value: Box<Self>,
        /// The other.
        part: Box<Self>,
        /// Whether it must not.
        negated: bool,
    },
    /// Whether a regular expression matches somewhere in a text.
    Matches {
        /// The text.
        value: Box<Self>,
        /// The regular expression, in the syntax of the crate `regex`.
        regex: String,
        /// Whether it must not.
        negated: bool,
    },
    /// Whether a value equals one of several: the `or` of the comparisons.
    In {
        /// The value.
        value: Box<Self>,
        /// The several.
        items: Vec<Self>,
        /// Whether it must not.
        negated: bool,
    },
    /// Whether a value equals one that a query gives; missing ones that it gives do not count.
    InQuery {
        /// The value.
        value: Box<Self>,
        /// The query; it has one column.
        query: Box<Query>,
        /// Whether it must not.
        negated: bool,
    },
}

/// A value that is written out.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// Text, its escapes resolved.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number with a fraction or an exponent, or too large for a whole one. It is finite.
    Decimal(f64),
    /// A period, only as an argument.
    Period(Period),
    /// A regular expression, only as an argument.
    Regex(String),
}

/// Which part of a list or map.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub enum Step {
    /// The value of this key of a map. A key that is a number is also an index of a list.
    Key(String),
    /// The item at this place of a list, counted from 0.
    Index(u32),
}

/// Arithmetic of two numbers. Text that is a number counts as it.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Arithmetic {
    /// `+`; missing if whole numbers overflow.
    Add,
    /// `-`; missing if whole numbers overflow.
    Subtract,
    /// `*`; missing if whole numbers overflow.
    Multiply,
    /// `/`, never whole; missing if the divisor is 0.
    Divide,
    /// `%`, with the sign of the left; missing if the divisor is 0.
    Remainder,
    /// `^`, never whole; missing if the result is not a finite number.
    Power,
}

/// A comparison of two values. Missing if one is missing, false if one is a list or map.
///
/// If both are numbers, as numbers. If one is a number and the other text, as numbers if the text is one; otherwise
/// they are unequal and in no order. If both are text: equal if they are the same characters; ordered as numbers if
/// both are, otherwise by code points.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Comparator {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl Literal {
    /// Returns what kind of value it is.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Text(_) => Kind::Text,
            Self::Integer(_) => Kind::Integer,
            Self::Decimal(_) => Kind::Decimal,
            Self::Period(_) | Self::Regex(_) => Kind::Any,
        }
    }
}

impl Arithmetic {
    /// Returns how it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
            Self::Power => "^",
        }
    }

    /// Returns the kind of the result.
    pub const fn kind(self, left: Kind, right: Kind) -> Kind {
        match self {
            Self::Divide | Self::Power => Kind::Decimal,
            _ if left.is_whole() && right.is_whole() => Kind::Integer,
            _ => Kind::Decimal,
        }
    }
}

impl Comparator {
    /// Returns how it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }
}

impl Expression {
    /// Returns the field of this name and kind.
    pub fn field(name: impl Into<String>, kind: Kind) -> Self {
        Self::Field { name: name.into(), kind }
    }

    /// Returns what kind its values are.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Literal(literal) => literal.kind(),
            Self::Field { kind, .. } | Self::Key { kind, .. } | Self::Aggregate { kind, .. } => {
                *kind
            }
            Self::Item { .. } => Kind::Any,
            Self::Call { function, arguments } => {
                let kinds: Vec<_> = arguments.iter().map(Self::kind).collect();
                function.signature().gives.kind(&kinds)
            }
            Self::Negate(operand) if operand.kind().is_whole() => Kind::Integer,
            Self::Negate(_) => Kind::Decimal,
            Self::Arithmetic { operator, left, right } => operator.kind(left.kind(), right.kind()),
            _ => Kind::Boolean,
        }
    }

    /// Calls `visit` with this expression and every one within it, queries within left out.
    pub fn walk<'tree>(&'tree self, visit: &mut impl FnMut(&'tree Self)) {
        visit(self);
        for child in self.children() {
            child.walk(visit);
        }
    }

    /// Returns the expressions that this one is made of.
    pub fn children(&self) -> Vec<&Self> {
        match self {
            Self::Literal(_) | Self::Field { .. } | Self::Key { .. } | Self::Aggregate { .. } => {
                Vec::new()
            }
            Self::Item { of: one, .. }
            | Self::Negate(one)
            | Self::Not(one)
            | Self::Matches { value: one, .. }
            | Self::InQuery { value: one, .. } => vec![one],
            Self::Arithmetic { left, right, .. }
            | Self::Compare { left, right, .. }
            | Self::Like { value: left, part: right, .. } => vec![left, right],
            Self::Call { arguments: many, .. } | Self::And(many) | Self::Or(many) => {
                many.iter().collect()
            }
            Self::In { value, items, .. } => std::iter::once(&**value).chain(items).collect(),
        }
    }
}

impl Gives {
    /// Returns the kind of the result for arguments of these kinds.
    pub fn kind(self, arguments: &[Kind]) -> Kind {
        let first = arguments.first().copied().unwrap_or_default();
        match self {
            Self::Kind(kind) => kind,
            Self::SameNumber if first.is_whole() => Kind::Integer,
            Self::CommonNumber if arguments.iter().all(|it| it.is_whole()) => Kind::Integer,
            Self::SameNumber | Self::CommonNumber => Kind::Decimal,
            Self::Common => common(arguments.iter().copied()),
            Self::Branches => common(arguments.iter().copied().skip(1)),
            Self::Cases => common(case_values(arguments)),
            Self::First => first,
        }
    }
}

/// Returns the values among the arguments of `case`: every second, and the last if it has no condition.
fn case_values(arguments: &[Kind]) -> impl Iterator<Item = Kind> {
    arguments.chunks(2).filter_map(|pair| pair.last().copied())
}

fn common(kinds: impl Iterator<Item = Kind>) -> Kind {
    kinds.reduce(Kind::or).unwrap_or_default()
}

impl Aggregate {
    /// Returns the kind of the result for an argument of this kind.
    pub fn kind(self, argument: Option<Kind>) -> Kind {
        self.signature().gives.kind(&[argument.unwrap_or_default()])
    }
}
