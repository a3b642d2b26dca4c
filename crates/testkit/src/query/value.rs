//! Random values: fields, literals, arithmetic and calls.

use portolan_query::{Accepts, Function, Kind};

use super::Draft;
use crate::evaluate::Value;

impl Draft<'_> {
    /// Returns an expression of at most this depth, and its kind.
    pub(super) fn value(&mut self, depth: usize) -> (String, Kind) {
        match self.random.below(if depth == 0 { 4 } else { 10 }) {
            0..=2 => self.column(),
            3 => self.literal(),
            4 | 5 => self.arithmetic(depth - 1),
            _ => self.call(depth - 1),
        }
    }

    /// Returns a literal: a value of one of the rows, or a small number.
    pub(super) fn literal(&mut self) -> (String, Kind) {
        let number = self.random.below(20).to_string();
        if self.random.chance(50) {
            return (number, Kind::Integer);
        }
        let (name, _) = self.column();
        let value =
            self.random.pick(self.rows).and_then(|row| row.get(&name)).and_then(Value::to_text);
        value.map_or((number, Kind::Integer), |text| (quoted(&text), Kind::Text))
    }

    /// Returns something to be used as a number.
    pub(super) fn number(&mut self, depth: usize) -> String {
        let column =
            self.column_of(|kind| matches!(kind, Kind::Integer | Kind::Decimal | Kind::Boolean));
        match (column, self.random.below(3)) {
            (Some(name), 0 | 1) => name,
            (_, 2) if depth > 0 => self.arithmetic(depth - 1).0,
            _ => self.random.below(100).to_string(),
        }
    }

    fn arithmetic(&mut self, depth: usize) -> (String, Kind) {
        let (left, right) = (self.number(depth), self.number(depth));
        let operator = self.random.pick(&["+", "-", "*", "/", "%"]).copied().unwrap_or("+");
        let kind = if operator == "/" { Kind::Decimal } else { Kind::Integer };
        (format!("({left} {operator} {right})"), kind)
    }

    /// Returns a call of a function that the menu has, with arguments that it can use.
    fn call(&mut self, depth: usize) -> (String, Kind) {
        let function =
            self.random.pick(&self.menu.functions).copied().unwrap_or(Function::IsPresent);
        let signature = function.signature();
        let least = *signature.arity.start();
        let most = (*signature.arity.end()).min(least + 2);
        let count = self.random.within(least..=most);
        let mut kinds = Vec::new();
        let mut arguments = Vec::new();
        for index in 0..count {
            let (text, kind) = self.argument(function, index, count, depth);
            arguments.push(text);
            kinds.push(kind);
        }
        (format!("{}({})", signature.name, arguments.join(", ")), signature.gives.kind(&kinds))
    }

    fn argument(
        &mut self,
        function: Function,
        index: usize,
        count: usize,
        depth: usize,
    ) -> (String, Kind) {
        let is_case = function == Function::Case && index.is_multiple_of(2) && index + 1 < count;
        if let Some(text) = constant(function, index) {
            return (String::from(text), Kind::Text);
        }
        match function.signature().accepts_at(index) {
            _ if is_case => (self.condition(depth), Kind::Boolean),
            Accepts::Any => self.value(depth),
            Accepts::Number => (self.number(depth), Kind::Integer),
            Accepts::Condition => (self.condition(depth), Kind::Boolean),
            Accepts::Text => (self.text(), Kind::Text),
            Accepts::Address => {
                let column = self.column_of(|kind| kind == Kind::Address);
                (column.unwrap_or_else(|| String::from("\"10.0.0.1\"")), Kind::Address)
            }
            Accepts::Time => {
                let column = self.column_of(|kind| kind == Kind::Time);
                (column.unwrap_or_else(|| String::from("1690848000000")), Kind::Time)
            }
            Accepts::Structure => (format!("split({}, \".\")", self.text()), Kind::Structure),
            Accepts::Period => (self.period(), Kind::Any),
            Accepts::Regex => (String::from("/[0-1]+/"), Kind::Any),
        }
    }

    fn text(&mut self) -> String {
        let column = self.column_of(Kind::is_text).filter(|_| self.random.chance(80));
        column.unwrap_or_else(|| String::from("\"a1\""))
    }

    fn period(&mut self) -> String {
        let periods = ["10s", "1m", "5m", "1h", "12h", "1d", "1w", "1mo", "1q", "1y"];
        self.random.pick(&periods).copied().unwrap_or("1h").to_owned()
    }
}

/// Returns the argument that must be one of few to mean anything.
const fn constant(function: Function, index: usize) -> Option<&'static str> {
    Some(match (function, index) {
        (Function::ParseDate, 0) => "\"2023-08-01\"",
        (Function::ParseDate, 1) => "\"yyyy-MM-dd\"",
        (Function::FormatDate, 1) => "\"%Y-%m-%d %H:%M\"",
        (Function::ParseDate | Function::FormatDate, 2) => "\"UTC\"",
        (Function::IsIpInSubnet | Function::IsIpv4InSubnet, 1) => "\"10.0.0.0/30\"",
        (Function::IsIpv6InSubnet, 1) => "\"2001:db8::/32\"",
        (Function::Round, 1) | (Function::Substring, 1 | 2) => "2",
        (Function::JsonParse, 0) => "\"[1, 2, {}]\"",
        (Function::HexToAscii, 0) => "\"4869\"",
        (Function::HexToDecimal, 0) => "\"0x1f\"",
        (Function::UrlDecode, 0) => "\"a%20b\"",
        (Function::Base64Decode, 0) => "\"YWI=\"",
        (
            Function::Split
            | Function::Replace
            | Function::StringContains
            | Function::StartsWith
            | Function::EndsWith,
            1,
        ) => "\"1\"",
        _ => return None,
    })
}

/// Returns text as a literal.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
