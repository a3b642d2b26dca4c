//! A checked query as a program: plans of DataFusion, and operators of ours between them.
//!
//! What DataFusion can do is added to the current plan. A stage that needs an operator of ours closes it; what follows is planned on
//! the columns that come out. The order of rows is a property that is remembered and established only where something depends on it:
//! before a limit, an operator, or the end.

mod order;
mod stats;

use std::sync::Arc;

use arrow::datatypes::DataType;
use datafusion::datasource::provider_as_source;
use datafusion::error::Result;
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, SortExpr};
use portolan_query::{Assignment, Expression, Limit, Stage, Which};

use super::expression::{Context, Expressions};
use super::scope::{Binding, Scope, Typed, column};
use super::source::Source;

pub(crate) use order::Order;

/// A column of an answer or between two parts of a program.
#[derive(Clone, Debug)]
pub(crate) struct Shown {
    /// What it is called.
    pub(crate) name: String,
    /// The column of the plan.
    pub(crate) column: String,
    /// Its type.
    pub(crate) kind: DataType,
}

/// Plans the stages of a query one after the other.
#[derive(Debug)]
pub(crate) struct Planner<'a> {
    plan: LogicalPlanBuilder,
    scope: Scope,
    order: Order,
    context: &'a Context,
    /// How many columns were named.
    named: usize,
}

impl<'a> Planner<'a> {
    /// Begins with the rows of a log.
    pub(crate) fn of_source(
        source: &Source,
        filter: Vec<Expr>,
        context: &'a Context,
    ) -> Result<Self> {
        let scope = Scope::of_lake(Arc::clone(&source.schema));
        let table = provider_as_source(Arc::new(source.clone()));
        let mut plan = LogicalPlanBuilder::scan("flows", table, None)?;
        if let Some(filter) = filter.into_iter().reduce(Expr::and) {
            plan = plan.filter(filter)?;
        }
        Ok(Self { plan, scope, order: Order::default(), context, named: 0 })
    }

    /// Begins with a plan that has these columns.
    pub(crate) fn of_plan(plan: LogicalPlan, columns: &[Shown], context: &'a Context) -> Self {
        let bind = |shown: &Shown| {
            let binding =
                Binding::Column { column: shown.column.clone(), kind: shown.kind.clone() };
            (shown.name.clone(), binding)
        };
        Self {
            plan: LogicalPlanBuilder::from(plan),
            scope: Scope::of_columns(columns.iter().map(bind)),
            order: Order::default(),
            context,
            named: columns.len(),
        }
    }

    /// Says by which columns the rows are in order already.
    pub(crate) fn with_order(mut self, keys: Vec<SortExpr>) -> Self {
        self.order = Order::of(keys);
        self
    }

    /// Returns whether rows are wanted newest first by the time of the log itself.
    pub(crate) fn is_newest_first(&self) -> bool {
        self.order.is_newest_first()
    }

    /// Makes the expressions of a stage that an operator does into values, and returns their names.
    ///
    /// Nobody can write such a name.
    pub(crate) fn keys(&mut self, stage: &Stage) -> Result<Vec<String>> {
        let expressions: Vec<&Expression> = match stage {
            Stage::Dedup(keys) => keys.iter().collect(),
            Stage::Pattern(one) | Stage::Diff { text: one, .. } => vec![one],
            Stage::Unnest { list, .. } => vec![list],
            Stage::Lookup(lookup) => lookup.keys.iter().map(|(_, key)| key).collect(),
            Stage::CidrLookup(lookup) => vec![&lookup.address],
            Stage::Join(join) => vec![&join.left_key],
            Stage::Autoregress(auto) => vec![&auto.expression],
            Stage::Accumulate(assignment) => vec![&assignment.expression],
            Stage::Sessionize(sessions) => sessions.keys.iter().collect(),
            Stage::RelevantFields(relevant) => vec![&relevant.condition],
            _ => Vec::new(),
        };
        let name = |(place, expression): (usize, &Expression)| Assignment {
            name: format!("\u{0}{place}"),
            expression: expression.clone(),
        };
        let assignments: Vec<Assignment> = expressions.into_iter().enumerate().map(name).collect();
        if !assignments.is_empty() {
            self.compute(&assignments)?;
        }
        Ok(assignments.into_iter().map(|it| it.name).collect())
    }

    pub(crate) fn expressions(&self) -> Expressions<'_> {
        Expressions::new(&self.scope, self.context)
    }

    /// Adds a stage, or returns `false` if it needs an operator of ours.
    pub(crate) fn add(&mut self, stage: &Stage) -> Result<bool> {
        match stage {
            Stage::Compute(assignments) => self.compute(assignments)?,
            Stage::Filter(condition) => {
                let condition = self.expressions().condition(condition, true)?;
                self.apply(|plan| plan.filter(condition))?;
            }
            Stage::Sort(sort) => self.sort(sort)?,
            Stage::Limit(limit) => self.limit(*limit)?,
            Stage::Parse(parse) => self.parse(parse)?,
            Stage::Stats(stats) => self.stats(stats)?,
            Stage::CountFrequent(keys) => self.count_frequent(keys)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Closes the plan: the columns of these names, then what their order is by.
    ///
    /// Names that mean nothing are columns without values. Rows are sorted last, because only at its end does a plan of DataFusion
    /// owe anybody an order.
    pub(crate) fn finish<'n>(
        mut self,
        names: impl Iterator<Item = &'n str>,
    ) -> Result<(LogicalPlan, Vec<Shown>)> {
        let mut shown = Vec::new();
        let mut exprs = Vec::new();
        for name in names {
            let value = self.scope.value(name)?;
            let column = format!("v{}", shown.len());
            exprs.push(value.expr.alias(&column));
            shown.push(Shown { name: name.to_owned(), column, kind: value.kind });
        }
        let mut keys = Vec::new();
        for (place, key) in self.order.keys().into_iter().flatten().enumerate() {
            let name = format!("s{place}");
            exprs.push(key.expr.alias(&name));
            keys.push(SortExpr { expr: column(&name), ..key });
        }
        self.apply(|plan| plan.project(exprs))?;
        if !keys.is_empty() {
            self.apply(|plan| plan.sort(keys))?;
        }
        Ok((self.plan.build()?, shown))
    }

    fn apply(
        &mut self,
        change: impl FnOnce(LogicalPlanBuilder) -> Result<LogicalPlanBuilder>,
    ) -> Result<()> {
        self.plan = change(self.plan.clone())?;
        Ok(())
    }

    /// Sets values: every one sees the row as it came in.
    pub(crate) fn compute(&mut self, assignments: &[Assignment]) -> Result<()> {
        let expressions = self.expressions();
        let values = assignments
            .iter()
            .map(|it| Ok((it.name.clone(), expressions.value(&it.expression)?)))
            .collect::<Result<Vec<_>>>()?;
        self.set(values)
    }

    /// Adds columns to the plan and binds names to them.
    pub(crate) fn set(&mut self, values: Vec<(String, Typed)>) -> Result<()> {
        let mut added = Vec::new();
        for (name, value) in values {
            let column = self.fresh();
            added.push(value.expr.alias(&column));
            self.scope.bind(&name, Binding::Column { column, kind: value.kind });
        }
        self.extend(added)
    }

    /// Projects everything that is there, and more.
    fn extend(&mut self, added: Vec<Expr>) -> Result<()> {
        let there = self.plan.schema().columns().into_iter().map(Expr::Column);
        let all: Vec<Expr> = there.chain(added).collect();
        self.apply(|plan| plan.project(all))
    }

    fn fresh(&mut self) -> String {
        self.named += 1;
        format!("c{}", self.named)
    }

    fn limit(&mut self, limit: Limit) -> Result<()> {
        let count = usize::try_from(limit.count).unwrap_or(usize::MAX);
        match limit.which {
            Which::Any => {}
            Which::First => self.establish(false, Some(count))?,
            Which::Last => self.establish(true, Some(count))?,
        }
        self.apply(|plan| plan.limit(0, Some(count)))
    }

    /// Sorts by the order that was asked for, or its reverse.
    fn establish(&mut self, reversed: bool, fetch: Option<usize>) -> Result<()> {
        let Some(keys) = self.order.keys() else {
            return Ok(());
        };
        let turned = |key: SortExpr| SortExpr {
            asc: key.asc != reversed,
            nulls_first: key.nulls_first != reversed,
            ..key
        };
        let keys: Vec<SortExpr> = keys.into_iter().map(turned).collect();
        self.apply(|plan| plan.sort_with_limit(keys, fetch))
    }
}
