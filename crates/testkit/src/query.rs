//! Random queries over a vocabulary and rows, for holding an engine against the reference evaluator.
//!
//! A query is made as text, so that a failure can be read and run by hand, from what the [`Menu`] allows; literals are
//! drawn from the rows, so that conditions hold for some of them. Rows that are equal in what is shown are the only ones
//! whose order is left open: before anything that depends on order, everything that is shown is sorted by.
//!
//! A seed means the same query for as long as this module does not change; failures are quoted by seed.

mod condition;
mod rare;
mod value;

use portolan_query::{Aggregate, Command, Function, Kind, Options, Query, Vocabulary, parse};

use crate::evaluate::Row;
use crate::random::SplitMix64;

/// What a random query may be made of.
#[derive(Clone, Debug)]
pub struct Menu {
    /// The commands.
    pub commands: Vec<Command>,
    /// The functions.
    pub functions: Vec<Function>,
    /// The aggregates.
    pub aggregates: Vec<Aggregate>,
}

impl Menu {
    /// Returns the menu with everything that queries are made of.
    pub fn all() -> Self {
        Self {
            commands: Command::ALL.to_vec(),
            functions: Function::ALL.iter().map(|row| row.function).collect(),
            aggregates: Aggregate::ALL.iter().map(|row| row.function).collect(),
        }
    }

    /// Returns the menu without some commands.
    #[must_use]
    pub fn without(mut self, commands: &[Command]) -> Self {
        self.commands.retain(|it| !commands.contains(it));
        self
    }
}

/// Returns the query of a seed, as text and checked. It is valid.
///
/// Texts that turn out invalid are thrown away; what is left of a hundred tries is the empty query.
pub fn random(seed: u64, menu: &Menu, vocabulary: &Vocabulary, rows: &[Row]) -> (String, Query) {
    let mut draft = Draft {
        random: SplitMix64::new(seed),
        menu,
        vocabulary,
        rows,
        columns: Vec::new(),
        names: 0,
    };
    let mut tries = std::iter::repeat_with(|| draft.query()).take(100);
    let valid = tries.find_map(|text| {
        let parsed = parse(&text, vocabulary, Options::default());
        (!parsed.has_errors()).then_some((text, parsed.value))
    });
    valid.unwrap_or_else(|| (String::new(), parse("", vocabulary, Options::default()).value))
}

/// A query that is being made.
#[derive(Debug)]
struct Draft<'input> {
    random: SplitMix64,
    menu: &'input Menu,
    vocabulary: &'input Vocabulary,
    rows: &'input [Row],
    /// The values there are.
    columns: Vec<(String, Kind)>,
    /// How many names were given.
    names: usize,
}

impl Draft<'_> {
    fn query(&mut self) -> String {
        self.names = 0;
        let fields = self.vocabulary.fields().iter();
        self.columns = fields.map(|field| (field.name.clone(), field.kind)).collect();
        let mut commands: Vec<_> =
            (0..self.random.below(4)).filter_map(|_| self.event_command()).collect();
        commands.extend(match self.random.below(24) {
            0..9 => self.groups(),
            9..17 => self.list(),
            17 | 18 => self.patterns(),
            19 => self.relevance(),
            20 => self.join(),
            21 => self.windows(),
            22 => self.sessions(),
            _ => self.frequencies(),
        });
        commands.join(" | ")
    }

    fn allows(&self, command: Command) -> bool {
        self.menu.commands.contains(&command)
    }

    /// Returns a new name.
    fn new_name(&mut self) -> String {
        self.names += 1;
        format!("v{}", self.names)
    }

    /// Returns a command on events.
    fn event_command(&mut self) -> Option<String> {
        let commands =
            [Command::Filter, Command::Where, Command::Fields, Command::Parse, Command::Unnest];
        let command = *self.random.pick(&commands)?;
        if !self.allows(command) {
            return None;
        }
        match command {
            Command::Fields => {
                let (text, kind) = self.value(2);
                let name = self.new_name();
                self.columns.push((name.clone(), kind));
                Some(format!("fields {text} as {name}"))
            }
            Command::Parse => Some(self.parse()),
            Command::Unnest => self.unnest(),
            _ => Some(format!("{} {}", command.name(), self.condition(2))),
        }
    }

    /// Takes a text apart, as it is taken apart most often: at its spaces, or by an expression.
    fn parse(&mut self) -> String {
        let field = self.column_of(Kind::is_text).unwrap_or_else(|| String::from("@message"));
        let (first, second) = (self.new_name(), self.new_name());
        self.columns.extend([(first.clone(), Kind::Text), (second.clone(), Kind::Text)]);
        if self.random.chance(50) {
            format!("parse {field} \"* *\" as {first}, {second}")
        } else {
            format!("parse {field} /(?<{first}>[0-9]+)(?<{second}>[.][0-9]+)?/")
        }
    }

    fn unnest(&mut self) -> Option<String> {
        if !self.menu.functions.contains(&Function::Split) {
            return None;
        }
        let field = self.column_of(Kind::is_text)?;
        let (list, item) = (self.new_name(), self.new_name());
        self.columns.push((item.clone(), Kind::Text));
        Some(format!("fields split({field}, \".\") as {list} | unnest {list} into {item}"))
    }

    /// Groups, perhaps twice, and everything that is left in order.
    fn groups(&mut self) -> Vec<String> {
        let mut commands = vec![self.stats()];
        if self.random.chance(30) {
            commands.push(format!("filter {}", self.condition(1)));
        }
        if self.random.chance(20) {
            commands.push(self.stats());
        }
        if self.random.chance(30) {
            commands.extend(self.missing_periods());
        }
        let shown = self.columns.clone();
        commands.push(self.sort_by_all(&shown));
        commands.extend(self.limit());
        commands.extend(self.beside());
        commands
    }

    fn stats(&mut self) -> String {
        let mut keys = Vec::new();
        for _ in 0..self.random.below(3) {
            let (text, kind) = self.key();
            keys.push((text, self.new_name(), kind));
        }
        let mut outputs = Vec::new();
        for _ in 0..self.random.within(1..=3) {
            let (text, kind) = self.aggregate();
            outputs.push((text, self.new_name(), kind));
        }
        let items = |all: &[(String, String, Kind)]| {
            let item = |(text, name, _): &(String, String, Kind)| format!("{text} as {name}");
            all.iter().map(item).collect::<Vec<_>>().join(", ")
        };
        let by = if keys.is_empty() { String::new() } else { format!(" by {}", items(&keys)) };
        let text = format!("stats {}{by}", items(&outputs));
        self.columns =
            keys.into_iter().chain(outputs).map(|(_, name, kind)| (name, kind)).collect();
        text
    }

    /// Returns something to group by.
    fn key(&mut self) -> (String, Kind) {
        let has_time = self.columns.iter().any(|(name, _)| name == "@timestamp");
        if has_time && self.random.chance(30) {
            let period = self
                .random
                .pick(&["1m", "5m", "7m", "1h", "1d", "1w", "1mo"])
                .copied()
                .unwrap_or("1h");
            return (format!("bin({period})"), Kind::Time);
        }
        if self.random.chance(70) { self.column() } else { self.value(1) }
    }

    /// Returns an aggregate of something.
    fn aggregate(&mut self) -> (String, Kind) {
        let aggregate =
            self.random.pick(&self.menu.aggregates).copied().unwrap_or(Aggregate::Count);
        let needs_time =
            aggregate.needs_time() && !self.columns.iter().any(|(name, _)| name == "@timestamp");
        let name = aggregate.signature().name;
        let (any, any_kind) = self.column();
        let number = self
            .column_of(|kind| matches!(kind, Kind::Integer | Kind::Decimal))
            .unwrap_or_else(|| String::from("1"));
        let text = match aggregate {
            _ if needs_time => return (String::from("count(*)"), Kind::Integer),
            Aggregate::Count if self.random.chance(50) => String::from("count(*)"),
            Aggregate::Percentile => format!("{name}({number}, {})", self.random.below(101)),
            // Alone in its command, which these are not.
            Aggregate::TopK => return (format!("count({any})"), Kind::Integer),
            Aggregate::Histogram => format!("{name}({number}, {})", self.random.within(1..=5)),
            Aggregate::Rate => format!("{name}({number}, 1m)"),
            Aggregate::Average | Aggregate::Sum | Aggregate::SumOverTime => {
                format!("{name}({number})")
            }
            Aggregate::StandardDeviation | Aggregate::Variance => format!("{name}({number})"),
            _ => format!("{name}({any})"),
        };
        let argument = if text.contains(&any) { any_kind } else { Kind::Integer };
        (text, aggregate.kind(Some(argument)))
    }

    /// Some values of events in order, and what is done with rows in order.
    fn list(&mut self) -> Vec<String> {
        let mut shown: Vec<(String, Kind)> = Vec::new();
        for _ in 0..self.random.within(1..=4) {
            let column = self.column();
            if !shown.contains(&column) {
                shown.push(column);
            }
        }
        let names: Vec<_> = shown.iter().map(|(name, _)| name.clone()).collect();
        let mut commands = vec![format!("fields {}", names.join(", ")), self.sort_by_all(&shown)];
        self.columns = shown;
        commands.extend(self.in_order());
        commands
    }

    /// Returns a command that depends on the order of rows.
    fn in_order(&mut self) -> Vec<String> {
        let commands = [
            Command::Limit,
            Command::Dedup,
            Command::Autoregress,
            Command::Accumulate,
            Command::FillDown,
        ];
        let command = self.random.pick(&commands).copied().filter(|it| self.allows(*it));
        let (column, _) = self.column();
        match command {
            Some(Command::Dedup) => vec![format!("dedup {column}")],
            Some(Command::Autoregress) => {
                vec![format!("autoregress {column} p={}", self.random.within(1..=3))]
            }
            Some(Command::Accumulate) => {
                let number = self.column_of(|kind| kind == Kind::Integer);
                number.map(|name| format!("accum {name} as total")).into_iter().collect()
            }
            Some(Command::FillDown) => vec![format!("filldown {column}")],
            _ => self.limit().into_iter().collect(),
        }
    }

    fn limit(&mut self) -> Option<String> {
        let wanted = self.allows(Command::Limit) && self.random.chance(50);
        wanted.then(|| format!("limit {}", self.random.within(1..=20)))
    }

    /// Sorts by everything that is shown: rows that are left in no order are equal.
    fn sort_by_all(&mut self, shown: &[(String, Kind)]) -> String {
        // Lists have no order; sums of fractions differ in the last digit, so that they come last.
        let mut sorted: Vec<_> =
            shown.iter().filter(|(_, kind)| *kind != Kind::Structure).collect();
        sorted.sort_by_key(|(_, kind)| *kind == Kind::Decimal);
        let key = |(name, _): &&(String, Kind)| {
            format!("{name} {}", if self.random.chance(50) { "desc" } else { "asc" })
        };
        let keys: Vec<_> = sorted.iter().map(key).collect();
        if keys.is_empty() {
            String::from("fields 1 as one")
        } else {
            format!("sort {}", keys.join(", "))
        }
    }

    fn patterns(&mut self) -> Vec<String> {
        let field = self.column_of(|kind| kind == Kind::Text);
        let Some(field) = field.filter(|_| self.allows(Command::Pattern)) else {
            return Vec::new();
        };
        let mut commands = vec![format!("pattern {field}")];
        let further = [(Command::Diff, "diff"), (Command::Anomaly, "anomaly")];
        for (command, text) in further {
            if self.allows(command) && self.random.chance(50) {
                commands.push(text.to_owned());
            }
        }
        commands
    }

    fn frequencies(&mut self) -> Vec<String> {
        let (field, _) = self.column();
        let allowed = self.allows(Command::CountFrequent);
        allowed.then(|| format!("countFrequent {field}")).into_iter().collect()
    }

    /// Returns a value that there is; of lists and maps, which most commands refuse, none.
    fn column(&mut self) -> (String, Kind) {
        let columns: Vec<_> =
            self.columns.iter().filter(|(_, kind)| *kind != Kind::Structure).cloned().collect();
        self.random.pick(&columns).cloned().unwrap_or_else(|| (String::from("1"), Kind::Integer))
    }

    /// Returns a value of a kind.
    fn column_of(&mut self, is_wanted: impl Fn(Kind) -> bool) -> Option<String> {
        let columns: Vec<_> = self
            .columns
            .iter()
            .filter(|(_, kind)| is_wanted(*kind))
            .map(|(name, _)| name.clone())
            .collect();
        self.random.pick(&columns).cloned()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use portolan_query::{Expression, KnownField, Stage};

    use super::*;
    use crate::evaluate::{Value, World, evaluate};

    fn vocabulary() -> Vocabulary {
        let fields = [
            ("@timestamp", Kind::Time),
            ("@message", Kind::Text),
            ("srcAddr", Kind::Address),
            ("dstPort", Kind::Integer),
            ("bytes", Kind::Integer),
            ("action", Kind::Text),
        ];
        Vocabulary::new(fields.map(|(name, kind)| KnownField {
            name: String::from(name),
            aliases: Vec::new(),
            kind,
            summary: String::new(),
        }))
    }

    fn rows() -> Vec<Row> {
        let row = |number: i64| {
            let values = [
                ("@timestamp", Value::Time(number * 61_000)),
                ("@message", Value::text(format!("request {number} done"))),
                ("srcAddr", Value::text(format!("10.0.0.{}", number % 7))),
                ("dstPort", Value::Integer(number % 5 * 100)),
                (
                    "bytes",
                    if number % 6 == 0 { Value::Missing } else { Value::Integer(number * number) },
                ),
                ("action", Value::text(if number % 3 == 0 { "REJECT" } else { "ACCEPT" })),
            ];
            values.map(|(name, value)| (String::from(name), value)).into()
        };
        (0..40).map(row).collect()
    }

    #[test]
    fn a_seed_means_one_query() {
        let query = |seed| random(seed, &Menu::all(), &vocabulary(), &rows()).0;
        assert_eq!(query(7), query(7));
        assert_ne!(query(7), query(8));
    }

    /// Queries are of use only if most give rows, and all together use everything.
    #[test]
    fn queries_are_valid_varied_and_give_rows() {
        let world = World { window: 0..10_000_000, ..World::default() };
        let (rows, mut with_rows) = (rows(), 0);
        let (mut functions, mut aggregates) = (BTreeSet::new(), BTreeSet::new());
        for seed in 0..800 {
            let (text, query) = random(seed, &Menu::all(), &vocabulary(), &rows);
            assert!(!text.is_empty(), "{seed}");
            with_rows += usize::from(!evaluate(&query, &rows, &world).rows.is_empty());
            for stage in &query.stages {
                used(stage, &mut functions);
                if let Stage::Stats(stats) = stage {
                    aggregates.extend(stats.aggregates.iter().map(|it| it.aggregate));
                }
            }
        }
        assert!(with_rows > 480, "{with_rows}");
        assert!(functions.len() >= 50, "{} {functions:?}", functions.len());
        assert_eq!(aggregates.len(), Aggregate::ALL.len() - 1, "{aggregates:?}");
    }

    fn used(stage: &Stage, functions: &mut BTreeSet<Function>) {
        let expressions: Vec<&Expression> = match stage {
            Stage::Compute(all) => all.iter().map(|it| &it.expression).collect(),
            Stage::Filter(condition) => vec![condition],
            Stage::Stats(stats) => stats.keys.iter().map(|it| &it.expression).collect(),
            _ => Vec::new(),
        };
        for expression in expressions {
            expression.walk(&mut |it| {
                if let Expression::Call { function, .. } = it {
                    functions.insert(*function);
                }
            });
        }
    }
}
