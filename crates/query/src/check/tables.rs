//! Commands that take values from elsewhere: tables, other sources, other queries.

use super::options::find;
use super::rows::LARGEST_LIMIT;
use super::scope::Joined;
use super::{Checker, Column};
use crate::checked::Stage;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::expression::Expression;
use crate::kind::Kind;
use crate::stage::{AppendColumns, CidrLookup, Join, Lookup, LookupOutput};
use crate::syntax::{
    Body, CommandText, ExpressionText, Name, Number, OptionText, Pair, Path, QueryText, SourceText,
};

/// How many rows of a query `appendcols` uses if nothing is said.
///
/// Source: CloudWatch Logs user guide, "appendcols".
const DEFAULT_APPENDED: u32 = 10_000;

impl Checker<'_> {
    pub(super) fn lookup(
        &mut self,
        table: &Name,
        keys: &[Pair],
        keeps_existing: bool,
        outputs: &[Pair],
    ) {
        let keys = keys.iter().map(|pair| self.lookup_key(&table.text, pair)).collect();
        let outputs = output_list(outputs);
        let columns = output_columns(&outputs);
        let table = table.text.clone();
        self.create(columns, Stage::Lookup(Lookup { table, keys, outputs, keeps_existing }));
    }

    /// Returns a column of the table and what it must equal.
    fn lookup_key(&mut self, table: &str, pair: &Pair) -> (String, Expression) {
        let column = &pair.first;
        if let Some(field) = &pair.second {
            return (column.text.clone(), self.named_field(field));
        }
        let said = self.diagnostics.len();
        let field = self.named_field(column);
        if let Some(note) = self.diagnostics.get_mut(said)
            && note.code == Code::UnknownField
        {
            note.help = Some(format!(
                "if it is a column of `{table}`, say what it equals: `{} as field`",
                column.text
            ));
        }
        (column.text.clone(), field)
    }

    pub(super) fn cidr_lookup(
        &mut self,
        table: &Name,
        keys: &[Pair],
        keeps_existing: bool,
        outputs: &[Pair],
    ) {
        let [pair] = keys else {
            let span = keys.get(1).map(|it| it.first.span).unwrap_or_default();
            self.wrong(span, "`cidrlookup` looks up one address", "");
            return;
        };
        let address = self.named_field(&pair.first);
        let column = pair.second.as_ref().map(|it| it.text.clone());
        let outputs = output_list(outputs);
        let columns = output_columns(&outputs);
        let table = table.text.clone();
        let stage =
            Stage::CidrLookup(CidrLookup { table, address, column, outputs, keeps_existing });
        self.create(columns, stage);
    }

    /// Returns the field of a name that may have dots in it.
    fn named_field(&mut self, name: &Name) -> Expression {
        let path = Path { first: name.clone(), steps: Vec::new() };
        self.path(&path, name.span)
    }

    pub(super) fn join(
        &mut self,
        command: &CommandText,
        options: &[OptionText],
        (first, second): (&ExpressionText, &ExpressionText),
        source: &SourceText,
    ) {
        self.known_options(options, &["type", "left", "right"]);
        let keeps_unmatched = self.join_type(find(options, "type"));
        let (Some(left), Some(right)) = (find(options, "left"), find(options, "right")) else {
            let message = "`join` needs a name for each side";
            let error = Diagnostic::new(Code::WrongArgument, command.keyword, message);
            self.report(
                error.help("write `join left=a right=b where a.field = b.field (SOURCE …)`"),
            );
            return;
        };
        let (left, right) = (left.text.clone(), right.text.clone());
        let keys = [first, second].map(|side| self.join_key(side, &left, &right));
        let [Some((is_left, one)), Some((is_other_left, other))] = keys else { return };
        if is_left == is_other_left {
            self.wrong(first.span.to(second.span), "one field of each side is needed", "");
        }
        let (left_key, right_key) = if is_left { (one, other) } else { (other, one) };
        let source = self.source_of(source);
        let (left_fields, right_fields) = (Vec::new(), Vec::new());
        self.scope.joined =
            Some(Joined { left: left.clone(), right: right.clone(), stage: self.stages.len() });
        self.scope.is_sorted = false;
        let join = Join {
            keeps_unmatched,
            left,
            right,
            left_key,
            right_key,
            source,
            left_fields,
            right_fields,
        };
        self.stages.push(Stage::Join(Box::new(join)));
    }

    fn join_type(&mut self, value: Option<&Name>) -> bool {
        match value.map(|it| it.text.to_ascii_lowercase()).as_deref() {
            None | Some("inner") => false,
            Some("left") => true,
            Some(_) => {
                let span = value.map(|it| it.span).unwrap_or_default();
                self.wrong(span, "`type` is `inner` or `left`", "");
                false
            }
        }
    }

    /// Returns a key of a join without the name of its side, and whether that is the left one.
    fn join_key(
        &mut self,
        text: &ExpressionText,
        left: &str,
        right: &str,
    ) -> Option<(bool, Expression)> {
        let whole = text.as_path().map(Path::flat).unwrap_or_default();
        let (side, name) = whole.split_once('.').unwrap_or_default();
        if side != left && side != right {
            self.wrong(
                text.span,
                "this is a field of neither side",
                &format!("write `{left}.field` or `{right}.field`"),
            );
            return None;
        }
        let name = Name { text: name.to_owned(), is_quoted: true, span: text.span };
        Some((side == left, self.named_field(&name)))
    }

    pub(super) fn append_columns(&mut self, options: &[OptionText], query: &QueryText) {
        self.known_options(options, &["override", "max"]);
        let replaces = self.flag(options, "override", false);
        let most = find(options, "max").map_or(DEFAULT_APPENDED, |value| {
            let count = Number { value: value.text.parse().ok(), span: value.span };
            if count.value.is_none() {
                self.wrong(value.span, "`max` is a number", "");
            }
            self.limit_count(count).unwrap_or(LARGEST_LIMIT)
        });
        let query = self.query_within(query, true);
        self.need_order();
        let shown = self.columns();
        let is_new = |it: &&Column| replaces || !shown.iter().any(|old| old.name == it.name);
        let columns = query.columns.iter().filter(is_new).cloned().collect();
        self.create(
            columns,
            Stage::AppendColumns(Box::new(AppendColumns { replaces, most, query })),
        );
    }
}

/// Returns the names that a command takes from a table.
pub(super) fn taken(command: &CommandText) -> Vec<String> {
    match &command.body {
        Body::Lookup { outputs, .. } => {
            output_list(outputs).into_iter().map(|output| output.name).collect()
        }
        _ => Vec::new(),
    }
}

fn output_list(outputs: &[Pair]) -> Vec<LookupOutput> {
    let output = |pair: &Pair| LookupOutput {
        column: pair.first.text.clone(),
        name: pair.second.as_ref().unwrap_or(&pair.first).text.clone(),
    };
    outputs.iter().map(output).collect()
}

fn output_columns(outputs: &[LookupOutput]) -> Vec<Column> {
    outputs.iter().map(|it| Column { name: it.name.clone(), kind: Kind::Any }).collect()
}
