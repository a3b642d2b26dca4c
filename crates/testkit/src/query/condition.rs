//! Random conditions.

use portolan_query::Kind;

use super::Draft;
use super::value::quoted;
use crate::evaluate::Value;

impl Draft<'_> {
    /// Returns a condition of at most this depth.
    pub(super) fn condition(&mut self, depth: usize) -> String {
        if depth == 0 || self.random.chance(60) {
            return self.comparison();
        }
        match self.random.below(4) {
            0 => format!("({} and {})", self.condition(depth - 1), self.condition(depth - 1)),
            1 => format!("({} or {})", self.condition(depth - 1), self.condition(depth - 1)),
            2 => format!("not {}", self.condition(depth - 1)),
            _ => {
                let (value, _) = self.value(depth - 1);
                let operator = self.comparator();
                format!("{value} {operator} {}", self.number(0))
            }
        }
    }

    fn comparator(&mut self) -> &'static str {
        self.random.pick(&["=", "!=", "<", "<=", ">", ">="]).copied().unwrap_or("=")
    }

    /// Compares a value with one that a row has.
    fn comparison(&mut self) -> String {
        let (name, kind) = self.column();
        let literal = self.value_of(&name, kind);
        match self.random.below(8) {
            0 => format!("ispresent({name})"),
            1 if kind.is_text() => {
                format!("{name} {}like {}", self.maybe_not(), self.part_of(&name))
            }
            2 if kind.is_text() => format!("{name} {}like /[0-3]$/", self.maybe_not()),
            3 => {
                let other = self.value_of(&name, kind);
                format!("{name} {}in [{literal}, {other}]", self.maybe_not())
            }
            _ => format!("{name} {} {literal}", self.comparator()),
        }
    }

    fn maybe_not(&mut self) -> &'static str {
        if self.random.chance(30) { "not " } else { "" }
    }

    /// Returns the value that some row has under a name, as a literal.
    fn value_of(&mut self, name: &str, kind: Kind) -> String {
        let text =
            self.random.pick(self.rows).and_then(|row| row.get(name)).and_then(Value::to_text);
        match text {
            Some(text) if kind.is_number() && kind != Kind::Time => text,
            Some(text) => quoted(&text),
            None => self.random.below(1000).to_string(),
        }
    }

    /// Returns a few characters of such a value.
    fn part_of(&mut self, name: &str) -> String {
        let text =
            self.random.pick(self.rows).and_then(|row| row.get(name)).and_then(Value::to_text);
        let text = text.unwrap_or_default();
        let start = self.random.below(text.chars().count().max(1));
        let part: String = text.chars().skip(start).take(3).collect();
        quoted(&part)
    }
}
