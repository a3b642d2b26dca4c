//! What the rarer stages of a checked query are made of.

use crate::checked::{Query, Source};
use crate::expression::{Expression, Literal};
use crate::period::Period;

/// How parts of a text become values. If the text does not match, they all become missing.
#[derive(Clone, Debug, PartialEq)]
pub struct Parse {
    /// The text.
    pub text: Expression,
    /// What it is matched with.
    pub method: ParseMethod,
    /// The names of the parts, in order.
    pub into: Vec<Capture>,
}

/// A part of a matched text and the name that it gets.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Capture {
    /// The number of the group; the first is 1.
    pub group: usize,
    /// The name of the value.
    pub name: String,
}

/// What a text is matched with.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum ParseMethod {
    /// The fixed parts around the `*`: one more than there are. The first fixed part is searched in the text; each
    /// `*` takes as little as it can; a last `*` with nothing after it takes the rest.
    Glob(Vec<String>),
    /// A regular expression, searched in the text; the first match counts.
    Regex(String),
}

/// An earlier time range.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Comparison {
    /// The one of equal length just before.
    Previous,
    /// The one of equal length so much earlier.
    Earlier(Period),
}

/// Values from the row of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Lookup {
    /// The name of the table.
    pub table: String,
    /// Columns of the table, and what their text must equal.
    pub keys: Vec<(String, Expression)>,
    /// What is taken from the row; all are missing if there is none.
    pub outputs: Vec<LookupOutput>,
    /// Whether values that are there already stay (`OUTPUTNEW`).
    pub keeps_existing: bool,
}

/// A column of a table and the value that it becomes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LookupOutput {
    /// The column.
    pub column: String,
    /// The name of the value.
    pub name: String,
}

/// Values from the row of a table of prefixes.
#[derive(Clone, Debug, PartialEq)]
pub struct CidrLookup {
    /// The name of the table.
    pub table: String,
    /// The address.
    pub address: Expression,
    /// The column with the prefixes; `None` is the first whose values are prefixes.
    pub column: Option<String>,
    /// What is taken from the row; all are missing if there is none.
    pub outputs: Vec<LookupOutput>,
    /// Whether values that are there already stay (`OUTPUTNEW`).
    pub keeps_existing: bool,
}

/// Rows of another source beside these. Afterwards the values of these are named `left.name`, and their own names
/// stay too; those of the other source are named `right.name`.
#[derive(Clone, Debug, PartialEq)]
pub struct Join {
    /// Whether rows without partner stay.
    pub keeps_unmatched: bool,
    /// What the names of these rows begin with.
    pub left: String,
    /// What the names of the other rows begin with.
    pub right: String,
    /// The key of these rows. Missing keys equal nothing.
    pub left_key: Expression,
    /// The key of the others.
    pub right_key: Expression,
    /// The other source.
    pub source: Source,
    /// The values of these rows that are used later, without their prefix.
    pub left_fields: Vec<String>,
    /// The values of the others that are used later, without their prefix.
    pub right_fields: Vec<String>,
}

/// Rows of a query beside these, by position.
#[derive(Clone, Debug, PartialEq)]
pub struct AppendColumns {
    /// Whether values of the same name are replaced.
    pub replaces: bool,
    /// How many rows of the query are used.
    pub most: u32,
    /// The query; only its columns are taken. Rows that it has more of are left out.
    pub query: Query,
}

/// Sums of rows and of columns.
#[derive(Clone, Debug, PartialEq)]
pub struct AddTotals {
    /// The name of the sum of each row, if it is wanted.
    pub row: Option<String>,
    /// Whether a last row has the sum of each column.
    pub column: bool,
    /// The values that are summed.
    pub fields: Vec<String>,
}

/// Values of rows before.
#[derive(Clone, Debug, PartialEq)]
pub struct Autoregress {
    /// The value.
    pub expression: Expression,
    /// How many rows before, and the name of that value.
    pub lags: Vec<(u32, String)>,
}

/// Rows for periods without any.
///
/// For each combination of the other keys that occurs, every period between the first and the last of all rows gets a
/// row.
#[derive(Clone, Debug, PartialEq)]
pub struct FillMissing {
    /// The key that is a time.
    pub time: String,
    /// Its period.
    pub period: Period,
    /// The other keys.
    pub keys: Vec<String>,
    /// What new rows have; other values are missing in them.
    pub fills: Vec<(String, Literal)>,
}

/// Values far from the others: above the third quartile plus `factor` times the distance of the quartiles.
#[derive(Clone, Debug, PartialEq)]
pub struct Outlier {
    /// Whether rows with such a value are removed; else the value becomes the boundary.
    pub removes: bool,
    /// How many times the distance of the quartiles.
    pub factor: f64,
    /// Whether values far below the first quartile count too.
    pub uses_lower: bool,
    /// Whether `<field>_outlier` says which values they were; with `removes`, of the rows that stay.
    pub marks: bool,
    /// The values.
    pub fields: Vec<String>,
}

/// Sessions of activity: rows with the same keys, none more than a time after the one before.
///
/// A session is named by its keys and a number, `key-key-1`, counted from 1 in the order of time.
#[derive(Clone, Debug, PartialEq)]
pub struct Sessionize {
    /// The keys.
    pub keys: Vec<Expression>,
    /// The longest time between two rows of one session.
    pub gap: Period,
    /// The name of the session.
    pub name: String,
}

/// How much fields tell about a condition: one row for each, `@fieldName`, `@relevanceScore`,
/// `@topRelevanceContributors`, `@conditionalMedian`, `@baselineMedian`.
#[derive(Clone, Debug, PartialEq)]
pub struct RelevantFields {
    /// The fields.
    pub fields: Vec<String>,
    /// The condition.
    pub condition: Expression,
}
