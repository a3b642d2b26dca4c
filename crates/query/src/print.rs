//! Expressions as text, in one way only: so that equal expressions have equal text.

use crate::aggregate::Aggregate;
use crate::function::Function;
use crate::lexer::{is_word, is_word_start};
use crate::parser::expression::OPERATOR_WORDS;
use crate::syntax::{ExpressionText, Name, Node, QueryText, StepText};

/// How strongly an expression holds together; a weaker one within a stronger one needs parentheses.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Strength {
    Or,
    And,
    Not,
    Relation,
    Sum,
    Product,
    Unary,
    Power,
    Operand,
}

/// Returns an expression as text.
pub(crate) fn expression(it: &ExpressionText) -> String {
    within(it, Strength::Or)
}

/// Returns an expression as text that nothing around it can tear apart.
fn within(it: &ExpressionText, least: Strength) -> String {
    let text = node(&it.node);
    if strength(&it.node) < least { format!("({text})") } else { text }
}

const fn strength(node: &Node) -> Strength {
    use crate::expression::Arithmetic as A;
    match node {
        Node::Or(_) => Strength::Or,
        Node::And(_) => Strength::And,
        Node::Not(_) => Strength::Not,
        Node::Compare(..) | Node::Like { .. } | Node::In { .. } | Node::InQuery { .. } => {
            Strength::Relation
        }
        Node::Arithmetic(A::Add | A::Subtract, ..) => Strength::Sum,
        Node::Arithmetic(A::Multiply | A::Divide | A::Remainder, ..) => Strength::Product,
        Node::Arithmetic(A::Power, ..) => Strength::Power,
        Node::Negate(_) => Strength::Unary,
        Node::Integer(number) if *number < 0 => Strength::Unary,
        Node::Decimal(number) if number.is_sign_negative() => Strength::Unary,
        _ => Strength::Operand,
    }
}

fn node(node: &Node) -> String {
    match node {
        Node::Broken => String::from("…"),
        Node::Star => String::from("*"),
        Node::Text(text) => quoted(text),
        Node::Integer(number) => number.to_string(),
        Node::Decimal(number) => decimal(*number),
        Node::Period(period) => period.to_string(),
        Node::Regex(regex) => format!("/{regex}/"),
        Node::Path(path) => format!("{}{}", name(&path.first), steps(&path.steps)),
        Node::Call { name, arguments, steps: more } => {
            let arguments: Vec<_> = arguments.iter().map(expression).collect();
            call(&name.text, &arguments) + &steps(more)
        }
        Node::Negate(it) => format!("-{}", within(it, Strength::Power)),
        Node::Not(it) => format!("not {}", within(it, Strength::Not)),
        Node::And(all) => joined(all, " and ", Strength::Not),
        Node::Or(all) => joined(all, " or ", Strength::And),
        Node::Arithmetic(operator, left, right) => {
            let own = strength(node);
            let (least_left, least_right) = match own {
                Strength::Power => (Strength::Operand, Strength::Unary),
                Strength::Sum => (own, Strength::Product),
                _ => (own, Strength::Unary),
            };
            format!(
                "{} {} {}",
                within(left, least_left),
                operator.as_str(),
                within(right, least_right)
            )
        }
        Node::Compare(operator, left, right) => {
            format!(
                "{} {} {}",
                within(left, Strength::Sum),
                operator.as_str(),
                within(right, Strength::Sum)
            )
        }
        Node::Like { left, right, is_regex, negated } => {
            let operator = match (*is_regex && !matches!(right.node, Node::Regex(_)), negated) {
                (true, true) => "!~",
                (true, false) => "=~",
                (false, true) => "not like",
                (false, false) => "like",
            };
            format!("{} {operator} {}", within(left, Strength::Sum), within(right, Strength::Sum))
        }
        Node::In { left, items, negated } => {
            let items = joined(items, ", ", Strength::Unary);
            format!("{} {} [{items}]", within(left, Strength::Sum), in_word(*negated))
        }
        Node::InQuery { left, query, negated } => {
            format!("{} {} {}", within(left, Strength::Sum), in_word(*negated), subquery(query))
        }
    }
}

const fn in_word(negated: bool) -> &'static str {
    if negated { "not in" } else { "in" }
}

fn joined(all: &[ExpressionText], separator: &str, least: Strength) -> String {
    let texts: Vec<_> = all.iter().map(|it| within(it, least)).collect();
    texts.join(separator)
}

/// Returns a call with the name as AWS writes it; `count()` is `count(*)`.
fn call(name: &str, arguments: &[String]) -> String {
    let function = Function::named(name).map(|it| it.signature().name);
    let aggregate = Aggregate::named(name);
    let canonical = function.or(aggregate.map(|it| it.signature().name)).unwrap_or(name);
    if aggregate == Some(Aggregate::Count) && arguments.is_empty() {
        return String::from("count(*)");
    }
    format!("{canonical}({})", arguments.join(", "))
}

fn steps(steps: &[StepText]) -> String {
    let step = |step: &StepText| match step {
        StepText::Key(key) if is_index(&key.text) => format!(".{}", key.text),
        StepText::Key(key) => format!(".{}", name(key)),
        StepText::Index(index) => format!("[{index}]"),
    };
    steps.iter().map(step).collect()
}

fn is_index(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit())
}

/// Returns a name, in backticks if it needs them. Known names of several words stay as they are.
pub(crate) fn name(name: &Name) -> String {
    let is_plain = name.text.split(' ').all(is_plain_word);
    let is_special = |word: &&'static str| word.eq_ignore_ascii_case(&name.text);
    let needs_quotes =
        name.is_quoted && (name.text.contains(' ') || OPERATOR_WORDS.iter().any(is_special));
    if is_plain && !needs_quotes { name.text.clone() } else { format!("`{}`", name.text) }
}

/// Returns a name that may have dots in it, as an alias has.
pub(crate) fn alias(text: &str) -> String {
    let is_plain = text
        .split('.')
        .enumerate()
        .all(|(index, part)| is_plain_word(part) || (index > 0 && is_index(part)));
    if is_plain && !text.is_empty() { text.to_owned() } else { quoted(text) }
}

fn is_plain_word(word: &str) -> bool {
    word.starts_with(is_word_start) && word.chars().all(is_word)
}

/// Returns text in quotation marks.
pub(crate) fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for it in text.chars() {
        match it {
            '"' | '\\' => quoted.extend(['\\', it]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            _ => quoted.push(it),
        }
    }
    quoted + "\""
}

fn decimal(number: f64) -> String {
    // A number without fraction would be read again as a whole one.
    let text = number.to_string();
    if text.contains('.') { text } else { format!("{text}.0") }
}

/// Returns a query within a query, on one line.
pub(crate) fn subquery(query: &QueryText) -> String {
    format!("( {} )", crate::format::parts(query).join(" | "))
}
