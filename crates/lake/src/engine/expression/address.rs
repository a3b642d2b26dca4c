//! Conditions on addresses of the log, as comparisons of numbers that the Parquet reader can use.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use datafusion::common::ScalarValue;
use datafusion::error::Result;
use datafusion::logical_expr::{Expr, lit, when};
use portolan_flow::{Field, FieldType};
use portolan_query::{Comparator, Expression, Function, Literal};

use super::Expressions;
use crate::engine::function::Block;
use crate::engine::scope::{Binding, Typed};

/// The columns of an address: at least one of the two families.
struct Columns {
    v4: Option<Expr>,
    v6: Option<Expr>,
}

/// What an address is compared with: equal to one of these, or within one of these ranges.
enum Wanted {
    Addresses(Vec<IpAddr>),
    Block(Block),
    Ranges(Vec<(u32, u32)>),
}

/// `=` and `!=` with an address that is written out.
pub(super) fn compare(
    planner: &Expressions<'_>,
    operator: Comparator,
    left: &Expression,
    right: &Expression,
    kept: bool,
) -> Result<Option<Expr>> {
    let negated = match operator {
        Comparator::Equal => false,
        Comparator::NotEqual => true,
        _ => return Ok(None),
    };
    let ((field, Expression::Literal(literal)) | (Expression::Literal(literal), field)) =
        (left, right)
    else {
        return Ok(None);
    };
    let Some(columns) = columns(planner, field) else {
        return Ok(None);
    };
    let wanted = Wanted::Addresses(written(literal).into_iter().collect());
    let found = columns.are(&wanted, kept && !negated)?;
    Ok(Some(super::negate_if(negated, found)))
}

/// `in` a list of addresses.
pub(super) fn among(
    planner: &Expressions<'_>,
    value: &Expression,
    items: &[Expression],
    kept: bool,
) -> Result<Option<Expr>> {
    let Some(columns) = columns(planner, value) else {
        return Ok(None);
    };
    let mut addresses = Vec::new();
    for item in items {
        let Expression::Literal(literal) = item else {
            return Ok(None);
        };
        addresses.extend(written(literal));
    }
    columns.are(&Wanted::Addresses(addresses), kept).map(Some)
}

/// `isIpInSubnet` and its like with a block that is written out.
pub(super) fn in_subnet(
    planner: &Expressions<'_>,
    function: Function,
    arguments: &[Expression],
    kept: bool,
) -> Result<Option<Expr>> {
    let [value, Expression::Literal(Literal::Text(text))] = arguments else {
        return Ok(None);
    };
    let (Some(columns), Some(block)) = (columns(planner, value), Block::parse(text)) else {
        return Ok(None);
    };
    let fits = match function {
        Function::IsIpInSubnet => true,
        Function::IsIpv4InSubnet => matches!(block, Block::V4(_)),
        Function::IsIpv6InSubnet => matches!(block, Block::V6(_)),
        _ => return Ok(None),
    };
    let wanted = if fits { Wanted::Block(block) } else { Wanted::Addresses(Vec::new()) };
    columns.are(&wanted, kept).map(Some)
}

/// `like` with three octets and their dots, which can only be the first three, or end the first of them.
pub(super) fn like(
    planner: &Expressions<'_>,
    value: &Expression,
    part: &Expression,
    kept: bool,
) -> Result<Option<Expr>> {
    let Expression::Literal(Literal::Text(text)) = part else {
        return Ok(None);
    };
    let (Some(columns), Some(ranges)) = (columns(planner, value), ranges_like(text)) else {
        return Ok(None);
    };
    columns.are(&Wanted::Ranges(ranges), kept).map(Some)
}

fn ranges_like(text: &str) -> Option<Vec<(u32, u32)>> {
    let mut parts = text.strip_suffix('.')?.split('.');
    let (first, second, third) = (parts.next()?, parts.next()?, parts.next()?);
    let octet = |text: &str| text.parse::<u8>().ok().filter(|it| it.to_string() == text);
    let (second, third) = (octet(second)?, octet(third)?);
    let digits = !first.is_empty() && first.bytes().all(|byte| byte.is_ascii_digit());
    if parts.next().is_some() || !digits {
        return None;
    }
    let ends = |octet: &u8| octet.to_string().ends_with(first);
    let range = |octet| {
        let start = Ipv4Addr::new(octet, second, third, 0).to_bits();
        (start, start | 0xff)
    };
    Some((0..=u8::MAX).filter(ends).map(range).collect())
}

/// The address that a literal is; text that is not written as addresses are printed equals none.
fn written(literal: &Literal) -> Option<IpAddr> {
    let Literal::Text(text) = literal else {
        return None;
    };
    text.parse().ok().filter(|address: &IpAddr| address.to_string() == *text)
}

fn columns(planner: &Expressions<'_>, expression: &Expression) -> Option<Columns> {
    let Expression::Field { name, .. } = expression else {
        return None;
    };
    let field = match planner.scope.find(name)? {
        Binding::Field(field) if field.field_type() == FieldType::Address => field,
        _ => return None,
    };
    of_field(planner, field)
}

fn of_field(planner: &Expressions<'_>, field: Field) -> Option<Columns> {
    let (v4, v6) = planner.scope.address_columns(field);
    let expr = |column: Option<Typed>| column.map(|column| column.expr);
    (v4.is_some() || v6.is_some()).then(|| Columns { v4: expr(v4), v6: expr(v6) })
}

impl Columns {
    /// Returns whether the address is one of the wanted. Missing if there is none, unless nobody minds.
    fn are(&self, wanted: &Wanted, kept: bool) -> Result<Expr> {
        let (v4, v6) = (self.v4.clone(), self.v6.clone());
        let in_v4 = |column: Expr| match wanted {
            Wanted::Addresses(all) => {
                one_of(column, all.iter().filter_map(|address| v4_literal(*address)))
            }
            Wanted::Block(Block::V4(block)) => {
                column.between(lit(block.network().to_bits()), lit(block.last().to_bits()))
            }
            Wanted::Block(Block::V6(_)) => one_of(column, std::iter::empty()),
            Wanted::Ranges(ranges) => ranges
                .iter()
                .map(|(from, to)| column.clone().between(lit(*from), lit(*to)))
                .reduce(Expr::or)
                .unwrap_or_else(|| one_of(column, std::iter::empty())),
        };
        let in_v6 = |column: Expr| match wanted {
            Wanted::Addresses(all) => {
                one_of(column, all.iter().filter_map(|address| v6_literal(*address)))
            }
            Wanted::Block(Block::V6(block)) => {
                column.between(bytes(block.network()), bytes(block.last()))
            }
            Wanted::Block(Block::V4(_)) | Wanted::Ranges(_) => one_of(column, std::iter::empty()),
        };
        match (v4, v6) {
            (Some(v4), None) => Ok(in_v4(v4)),
            (None, Some(v6)) => Ok(in_v6(v6)),
            (Some(v4), Some(v6)) if kept => Ok(match wanted.family() {
                Some(4) => in_v4(v4),
                Some(_) => in_v6(v6),
                None => in_v4(v4).or(in_v6(v6)),
            }),
            (Some(v4), Some(v6)) => when(v6.clone().is_not_null(), in_v6(v6)).otherwise(in_v4(v4)),
            (None, None) => Ok(lit(ScalarValue::Boolean(None))),
        }
    }
}

impl Wanted {
    /// Returns the family of all that is wanted, if it is one.
    fn family(&self) -> Option<u8> {
        match self {
            Self::Addresses(all) if all.iter().all(IpAddr::is_ipv4) => Some(4),
            Self::Addresses(all) if all.iter().all(IpAddr::is_ipv6) => Some(6),
            Self::Addresses(_) => None,
            Self::Block(Block::V4(_)) | Self::Ranges(_) => Some(4),
            Self::Block(Block::V6(_)) => Some(6),
        }
    }
}

/// Whether a column equals one of the literals; false and not missing where it has a value and there are none.
fn one_of(column: Expr, literals: impl Iterator<Item = Expr>) -> Expr {
    let mut literals: Vec<Expr> = literals.collect();
    match (literals.pop(), literals.is_empty()) {
        (None, _) => column.clone().not_eq(column),
        (Some(only), true) => column.eq(only),
        (Some(last), false) => {
            literals.push(last);
            column.in_list(literals, false)
        }
    }
}

fn v4_literal(address: IpAddr) -> Option<Expr> {
    match address {
        IpAddr::V4(address) => Some(lit(address.to_bits())),
        IpAddr::V6(_) => None,
    }
}

fn v6_literal(address: IpAddr) -> Option<Expr> {
    match address {
        IpAddr::V4(_) => None,
        IpAddr::V6(address) => Some(bytes(address)),
    }
}

fn bytes(address: Ipv6Addr) -> Expr {
    lit(ScalarValue::FixedSizeBinary(16, Some(address.octets().to_vec())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<&[&str]>) {
        let found = ranges_like(text).map(|ranges| {
            let first = |(from, _): (u32, u32)| Ipv4Addr::from_bits(from).to_string();
            ranges.into_iter().map(first).collect::<Vec<_>>()
        });
        let expected = expected.map(|it| it.iter().map(|it| (*it).to_owned()).collect());
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn three_octets_are_ranges() {
        check("10.0.12.", Some(&["10.0.12.0", "110.0.12.0", "210.0.12.0"]));
        check("192.168.1.", Some(&["192.168.1.0"]));
        check("10.0.", None);
        check("10.0.12", None);
        check("10.0.012.", None);
        check(".0.12.", None);
        check("1.2.3.4.", None);
    }
}
