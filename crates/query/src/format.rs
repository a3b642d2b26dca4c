//! Queries as text, in one way only.
//!
//! Formatting works on the syntax, so that aliases, comments and unknown fields stay what they are. Each command is on
//! a line of its own; comments stand on lines before the command that they were in.

use crate::command::Command;
use crate::diagnostic::Diagnostic;
use crate::parser::parse_query;
use crate::print::{alias, expression, name, quoted, subquery};
use crate::syntax::{
    Body, CommandText, ExpressionText, Item, KeyText, Name, OptionText, Pair, QueryText,
    SourceText, Wildcard,
};
use crate::vocabulary::Vocabulary;

/// Returns the query in canonical form: the same query, however it was written.
///
/// # Errors
///
/// Returns every diagnostic if the text cannot be read as a query. Names need not be known.
pub fn format(source: &str, vocabulary: &Vocabulary) -> Result<String, Vec<Diagnostic>> {
    let reading = parse_query(source, vocabulary);
    if reading.diagnostics.iter().any(Diagnostic::is_error) {
        return Err(reading.diagnostics);
    }
    let mut comments = reading.comments.iter().peekable();
    let mut text = String::new();
    let places = places(&reading.value, source);
    for (index, (part, end)) in parts(&reading.value).iter().zip(places).enumerate() {
        while let Some((_, comment)) = comments.next_if(|(at, _)| *at < end) {
            text.push_str(format!("# {comment}").trim_end());
            text.push('\n');
        }
        text.push_str(if index > 0 { "| " } else { "" });
        text.push_str(part);
        text.push('\n');
    }
    for (_, comment) in comments {
        text.push_str(format!("# {comment}").trim_end());
        text.push('\n');
    }
    Ok(text)
}

/// Returns up to where comments belong to each part: the end of its last line, or where the next part begins.
fn places(query: &QueryText, text: &str) -> Vec<usize> {
    let source = query.source.as_ref().map(|it| it.span);
    let spans: Vec<_> = source.into_iter().chain(query.commands.iter().map(|it| it.span)).collect();
    let starts = spans.iter().skip(1).map(|it| it.start).chain([text.len()]);
    let line_end =
        |at: usize| at + text.get(at..).and_then(|it| it.find('\n')).unwrap_or(text.len());
    spans.iter().zip(starts).map(|(span, next)| line_end(span.end).min(next)).collect()
}

/// Returns the source and each command as text.
pub(crate) fn parts(query: &QueryText) -> Vec<String> {
    query.source.iter().map(source).chain(query.commands.iter().map(command)).collect()
}

fn command(it: &CommandText) -> String {
    let body = body(&it.body);
    format!("{} {body}", it.command.name()).trim_end().to_owned()
}

fn body(body: &Body) -> String {
    match body {
        Body::Nothing => String::new(),
        Body::Items(items) => listed(items, item),
        Body::Expression(it) | Body::Expand(it) => expression(it),
        Body::Stats { items, keys, offset } => {
            let by =
                if keys.is_empty() { String::new() } else { format!(" by {}", listed(keys, item)) };
            let offset = offset.map(|(period, _)| format!(" offset {period}")).unwrap_or_default();
            listed(items, item) + &by + &offset
        }
        Body::Sort(keys) => listed(keys, key),
        Body::Limit { any, count } => {
            format!("{}{}", if *any { "any " } else { "" }, count.value.unwrap_or_default())
        }
        Body::Paths(paths) => listed(paths, expression),
        Body::Parse { text, pattern, into } => {
            let method = if pattern.is_regex {
                format!("/{}/", pattern.text)
            } else {
                quoted(&pattern.text)
            };
            let names = listed(into, |it| alias(&it.text));
            let names = if into.is_empty() { names } else { format!(" as {names}") };
            format!("{} {method}{names}", expression(text))
        }
        Body::Diff(against) => against.as_ref().map(|it| it.text.clone()).unwrap_or_default(),
        Body::Unnest { list, into } => format!("{} into {}", expression(list), alias(&into.text)),
        Body::Lookup { table, keys, keeps_existing, outputs } => {
            let word = if *keeps_existing { "OUTPUTNEW" } else { "OUTPUT" };
            format!("{} {} {word} {}", name(table), listed(keys, pair), listed(outputs, pair))
        }
        Body::Join { options: all, left, right, source: from } => {
            let (left, right) = (expression(left), expression(right));
            format!("{}where {left} = {right} ({})", options(all), source(from))
        }
        Body::AppendColumns { options: all, query } => {
            format!("{}{}", options(all), subquery(query))
        }
        Body::Optioned { options: all, paths } => {
            format!("{}{}", options(all), listed(paths, expression))
        }
        Body::Renamed { path, name, options: all } => {
            format!("{}{} {}", expression(path), renamed(name.as_ref()), options(all))
                .trim_end()
                .to_owned()
        }
        Body::LogCompare { shift: (period, _) } => format!("timeshift {period}"),
        Body::FillDown(fields) => fields.iter().map(wildcard).collect::<Vec<_>>().join(" "),
        Body::FillMissing(fills) => {
            let fill = |(value, field): &(ExpressionText, Name)| {
                format!("{} for {}", expression(value), alias(&field.text))
            };
            if fills.is_empty() { String::new() } else { format!("with {}", listed(fills, fill)) }
        }
        Body::Sessionize { paths, gap, name } => {
            let gap = gap.map(|(period, _)| format!(" maxspan {period}")).unwrap_or_default();
            format!("{}{gap}{}", listed(paths, expression), renamed(name.as_ref()))
        }
        Body::RelevantFields { paths, condition } => {
            format!("{} where {}", listed(paths, expression), expression(condition))
                .trim_start()
                .to_owned()
        }
    }
}

fn listed<T>(all: &[T], print: impl Fn(&T) -> String) -> String {
    all.iter().map(print).collect::<Vec<_>>().join(", ")
}

fn item(it: &Item) -> String {
    expression(&it.expression) + &renamed(it.name.as_ref())
}

fn renamed(name: Option<&Name>) -> String {
    name.map(|it| format!(" as {}", alias(&it.text))).unwrap_or_default()
}

fn key(it: &KeyText) -> String {
    let direction = match it.descending {
        Some(true) => " desc",
        Some(false) => " asc",
        None => "",
    };
    expression(&it.expression) + direction
}

fn pair(it: &Pair) -> String {
    alias(&it.first.text) + &renamed(it.second.as_ref())
}

fn options(all: &[OptionText]) -> String {
    let option = |it: &OptionText| format!("{}={} ", it.name.text, it.value.text);
    all.iter().map(option).collect::<Vec<_>>().concat()
}

fn wildcard(it: &Wildcard) -> String {
    let path = if it.path.text.is_empty() { String::new() } else { alias(&it.path.text) };
    if it.is_open { path + "*" } else { path }
}

fn source(it: &SourceText) -> String {
    let names = it.names.iter().filter(|it| !it.text.is_empty());
    let names: Vec<_> = names.map(|it| quoted(&it.text)).collect();
    let calls = it.calls.iter().map(|call| {
        let argument = |(label, values): &(Option<Name>, Vec<Name>)| {
            let label = label.as_ref().map(|it| format!("{}: ", it.text)).unwrap_or_default();
            format!("{label}[{}]", listed(values, |it| quoted(&it.text)))
        };
        format!("{}({})", call.name.text, listed(&call.arguments, argument))
    });
    let names = (!names.is_empty()).then(|| names.join(", "));
    let parts: Vec<_> = names.into_iter().chain(calls).collect();
    let text = format!("{} {} {}", Command::Source.name(), parts.join(" "), options(&it.options));
    text.trim_end().to_owned()
}
