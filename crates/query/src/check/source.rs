//! `SOURCE`.

use super::Checker;
use super::options::find;
use crate::checked::{Moment, Source};
use crate::code::Code;
use crate::date::parse_date;
use crate::diagnostic::Diagnostic;
use crate::period::{Period, Unit};
use crate::suggestion::{closest, did_you_mean};
use crate::syntax::{Name, SourceCall, SourceText};

/// What can be chosen, under every name that AWS uses for it, and how many of each.
///
/// Source: CloudWatch Logs user guide, "SOURCE".
static CHOICES: &[(&str, Choice, usize)] = &[
    ("namePrefix", Choice::Prefixes, 5),
    ("accountIdentifiers", Choice::Accounts, 20),
    ("accountIdentifier", Choice::Accounts, 20),
    ("class", Choice::Classes, 2),
    ("logGroupClass", Choice::Classes, 2),
];

/// How many data sources can be named.
const MOST_DATA_SOURCES: usize = 10;

/// Numbers below this are seconds since 1970, others milliseconds: it is the year 5138 or 1973.
const SECONDS_BELOW: i64 = 100_000_000_000;

/// What a list in `logGroups(…)` chooses by.
#[derive(Clone, Copy, Debug)]
enum Choice {
    Prefixes,
    Accounts,
    Classes,
}

impl Checker<'_> {
    pub(super) fn source_of(&mut self, text: &SourceText) -> Source {
        let mut source = Source {
            names: text.names.iter().map(|it| it.text.clone()).collect(),
            ..Source::default()
        };
        for call in &text.calls {
            self.source_call(call, &mut source);
        }
        self.known_options(&text.options, &["start", "end"]);
        source.start = find(&text.options, "start").and_then(|value| self.moment(value));
        source.end = find(&text.options, "end").and_then(|value| self.moment(value));
        source
    }

    fn source_call(&mut self, call: &SourceCall, source: &mut Source) {
        match call.name.text.to_ascii_lowercase().as_str() {
            "loggroups" => {
                for (label, values) in &call.arguments {
                    self.log_groups(label.as_ref(), values, call, source);
                }
            }
            "datasource" => {
                let values: Vec<_> = call.arguments.iter().flat_map(|(_, values)| values).collect();
                self.at_most(values.len(), MOST_DATA_SOURCES, &call.name);
                source.data_sources.extend(values.iter().map(|it| it.text.clone()));
            }
            name => {
                let help = closest(name, ["logGroups", "dataSource"]).map(did_you_mean);
                let help = help.unwrap_or_else(|| {
                    String::from("there are `logGroups(…)` and `dataSource([…])`")
                });
                self.wrong(
                    call.name.span,
                    format!("there is no source `{}`", call.name.text),
                    &help,
                );
            }
        }
    }

    fn log_groups(
        &mut self,
        label: Option<&Name>,
        values: &[Name],
        call: &SourceCall,
        source: &mut Source,
    ) {
        let Some(label) = label else {
            self.wrong(
                call.name.span,
                "each list needs a name here",
                "such as `namePrefix: ['vpc']`",
            );
            return;
        };
        let known = CHOICES.iter().find(|(name, ..)| name.eq_ignore_ascii_case(&label.text));
        let Some((_, choice, most)) = known else {
            let help =
                closest(&label.text, CHOICES.iter().map(|(name, ..)| *name)).map(did_you_mean);
            let help = help.unwrap_or_else(|| {
                String::from("there are `namePrefix`, `accountIdentifiers` and `class`")
            });
            self.wrong(label.span, format!("there is no choice `{}`", label.text), &help);
            return;
        };
        self.at_most(values.len(), *most, label);
        let chosen = match choice {
            Choice::Prefixes => &mut source.prefixes,
            Choice::Accounts => &mut source.accounts,
            Choice::Classes => &mut source.classes,
        };
        chosen.extend(values.iter().map(|it| it.text.clone()));
    }

    fn at_most(&mut self, count: usize, most: usize, name: &Name) {
        if count > most {
            let message = format!("`{}` takes at most {most}, not {count}", name.text);
            self.report(Diagnostic::new(Code::OutOfRange, name.span, message));
        }
    }

    fn moment(&mut self, value: &Name) -> Option<Moment> {
        let moment = moment(&value.text);
        if moment.is_none() {
            let help = "write `now`, `-1d`, a date such as `'2023-08-01'`, or seconds since 1970";
            self.wrong(value.span, format!("`{}` is not a time", value.text), help);
        }
        moment
    }
}

fn moment(text: &str) -> Option<Moment> {
    if text.eq_ignore_ascii_case("now") {
        return Some(Moment::Now);
    }
    if let Some(ago) = text.strip_prefix('-') {
        let digits = ago.find(|it: char| !it.is_ascii_digit())?;
        let (count, unit) = ago.split_at_checked(digits)?;
        let (count, unit) = (count.parse().ok()?, Unit::named(unit)?);
        return Some(Moment::Ago(Period { count, unit }));
    }
    let number = text.parse::<i64>().ok();
    let milliseconds =
        number.map(|it| if it < SECONDS_BELOW { it.saturating_mul(1000) } else { it });
    let date = || parse_date(text.trim_matches(['\'', '"', '`']));
    milliseconds.or_else(date).map(Moment::At)
}
