//! A query that has been checked: every name resolved, everything implicit written out.
//!
//! A query is a list of stages. Each takes a table of rows and gives one; a row has values by name. `lake` plans this
//! tree, the reference evaluator of `testkit` walks it, and nothing else is shared between them: what a stage or
//! function means is said here, in [`crate::Function`] and in the manual of the language.
//!
//! The source of rows has the fields of the vocabulary under their canonical names. A field that a row does not have
//! is missing.

use std::collections::BTreeSet;

use crate::aggregate::Aggregate;
use crate::expression::{Expression, Literal};
use crate::kind::Kind;
use crate::period::Period;
use crate::stage::{
    AddTotals, AppendColumns, Autoregress, CidrLookup, Comparison, FillMissing, Join, Lookup,
    Outlier, Parse, RelevantFields, Sessionize,
};

/// A checked query.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// Where rows come from; `None` is the source that the caller means anyway.
    pub source: Option<Source>,
    /// What is done with them, in order.
    pub stages: Vec<Stage>,
    /// What the result shows of the rows that come out, in order. Names are unique.
    pub columns: Vec<Column>,
}

/// A column of a result or between two stages.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Column {
    /// The name of the value in the row, and the heading: an alias, a field, or source text such as `count(*)`.
    pub name: String,
    /// What its values are.
    pub kind: Kind,
}

/// One step of a query.
#[derive(Clone, Debug, PartialEq)]
pub enum Stage {
    /// Sets values; every expression sees the row as it came in. From `fields`, `display` and `unmask`.
    Compute(Vec<Assignment>),
    /// Keeps the rows for which the condition is true. From `filter`, `where` and `filterIndex`.
    Filter(Expression),
    /// Makes one row of each group; nothing else of the rows before it is left.
    Stats(Stats),
    /// Orders the rows.
    Sort(Sort),
    /// Keeps so many rows.
    Limit(Limit),
    /// Keeps the first row of those whose keys are equal, and every row that lacks a key.
    Dedup(Vec<Expression>),
    /// Sets values to parts of a text.
    Parse(Parse),
    /// Makes one row for each pattern of this text: `@pattern`, `@ratio`, `@sampleCount`, `@severityLabel`.
    Pattern(Expression),
    /// The same with an earlier time range beside it: adds `@previousSampleCount`, `@diffCount` and `@diffDescription`.
    Diff {
        /// The text whose patterns are compared.
        text: Expression,
        /// The time range that the stages before this are applied to once more.
        against: Comparison,
    },
    /// Judges the rows of `Pattern` or `Diff`: adds `@anomaly` (1 or 0) and `@anomalyScore`.
    Anomaly,
    /// Makes one row of each item of a list, under this name; one row if it is no list, none if the list is empty.
    Unnest {
        /// The list.
        list: Expression,
        /// The name of the item.
        into: String,
    },
    /// Makes one row of each item of a JSON array, in place; the row itself if the field is no array.
    Expand(String),
    /// Sets values from the row of a table whose keys are equal.
    Lookup(Lookup),
    /// Sets values from the row of a table whose prefix is the longest that holds an address.
    CidrLookup(CidrLookup),
    /// Puts rows of another source beside those with an equal key.
    Join(Box<Join>),
    /// Puts rows of a query beside these by their position.
    AppendColumns(Box<AppendColumns>),
    /// Adds sums of rows and of columns.
    AddTotals(AddTotals),
    /// Sets values to those of rows before.
    Autoregress(Autoregress),
    /// Sets `@window` to `current`, and adds the rows of the time range so much earlier with `baseline`; their times
    /// are moved forward by as much.
    LogCompare(Period),
    /// Fills missing values of these fields from the row before.
    FillDown(Vec<String>),
    /// Adds rows for periods of time that have none.
    FillMissing(FillMissing),
    /// Removes or clamps values far from the others.
    Outlier(Outlier),
    /// Sets a value to the sum of a number up to this row; missing ones count as 0 and their own sum is missing.
    Accumulate(Assignment),
    /// Numbers sessions of activity.
    Sessionize(Sessionize),
    /// Makes one row for each combination of values, with `_approxcount`, the most frequent first.
    CountFrequent(Vec<Assignment>),
    /// Makes one row for each field, saying how much it tells about a condition.
    RelevantFields(RelevantFields),
    /// Makes one row, `bytesToScan`, of what the stages before would read, without running them.
    Estimate,
}

/// A value and its name.
#[derive(Clone, Debug, PartialEq)]
pub struct Assignment {
    /// The name that the value gets, whether or not there is one of this name.
    pub name: String,
    /// The value.
    pub expression: Expression,
}

impl Assignment {
    /// Returns the column that it makes.
    pub fn column(&self) -> Column {
        Column { name: self.name.clone(), kind: self.expression.kind() }
    }
}

/// What `stats` makes of its rows: one row for each different combination of keys, or one in all without keys, even
/// of no rows.
///
/// The rows that come out have the keys, then the outputs, and no other values. A missing key is a key like any other.
#[derive(Clone, Debug, PartialEq)]
pub struct Stats {
    /// The groups.
    pub keys: Vec<Assignment>,
    /// Every aggregate that the outputs need, each once.
    pub aggregates: Vec<Aggregation>,
    /// What comes out beside the keys: expressions whose only leaves are literals, [`Expression::Key`] and
    /// [`Expression::Aggregate`].
    pub outputs: Vec<Assignment>,
}

/// An aggregate of a `stats`.
#[derive(Clone, Debug, PartialEq)]
pub struct Aggregation {
    /// Which.
    pub aggregate: Aggregate,
    /// Of what; `None` for `count(*)`.
    pub argument: Option<Expression>,
    /// The parameter of `pct`, `topk`, `rate` and `histogram`; the kind of literal that each needs is checked.
    pub parameter: Option<Literal>,
}

/// The order of rows. Rows that are equal in all keys are in no particular order.
#[derive(Clone, Debug, PartialEq)]
pub struct Sort {
    /// The first matters most.
    pub keys: Vec<SortKey>,
    /// Whether nobody wrote it: newest first before anything that depends on order, or by the keys of `stats` before
    /// a limit.
    pub is_default: bool,
}

/// One key of an order, in natural order: missing values, then text, then numbers, and in reverse.
#[derive(Clone, Debug, PartialEq)]
pub struct SortKey {
    /// What to sort by.
    pub expression: Expression,
    /// Whether the largest comes first.
    pub descending: bool,
}

/// How many rows are kept.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Limit {
    /// How many; 1 to 100,000.
    pub count: u32,
    /// Which.
    pub which: Which,
    /// Whether nobody wrote it: 10,000 at the end of every query that has no limit.
    pub is_default: bool,
}

/// Which rows a limit keeps.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Which {
    /// The first in the order they are in.
    First,
    /// The last, for `tail`.
    Last,
    /// Any, whichever are found first.
    Any,
}

/// Where rows come from.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Source {
    /// What was named: `'name'` or a bare name.
    pub names: Vec<String>,
    /// Prefixes of log groups, of `logGroups(namePrefix: …)`.
    pub prefixes: Vec<String>,
    /// Accounts, of `logGroups(accountIdentifiers: …)`.
    pub accounts: Vec<String>,
    /// Classes, of `logGroups(class: …)`.
    pub classes: Vec<String>,
    /// Data sources, of `dataSource([…])`.
    pub data_sources: Vec<String>,
    /// Where the time range starts, of `start=`.
    pub start: Option<Moment>,
    /// Where it ends, of `end=`.
    pub end: Option<Moment>,
}

/// A moment that a source names.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Moment {
    /// When the query runs.
    Now,
    /// So much before.
    Ago(Period),
    /// Milliseconds since 1970.
    At(i64),
}

impl Query {
    /// Returns the names of the tables that it looks things up in, those of queries within it included.
    pub fn tables(&self) -> BTreeSet<&str> {
        self.stages.iter().flat_map(tables_of).collect()
    }

    /// Returns the stages that look at a second, earlier time range, if there are any: at most one does.
    pub fn comparison(&self) -> Option<Comparison> {
        self.stages.iter().find_map(|stage| match stage {
            Stage::Diff { against, .. } => Some(*against),
            Stage::LogCompare(shift) => Some(Comparison::Earlier(*shift)),
            _ => None,
        })
    }
}

fn tables_of(stage: &Stage) -> BTreeSet<&str> {
    match stage {
        Stage::Lookup(lookup) => [lookup.table.as_str()].into(),
        Stage::CidrLookup(lookup) => [lookup.table.as_str()].into(),
        Stage::AppendColumns(append) => append.query.tables(),
        Stage::Filter(condition) => {
            let mut tables = BTreeSet::new();
            condition.walk(&mut |part| {
                if let Expression::InQuery { query, .. } = part {
                    tables.extend(query.tables());
                }
            });
            tables
        }
        _ => BTreeSet::new(),
    }
}
