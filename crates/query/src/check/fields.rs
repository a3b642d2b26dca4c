//! `fields`, `display` and `unmask`.

use super::Checker;
use crate::checked::{Assignment, Column, Stage};
use crate::code::Code;
use crate::command::Command;
use crate::diagnostic::Diagnostic;
use crate::expression::Expression;
use crate::print;
use crate::syntax::Item;

impl Checker<'_> {
    pub(super) fn items(&mut self, command: Command, items: &[Item]) {
        let mut shown: Vec<Column> = Vec::new();
        let mut computed = Vec::new();
        for item in items {
            let column = self.shown_item(item, &mut computed);
            if !shown.iter().any(|it| it.name == column.name) {
                shown.push(column);
            }
        }
        self.compute(&mut computed);
        if command == Command::Display {
            self.only_last_display();
            self.scope.display = Some(shown);
        } else {
            self.scope.fields.retain(|old| !shown.iter().any(|it| it.name == old.name));
            self.scope.fields.extend(shown);
            self.after_groups();
        }
    }

    /// After `stats`, `fields` chooses among what it gave.
    fn after_groups(&mut self) {
        if self.scope.is_closed() {
            self.scope.created.clear();
        }
    }

    /// Returns the column that an item shows, and keeps what it computes.
    fn shown_item(&mut self, item: &Item, computed: &mut Vec<Assignment>) -> Column {
        let checked = self.named(&item.expression);
        let name = item.name.as_ref().map_or(checked.name, |it| it.text.clone());
        let assignment = Assignment { name, expression: checked.expression };
        let column = assignment.column();
        let is_itself = matches!(&assignment.expression, Expression::Field { name, .. } if *name == column.name);
        if is_itself {
            return column;
        }
        let depends = computed.iter().any(|it: &Assignment| {
            it.name == column.name || names(&assignment.expression).contains(&it.name.as_str())
        });
        if depends {
            self.compute(computed);
        }
        let canonical = item.name.is_none().then(|| print::expression(&item.expression));
        self.scope.add(column.clone(), canonical);
        computed.push(assignment);
        column
    }

    /// Adds a stage that computes what was kept.
    fn compute(&mut self, computed: &mut Vec<Assignment>) {
        if !computed.is_empty() {
            self.stages.push(Stage::Compute(std::mem::take(computed)));
        }
    }

    fn only_last_display(&mut self) {
        let earlier = self.before.iter().rfind(|(command, _)| *command == Command::Display);
        if let (Some((_, span)), true) = (earlier, self.scope.display.is_some()) {
            let message = "this `display` has no effect: only the last one decides what is shown";
            self.report(Diagnostic::new(Code::LastDisplayCounts, *span, message));
        }
    }
}

/// Returns the values that an expression uses.
fn names(expression: &Expression) -> Vec<&str> {
    let mut names = Vec::new();
    expression.walk(&mut |it| {
        if let Expression::Field { name, .. } = it {
            names.push(name.as_str());
        }
    });
    names
}
