//! `in ( a query )`: the query is answered first and becomes a list.

use datafusion::error::Result;
use portolan_query::{Expression, Literal, Stage};

use super::Run;
use crate::engine::Range;
use crate::engine::operator;
use crate::engine::value::Value;

impl Run<'_> {
    /// Returns a stage with the queries in its conditions answered.
    pub(super) async fn resolved(&self, stage: &Stage, range: Range) -> Result<Stage> {
        let Stage::Filter(condition) = stage else {
            return Ok(stage.clone());
        };
        let mut queries = Vec::new();
        condition.walk(&mut |part| {
            if let Expression::InQuery { query, .. } = part {
                queries.push(query);
            }
        });
        let mut answers = Vec::new();
        for query in queries {
            let names: Vec<String> =
                query.columns.iter().map(|column| column.name.clone()).collect();
            let (stream, _) = self.query(query, range, &names).await?;
            let rows = operator::collect(stream).await?;
            let items = rows.into_iter().filter_map(|row| row.into_iter().next());
            answers.push(items.filter_map(written).collect::<Vec<Expression>>());
        }
        let mut condition = condition.clone();
        substitute(&mut condition, &mut answers.into_iter());
        Ok(Stage::Filter(condition))
    }
}

/// A value as somebody would write it.
fn written(value: Value<'static>) -> Option<Expression> {
    let literal = match value {
        Value::Missing | Value::Json(_) => return None,
        Value::Integer(value) | Value::Time(value) => Literal::Integer(value),
        Value::Boolean(value) => Literal::Integer(value.into()),
        Value::Float(value) => Literal::Decimal(value),
        Value::Text(text) => Literal::Text(text.into_owned()),
        Value::Address(address) => Literal::Text(address.to_string()),
    };
    Some(Expression::Literal(literal))
}

/// Puts the answers in, in the order in which [`Expression::walk`] meets the queries.
fn substitute(expression: &mut Expression, answers: &mut impl Iterator<Item = Vec<Expression>>) {
    match expression {
        Expression::And(all) | Expression::Or(all) => {
            for part in all {
                substitute(part, answers);
            }
        }
        Expression::Not(inner) => substitute(inner, answers),
        Expression::InQuery { value, negated, .. } => {
            let items = answers.next().unwrap_or_default();
            let value = value.clone();
            *expression = Expression::In { value, items, negated: *negated };
        }
        _ => {}
    }
}
