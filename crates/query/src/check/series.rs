//! Commands that look at the rows before and after, or at all of a column.

use super::Checker;
use super::options::find;
use crate::checked::{Assignment, Column, Stage};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::expression::{Expression, Literal};
use crate::kind::Kind;
use crate::period::{Period, Unit};
use crate::span::Span;
use crate::stage::{AddTotals, Autoregress, FillMissing, Outlier, Sessionize};
use crate::syntax::{CommandText, ExpressionText, Name, OptionText, Wildcard};

/// How many rows before a row can be looked at. AWS documents no limit.
const MOST_LAGS: u32 = 1000;

/// The longest time between two rows of a session, if none is given.
///
/// Source: CloudWatch Logs user guide, "sessionize".
const DEFAULT_GAP: Period = Period { count: 30, unit: Unit::Minute };

/// How many times the distance of the quartiles is far.
///
/// Source: CloudWatch Logs user guide, "outlier".
const DEFAULT_FACTOR: f64 = 2.5;

impl Checker<'_> {
    pub(super) fn autoregress(
        &mut self,
        path: &ExpressionText,
        name: Option<&Name>,
        options: &[OptionText],
    ) {
        let field = self.named(path);
        self.known_options(options, &["p"]);
        let base = name.map_or(field.name, |it| it.text.clone());
        let (first, last) = find(options, "p").map_or((1, 1), |value| self.lags(value));
        let kind = field.expression.kind();
        // With one lag an alias is the whole name.
        let lag_name = |lag| match name {
            Some(name) if first == last => name.text.clone(),
            _ => format!("{base}_p{lag}"),
        };
        let lags: Vec<_> = (first..=last).map(|lag| (lag, lag_name(lag))).collect();
        let columns = lags.iter().map(|(_, name)| Column { name: name.clone(), kind }).collect();
        self.need_order();
        self.create(
            columns,
            Stage::Autoregress(Autoregress { expression: field.expression, lags }),
        );
    }

    fn lags(&mut self, value: &Name) -> (u32, u32) {
        let (first, last) = value.text.split_once('-').unwrap_or((&value.text, &value.text));
        match (first.parse(), last.parse()) {
            (Ok(first), Ok(last)) if 1 <= first && first <= last && last <= MOST_LAGS => {
                (first, last)
            }
            _ => {
                let message =
                    format!("`p` is a number from 1 to {MOST_LAGS}, or two with `-` between them");
                self.report(
                    Diagnostic::new(Code::OutOfRange, value.span, message).help("such as `p=1-4`"),
                );
                (1, 1)
            }
        }
    }

    pub(super) fn accumulate(
        &mut self,
        path: &ExpressionText,
        name: Option<&Name>,
        options: &[OptionText],
    ) {
        self.known_options(options, &[]);
        let expression = self.number(path);
        let own = self.name_of(path, &expression);
        let name = name.map_or_else(|| format!("{own}_accum"), |it| it.text.clone());
        let kind = if expression.kind().is_whole() { Kind::Integer } else { Kind::Decimal };
        self.need_order();
        let column = Column { name: name.clone(), kind };
        self.create(vec![column], Stage::Accumulate(Assignment { name, expression }));
    }

    pub(super) fn sessionize(
        &mut self,
        paths: &[ExpressionText],
        gap: Option<(Period, Span)>,
        name: Option<&Name>,
    ) {
        let keys = self.keys(paths);
        let end = paths.last().map(|it| it.span).unwrap_or_default();
        self.timestamp(end);
        let gap = self.fixed(gap, DEFAULT_GAP);
        let name = name.map_or_else(|| String::from("session_id"), |it| it.text.clone());
        let column = Column { name: name.clone(), kind: Kind::Text };
        self.create(vec![column], Stage::Sessionize(Sessionize { keys, gap, name }));
    }

    /// Returns a period of a fixed length.
    fn fixed(&mut self, period: Option<(Period, Span)>, otherwise: Period) -> Period {
        let Some((period, span)) = period else { return otherwise };
        if period.count > 0 && period.milliseconds().is_some() {
            return period;
        }
        self.wrong(span, "a period of a fixed length is needed here", "such as `30m` or `7d`");
        otherwise
    }

    pub(super) fn log_compare(&mut self, (shift, span): (Period, Span)) {
        let shift = self.fixed(Some((shift, span)), Period { count: 1, unit: Unit::Day });
        if let Some((command, by)) = self.scope.closed_by {
            let message =
                format!("`logcompare` compares events, and `{}` leaves none", command.name());
            self.wrong_place(span, &message, by);
        }
        let column = Column { name: String::from("@window"), kind: Kind::Text };
        self.scope.is_sorted = false;
        self.create(vec![column], Stage::LogCompare(shift));
    }

    pub(super) fn fill_down(&mut self, patterns: &[Wildcard]) {
        let mut fields: Vec<String> = Vec::new();
        let matched = patterns.iter().flat_map(|it| self.matching(it)).collect::<Vec<_>>();
        let all = if patterns.is_empty() {
            self.columns().into_iter().map(|it| it.name).collect()
        } else {
            matched
        };
        for field in all {
            if !fields.contains(&field) {
                fields.push(field);
            }
        }
        self.need_order();
        self.stages.push(Stage::FillDown(fields));
    }

    /// Returns the values that a name, or the beginning of one, stands for.
    fn matching(&mut self, it: &Wildcard) -> Vec<String> {
        if !it.is_open {
            let path = crate::syntax::Path { first: it.path.clone(), steps: Vec::new() };
            let found = self.path(&path, it.path.span);
            return if let Expression::Field { name, .. } = found {
                vec![name]
            } else {
                Vec::new()
            };
        }
        let known = self.vocabulary.fields().iter().map(|field| field.name.as_str());
        let known = known.filter(|_| !self.scope.is_closed());
        let shown = self.columns();
        let all = shown.iter().map(|it| it.name.as_str()).chain(self.scope.names()).chain(known);
        let found: Vec<_> =
            all.filter(|name| name.starts_with(&it.path.text)).map(str::to_owned).collect();
        if found.is_empty() {
            let message = format!("no field begins with `{}`", it.path.text);
            self.report(Diagnostic::new(Code::UnknownField, it.path.span, message));
        }
        found
    }

    pub(super) fn fill_missing(&mut self, command: &CommandText, fills: &[(ExpressionText, Name)]) {
        let fills: Vec<_> =
            fills.iter().filter_map(|(value, name)| self.fill(value, name)).collect();
        let Some((time, period)) = self.scope.time.clone() else {
            let message = "`fillmissing` needs the periods of a `stats … by bin(…)` before it";
            self.report(Diagnostic::new(Code::WrongPlace, command.keyword, message));
            return;
        };
        let keys = self.scope.keys.iter().map(|key| key.name.clone());
        let keys = keys.filter(|name| *name != time).collect();
        self.scope.is_sorted = false;
        self.stages.push(Stage::FillMissing(FillMissing { time, period, keys, fills }));
    }

    fn fill(&mut self, value: &ExpressionText, name: &Name) -> Option<(String, Literal)> {
        let path = crate::syntax::Path { first: name.clone(), steps: Vec::new() };
        let found = self.path(&path, name.span);
        match (self.expression(value), found) {
            (Expression::Literal(literal), Expression::Field { name, .. }) => Some((name, literal)),
            _ => {
                self.wrong(
                    value.span,
                    "a number or text is needed here",
                    "such as `with 0 for total`",
                );
                None
            }
        }
    }

    pub(super) fn outlier(&mut self, options: &[OptionText], paths: &[ExpressionText]) {
        self.known_options(options, &["action", "param", "uselower", "mark"]);
        let removes = self.action(find(options, "action"));
        let factor = find(options, "param").map_or(DEFAULT_FACTOR, |value| self.factor(value));
        let uses_lower = self.flag(options, "uselower", false);
        let marks = self.flag(options, "mark", false);
        let fields: Vec<_> = paths.iter().filter_map(|path| self.name_in_place(path)).collect();
        let marked = fields.iter().filter(|_| marks);
        let marked =
            marked.map(|name| Column { name: format!("{name}_outlier"), kind: Kind::Boolean });
        for name in &fields {
            self.becomes_decimal(name, removes);
        }
        let columns = marked.collect();
        self.create(
            columns,
            Stage::Outlier(Outlier { removes, factor, uses_lower, marks, fields }),
        );
    }

    /// A clamped value is a boundary, which need not be whole.
    fn becomes_decimal(&mut self, name: &str, removes: bool) {
        if removes {
            return;
        }
        self.scope.loosen(name, Kind::Decimal);
        self.scope.add(Column { name: name.to_owned(), kind: Kind::Decimal }, None);
    }

    fn action(&mut self, value: Option<&Name>) -> bool {
        match value.map(|it| it.text.to_ascii_lowercase()).as_deref() {
            None | Some("transform") => false,
            Some("remove") => true,
            Some(_) => {
                let span = value.map(|it| it.span).unwrap_or_default();
                self.wrong(span, "`action` is `remove` or `transform`", "");
                false
            }
        }
    }

    fn factor(&mut self, value: &Name) -> f64 {
        let number = value.text.parse().ok().filter(|it: &f64| it.is_finite() && *it > 0.0);
        number.unwrap_or_else(|| {
            self.wrong(value.span, "`param` is a number above 0", "");
            DEFAULT_FACTOR
        })
    }

    pub(super) fn add_totals(&mut self, options: &[OptionText], paths: &[ExpressionText]) {
        self.known_options(options, &["fieldname", "row", "col"]);
        let row = self.flag(options, "row", true);
        let column = self.flag(options, "col", false);
        let name =
            find(options, "fieldname").map_or_else(|| String::from("Total"), |it| it.text.clone());
        let mut fields: Vec<_> = paths.iter().filter_map(|path| self.name_in_place(path)).collect();
        if paths.is_empty() {
            let shown = self.columns().into_iter();
            fields = shown.filter(|it| is_summed(it.kind)).map(|it| it.name).collect();
        }
        if column {
            self.need_order();
        }
        let total = Column { name: name.clone(), kind: Kind::Decimal };
        let columns = row.then_some(total).into_iter().collect();
        let row = row.then_some(name);
        self.create(columns, Stage::AddTotals(AddTotals { row, column, fields }));
    }
}

/// Returns whether a column is summed if nobody says which.
const fn is_summed(kind: Kind) -> bool {
    matches!(kind, Kind::Any | Kind::Integer | Kind::Decimal | Kind::Boolean)
}
