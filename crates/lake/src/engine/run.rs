//! Running a query: plan, operator, plan, and so on, each reading what the one before gives out.

mod bridge;
#[cfg(feature = "cluster")]
mod distributed;
mod lookups;
mod slices;
mod spill;
mod sql_tables;
mod subquery;

use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};

use datafusion::common::Column;
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::SendableRecordBatchStream;
use datafusion::logical_expr::{Expr, LogicalPlan, lit};
use portolan_query::{Comparison, Limit, Moment, Period, Query, Source as LogSource, Stage, Which};

use super::answer::{Answer, Progress};
use super::expression::Context;
use super::operator::{self, Input, Made};
use super::plan::{Planner, Shown};
use super::source::Source;
use super::{Engine, Range, names};

/// Begins to answer a query.
pub(crate) async fn answer(engine: &Engine, query: &Query, range: Range) -> Result<Answer> {
    let run = Run { engine, progress: Progress::default(), bytes: AtomicU64::new(0) };
    let names: Vec<String> = query.columns.iter().map(|column| column.name.clone()).collect();
    let (stream, shown) = run.query(query, range, &names).await?;
    Ok(Answer::new(&shown, stream, run.progress))
}

/// Begins to answer SQL.
pub(crate) async fn sql(engine: &Engine, text: &str, range: Range) -> Result<Answer> {
    let run = Run { engine, progress: Progress::default(), bytes: AtomicU64::new(0) };
    let source = run.source(range);
    run.expect(&source);
    let plan = bridge::sql(engine, &source, filter(&source, range), text).await?;
    let schema = std::sync::Arc::clone(plan.schema().inner());
    let shown: Vec<Shown> = schema
        .fields()
        .iter()
        .map(|field| Shown {
            name: field.name().clone(),
            column: field.name().clone(),
            kind: field.data_type().clone(),
        })
        .collect();
    let stream = if engine.tables.is_empty() {
        run.execute(plan, shown.len()).await?
    } else {
        // The tables are in the memory of this process.
        run.execute_here(plan, shown.len()).await?
    };
    Ok(Answer::new(&shown, stream, run.progress))
}

/// What happens while a query is answered.
struct Run<'e> {
    engine: &'e Engine,
    progress: Progress,
    /// The sizes of the files that can be read, together.
    bytes: AtomicU64,
}

/// Rows on their way, and their columns.
type Flowing = (SendableRecordBatchStream, Vec<Shown>);

impl Run<'_> {
    /// Answers a query with these names as columns. Boxed, because a query can hold others.
    fn query<'a>(
        &'a self,
        query: &'a Query,
        range: Range,
        names: &'a [String],
    ) -> Pin<Box<dyn Future<Output = Result<Flowing>> + Send + 'a>> {
        let range = self.window(query.source.as_ref(), range);
        Box::pin(self.stages(query, query.stages.len(), range, names))
    }

    /// Returns the time range of a source: what it says itself goes before `range`.
    fn window(&self, source: Option<&LogSource>, range: Range) -> Range {
        let now = self.engine.now;
        let at = |moment| match moment {
            Moment::Now => now,
            Moment::Ago(period) => now.saturating_sub(length(period)),
            Moment::At(millis) => millis,
        };
        Range {
            from: source.and_then(|it| it.start).map_or(range.from, at),
            to: source.and_then(|it| it.end).map_or(range.to, at),
        }
    }

    /// Applies the first `count` stages of a query.
    async fn stages(
        &self,
        query: &Query,
        count: usize,
        range: Range,
        names: &[String],
    ) -> Result<Flowing> {
        let context = Context { now: self.engine.now, range: (range.from, range.to) };
        let source = self.source(range);
        self.expect(&source);
        let mut planner = Planner::of_source(&source, filter(&source, range), &context)?;
        let mut from_log = true;
        let mut place = 0;
        while let Some(stage) = query.stages.get(place).filter(|_| place < count) {
            let stage = self.resolved(stage, range).await?;
            if let Stage::Estimate = stage {
                let made = operator::estimate(source.bytes());
                let columns = operator::numbered(&made.columns);
                let stream = operator::apply(bridge::one_row()?, made);
                planner = bridge::planner(stream, &columns, &context)?;
                from_log = false;
            } else if let (Stage::Limit(limit), true, true) =
                (&stage, from_log, planner.is_newest_first())
                && limit.which == Which::First
                && source.files.len() > 1
                && !self.is_distributed()
            {
                // The newest rows are in the newest files: older ones are read only if these do not suffice.
                let wanted = usize::try_from(limit.count).unwrap_or(usize::MAX);
                let let_through = names_from(query, place, names);
                planner.add(&stage)?;
                let (plan, shown) = planner.finish(let_through.iter().map(String::as_str))?;
                let stream = self.newest_first(plan, &source, wanted, shown.len())?;
                planner = bridge::planner(stream, &shown, &context)?;
                from_log = false;
            } else if !planner.add(&stage)? {
                let (stream, columns) =
                    self.operator(planner, query, place, &stage, (range, from_log, names)).await?;
                planner = bridge::planner(stream, &columns, &context)?;
                from_log = false;
            }
            place += 1;
        }
        let (plan, shown) = planner.finish(names.iter().map(String::as_str))?;
        Ok((self.execute(plan, shown.len()).await?, shown))
    }

    /// Runs what was planned so far into an operator of ours.
    async fn operator(
        &self,
        mut planner: Planner<'_>,
        query: &Query,
        place: usize,
        stage: &Stage,
        (range, from_log, names): (Range, bool, &[String]),
    ) -> Result<Flowing> {
        let keys = planner.keys(stage)?;
        let mut wanted = names_from(query, place, names);
        wanted.extend(keys.iter().cloned());
        let slices = from_log
            && planner.is_newest_first()
            && matches!(stage, Stage::Dedup(_))
            && !self.is_distributed();
        let limit = next_limit(query, place);
        let (plan, shown) = planner.finish(wanted.iter().map(String::as_str))?;
        let input = if slices {
            self.newest_first(plan, &self.source(range), usize::MAX, shown.len())?
        } else {
            self.execute(plan, shown.len()).await?
        };
        if let Stage::Dedup(_) = stage {
            let first = shown.len().saturating_sub(keys.len());
            let stream = operator::dedup(input, (first..shown.len()).collect(), limit)?;
            return Ok((bridge::numbered(stream), shown));
        }
        let made = self.make(stage, Input(&shown), &keys, (query, place, range)).await?;
        let columns = operator::numbered(&made.columns);
        Ok((operator::apply(input, made), columns))
    }

    /// Makes the operator of a stage; its expressions are the values called `keys`.
    async fn make(
        &self,
        stage: &Stage,
        input: Input<'_>,
        keys: &[String],
        (query, place, range): (&Query, usize, Range),
    ) -> Result<Made> {
        let key = keys.first().map_or("", String::as_str);
        Ok(match stage {
            Stage::Pattern(_) => operator::pattern(input, key),
            Stage::Diff { against, .. } => {
                let earlier = self.earlier(query, place, range, *against, keys).await?;
                operator::diff(input, key, &earlier)
            }
            Stage::Anomaly => operator::anomaly(input),
            Stage::Unnest { into, .. } => operator::unnest(input, key, into),
            Stage::Expand(name) => operator::expand(input, name),
            Stage::Lookup(lookup) => {
                operator::lookup(input, lookup, keys, lookups::table(&self.engine.tables, lookup)?)
            }
            Stage::CidrLookup(lookup) => {
                let reference = lookups::reference(&self.engine.tables, lookup)?;
                operator::cidr_lookup(input, lookup, key, reference)
            }
            Stage::Join(join) => {
                let (others, columns) = self.joined(join, range).await?;
                operator::join(input, join, key, &columns, others)
            }
            Stage::AppendColumns(append) => {
                let names: Vec<String> =
                    append.query.columns.iter().map(|column| column.name.clone()).collect();
                let (stream, shown) = self.query(&append.query, range, &names).await?;
                let columns: Vec<_> = shown.into_iter().map(|it| (it.name, it.kind)).collect();
                operator::append(input, append, &columns, operator::collect(stream).await?)
            }
            Stage::AddTotals(totals) => operator::add_totals(input, totals),
            Stage::Autoregress(auto) => operator::autoregress(input, auto, key),
            Stage::LogCompare(shift) => {
                let names: Vec<String> = input.0.iter().map(|shown| shown.name.clone()).collect();
                let against = Comparison::Earlier(*shift);
                let earlier = self.earlier(query, place, range, against, &names).await?;
                operator::log_compare(input, earlier, shift.milliseconds().unwrap_or_default())
            }
            Stage::FillDown(names) => operator::fill_down(input, names),
            Stage::FillMissing(fill) => operator::fill_missing(input, fill),
            Stage::Outlier(outlier) => operator::outlier(input, outlier),
            Stage::Accumulate(assignment) => operator::running_sum(input, key, &assignment.name),
            Stage::Sessionize(sessions) => operator::sessionize(input, sessions, keys),
            Stage::RelevantFields(relevant) => {
                operator::relevant_fields(input, &relevant.fields, key)
            }
            other => return Err(DataFusionError::Plan(format!("{other:?} has no operator"))),
        })
    }

    /// The rows that the stages before this give on an earlier time range.
    async fn earlier(
        &self,
        query: &Query,
        place: usize,
        range: Range,
        against: Comparison,
        names: &[String],
    ) -> Result<Vec<operator::Row>> {
        let shift = match against {
            Comparison::Previous => range.to.saturating_sub(range.from),
            Comparison::Earlier(period) => length(period),
        };
        let earlier =
            Range { from: range.from.saturating_sub(shift), to: range.to.saturating_sub(shift) };
        let mut query = query.clone();
        // What the operator is asked about is a value of its own in this run: name it again.
        let keys: Vec<portolan_query::Assignment> = match query.stages.get(place) {
            Some(Stage::Diff { text, .. }) => vec![portolan_query::Assignment {
                name: names.first().cloned().unwrap_or_default(),
                expression: text.clone(),
            }],
            _ => Vec::new(),
        };
        query.stages.truncate(place);
        if !keys.is_empty() {
            query.stages.push(Stage::Compute(keys));
        }
        let (stream, _) = self.query(&query, earlier, names).await?;
        operator::collect(stream).await
    }

    /// The other side of a join: its key, then the fields of it that are used.
    async fn joined(
        &self,
        join: &portolan_query::Join,
        range: Range,
    ) -> Result<(Vec<operator::Row>, Vec<(String, arrow::datatypes::DataType)>)> {
        const KEY: &str = "\u{0}key";
        let assignment =
            portolan_query::Assignment { name: KEY.to_owned(), expression: join.right_key.clone() };
        let query = Query {
            source: Some(join.source.clone()),
            stages: vec![Stage::Compute(vec![assignment])],
            columns: Vec::new(),
        };
        let mut names = vec![KEY.to_owned()];
        names.extend(join.right_fields.iter().cloned());
        let (stream, shown) = self.query(&query, range, &names).await?;
        let columns = shown.into_iter().map(|it| (it.name, it.kind)).collect();
        Ok((operator::collect(stream).await?, columns))
    }

    /// Returns whether others read the files: they all do at once, and not one after the other.
    #[cfg(feature = "cluster")]
    fn is_distributed(&self) -> bool {
        self.engine.cluster.is_some()
    }

    #[cfg(not(feature = "cluster"))]
    #[expect(clippy::unused_self, reason = "with a cluster it is used")]
    fn is_distributed(&self) -> bool {
        false
    }

    /// Says what is about to be read; how far a cluster is with it, nobody here sees.
    fn expect(&self, source: &Source) {
        self.bytes.fetch_add(source.bytes(), Ordering::Relaxed);
        if !self.is_distributed() {
            self.progress.expect(source);
        }
    }

    /// The files that can have rows of a time range.
    fn source(&self, range: Range) -> Source {
        let (from, to) = range.seconds();
        // Files without times are in every range, as their records are.
        let meets = |file: &&super::SourceFile| {
            file.first > file.last || file.last >= from && file.first < to
        };
        let files: Vec<_> = self.engine.source.files.iter().filter(meets).cloned().collect();
        self.engine.source.with_files(files)
    }

    /// Runs a plan and gives out its first columns.
    async fn execute(&self, plan: LogicalPlan, width: usize) -> Result<SendableRecordBatchStream> {
        #[cfg(feature = "cluster")]
        if let Some(client) = &self.engine.cluster
            && spill::reads_the_log(&plan)
        {
            let session = &self.engine.session;
            let bytes = self.bytes.load(Ordering::Relaxed);
            let stream =
                distributed::execute(session, &plan, client, &self.progress, bytes).await?;
            return bridge::narrowed(stream, width);
        }
        self.execute_here(plan, width).await
    }

    /// Runs a plan in this process and gives out its first columns.
    async fn execute_here(
        &self,
        plan: LogicalPlan,
        width: usize,
    ) -> Result<SendableRecordBatchStream> {
        let session = self.engine.session.clone();
        let stream = spill::execute(session, plan, self.progress.clone()).await?;
        bridge::narrowed(stream, width)
    }
}

/// How long a period is in milliseconds; a month counts as 30 days.
fn length(period: Period) -> i64 {
    period
        .milliseconds()
        .or_else(|| period.months().map(|months| months.saturating_mul(30 * 86_400_000)))
        .unwrap_or_default()
}

/// The conditions that a time range puts on rows, where the files do not all lie within it.
fn filter(source: &Source, range: Range) -> Vec<Expr> {
    let (from, to) = range.seconds();
    let start = || Expr::Column(Column::from_name("start"));
    let before = source.files.iter().any(|file| file.first < from);
    let after = source.files.iter().any(|file| file.last >= to);
    let from = before.then(|| start().gt_eq(lit(from)));
    let to = after.then(|| start().lt(lit(to)));
    let within = from.into_iter().chain(to).reduce(Expr::and);
    // A record without time is in every range.
    within.map(|within| within.or(start().is_null())).into_iter().collect()
}

/// The names that the stages from a place on and these columns read.
fn names_from(query: &Query, place: usize, columns: &[String]) -> Vec<String> {
    let mut names = names::after(query, place);
    for column in columns {
        if !names.contains(column) {
            names.push(column.clone());
        }
    }
    names
}

/// How many rows the stage after this lets through.
fn next_limit(query: &Query, place: usize) -> usize {
    match query.stages.get(place + 1) {
        Some(Stage::Limit(Limit { count, which: Which::First | Which::Any, .. })) => {
            usize::try_from(*count).unwrap_or(usize::MAX)
        }
        _ => usize::MAX,
    }
}
