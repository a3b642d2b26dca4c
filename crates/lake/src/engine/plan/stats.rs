//! `stats` and its relatives.

use arrow::datatypes::{DataType, TimeUnit};
use datafusion::error::Result;
use datafusion::functions_aggregate::expr_fn::{
    avg, count, count_distinct, max, min, stddev_pop, sum, var_pop,
};
use datafusion::logical_expr::{Expr, lit};
use portolan_query::{
    Aggregate, Aggregation, Assignment, Capture, Expression, Kind, Parse, ParseMethod, Sort,
    SortKey, Stats,
};

use super::{Order, Planner};
use crate::engine::aggregate;
use crate::engine::expression::{Expressions, integer, literal, number, text};
use crate::engine::function::glob;
use crate::engine::scope::{Binding, Scope, Typed, column};
use crate::engine::value::plain;

/// What is computed over the rows of groups, each different aggregate once.
#[derive(Debug, Default)]
struct Computed {
    exprs: Vec<Expr>,
    names: Vec<String>,
}

impl Computed {
    /// Adds an aggregate and returns the column that has it.
    fn column(&mut self, expr: Expr) -> Expr {
        let place = self.exprs.iter().position(|known| *known == expr).unwrap_or_else(|| {
            self.names.push(format!("a{}", self.exprs.len()));
            self.exprs.push(expr);
            self.exprs.len() - 1
        });
        column(self.names.get(place).map_or("", String::as_str))
    }

    fn aliased(self) -> Vec<Expr> {
        self.exprs.into_iter().zip(self.names).map(|(expr, name)| expr.alias(name)).collect()
    }
}

impl Planner<'_> {
    /// Makes one row of each group.
    pub(crate) fn stats(&mut self, stats: &Stats) -> Result<()> {
        let expressions = self.expressions();
        let mut groups = Vec::new();
        let mut keys = Vec::new();
        for (place, key) in stats.keys.iter().enumerate() {
            let value = expressions.value(&key.expression)?;
            let name = format!("k{place}");
            groups.push(value.expr.alias(&name));
            keys.push(Typed::new(column(&name), value.kind));
        }
        let mut computed = Computed::default();
        let mut aggregates = Vec::new();
        for aggregation in &stats.aggregates {
            aggregates.push(self.aggregate(aggregation, &mut computed)?);
        }
        self.group(groups, computed)?;
        let empty = Scope::of_columns([]);
        let outputs = Expressions {
            scope: &empty,
            context: self.context,
            keys: &keys,
            aggregates: &aggregates,
        };
        let outputs = stats
            .outputs
            .iter()
            .map(|output| Ok((output.name.clone(), outputs.value(&output.expression)?)))
            .collect::<Result<Vec<_>>>()?;
        let keys = stats.keys.iter().map(|key| key.name.clone()).zip(keys);
        self.replace(keys.chain(outputs).collect())
    }

    /// Groups; groups without any aggregate are counted, because there has to be one.
    fn group(&mut self, groups: Vec<Expr>, mut computed: Computed) -> Result<()> {
        if computed.exprs.is_empty() {
            computed.column(count(lit(1_i64)));
        }
        let aggregates = computed.aliased();
        self.apply(|plan| plan.aggregate(groups, aggregates))
    }

    /// Makes these values all that there is.
    fn replace(&mut self, values: Vec<(String, Typed)>) -> Result<()> {
        let mut exprs = Vec::new();
        let mut scope = Scope::of_columns([]);
        for (name, value) in values {
            let column = self.fresh();
            exprs.push(value.expr.alias(&column));
            scope.bind(&name, Binding::Column { column, kind: value.kind });
        }
        self.apply(|plan| plan.project(exprs))?;
        self.order = Order::default();
        self.scope = scope;
        Ok(())
    }

    /// Returns the value of an aggregate after grouping.
    fn aggregate(&self, aggregation: &Aggregation, computed: &mut Computed) -> Result<Typed> {
        let argument = match &aggregation.argument {
            Some(argument) => self.expressions().value(argument)?,
            None => integer(1),
        };
        let parameter = aggregation.parameter.as_ref().map_or_else(|| integer(0), literal);
        let whole = |expr| Typed::new(expr, DataType::Int64);
        let float = |expr| Typed::new(expr, DataType::Float64);
        Ok(match aggregation.aggregate {
            Aggregate::Count | Aggregate::CountOverTime => {
                whole(computed.column(count(argument.expr)))
            }
            Aggregate::Sum | Aggregate::SumOverTime => {
                let argument = number(argument)?;
                Typed::new(computed.column(sum(argument.expr)), argument.kind)
            }
            Aggregate::Average => float(computed.column(avg(as_float(argument)?))),
            Aggregate::StandardDeviation => float(computed.column(stddev_pop(as_float(argument)?))),
            Aggregate::Variance => float(computed.column(var_pop(as_float(argument)?))),
            Aggregate::CountDistinct => whole(computed.column(distinct(argument)?)),
            Aggregate::Max if is_native(&argument.kind) => {
                Typed::new(computed.column(max(argument.expr)), argument.kind)
            }
            Aggregate::Min if is_native(&argument.kind) => {
                Typed::new(computed.column(min(argument.expr)), argument.kind)
            }
            Aggregate::Percentile => {
                let distribution = aggregate::call("distribution", vec![as_float(argument)?])?;
                let percent = parameter.cast(DataType::Float64).expr;
                float(aggregate::quantile(computed.column(distribution), percent))
            }
            Aggregate::Values => own("values", vec![argument], computed)?,
            Aggregate::TopK => own("topk", vec![argument, parameter], computed)?,
            Aggregate::Histogram => own("histogram", vec![argument, parameter], computed)?,
            Aggregate::Rate => own("rate", vec![argument, self.time()?, parameter], computed)?,
            Aggregate::Earliest => own("earliest", vec![argument, self.time()?], computed)?,
            Aggregate::Latest => own("latest", vec![argument, self.time()?], computed)?,
            Aggregate::SortsFirst => own("sortsfirst", vec![argument], computed)?,
            Aggregate::SortsLast => own("sortslast", vec![argument], computed)?,
            Aggregate::Max => own("max", vec![argument], computed)?,
            Aggregate::Min => own("min", vec![argument], computed)?,
        })
    }

    fn time(&self) -> Result<Typed> {
        let milliseconds = DataType::Timestamp(TimeUnit::Millisecond, None);
        Ok(self.scope.value("@timestamp")?.cast(milliseconds))
    }

    /// One row for each combination of values and how often it occurs, the most frequent first.
    pub(crate) fn count_frequent(&mut self, keys: &[Assignment]) -> Result<()> {
        const COUNT: &str = "_approxcount";
        let count = Expression::Aggregate { index: 0, kind: Kind::Integer };
        let aggregation =
            Aggregation { aggregate: Aggregate::Count, argument: None, parameter: None };
        self.stats(&Stats {
            keys: keys.to_vec(),
            aggregates: vec![aggregation],
            outputs: vec![Assignment { name: COUNT.to_owned(), expression: count }],
        })?;
        let expression = Expression::field(COUNT, Kind::Integer);
        let keys = vec![SortKey { expression, descending: true }];
        self.sort(&Sort { keys, is_default: true })
    }

    /// Sets values to parts of a text.
    pub(crate) fn parse(&mut self, parse: &Parse) -> Result<()> {
        let regex = match &parse.method {
            ParseMethod::Regex(regex) => regex.clone(),
            ParseMethod::Glob(parts) => glob(&parts.join("*")),
        };
        let value = self.expressions().value(&parse.text)?;
        if value.kind == DataType::Null {
            let missing = |it: &Capture| (it.name.clone(), Typed::missing());
            return self.set(parse.into.iter().map(missing).collect());
        }
        let whole = Typed::call("totext", vec![value])?;
        // Two steps, so that the text is matched once and not for each part.
        let (source, places) = (self.fresh(), self.fresh());
        self.extend(vec![whole.expr.alias(&source)])?;
        let source = Typed::new(column(&source), DataType::Utf8);
        let found = Typed::call("captures", vec![source.clone(), text(&regex)])?;
        self.extend(vec![found.expr.alias(&places)])?;
        let places = Typed::new(column(&places), DataType::Utf8);
        let values = parse
            .into
            .iter()
            .map(|capture| {
                let group = i64::try_from(capture.group).unwrap_or_default() - 1;
                let arguments = vec![source.clone(), places.clone(), integer(group)];
                Ok((capture.name.clone(), Typed::call("capture", arguments)?))
            })
            .collect::<Result<Vec<_>>>()?;
        self.set(values)
    }
}

/// An aggregate of ours; its result is of the type that it says itself.
fn own(name: &str, of: Vec<Typed>, computed: &mut Computed) -> Result<Typed> {
    let first = of.first().map_or(DataType::Null, |value| plain(&value.kind));
    let kind = match name {
        "values" | "topk" | "histogram" => DataType::LargeUtf8,
        "rate" => DataType::Float64,
        _ => first,
    };
    let call = aggregate::call(name, of.into_iter().map(|value| value.expr).collect())?;
    Ok(Typed::new(computed.column(call), kind))
}

/// Returns whether DataFusion's order of values of this type is that of numbers.
fn is_native(kind: &DataType) -> bool {
    matches!(plain(kind), DataType::Int64 | DataType::Float64 | DataType::Timestamp(_, _))
}

/// How many different values there are.
fn distinct(argument: Typed) -> Result<Expr> {
    match argument.kind {
        DataType::UInt8 | DataType::UInt16 | DataType::UInt32 => {
            aggregate::call("distinct", vec![argument.expr])
        }
        DataType::Dictionary(_, _) => Ok(count_distinct(argument.cast(DataType::Utf8).expr)),
        _ => Ok(count_distinct(argument.expr)),
    }
}

/// A value as a float, for aggregates that know no other numbers.
fn as_float(value: Typed) -> Result<Expr> {
    Ok(number(value)?.cast(DataType::Float64).expr)
}
