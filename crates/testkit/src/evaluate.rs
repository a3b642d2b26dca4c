//! The reference evaluator: a checked query over plain rows, as naively as it can be written.
//!
//! What `lake` plans and runs fast is run here one stage, one row and one value at a time, from what the query crate and the
//! manual of the language say. It shares nothing with `lake` but the tree.

mod address;
mod aggregate;
mod digest;
mod expression;
mod function;
mod json;
mod natural;
mod number;
mod outlier;
mod parse;
mod pattern;
mod regex;
mod relevant;
mod sequence;
mod session;
mod stats;
mod tables;
mod text;
mod time;
mod value;

use std::collections::BTreeMap;
use std::ops::Range;

use portolan_query::{Column, Comparison, Limit, Moment, Query, Sort, Source, Stage, Which};

pub use natural::natural_order;
pub use tables::Table;
pub use value::{Row, Value};

/// Everything that a query can see beside its own rows.
#[derive(Clone, Debug, Default)]
pub struct World {
    /// When the query runs, in milliseconds since 1970.
    pub now: i64,
    /// The time range, in milliseconds since 1970. Rows whose `@timestamp` is outside are not seen, those without one are.
    pub window: Range<i64>,
    /// The tables of `lookup` and `cidrlookup`.
    pub tables: BTreeMap<String, Table>,
    /// Rows by the name of their source; a source that is not here is the one of the query itself.
    pub sources: BTreeMap<String, Vec<Row>>,
}

/// What a query gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows, with a value for each column.
    pub rows: Vec<Vec<Value>>,
}

/// Runs a query.
///
/// Rows that no order is said for come out in the order in which they came in, groups in that of their keys.
pub fn evaluate(query: &Query, rows: &[Row], world: &World) -> Answer {
    let rows = Run { world, own: rows }.query(query);
    let values = |row: &Row| query.columns.iter().map(|it| value::get(row, &it.name)).collect();
    Answer { columns: query.columns.clone(), rows: rows.iter().map(values).collect() }
}

/// A query that is running.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Run<'world> {
    pub(crate) world: &'world World,
    /// The rows of the query itself.
    own: &'world [Row],
}

impl<'world> Run<'world> {
    pub(crate) fn query(self, query: &Query) -> Vec<Row> {
        let window = self.window(query.source.as_ref());
        let all = self.source(query.source.as_ref());
        self.stages(&query.stages, all, &window)
    }

    /// Returns the rows of a source, of all times.
    pub(crate) fn source(self, source: Option<&Source>) -> &'world [Row] {
        let names = source.map(|it| it.names.as_slice()).unwrap_or_default();
        let named = names.iter().find_map(|name| self.world.sources.get(name));
        named.map_or(self.own, Vec::as_slice)
    }

    /// Returns the time range of a source.
    pub(crate) fn window(self, source: Option<&Source>) -> Range<i64> {
        let at = |moment: Moment| match moment {
            Moment::Now => self.world.now,
            Moment::Ago(period) => time::earlier(self.world.now, period),
            Moment::At(milliseconds) => milliseconds,
        };
        let start = source.and_then(|it| it.start).map_or(self.world.window.start, at);
        let end = source.and_then(|it| it.end).map_or(self.world.window.end, at);
        start..end
    }

    /// Runs stages on the rows of a time range.
    fn stages(self, stages: &[Stage], all: &[Row], window: &Range<i64>) -> Vec<Row> {
        let mut rows = within(all, window);
        for (index, stage) in stages.iter().enumerate() {
            // The rows of an earlier time range, as the stages before would have left them.
            let before = |against| {
                let range = earlier(window, against);
                self.stages(stages.get(..index).unwrap_or_default(), all, &range)
            };
            rows = match stage {
                Stage::Diff { text, against } => {
                    pattern::diff(self, &rows, &before(*against), text)
                }
                Stage::LogCompare(shift) => {
                    sequence::log_compare(rows, before(Comparison::Earlier(*shift)), *shift)
                }
                _ => self.stage(stage, rows),
            };
        }
        rows
    }

    fn stage(self, stage: &Stage, mut rows: Vec<Row>) -> Vec<Row> {
        match stage {
            Stage::Compute(assignments) => {
                rows.iter().map(|row| self.compute(assignments, row)).collect()
            }
            Stage::Filter(condition) => {
                rows.retain(|row| self.holds(condition, row));
                rows
            }
            Stage::Stats(it) => stats::stats(self, it, &rows),
            Stage::Sort(sort) => self.sort(sort, rows),
            Stage::Limit(it) => limit(*it, rows),
            Stage::Dedup(keys) => sequence::dedup(self, keys, rows),
            Stage::Parse(it) => parse::parse(self, it, rows),
            Stage::Pattern(text) => pattern::pattern(self, text, &rows),
            Stage::Anomaly => pattern::anomaly(rows),
            Stage::Unnest { list, into } => sequence::unnest(self, list, into, &rows),
            Stage::Expand(name) => sequence::expand(name, &rows),
            Stage::Lookup(it) => tables::lookup(self, it, rows),
            Stage::CidrLookup(it) => tables::cidr_lookup(self, it, rows),
            Stage::Join(it) => tables::join(self, it, &rows),
            Stage::AppendColumns(it) => tables::append_columns(self, it, rows),
            Stage::AddTotals(it) => sequence::add_totals(it, rows),
            Stage::Autoregress(it) => sequence::autoregress(self, it, &rows),
            Stage::FillDown(names) => sequence::fill_down(names, rows),
            Stage::FillMissing(it) => sequence::fill_missing(it, rows),
            Stage::Outlier(it) => outlier::outlier(it, rows),
            Stage::Accumulate(it) => sequence::accumulate(self, it, rows),
            Stage::Sessionize(it) => session::sessionize(self, it, rows),
            Stage::CountFrequent(keys) => stats::count_frequent(self, keys, &rows),
            Stage::RelevantFields(it) => relevant::relevant_fields(self, it, &rows),
            // How many bytes a lake would read is not for plain rows to say.
            Stage::Estimate => vec![Row::from([(String::from("bytesToScan"), Value::Missing)])],
            Stage::Diff { .. } | Stage::LogCompare(_) => rows,
        }
    }

    fn compute(self, assignments: &[portolan_query::Assignment], row: &Row) -> Row {
        let mut computed = row.clone();
        for it in assignments {
            computed.insert(it.name.clone(), self.value(&it.expression, row));
        }
        computed
    }

    fn sort(self, sort: &Sort, rows: Vec<Row>) -> Vec<Row> {
        let keys = |row: &Row| -> Vec<Value> {
            sort.keys.iter().map(|key| self.value(&key.expression, row)).collect()
        };
        let mut keyed: Vec<_> = rows.into_iter().map(|row| (keys(&row), row)).collect();
        keyed.sort_by(|(left, _), (right, _)| {
            let orders = left.iter().zip(right).zip(&sort.keys).map(|((left, right), key)| {
                let order = natural_order(left, right);
                if key.descending { order.reverse() } else { order }
            });
            orders.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
        });
        keyed.into_iter().map(|(_, row)| row).collect()
    }
}

fn within(rows: &[Row], window: &Range<i64>) -> Vec<Row> {
    let is_seen = |row: &&Row| value::timestamp(row).is_none_or(|time| window.contains(&time));
    rows.iter().filter(is_seen).cloned().collect()
}

/// Returns an earlier time range of the same length.
fn earlier(window: &Range<i64>, against: Comparison) -> Range<i64> {
    match against {
        Comparison::Previous => {
            let length = window.end.saturating_sub(window.start);
            window.start.saturating_sub(length)..window.start
        }
        Comparison::Earlier(period) => {
            time::earlier(window.start, period)..time::earlier(window.end, period)
        }
    }
}

fn limit(limit: Limit, mut rows: Vec<Row>) -> Vec<Row> {
    let count = usize::try_from(limit.count).unwrap_or(usize::MAX);
    match limit.which {
        Which::First | Which::Any => rows.truncate(count),
        Which::Last => drop(rows.drain(..rows.len().saturating_sub(count))),
    }
    rows
}

#[cfg(test)]
mod tests;
