//! The rule that puts [`GroupExec`] in the place of DataFusion's two steps of grouping.

use std::sync::Arc;

use arrow::compute::SortOptions;
use arrow::datatypes::{DataType, Schema};
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TransformedResult as _, TreeNode as _};
use datafusion::error::Result;
use datafusion::physical_expr::aggregate::AggregateFunctionExpr;
use datafusion::physical_expr::expressions::{Column, Literal};
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::aggregates::{AggregateExec, AggregateMode};
use datafusion::physical_plan::coalesce_partitions::CoalescePartitionsExec;
use datafusion::physical_plan::projection::ProjectionExec;
use datafusion::physical_plan::repartition::RepartitionExec;
use datafusion::physical_plan::sorts::sort::SortExec;
use datafusion::physical_plan::{ExecutionPlan, PhysicalExpr, replace_children_if_necessary};

use super::exec::{Aggregated, GroupExec, Task};
use super::lanes;
use super::state::Kind;

/// How many aggregates a row can have values for: one bit of a byte each.
const MOST_AGGREGATES: usize = 8;

/// Replaces grouping by one or two numbers.
#[derive(Debug)]
pub(crate) struct GroupByNumbers;

impl PhysicalOptimizerRule for GroupByNumbers {
    fn optimize(
        &self,
        plan: Arc<dyn ExecutionPlan>,
        _: &ConfigOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        // A join may rely on both its sides being cut by the same hash as DataFusion's.
        if plan.exists(|node| Ok(node.name().contains("Join")))? {
            return Ok(plan);
        }
        plan.transform_up(|node| {
            Ok(match replacement(&node).map_or_else(|| of_largest(&node), |it| Some(Ok(it))) {
                Some(replaced) => Transformed::yes(replaced?),
                None => Transformed::no(node),
            })
        })
        .data()
    }

    fn name(&self) -> &'static str {
        "group_by_numbers"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

fn replacement(node: &Arc<dyn ExecutionPlan>) -> Option<Arc<dyn ExecutionPlan>> {
    let last = node.downcast_ref::<AggregateExec>()?;
    let first = match last.mode() {
        AggregateMode::Final | AggregateMode::FinalPartitioned => partial_of(last.input())?,
        AggregateMode::Single | AggregateMode::SinglePartitioned => last,
        _ => return None,
    };
    let task = task(first)?;
    Some(Arc::new(GroupExec::new(Arc::clone(first.input()), Arc::new(task), last.schema())))
}

/// Returns a sort of the rows with the largest values of an aggregate, after a grouping that knows that no others are wanted.
fn of_largest(node: &Arc<dyn ExecutionPlan>) -> Option<Result<Arc<dyn ExecutionPlan>>> {
    let sort = node.downcast_ref::<SortExec>()?;
    let first = sort.expr().first();
    let by_largest = SortOptions { descending: true, nulls_first: false };
    let column = first.expr.downcast_ref::<Column>().filter(|_| first.options == by_largest)?;
    let input = with_top(sort.input(), column.index(), sort.fetch()?)?;
    Some(input.and_then(|input| replace_children_if_necessary(Arc::clone(node), vec![input])))
}

/// Tells the grouping below projections that only the groups with the largest values of a column are wanted.
fn with_top(
    node: &Arc<dyn ExecutionPlan>,
    column: usize,
    count: usize,
) -> Option<Result<Arc<dyn ExecutionPlan>>> {
    if let Some(group) = node.downcast_ref::<GroupExec>() {
        return Some(Ok(Arc::new(group.with_top(column, count)?)));
    }
    let projection = node.downcast_ref::<ProjectionExec>()?;
    let column = projection.expr().get(column)?.expr.downcast_ref::<Column>()?;
    let input = with_top(projection.input(), column.index(), count)?;
    Some(input.and_then(|input| replace_children_if_necessary(Arc::clone(node), vec![input])))
}

/// Returns the first step of grouping, whose groups come through nothing but an exchange.
fn partial_of(input: &Arc<dyn ExecutionPlan>) -> Option<&AggregateExec> {
    if let Some(exchange) = input.downcast_ref::<RepartitionExec>() {
        return partial_of(exchange.input());
    }
    if let Some(exchange) = input.downcast_ref::<CoalescePartitionsExec>() {
        return partial_of(exchange.input());
    }
    let partial = input.downcast_ref::<AggregateExec>()?;
    (*partial.mode() == AggregateMode::Partial).then_some(partial)
}

fn task(first: &AggregateExec) -> Option<Task> {
    let schema = first.input_schema();
    let group = first.group_expr();
    let has_filter = first.filter_expr().iter().any(Option::is_some);
    if !group.is_single() || has_filter || first.limit_options().is_some() {
        return None;
    }
    let keys = group.input_exprs();
    let key_kinds =
        keys.iter().map(|key| key.data_type(&schema).ok()).collect::<Option<Vec<_>>>()?;
    let bits = key_kinds.iter().map(lanes::bits).sum::<Option<u32>>()?;
    let floats = key_kinds.contains(&DataType::Float64);
    let aggregates = first
        .aggr_expr()
        .iter()
        .map(|expr| aggregated(expr, &schema))
        .collect::<Option<Vec<_>>>()?;
    let fits = (1..=2).contains(&keys.len()) && bits <= 64 && !floats;
    (fits && aggregates.len() <= MOST_AGGREGATES).then_some(Task {
        keys,
        key_kinds,
        aggregates,
        top: None,
    })
}

fn aggregated(expr: &AggregateFunctionExpr, schema: &Schema) -> Option<Aggregated> {
    if expr.is_distinct() || !expr.order_bys().is_empty() {
        return None;
    }
    let arguments = expr.expressions();
    let [of] = arguments.as_slice() else {
        return None;
    };
    let kind = of.data_type(schema).ok()?;
    let kind = match expr.fun().name() {
        "count" if is_literal(of) => return Some(Aggregated { kind: Kind::Count, of: None }),
        "count" => Kind::Count,
        "sum" if kind == DataType::Int64 => Kind::Sum,
        "min" if lanes::is_whole(&kind) => Kind::Least,
        "max" if lanes::is_whole(&kind) => Kind::Largest,
        "insights_distinct" if lanes::bits(&kind).is_some_and(|bits| bits <= 32) => Kind::Distinct,
        "insights_distribution" if kind == DataType::Float64 => Kind::Distribution,
        _ => return None,
    };
    Some(Aggregated { kind, of: Some(Arc::clone(of)) })
}

fn is_literal(expr: &Arc<dyn PhysicalExpr>) -> bool {
    expr.downcast_ref::<Literal>().is_some_and(|literal| !literal.value().is_null())
}
